"""The power-factor adjustment: whole hundredths, looked up in a table, in exact arithmetic.

Source of cn-1983: 水电财字〔1983〕215号 (功率因数调整电费办法).
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache
from importlib.resources import files
from math import isqrt

from lianxin.foundation.language import Text
from lianxin.foundation.money import to_decimal
from lianxin.tariff.refusals import PlanInvalid, TermInvalid

_TABLES = {"cn-1983": "power_factor_cn_1983.csv"}
# 水电财字〔1983〕215号: below the last row of the table +2 % for every hundredth.
_PERCENT_PER_HUNDREDTH_BELOW = Decimal(2)


@dataclass(frozen=True, slots=True)
class AdjustmentTable:
    """Percent of the bill by standard and whole hundredths of power factor."""

    name: str
    percent_by_hundredths: Mapping[Decimal, Mapping[int, Decimal]]

    def percent(self, standard: Decimal, hundredths: int) -> Decimal:
        """The adjustment in percent, positive for a surcharge.

        Raises:
            TermInvalid: the table has no such standard.

        """
        rows = self.rows_of(standard)
        lowest = min(rows)
        if hundredths >= lowest:
            return rows[min(hundredths, max(rows))]
        return rows[lowest] + _PERCENT_PER_HUNDREDTH_BELOW * (lowest - hundredths)

    def rows_of(self, standard: Decimal) -> Mapping[int, Decimal]:
        """The column of one standard.

        Raises:
            TermInvalid: the table has no such standard.

        """
        for known, rows in self.percent_by_hundredths.items():
            if known == standard:
                return rows
        known_standards = ", ".join(str(known) for known in self.percent_by_hundredths)
        reason = Text(f"{self.name} 的标准为 {known_standards}", f"{self.name} knows {known_standards}")
        raise TermInvalid(term="power_factor_standard", value=standard, reason=reason)


def check_table(name: str) -> None:
    """Refuse a table that is not packaged.

    Raises:
        PlanInvalid: no such table.

    """
    if name not in _TABLES:
        raise PlanInvalid(plan="power_factor", problems=[f"table = {name!r}; known: {', '.join(_TABLES)}"])


@cache
def adjustment_table(name: str) -> AdjustmentTable:
    """A packaged table.

    Raises:
        PlanInvalid: no such table.

    """
    check_table(name)
    text = files("lianxin.tariff").joinpath("tables", _TABLES[name]).read_text(encoding="utf-8")
    rows = list(csv.DictReader(line for line in text.splitlines() if not line.startswith("#")))
    standards = [column for column in rows[0] if column != "hundredths"]
    return AdjustmentTable(
        name,
        {Decimal(column): {int(row["hundredths"]): Decimal(row[column]) for row in rows} for column in standards},
    )


def power_factor_hundredths(kwh: Decimal | float, kvarh: Decimal | float) -> int | None:
    """kWh/√(kWh²+kvarh²) in whole hundredths, half up, without rounding on the way.

    The largest h with (2h−1)²·(kWh²+kvarh²) ≤ 200²·kWh². None where there was no energy of either kind.

    >>> power_factor_hundredths(4, 3), power_factor_hundredths(0, 5)
    (80, 0)
    """
    active, reactive = Fraction(to_decimal(kwh)), Fraction(to_decimal(kvarh))
    apparent_squared = active**2 + reactive**2
    if apparent_squared == 0:
        return None
    ratio = 40_000 * active**2 / apparent_squared
    return (isqrt(ratio.numerator // ratio.denominator) + 1) // 2
