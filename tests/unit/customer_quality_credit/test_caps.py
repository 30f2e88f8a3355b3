"""Ceilings on the grade by dated rules."""

from datetime import date

import polars as pl
import pytest

from lianxin.analyses.customer_quality.credit.caps import Cap, CapsInvalid, capped, packaged_caps, read_caps
from lianxin.analyses.customer_quality.credit.config import GRADES
from lianxin.analyses.customer_quality.credit.party import Party

DAY = date(2025, 6, 30)


def known(*, compliance: list[tuple[str, str, date]] = (), ratings: list[tuple[str, str, date, str]] = ()) -> Party:
    empty = pl.DataFrame()
    return Party(
        customers=empty,
        agreements=empty,
        outlooks=empty,
        usage=empty,
        compliance=pl.DataFrame(
            compliance, schema={"customer_id": pl.String, "kind": pl.String, "occurred_on": pl.Date}, orient="row"
        ),
        ratings=pl.DataFrame(
            [(c, k, "source", day, grade, None) for c, k, day, grade in ratings],
            schema={
                "customer_id": pl.String, "kind": pl.String, "source": pl.String, "as_of": pl.Date,
                "grade": pl.String, "score": pl.Float64,
            },
            orient="row",
        ),
    )  # fmt: skip


def found(party: Party, rules: tuple[Cap, ...] = packaged_caps().rule) -> dict[str, tuple[str, str]]:
    rows = capped(party, day=DAY, caps=rules)
    return {row["customer_id"]: (GRADES[row["cap"]], row["capped_by"]) for row in rows.to_dicts()}


def test_theft_within_two_years_caps_at_b() -> None:
    party = known(compliance=[("A", "theft", date(2024, 1, 1)), ("B", "theft", date(2023, 1, 1))])
    assert found(party) == {"A": ("B", "theft")}


def test_the_strictest_of_several_ceilings_holds() -> None:
    party = known(
        compliance=[("A", "breach", date(2025, 1, 1)), ("A", "resale", date(2025, 2, 1))],
        ratings=[("A", "court_dishonest", date(2025, 3, 1), "listed")],
    )
    assert found(party) == {"A": ("C", "court_dishonest")}


def test_a_tax_grade_that_was_raised_since_caps_no_more() -> None:
    party = known(ratings=[("A", "tax", date(2024, 4, 20), "D"), ("A", "tax", date(2025, 4, 20), "B")])
    assert found(party) == {}


def test_what_comes_after_the_day_caps_nothing() -> None:
    party = known(compliance=[("A", "theft", date(2025, 7, 1))], ratings=[("A", "tax", date(2025, 7, 1), "D")])
    assert found(party) == {}


def test_a_misspelt_rule_is_refused_by_name() -> None:
    with pytest.raises(CapsInvalid, match="gradez"):
        read_caps({"rule": [{"gradez": ["D"]}]}, label="policies/rating_caps.toml")
