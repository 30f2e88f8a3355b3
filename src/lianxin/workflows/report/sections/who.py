"""Whom the report is about, as of when, and how old the data are."""

from datetime import UTC, date, timedelta
from typing import Any

from lianxin.foundation.language import Text
from lianxin.workflows.report.customer import Customer
from lianxin.workflows.report.document import Cell, Column, Fact, Facts, Grid, Section
from lianxin.workflows.report.names import code_name, organisation_name
from lianxin.workflows.report.source import ReportSource

HEADER = Text("报告信息", "About this report")
_AS_OF = Text("截至日", "As of")
_RUN = Text("运行编号", "Run")
_DATA_TO = Text("读数止于", "Readings to")
_AGE = Text("数据距截至日", "Age of the data")
_DAYS = Text("天", "days")

_COLUMNS = (
    Column(title=Text("合同编号", "Agreement")),
    Column(title=Text("电价方案", "Price plan")),
    Column(title=Text("市场化属性", "Market mode")),
    Column(title=Text("供电电压", "Voltage")),
    Column(title=Text("合同容量", "Capacity"), unit="kVA"),
    Column(title=Text("基本电费计收方式", "Demand basis")),
    Column(title=Text("合同最大需量", "Contract demand"), unit="kW"),
    Column(title=Text("功率因数标准", "Power-factor standard"), digits=2),
    Column(title=Text("计量点", "Usage points")),
)


def header(source: ReportSource, last_reading: date | None) -> Facts:
    """As-of day, run, and how old the latest reading is at the as-of day."""
    age = None if last_reading is None else max(0, (source.record.day - last_reading).days)
    return Facts(
        name=HEADER,
        items=(
            Fact(label=_AS_OF, value=source.record.day),
            Fact(label=_RUN, value=source.record.run_id),
            Fact(label=_DATA_TO, value=last_reading),
            Fact(label=_AGE, value=age, unit=_DAYS),
        ),
    )


def last_reading_day(customer: Customer) -> date | None:
    """The last local day with a reading in the months that were read, or with a bill."""
    zone = customer.source.given.zone
    ends = [year.readings.end_at[-1].astype("datetime64[us]").item() for year in customer.years]
    if ends:
        # an interval that closes at midnight belongs to the day before
        local = max(ends).replace(tzinfo=UTC).astimezone(zone) - timedelta(seconds=1)
        last_day: date = local.date()
        return last_day
    billed = [row["period_end"] for row in customer.bills if row["period_end"] is not None]
    return max(billed) - timedelta(days=1) if billed else None


def who(customer: Customer) -> Section:
    """Master data: the customer table and its agreements; nothing of customer_contact."""
    row = customer.facts
    workspace = customer.workspace
    items: list[tuple[Text, Cell]] = [
        (Text("户号", "Customer number"), customer.customer_id),
        (Text("户名", "Name"), organisation_name(row["name"], row["customer_class"])),
        (Text("用电类别", "Class"), code_name(workspace, "customer_class", row["customer_class"])),
        (Text("行业（GB/T 4754）", "Industry (GB/T 4754)"), row["industry_code"]),
        (Text("供电单位", "District"), customer.district),
        (Text("立户日期", "Since"), row["since"]),
        (Text("重要性等级", "Importance"), code_name(workspace, "importance", row["importance"])),
        (Text("负荷形态", "Load shape"), _shape(customer)),
    ]
    facts = Facts(
        name=Text("客户", "Customer"),
        items=tuple(Fact(label=label, value=value) for label, value in items if value is not None),
    )
    grid = Grid(
        name=Text("合同", "Agreements"),
        title=Text("供用电合同", "Supply agreements"),
        columns=_COLUMNS,
        rows=tuple(_agreement(customer, item) for item in customer.agreements),
    )
    return Section(key="who", title=Text("客户概况", "The customer"), blocks=(facts, grid))


def _agreement(customer: Customer, row: dict[str, Any]) -> tuple[Cell, ...]:
    points = [
        point["usage_point_id"] for point in customer.usage_points if point["agreement_id"] == row["agreement_id"]
    ]
    return (
        row["agreement_id"],
        customer.plan_title(row["plan_id"]),
        code_name(customer.workspace, "market_mode", row["market_mode"]),
        row["voltage_level"],
        row["capacity_kva"],
        code_name(customer.workspace, "demand_basis", row["demand_basis"]),
        row["contract_demand_kw"],
        row["power_factor_standard"],
        ", ".join(points),
    )


def _shape(customer: Customer) -> Text | None:
    rows = customer.results["load_shape"]
    return Text(rows[0]["label_zh"], rows[0]["label_en"]) if rows else None
