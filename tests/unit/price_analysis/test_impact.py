"""What a scenario does: nothing where nothing changed, worked examples, and refusals that say why."""

from datetime import date
from decimal import Decimal

import numpy as np
import pytest

from lianxin.analyses.price_analysis.impact.impact import impact
from lianxin.analyses.price_analysis.impact.moved_bands import overlap
from lianxin.analyses.price_analysis.impact.rating import Span
from lianxin.analyses.price_analysis.impact.refusals import (
    NoBills,
    ScenarioInvalid,
    ScenarioWithoutPrice,
    ScopeEmpty,
    TargetOutOfReach,
    TargetsContradict,
)
from lianxin.analyses.price_analysis.impact.response import Elasticities, answered
from lianxin.analyses.price_analysis.impact.scenario import read_scenario
from lianxin.foundation.calendar import Calendar

from .conftest import agreement, bill, customer, time_of_use

FUND = '[[version.funds]]\ncode = "renewable"\nper_kwh = 0.02'


@pytest.fixture
def people(facts):
    """Two customers of 100 kWh at peak, 100 flat, 100 in the valley, and one twice as large, at 190 and 380."""
    rows = []
    for number, (name, size) in enumerate((("1", 1), ("2", 2))):
        energies = {f"kwh_{band}": 100.0 * size for band in ("peak", "flat", "valley")}
        rows.append(
            bill(
                number,
                "2026-05",
                agreement_id=f"A{name}",
                customer_id=f"C{name}",
                kwh=300.0 * size,
                energy_amount=190.0 * size,
                **energies,
            )
        )
    return facts.prices(
        bill=rows,
        customer=[customer("C1"), customer("C2")],
        agreement=[agreement("A1", "C1"), agreement("A2", "C2")],
        plans=[time_of_use()],
        supply_cost=[{"area_id": "X", "valid_from": date(2020, 1, 1), "band": "flat", "per_kwh": 0.4}],
    )


def run(people, text, moved_to=None):
    scenario = read_scenario(f'name = "s"\nbase_months = 1\n{text}', label="s.toml")
    return impact(people, scenario, moved_to=moved_to, vat_rate=0.13)


def everybody(found, scenario="s"):
    (row,) = (row for row in found.rows if row["scope"] == "all" and row["scenario"] == scenario)
    return row


def test_the_same_plan_changes_nothing_to_the_fen(people) -> None:
    row = everybody(run(people, '[change]\nplan = "tou"', moved_to=time_of_use()))
    assert row["revenue_before"] == row["revenue_after"] == Decimal(570)
    assert (row["customers_up"], row["customers_down"]) == (0, 0)


def test_a_dearer_peak_is_paid_by_the_peak_alone(people) -> None:
    row = everybody(run(people, "[change]\nmultiply = { peak = 1.10 }"))
    assert row["revenue_after"] - row["revenue_before"] == Decimal(30)
    assert row["customers_up"] == 2
    # without tax and without the cost of 900 kWh at 0.40
    assert row["margin_before"] == Decimal("144.42")
    assert row["change_p50"] == pytest.approx(100 * 10 / 190)


def test_months_before_the_start_stay(people) -> None:
    assert everybody(run(people, "from = 2026-05-01\n[change]\nmultiply = { all = 2 }"))["customers_up"] == 2


def test_new_prices_and_funds(people) -> None:
    row = everybody(run(people, "[change]\nenergy = { flat = 0.7, peak = 0.7, valley = 0.7 }"))
    assert row["revenue_after"] == Decimal(630)


def test_revenue_neutral_is_met_within_a_hundredth_of_a_percent(people) -> None:
    found = run(
        people,
        "[change]\nmultiply = { peak = 1.2 }\n[target]\nrevenue_change = 0\n"
        'parameter = { name = "multiply.flat", between = [0.1, 2] }',
    )
    row = everybody(found)
    assert abs(row["revenue_after"] - row["revenue_before"]) <= Decimal("0.0001") * row["revenue_before"]
    # 300 × 0.2 more at peak, so that 300 × 0.6 of flat falls by a third
    assert float(found.value) == pytest.approx(2 / 3, abs=1e-3)


def test_at_most_so_many_rise_by_more(people) -> None:
    found = run(
        people,
        "[target]\nshare_up_at_most = 0\nup_by_more_than = 0.05\n"
        'parameter = { name = "multiply.all", between = [1, 2] }',
    )
    assert float(found.value) == pytest.approx(1.05, abs=1e-3)


