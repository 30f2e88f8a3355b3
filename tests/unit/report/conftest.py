"""A supplier with two customers: a factory with thirteen months of readings and every result, and a household."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest

from lianxin.contracts.facts import FACTS
from lianxin.contracts.results import RESULTS
from lianxin.foundation.periods import Month, months_between
from lianxin.lake.result_store import append_result
from lianxin.lake.runs import RunRecord, save_run
from lianxin.lake.schemas import ARROW_TYPES
from lianxin.lake.workspace import Workspace, open_workspace
from lianxin.workflows.import_facts import import_facts

AS_OF = date(2026, 6, 30)
FACTORY, HOUSEHOLD = "4100001", "4100002"
PLAN = """
id = "town-two-part"
name = { zh = "镇上两部制", en = "Two-part of the town" }
currency = "CNY"
time_zone = "Asia/Shanghai"
[[version]]
valid_from = 2024-01-01
source = "made for a test"
illustrative = true
energy = { flat = 0.6, peak = 1.0, valley = 0.3 }
[[version.periods]]
days = "all"
peak = ["08:00-12:00"]
valley = ["00:00-08:00"]
[version.demand]
capacity_price = 20
demand_price = 32
"""


def readings(first: date, days: int, kw_of: Callable[[date, int], float]) -> str:
    """Hourly readings as CSV: mean kW of an hour is its kWh."""
    lines = ["usage_point_id,start_at,minutes,kwh,kvarh"]
    for number in range(days):
        day = first + timedelta(days=number)
        for hour in range(24):
            kwh = kw_of(day, hour)
            lines.append(f"JL1,{day}T{hour:02d}:00:00+08:00,60,{kwh},{kwh / 2}")
    return "\n".join(lines) + "\n"


def load(day: date, hour: int) -> float:
    """100 kW at night, 300 kW from 8 to 12; in June 2026 the morning takes 330 kW."""
    morning = 330.0 if (day.year, day.month) == (2026, 6) else 300.0
    return morning if 8 <= hour < 12 else 100.0


def import_text(workspace: Workspace, table: str, text: str) -> None:
    """Import a CSV."""
    folder = workspace.root / "sources"
    folder.mkdir(exist_ok=True)
    file = folder / f"{table}.csv"
    file.write_text(text, encoding="utf-8")
    assert import_facts(workspace=workspace, table_name=table, files=[file]).rejected == 0


def import_supplier(workspace: Workspace) -> None:
    """Facts of both customers, and the plan of the factory."""
    workspace.plans.mkdir()
    (workspace.plans / "town.toml").write_text(PLAN, encoding="utf-8")
    customers = (
        "customer_id,name,customer_class,industry_code\n"
        f"{FACTORY},云州恒瑞机械有限公司,large_industrial,C34\n"
        f"{HOUSEHOLD},王秀英,residential,\n"
    )
    contacts = f"customer_id,contact_name,phone,address\n{FACTORY},李建国,13900000000,云州市北路1号\n"
    agreements = (
        "agreement_id,customer_id,plan_id,voltage_level,capacity_kva,demand_basis\n"
        f"HT1,{FACTORY},town-two-part,10kV,400,capacity\nHT2,{HOUSEHOLD},,220V,,\n"
    )
    bills = (
        "bill_id,customer_id,agreement_id,billing_month,issued_on,kwh,energy_amount,fund_amount,total_amount\n"
        f"ZD1,{HOUSEHOLD},HT2,2026-05,2026-06-03,210,105.00,4.20,109.20\n"
    )
    import_text(workspace, "customer", customers)
    import_text(workspace, "customer_contact", contacts)
    import_text(workspace, "agreement", agreements)
    import_text(workspace, "usage_point", "usage_point_id,agreement_id\nJL1,HT1\nJL2,HT2\n")
    import_text(workspace, "bill", bills)
    import_text(workspace, "interval_reading", readings(date(2025, 6, 1), 395, load))


def why(zh: str, en: str) -> list[dict[str, str]]:
    """A reasons cell."""
    return [{"code": "because", "value": "1", "text_zh": zh, "text_en": en}]


def profile_rows() -> list[dict[str, object]]:
    """load_profile of the factory, worked out from ``load``: 8 hours valley, 4 peak, 12 flat a day."""
    rows: list[dict[str, object]] = []
    for month in months_between(Month(2025, 6), Month(2026, 6)):
        peak = load(month.first_day, 8)
        kwh = 4 * peak + 20 * 100.0
        curve = [load(month.first_day, hour) for hour in range(24)]
        rows.append(
            {
                "usage_point_id": "JL1",
                "month": str(month),
                "kwh": month.days * kwh,
                "kvarh": month.days * kwh / 2,
                "peak_kw": peak,
                "load_factor": kwh / 24 / peak,
                "peak_valley_difference": peak - 100.0,
                "share_sharp": 0.0,
                "share_peak": 4 * peak / kwh,
                "share_flat": 1200 / kwh,
                "share_valley": 800 / kwh,
                "share_deep_valley": 0.0,
                "power_factor": 1 / 1.25**0.5,
                "typical_workday": curve,
                "typical_restday": curve,
                "intervals": 24 * month.days,
                "intervals_missing": 0,
            }
        )
    return rows


def advice_rows() -> dict[str, list[dict[str, object]]]:
    """One row of every kind of advice, an alert and an offer; amounts as a person would check them."""
    reasons = why("按十二个月账单重算", "rated again on twelve months of bills")
    return {
        "load_shape": [
            {
                "usage_point_id": "JL1",
                "cluster": "1",
                "label_zh": "单峰白班",
                "label_en": "One day shift",
                "distance": 0.1,
            }
        ],
        "plan_advice": [
            {
                "agreement_id": "HT1",
                "current_plan": "town-two-part",
                "advised_plan": "cn-hunan-lv-single-part",
                "annual_cost_current": Decimal("800000.00"),
                "annual_cost_advised": Decimal("765432.10"),
                "saving": Decimal("34567.90"),
                "reasons": reasons,
            }
        ],
        "demand_charge_advice": [
            {
                "agreement_id": "HT1",
                "current_basis": "capacity",
                "advised_basis": "contract_demand",
                "contract_demand_kw": 340.0,
                "annual_cost_current": Decimal("96000.00"),
                "annual_cost_advised": Decimal("90000.00"),
                "saving": Decimal("6000.00"),
                "overrun_probability": 0.125,
                "reasons": reasons,
            }
        ],
        "efficiency_advice": [
            {
                "agreement_id": "HT1",
                "measure": "lighting",
                "kwh_change": -12000.0,
                "annual_saving": Decimal("7200.00"),
                "cost": Decimal("18000.00"),
                "payback_months": 30.0,
                "reasons": reasons,
            }
        ],
        "usage_alert": [
            {
                "usage_point_id": "JL1",
                "started_at": datetime(2026, 5, 31, 16, tzinfo=UTC),
                "detected_at": datetime(2026, 6, 3, 16, tzinfo=UTC),
                "kind": "step_up",
                "magnitude_pct": 10.0,
                "score": 1.4,
                "causes": ["production_change", "metering_fault"],
                "reasons": why("工作时段负荷变化 10%", "the load of busy hours changed by 10 %"),
            }
        ],
        "service_offer": [
            {
                "customer_id": FACTORY,
                "service": "maintenance",
                "price": Decimal("24000.00"),
                "expected_benefit": Decimal("31000.00"),
                "supplier_margin": Decimal("5555.00"),
                "probability": 0.4321,
                "reasons": why("变压器已运行 15 年", "its transformer is 15 years old"),
            }
        ],
    }


def add_results(workspace: Workspace, record: RunRecord, rows: dict[str, list[dict[str, object]]]) -> None:
    """Store rows of results under a run, as the run would."""
    for name, found in rows.items():
        table = RESULTS[name]
        schema = pa.schema([pa.field(field.name, ARROW_TYPES[field.kind]) for field in table.fields])
        complete = [{field: row.get(field) for field in schema.names} for row in found]
        batches = pa.Table.from_pylist(complete, schema=schema).to_batches()
        record.tables[name] = append_result(workspace.results, table, batches, run_id=record.run_id, as_of=record.day)
    save_run(workspace.runs, record)


@dataclass(frozen=True)
class Made:
    """A workspace with a run of load profiles, and a record of the same with every kind of advice."""

    workspace: Workspace
    run_id: str


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Made once; tests that only read share it."""
    folder = tmp_path_factory.mktemp("report")
    (folder / "lianxin.toml").write_text('time_zone = "Asia/Shanghai"\n', encoding="utf-8")
    workspace = open_workspace(folder)
    import_supplier(workspace)
    record = RunRecord(
        run_id="20260701T000000-advice",
        analyses=["value_added"],
        as_of=AS_OF.isoformat(),
        engine="duckdb",
        code_version="test",
        settings={},
        versions={name: workspace.facts.version(name) for name in FACTS},
        started_at="2026-07-01T00:00:00+00:00",
        status="done",
    )
    add_results(workspace, record, {"load_profile": profile_rows(), **advice_rows()})
    return Made(workspace, record.run_id)


@pytest.fixture
def own(made: Made, tmp_path: Path) -> Made:
    """A copy to change."""
    shutil.copytree(made.workspace.root, tmp_path / "copy")
    return Made(open_workspace(tmp_path / "copy"), made.run_id)
