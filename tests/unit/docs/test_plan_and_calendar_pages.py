"""The pages about price plans and the calendar name every key of the code, and their examples load."""

import re
from datetime import date
from pathlib import Path

import pytest

from lianxin.foundation.calendar import load_calendar
from lianxin.tariff.charges import Demand, DemandTier, DemandWindow, Fixed, Fund, LoadRateDiscount, PowerFactor, Tier
from lianxin.tariff.plan import Plan, Version
from lianxin.tariff.time_of_use import BandPeriod, When

ENDINGS = (".md", ".zh-CN.md")
PARTS = (
    *(Plan, Version, BandPeriod, When, Demand, LoadRateDiscount),
    *(DemandWindow, DemandTier, PowerFactor, Fund, Tier, Fixed),
)
_TOML = re.compile(r"^```toml\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("part", PARTS)
def test_every_key_of_a_plan_is_on_the_page(part: type, ending: str, docs: Path) -> None:
    text = (docs / "how-to" / f"choose-a-price-plan-and-rate{ending}").read_text(encoding="utf-8")
    assert [key for key in part.model_fields if not re.search(rf"\b{key}\b", text)] == []


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_example_of_a_calendar_loads(ending: str, docs: Path, tmp_path: Path) -> None:
    (example,) = _TOML.findall((docs / "how-to" / f"calendar-override{ending}").read_text(encoding="utf-8"))
    (tmp_path / "calendar.toml").write_text(example, encoding="utf-8")
    calendar = load_calendar("CN", tmp_path / "calendar.toml")
    assert calendar.kind(date(2027, 2, 14)) == "workday"  # a Sunday
    assert calendar.kind(date(2027, 2, 11)) == "restday"  # a Thursday
    assert calendar.kind(date(2027, 2, 8)) == "holiday"
