"""What an agreement fixes for its bills: basis, contract demand, capacity, standard, and when they change."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Literal, cast, get_args

from lianxin.foundation.language import Text
from lianxin.foundation.money import to_decimal
from lianxin.tariff.plan import Plan
from lianxin.tariff.refusals import TermInvalid, TermMissing

DemandBasis = Literal["none", "capacity", "contract_demand", "actual_demand"]
BASES: tuple[DemandBasis, ...] = get_args(DemandBasis)

_POSITIVE = Text("须为正数", "it must be positive")
_BASIS = Text(f"可用：{'、'.join(BASES)}", f"known: {', '.join(BASES)}")
_FOR_CAPACITY = Text("按变压器容量计收基本电费", "the demand charge is by capacity")
_FOR_CONTRACT = Text("按合同最大需量计收基本电费", "the demand charge is by contract demand")


@dataclass(frozen=True, slots=True, kw_only=True)
class TermsChange:
    """What changes from the start of a day; None leaves a term as it was."""

    on: date
    plan: Plan | None = None
    basis: DemandBasis | None = None
    capacity_kva: Decimal | None = None
    contract_demand_kw: Decimal | None = None
    power_factor_standard: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Terms of one agreement.

    ``service_start`` (first day) and ``service_end`` (exclusive) bound what is billed; by default the days that the
    readings span. ``multiplier`` scales every reading. ``used_before_kwh`` is the energy of the first calendar year
    before the readings, for yearly tiers.
    """

    basis: DemandBasis = "none"
    capacity_kva: Decimal | None = None
    contract_demand_kw: Decimal | None = None
    power_factor_standard: Decimal | None = None
    multiplier: Decimal = Decimal(1)
    used_before_kwh: Decimal = Decimal(0)
    service_start: date | None = None
    service_end: date | None = None
    changes: tuple[TermsChange, ...] = ()

    def checked(self) -> "Terms":
        """The terms themselves, if what their basis needs is there and positive.

        Raises:
            TermMissing, TermInvalid: with the term.

        """
        if self.basis not in BASES:
            raise TermInvalid(term="basis", value=self.basis, reason=_BASIS)
        for name in ("capacity_kva", "contract_demand_kw", "multiplier", "power_factor_standard"):
            value = getattr(self, name)
            needed = name != "contract_demand_kw" or self.basis == "contract_demand"
            if value is not None and needed and (not value.is_finite() or value <= 0):
                raise TermInvalid(term=name, value=value, reason=_POSITIVE)
        if self.basis == "capacity" and self.capacity_kva is None:
            raise TermMissing(term="capacity_kva", reason=_FOR_CAPACITY)
        if self.basis == "contract_demand" and self.contract_demand_kw is None:
            raise TermMissing(term="contract_demand_kw", reason=_FOR_CONTRACT)
        return self

    def changed_by(self, change: TermsChange) -> "Terms":
        """The terms after a change."""
        names = ("basis", "capacity_kva", "contract_demand_kw", "power_factor_standard")
        changed = {name: getattr(change, name) for name in names if getattr(change, name) is not None}
        return replace(self, **changed)


def terms(
    *,
    basis: str | None = None,
    capacity_kva: Decimal | float | str | None = None,
    contract_demand_kw: Decimal | float | str | None = None,
    power_factor_standard: Decimal | float | str | None = None,
    multiplier: Decimal | float | str = 1,
    used_before_kwh: Decimal | float | str = 0,
    service_start: date | None = None,
    service_end: date | None = None,
    changes: tuple[TermsChange, ...] = (),
) -> Terms:
    """Terms from plain numbers (a float counts as the shortest decimal that prints it).

    Raises:
        TermInvalid, TermMissing: a term is not positive, or one that the basis needs is not there.

    """
    return Terms(
        basis=cast("DemandBasis", basis or "none"),
        capacity_kva=_decimal(capacity_kva),
        contract_demand_kw=_decimal(contract_demand_kw),
        power_factor_standard=_decimal(power_factor_standard),
        multiplier=to_decimal(multiplier),
        used_before_kwh=to_decimal(used_before_kwh),
        service_start=service_start,
        service_end=service_end,
        changes=changes,
    ).checked()


def _decimal(value: Decimal | float | str | None) -> Decimal | None:
    return None if value is None else to_decimal(value)
