"""The scopes that results are made for: all, class:X, district:X."""

from dataclasses import dataclass

import polars as pl

from lianxin.analyses.price_analysis.billed_rows import UNKNOWN

ALL = "all"


@dataclass(frozen=True, slots=True)
class Scope:
    """All customers, or those with a value in a column."""

    name: str
    column: str | None = None
    value: str = ""

    def of(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The rows of the scope."""
        return frame if self.column is None else frame.filter(pl.col(self.column) == self.value)


def scopes(frame: pl.DataFrame) -> list[Scope]:
    """All, and every class and district that the rows hold."""
    found = [Scope(ALL)]
    for kind, column in (("class", "customer_class"), ("district", "district_id")):
        values = sorted(set(frame[column].to_list()) - {UNKNOWN})
        found += [Scope(f"{kind}:{value}", column, value) for value in values]
    return found
