"""Every row of the 1983 table in its three standards, as a bill, against the rule written out as steps."""

from decimal import Context, Decimal, localcontext
from math import sqrt

import pytest

from lianxin.foundation.periods import Month
from lianxin.tariff import Quantities, parse_plan, rate_quantities, terms
from lianxin.tariff.power_factor import power_factor_hundredths

STANDARDS = ("0.90", "0.85", "0.80")
PLAN = parse_plan(
    {
        "id": "p",
        "name": {"zh": "p", "en": "p"},
        "version": [
            {
                "valid_from": "2020-01-01",
                "energy": {"flat": "1"},
                "power_factor": {"table": "cn-1983"},
                "funds": [{"code": "renewable", "per_kwh": "0.019"}],
            }
        ],
    }
)


def percent(standard, hundredths):
    """水电财字〔1983〕215号 in words: bonus and surcharge steps counted from the standard."""
    s = int(Decimal(standard) * 100)
    if hundredths >= s:
        # 0.90 grants 0.15 % a hundredth up to 0.75 %; the lower standards grant 0.1 % up to 0.90 of the
        # standard 0.90 step, then 0.15 %: 0.85 → at most 1.1 %, 0.80 → at most 1.3 %
        plain = min(hundredths, 90) - s
        steep = max(0, min(hundredths, 95) - 90)
        limit = {90: Decimal("0.75"), 85: Decimal("1.1"), 80: Decimal("1.3")}[s]
        return -min(limit, Decimal("0.1") * max(0, plain) + Decimal("0.15") * steep)
    below = s - hundredths
    # 0.5 % each for twenty hundredths, 1 % for the next five, then 2 %
    return Decimal("0.5") * min(below, 20) + 1 * min(max(0, below - 20), 5) + 2 * max(0, below - 25)


def bill(kwh, kvarh, standard):
    found = rate_quantities(
        plan=PLAN,
        month=Month(2026, 3),
        quantities=Quantities(kwh_by_band={"flat": Decimal(kwh)}, kvarh=Decimal(kvarh)),
        terms=terms(power_factor_standard=standard),
    )
    return {line.code: line.amount for line in found.lines}, found


@pytest.mark.parametrize("standard", STANDARDS)
@pytest.mark.parametrize("hundredths", range(100, 30, -1))
def test_every_hundredth_is_adjusted_by_its_row(hundredths, standard):
    kwh = 1000 * hundredths
    kvarh = round(1000 * sqrt(100**2 - hundredths**2), 3)
    lines, found = bill(kwh, str(kvarh), standard)
    assert found.power_factor_hundredths == hundredths
    # 1 yuan a kWh, so that the energy amount is the kWh
    assert lines["power_factor"] == (Decimal(kwh) * percent(standard, hundredths) / 100).quantize(
        Decimal("0.01"), "ROUND_HALF_UP"
    )
    # funds are outside the adjustment
    assert found.total == kwh + lines["power_factor"] + (Decimal(kwh) * Decimal("0.019")).quantize(
        Decimal("0.01"), "ROUND_HALF_UP"
    )


@pytest.mark.real_data
def test_the_steps_are_the_published_table(shared_reference):
    rows = (shared_reference / "power_factor_adjustment_1983.csv").read_text(encoding="utf-8").split()[1:]
    for row in rows:
        hundredths, *values = row.split(",")
        assert [Decimal(value) for value in values] == [percent(standard, int(hundredths)) for standard in STANDARDS]


@pytest.mark.parametrize(
    ("kwh", "kvarh", "hundredths"),
    [
        ("4", "3", 80),  # exactly 0.80
        ("3", "4", 60),
        ("12", "5", 92),  # 0.923…
        ("0", "7", 0),
        ("7", "0", 100),
    ],
)
def test_the_power_factor_is_rounded_half_up_to_hundredths(kwh, kvarh, hundredths):
    assert power_factor_hundredths(Decimal(kwh), Decimal(kvarh)) == hundredths


@pytest.mark.parametrize("hundredths", range(1, 101))
def test_both_sides_of_each_half_hundredth(hundredths):
    # (2h − 1)/200 is met where kvarh² = 200² − (2h − 1)², which is never a square: no bill lies on the half itself
    odd = 2 * hundredths - 1
    with localcontext(Context(prec=40)):
        root = Decimal(200**2 - odd**2).sqrt()
        above = power_factor_hundredths(Decimal(odd), root.quantize(Decimal("1e-20"), "ROUND_FLOOR"))
        below = power_factor_hundredths(Decimal(odd), root.quantize(Decimal("1e-20"), "ROUND_CEILING"))
    assert (above, below) == (hundredths, hundredths - 1)


@pytest.mark.parametrize("base", [["demand"], ["energy"], ["demand", "energy"]])
def test_the_base_takes_the_rounded_lines_after_the_discount(base):
    plan = parse_plan(
        {
            "id": "p",
            "name": {"zh": "p", "en": "p"},
            "version": [
                {
                    "valid_from": "2020-01-01",
                    "energy": {"flat": "0.33335"},
                    "demand": {
                        "demand_price": "36.1",
                        "load_rate_discount": {"kwh_per_kva": 260, "multiple": "0.9"},
                    },
                    "power_factor": {"table": "cn-1983", "base": base},
                    "funds": [{"code": "renewable", "per_kwh": "0.5"}],
                }
            ],
        }
    )
    found = rate_quantities(
        plan=plan,
        month=Month(2026, 3),
        quantities=Quantities(
            kwh_by_band={"flat": Decimal(300001)}, kvarh=Decimal("225000.75"), max_demand_kw=Decimal("777.77")
        ),
        terms=terms(basis="actual_demand", capacity_kva=1000, power_factor_standard="0.90"),
    )
    lines = {line.code: line.amount for line in found.lines}
    # 300001 × 0.33335 = 100005.33335; 777.77 × 36.1 = 28077.497; a tenth of 28077.50 off
    assert lines["energy.flat"] == Decimal("100005.33")
    assert lines["demand.actual"] == Decimal("28077.50")
    assert lines["demand.discount"] == Decimal("-2807.75")
    # power factor 0.80 → +5 %
    expected = {"energy": Decimal("100005.33"), "demand": Decimal("25269.75")}
    total = sum(expected[part] for part in base)
    assert lines["power_factor"] == (total * Decimal("0.05")).quantize(Decimal("0.01"), "ROUND_HALF_UP")


def test_without_a_standard_there_is_no_such_line():
    lines, found = bill(1000, "500", None)
    assert "power_factor" not in lines
    assert found.power_factor_hundredths == 89


def test_both_directions_count_unless_the_plan_counts_lagging_only():
    quantities = Quantities(kwh_by_band={"flat": Decimal(900)}, kvarh=Decimal(300), kvarh_leading=Decimal(-375))
    both = rate_quantities(plan=PLAN, month=Month(2026, 3), quantities=quantities, terms=terms())
    assert (both.kvarh, both.power_factor_hundredths) == (Decimal(675), 80)
    lagging = parse_plan(
        {
            "id": "p",
            "name": {"zh": "p", "en": "p"},
            "version": [
                {
                    "valid_from": "2020-01-01",
                    "energy": {"flat": 1},
                    "power_factor": {"table": "cn-1983", "reactive": "lagging"},
                }
            ],
        }
    )
    one = rate_quantities(plan=lagging, month=Month(2026, 3), quantities=quantities, terms=terms())
    assert (one.kvarh, one.power_factor_hundredths) == (Decimal(300), 95)
