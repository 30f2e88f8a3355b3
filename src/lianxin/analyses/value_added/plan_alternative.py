"""Another plan beside the current one."""

from dataclasses import dataclass
from decimal import Decimal

from lianxin.analyses.value_added.year_bills import YearBills
from lianxin.foundation.periods import Month
from lianxin.tariff import Plan, Terms


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    """Another plan beside the current one, on the months that both billed."""

    plan: Plan
    terms: Terms
    months: tuple[Month, ...]
    current: YearBills
    other: YearBills

    @property
    def saving(self) -> Decimal:
        """Current less other, exact."""
        return self.current.total(self.months) - self.other.total(self.months)

    @property
    def monthly_savings(self) -> list[Decimal]:
        """By month."""
        return [self.current.total([month]) - self.other.total([month]) for month in self.months]
