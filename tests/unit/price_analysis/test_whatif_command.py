"""``whatif``: a plan beside the scenario, what it prints, the run that it keeps, and its exit codes."""

import json
from datetime import date

import pytest

from lianxin.lake.runs import latest_run_with
from lianxin.tariff.refusals import PlanUnknown
from lianxin.workflows.whatif import LeaksUnreadable, agreements_in, whatif

PLAN = """
id = "{name}"
name = {{ zh = "例", en = "example" }}
[[version]]
valid_from = {start}
energy = {{ flat = {price} }}
"""


@pytest.fixture
def supplier(importer, workspace, tmp_path):
    """One customer with a bill of 100 kWh at 0.60."""
    workspace.plans.mkdir()
    (workspace.plans / "old.toml").write_text(
        PLAN.format(name="old", start="2020-01-01", price="0.60"), encoding="utf-8"
    )
    importer.files("customer", importer.file("customer_id,customer_class\nC1,commercial\n", "customer.csv"))
    importer.files(
        "bill",
        importer.file(
            "bill_id,customer_id,plan_id,billing_month,issued_on,kwh,energy_amount,total_amount\n"
            "B1,C1,old,2026-05,2026-06-02,100,60.00,60.00\n",
            "bill.csv",
        ),
    )
    return workspace


def scenario(folder, text):
    path = folder / "scenario.toml"
    path.write_text(f'name = "s"\nbase_months = 1\n{text}', encoding="utf-8")
    return path


def test_a_plan_beside_the_scenario_holds_for_earlier_months_and_the_rows_are_kept(supplier, tmp_path) -> None:
    (tmp_path / "new.toml").write_text(PLAN.format(name="new", start="2027-01-01", price="0.50"), encoding="utf-8")
    file = scenario(tmp_path, '[change]\nplan = "new.toml"')
    report = whatif(workspace=supplier, file=file, as_of=date(2026, 6, 30))
    content = json.loads(json.dumps(report.as_json()))
    row = content["price_adjustment_impact"][0]
    assert (row["scope"], row["revenue_before"], row["revenue_after"]) == ("all", "60.00", "50.00")
    assert row["margin_before"] is None
    assert [note["needed"] for note in content["notes"]] == ["supply_cost"]
    kept = latest_run_with(supplier.runs, "price_adjustment_impact")
    assert kept is not None
    assert kept.tables == {"price_adjustment_impact": len(content["price_adjustment_impact"])}
    assert "60.00" in report.as_text("zh")


def test_an_unknown_plan_is_an_unusable_argument(supplier, tmp_path) -> None:
    with pytest.raises(PlanUnknown) as caught:
        whatif(workspace=supplier, file=scenario(tmp_path, '[change]\nplan = "nope"'), as_of=date(2026, 6, 30))
    assert caught.value.exit_code == 2


def test_known_leaks_are_read_from_their_column(tmp_path) -> None:
    path = tmp_path / "leaks.csv"
    path.write_text("agreement_id,note\n0012,x\n", encoding="utf-8")
    assert agreements_in(path) == ["0012"]
    path.write_text("other\n1\n", encoding="utf-8")
    with pytest.raises(LeaksUnreadable):
        agreements_in(path)
