"""A supplier with two customers: a factory with thirteen months of readings and every result, and a household."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pyarrow as pa
import pytest

from lianxin.contracts.results import RESULTS
from lianxin.lake.result_store import append_result
from lianxin.lake.runs import RunRecord, load_runs, save_run
from lianxin.lake.schemas import ARROW_TYPES
from lianxin.lake.workspace import Workspace
from lianxin.workflows.run_analyses import run_analyses

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


@pytest.fixture
def supplier(importer) -> Workspace:
    """Facts of both customers, and the plan of the factory."""
    workspace = importer.workspace
    workspace.plans.mkdir()
    (workspace.plans / "town.toml").write_text(PLAN, encoding="utf-8")
    customers = (
        "customer_id,name,customer_class,industry_code\n"
        f"{FACTORY},云州恒瑞机械有限公司,large_industrial,C34\n"
        f"{HOUSEHOLD},王秀英,residential,\n"
    )
    importer.text("customer", customers, name="customer.csv")
    importer.text(
        "customer_contact",
        f"customer_id,contact_name,phone,address\n{FACTORY},李建国,13900000000,云州市北路1号\n",
        name="contact.csv",
    )
    importer.text(
        "agreement",
        "agreement_id,customer_id,plan_id,voltage_level,capacity_kva,demand_basis\n"
        f"HT1,{FACTORY},town-two-part,10kV,400,capacity\nHT2,{HOUSEHOLD},,220V,,\n",
        name="agreement.csv",
    )
    importer.text("usage_point", "usage_point_id,agreement_id\nJL1,HT1\nJL2,HT2\n", name="point.csv")
    importer.text(
        "bill",
        "bill_id,customer_id,agreement_id,billing_month,issued_on,kwh,energy_amount,fund_amount,total_amount\n"
        f"ZD1,{HOUSEHOLD},HT2,2026-05,2026-06-03,210,105.00,4.20,109.20\n",
        name="bill.csv",
    )
    importer.text("interval_reading", readings(date(2025, 6, 1), 395, load), name="readings.csv")
    return workspace


@pytest.fixture
def run(supplier: Workspace) -> RunRecord:
    """A run of value_added with load profiles."""
    return run_analyses(workspace=supplier, analyses=["value_added"], as_of=AS_OF).record


def why(zh: str, en: str) -> list[dict[str, str]]:
    """A reasons cell."""
    return [{"code": "because", "value": "1", "text_zh": zh, "text_en": en}]


def advice_rows() -> dict[str, list[dict[str, object]]]:
    """One row of every kind of advice, an alert and an offer; amounts as a person would check them."""
    reasons = why("按十二个月账单重算", "rated again on twelve months of bills")
    return {
        "load_shape": [
            {"usage_point_id": "JL1", "cluster": "1", "label_zh": "单峰白班", "label_en": "One day shift", "distance": 0.1}
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
        record.tables[name] = append_result(
            workspace.results, table, batches, run_id=record.run_id, as_of=record.day
        )
    save_run(workspace.runs, record)


@pytest.fixture
def advised(supplier: Workspace, run: RunRecord) -> RunRecord:
    """The same run with advice, an alert and an offer, whatever the analysis itself made of them."""
    fresh = [record for record in load_runs(supplier.runs) if record.run_id == run.run_id][0]
    plain = RunRecord(
        **{
            **{name: getattr(fresh, name) for name in RunRecord.__dataclass_fields__},
            "run_id": "20260701T000000-advice",
            "tables": {},
        }
    )
    from lianxin.lake.result_store import read_result

    profiles = [
        {name: row[name] for name in RESULTS["load_profile"].columns}
        for batch in read_result(supplier.results, RESULTS["load_profile"], run.run_id)
        for row in batch.to_pylist()
    ]
    add_results(supplier, plain, {"load_profile": profiles, **advice_rows()})
    return plain
