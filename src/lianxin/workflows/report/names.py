"""Names of codes that results hold, in the field's words; a code that is not known stays as it is."""

from collections.abc import Mapping

from lianxin.analyses.value_added.offers.catalogue import packaged_catalogue
from lianxin.contracts.codes import code_lists
from lianxin.foundation.language import Text
from lianxin.lake.workspace import Workspace
from lianxin.tariff import Plan

ALERT_KINDS: Mapping[str, Text] = {
    "step_up": Text("用电突增", "Step up"),
    "step_down": Text("用电突降", "Step down"),
    "spike": Text("异常尖峰", "Spike"),
    "flatline": Text("读数不变", "Flat line"),
    "drift": Text("缓慢漂移", "Drift"),
    "power_factor_drop": Text("功率因数下降", "Power factor fell"),
    "missing": Text("数据缺失", "Missing data"),
}
CAUSES: Mapping[str, Text] = {
    "metering_fault": Text("计量故障", "metering fault"),
    "equipment_fault": Text("用电设备故障", "equipment fault"),
    "production_change": Text("生产变化", "change of production"),
    "compensation_failure": Text("无功补偿失效", "reactive compensation failed"),
    "missing_data": Text("数据缺失", "missing data"),
}
MEASURES: Mapping[str, Text] = {
    "lighting": Text("照明改造", "Lighting"),
    "motor": Text("高效电机", "Efficient motors"),
    "ice_storage": Text("冰蓄冷", "Ice storage"),
    "heat_storage": Text("电蓄热", "Heat storage"),
    "heat_pump": Text("热泵", "Heat pump"),
    "electric_boiler": Text("电锅炉", "Electric boiler"),
    "electric_kiln": Text("电窑炉", "Electric kiln"),
    "battery": Text("储能电池", "Battery storage"),
}
_LINES: Mapping[str, Text] = {
    "demand.capacity": Text("基本电费（容量）", "Demand charge, capacity"),
    "demand.contract": Text("基本电费（合同需量）", "Demand charge, contract demand"),
    "demand.overrun": Text("超需量电费", "Demand overrun"),
    "demand.actual": Text("基本电费（实际需量）", "Demand charge, actual demand"),
    "demand.discount": Text("负荷率优惠", "Load-rate discount"),
    "power_factor": Text("力调电费", "Power-factor adjustment"),
}
_ENERGY = Text("{band}电费", "Energy, {band}")
_TIER = Text("阶梯电费（第 {tier} 档）", "Energy, tier {tier}")
_FUND = Text("基金及附加（{code}）", "Funds ({code})")
PARTS: Mapping[str, Text] = {
    "energy": Text("电度电费", "Energy"),
    "demand": Text("基本电费", "Demand"),
    "power_factor": Text("力调电费", "Power factor"),
    "fund": Text("基金及附加", "Funds"),
    "other": Text("其他", "Other"),
}
# In a customer's name these mark an organisation; a person's name has none of them.
_ORGANISATION = (
    *("公司", "集团", "厂", "站", "学校", "中学", "小学", "大学", "学院", "医院", "局", "处", "中心", "委员会", "政府"),
    *("银行", "酒店", "宾馆", "商场", "超市", "店", "合作社", "研究", "所", "院", "行", "社", "队", "园", "场", "馆"),
    *(" ltd", " inc", " llc", " co.", " corp", " gmbh", " plc", "company", "plant", "works", "hospital", "school"),
    *("university", "hotel", "authority", "council", "bank", "factory", "mill", "center", "centre", "department"),
)
_PERSON_LENGTH = 4
"""Chinese names of persons have two to four characters; 关园 or 陈社 must not pass for an organisation."""


def named(code: str | None, names: Mapping[str, Text]) -> Text | None:
    """The name of a code; the code itself where no name is known."""
    return None if code is None else names.get(code, Text(code, code))


def service(code: str) -> tuple[Text, Text | None]:
    """Name of a service, and what it is; the code where the packaged catalogue has none of it."""
    found = next((item for item in packaged_catalogue().service if item.code == code), None)
    return (Text(code, code), None) if found is None else (found.name.text, found.about.text)


def code_name(workspace: Workspace, list_name: str, code: str | None) -> Text | None:
    """The name of a code of the workspace's code lists."""
    return named(code, code_lists(workspace.settings.codes)[list_name].codes)


def line_name(code: str, plan: Plan | None) -> Text:
    """The name of a bill line."""
    if code in _LINES:
        return _LINES[code]
    head, _, rest = code.partition(".")
    if head == "energy" and rest.startswith("tier"):
        return _TIER.format(tier=rest.removeprefix("tier"))
    if head == "energy" and plan is not None and rest in plan.known_bands:
        band = plan.band_title(rest)
        return Text(_ENERGY.zh.format(band=band.zh), _ENERGY.en.format(band=band.en))
    if head == "fund":
        return _FUND.format(code=rest)
    return Text(code, code)


def organisation_name(name: str | None, customer_class: str | None) -> str | None:
    """The customer's name where it is an organisation's; a person's name is personal data and is left out."""
    if not name or customer_class == "residential":
        return None
    if len(name) <= _PERSON_LENGTH and not name.isascii():
        return None
    return name if any(mark in f" {name.lower()}" for mark in _ORGANISATION) else None