def test_an_answer_is_shown_beside_none_with_both_ends(people) -> None:
    found = run(
        people, "[change]\nmultiply = { all = 1.1 }\n[response]\nown = { estimate = -0.3, low = -0.5, high = -0.1 }"
    )
    assert everybody(found)["kwh_change"] == 0
    expected = {end: 900 * (1.1**value - 1) for end, value in (("", -0.3), ("_low", -0.5), ("_high", -0.1))}
    for end, kwh in expected.items():
        assert everybody(found, f"s+response{end}")["kwh_change"] == pytest.approx(kwh, abs=1e-3)


def test_the_answer_moves_energy_from_dear_to_cheap_bands() -> None:
    by_band = np.array([[0.0, 100.0, 100.0, 100.0, 0.0]])
    old, new = np.array([1, 1, 0.6, 0.5, 0.5]), np.array([2, 2, 0.6, 0.5, 0.5])
    found = answered(by_band, old, new, Elasticities(substitution=-0.1))
    assert np.log(found[0, 1] / found[0, 3]) == pytest.approx(-0.1 * np.log(2))
    assert found.sum() == pytest.approx(300)


def test_moved_hours_take_each_bands_energy_along() -> None:
    # valley 00–08, peak 08–12, rest flat; the peak moves to 10–14: half of it is flat now, and 2 of 12 flat hours peak
    old = time_of_use()
    text = '[[change.periods]]\npeak = ["10:00-14:00"]\nvalley = ["00:00-08:00"]'
    scenario = read_scenario(f'name = "s"\n{text}', label="s")
    new = old.model_copy(update={"version": (old.version[0].model_copy(update={"periods": scenario.change.periods}),)})
    shares = overlap(old, new, Span(start=date(2026, 5, 1), end=date(2026, 6, 1)), Calendar())
    assert shares[1].tolist() == [0, 0.5, 0.5, 0, 0]
    assert shares[2].tolist() == pytest.approx([0, 2 / 12, 10 / 12, 0, 0])
    assert shares[3].tolist() == [0, 0, 0, 1, 0]


def test_customers_with_readings_move_by_their_own_hours(facts) -> None:
    from datetime import UTC, datetime, timedelta, timezone

    # 1 kWh in each hour from 08 to 10 of every day of May: 62 kWh, all peak, and none once the peak begins at 10
    zone = timezone(timedelta(hours=8))
    readings = [
        {
            "usage_point_id": "P",
            "start_at": datetime(2026, 5, day, hour, tzinfo=zone).astimezone(UTC),
            "minutes": 60,
            "kwh": 1.0 if hour in (8, 9) else 0.0,
        }
        for day in range(1, 32)
        for hour in range(24)
    ]
    people = facts.prices(
        bill=[bill(1, "2026-05", kwh=62.0, kwh_peak=62.0, energy_amount=62.0)],
        customer=[customer()],
        agreement=[agreement()],
        usage_point=[{"usage_point_id": "P", "agreement_id": "A1"}],
        interval_reading=readings,
        plans=[time_of_use()],
    )
    found = run(people, '[[change.periods]]\npeak = ["10:00-14:00"]\nvalley = ["00:00-08:00"]')
    assert everybody(found)["revenue_after"] == Decimal("37.20")


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ('[[change.periods]]\nmonths = [1, 2]\npeak = ["08:00-12:00"]', ScenarioWithoutPrice),
        ('[scope]\nclasses = ["nobody"]', ScopeEmpty),
        ('[target]\nrevenue_change = 1e9\nparameter = { name = "multiply.flat", between = [1, 2] }', TargetOutOfReach),
        (
            (
                "[change]\nmultiply = { peak = 1.5 }\n[target]\nrevenue_change = 60\nshare_up_at_most = 0\n"
                'parameter = { name = "multiply.flat", between = [0.1, 2] }'
            ),
            TargetsContradict,
        ),
    ],
)
def test_a_scenario_that_cannot_be_computed_says_why(people, text, error) -> None:
    with pytest.raises(error) as caught:
        run(people, text)
    assert caught.value.exit_code == 2


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("[change]\nmultiply = { noon = 2 }", ScenarioInvalid),
        ("[change]\nmutliply = { flat = 2 }", ScenarioInvalid),
        (
            '[target]\nrevenue_change = 0\nmargin_change = 5\nparameter = { name = "multiply.flat", between = [1, 2] }',
            TargetsContradict,
        ),
    ],
)
def test_a_scenario_that_cannot_be_read_is_refused(text, error) -> None:
    with pytest.raises(error):
        read_scenario(f'name = "s"\n{text}', label="s.toml")


def test_without_bills_there_is_nothing_to_rate(facts) -> None:
    with pytest.raises(NoBills):
        run(facts.prices(), "")
