"""Names of codes in results and facts, in the field's words."""

from collections.abc import Mapping

from lianxin.analyses.value_added.accounts.config import AccountSettings
from lianxin.contracts.codes import code_lists
from lianxin.contracts.fields import Field, Kind
from lianxin.desk.gateway.workspace import served_workspace
from lianxin.foundation.language import Text
from lianxin.workflows.report.names import ALERT_KINDS, CAUSES, MEASURES, service

ANALYSES: Mapping[str, Text] = {
    "service_demand": Text("客户服务需求分析", "Service demand"),
    "customer_quality": Text("客户质量评价", "Customer quality"),
    "value_added": Text("个性化增值服务", "Value-added services"),
    "demand_forecast": Text("电量需求预测", "Demand forecast"),
    "price_analysis": Text("电价电费波动分析", "Price analysis"),
}
_STATUS = {
    "emerging": Text("新出现", "emerging"),
    "ongoing": Text("持续", "ongoing"),
    "fading": Text("消退", "fading"),
}
_QUADRANT = {
    "do_now": Text("立即办理", "do now"),
    "plan": Text("列入计划", "plan"),
    "fill_in": Text("顺带办理", "fill in"),
    "drop": Text("暂不办理", "drop"),
}
_IDENTIFIED = {"yes": Text("可识别", "yes"), "weak": Text("弱", "weak"), "no": Text("不可识别", "no")}
_FACTORS = {
    "rate": Text("价格", "rate"),
    "class_mix": Text("类别结构", "class mix"),
    "voltage_mix": Text("电压结构", "voltage mix"),
    "plan_mix": Text("方案结构", "plan mix"),
    "band_mix": Text("峰谷结构", "band mix"),
    "demand": Text("基本电费", "demand charge"),
    "power_factor": Text("力调电费", "power factor"),
    "funds": Text("基金及附加", "funds"),
    "tiers": Text("阶梯", "tiers"),
    "other": Text("其他", "other"),
}
_ENTITLEMENTS = {code: Text(name.zh, name.en) for code, name in AccountSettings().entitlements.items()}
_BY_COLUMN: Mapping[str, Mapping[str, Text]] = {
    "kind": ALERT_KINDS,
    "causes": CAUSES,
    "measure": MEASURES,
    "status": _STATUS,
    "quadrant": _QUADRANT,
    "identified": _IDENTIFIED,
    "factor": _FACTORS,
    "entitlements": _ENTITLEMENTS,
}


def name_of(field: Field, code: str) -> Text:
    """The name of a code in a column; the code itself where none is known."""
    if field.kind is Kind.CODE and field.codes:
        known = code_lists(served_workspace().settings.codes)[field.codes].codes
        return known.get(code, Text(code, code))
    if field.name == "service":
        return service(code)[0]
    return _BY_COLUMN.get(field.name, {}).get(code, Text(code, code))


def class_name(code: str) -> Text:
    """The name of a customer class."""
    return code_lists(served_workspace().settings.codes)["customer_class"].codes.get(code, Text(code, code))


def choices_of(field: Field) -> Mapping[str, Text]:
    """All codes of a column with their names; none where the column is free text."""
    if field.kind is Kind.CODE and field.codes:
        return code_lists(served_workspace().settings.codes)[field.codes].codes
    return _BY_COLUMN.get(field.name, {}) if field.kind is Kind.TEXT else {}
