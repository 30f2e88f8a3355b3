"""What a bill is computed from, once the readings are summed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from lianxin.tariff.charges import PowerFactor
from lianxin.tariff.exact import exact_total


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantities:
    """Sums of one segment, after the meter's multiplier; all exact.

    ``kvarh`` lagging and ``kvarh_leading`` are None where they are not metered. ``max_demand_kw`` is the largest
    15-minute mean (None: no reading), ``demand_estimated`` says that it comes from coarser readings. ``window_kw``
    is the maximum within the hours of each demand window of the plan.
    """

    kwh_by_band: Mapping[str, Decimal]
    kvarh: Decimal | None = None
    kvarh_leading: Decimal | None = None
    max_demand_kw: Decimal | None = None
    demand_estimated: bool = False
    window_kw: Mapping[str, Decimal] = field(default_factory=dict)

    @property
    def kwh(self) -> Decimal:
        """Energy of all bands."""
        return exact_total(self.kwh_by_band.values())

    def counted_kvarh(self, rule: PowerFactor | None) -> Decimal | None:
        """Reactive energy as the rule counts it: both directions by default, or lagging only."""
        if self.kvarh is None:
            return None
        if rule is not None and rule.reactive == "lagging":
            return abs(self.kvarh)
        return abs(self.kvarh) + abs(self.kvarh_leading or Decimal(0))
