"""What-if and peak-shifting in the browser."""

import tomllib
from decimal import Decimal

import pytest
from django.http import QueryDict

from lianxin.desk.jobs.models import Job
from lianxin.desk.jobs.tasks import carry_out
from lianxin.desk.scenarios.forms import NumberWrong, read_gap, read_what_if

pytestmark = pytest.mark.django_db


def form(**fields):
    given = QueryDict(mutable=True)
    for name, value in fields.items():
        given.setlist(name, value if isinstance(value, list) else [value])
    return given


def test_a_form_becomes_a_scenario_that_the_command_takes():
    asked = read_what_if(form(classes=["commercial"], peak="1.08", demand="0.9", own="-0.3", neutral="flat"))
    assert tomllib.loads(asked.as_toml("x"), parse_float=Decimal) == {
        "name": "x",
        "base_months": 12,
        "scope": {"classes": ["commercial"]},
        "change": {"multiply": {"peak": Decimal("1.08"), "demand": Decimal("0.9")}},
        "response": {"own": Decimal("-0.3")},
        "target": {
            "revenue_change": 0,
            "parameter": {"name": "multiply.flat", "between": [Decimal("0.5"), Decimal("1.5")]},
        },
    }


@pytest.mark.parametrize("written", ["abc", "0", "-1", "4", "nan", "1e9"])
def test_a_factor_out_of_range_is_refused(written):
    with pytest.raises(NumberWrong):
        read_what_if(form(peak=written))


def test_hours_in_megawatts_become_a_gap_in_kilowatts():
    text = read_gap(form(day="2026-07-20", h08="1.5", h09="0"))
    assert text == "start_at,minutes,gap_kw\n2026-07-20T08:00:00,60,1500.0\n"


def test_a_scenario_is_computed_in_the_background_and_shown(desk):
    client = desk("pricing_analyst")
    answer = client.post("/price/what-if/", {"flat": "1.1"})
    job = Job.objects.get()
    assert answer["Location"] == f"/scenarios/{job.pk}/"
    carry_out.call(job.pk)
    job.refresh_from_db()
    assert job.state == "done"
    whole = next(row for row in job.outcome["rows"] if row["scope"] == "all")
    # the plan of the test's agreements is not in the catalogue: their bills stay, and the page says why
    assert (whole["revenue_before"], whole["revenue_after"]) == ("4800.00", "4800.00")
    assert job.outcome["notes"]
    assert all(note["zh"] in client.get(f"/scenarios/{job.pk}/").content.decode() for note in job.outcome["notes"])


def test_wrong_fields_are_named_on_the_page(desk):
    page = desk("pricing_analyst").post("/price/what-if/", {"flat": "abc"}).content.decode()
    assert "abc" in page
    assert not Job.objects.exists()


def test_a_plan_without_flexible_loads_says_so(desk):
    client = desk("load_planner")
    client.post("/forecast/peak-shift/", {"day": "2026-07-20", "h09": "2"})
    job = Job.objects.get()
    carry_out.call(job.pk)
    job.refresh_from_db()
    assert (job.state, "flexible_load" in job.message_en) == ("failed", True)


def test_only_those_who_may_ask_and_see_every_district(desk):
    assert desk("director").post("/price/what-if/", {"flat": "1.1"}).status_code == 403
    assert desk("load_planner", districts=["D1"]).get("/forecast/peak-shift/").status_code == 403
    assert not Job.objects.exists()
