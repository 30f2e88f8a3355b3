"""Why a scenario cannot be computed."""

from lianxin.foundation.errors import DataInsufficient, UnusableInput
from lianxin.foundation.language import Text


class ScenarioUnreadable(UnusableInput):
    """The file is missing or no TOML."""

    text = Text("无法读取调价方案 {path}：{detail}", "The scenario {path} cannot be read: {detail}")


class ScenarioInvalid(UnusableInput):
    """The scenario holds unknown keys or wrong values; every one is named."""

    text = Text("调价方案 {path} 有误：{problems}", "The scenario {path} is wrong: {problems}")


class ScenarioWithoutPrice(UnusableInput):
    """The scenario leaves some hour without a price."""

    text = Text(
        "调价方案使电价方案 {plan} 的某些时段没有价格：{reason}",
        "The scenario leaves hours of {plan} without a price: {reason}",
    )


class ScopeEmpty(UnusableInput):
    """Nobody with bills is in the scenario's scope."""

    text = Text(
        "调价方案的范围内没有有账单的用户：{scope}。现有类别：{classes}；电价方案：{plans}。",
        "No customer with bills is in the scenario's scope: {scope}. Classes: {classes}; plans: {plans}.",
    )


class NoBills(DataInsufficient):
    """There is nothing to re-rate."""

    text = Text("没有可重新计费的账单。请先导入 bill。", "There are no bills to re-rate. Import bill first.")


class TargetOutOfReach(UnusableInput):
    """No value of the parameter within its range meets the target."""

    text = Text(
        "目标 {target} = {wanted} 在参数 {parameter} 的范围 {between} 内无法达到；可达 {reached}。",
        "The target {target} = {wanted} cannot be met with {parameter} within {between}; within reach: {reached}.",
    )


class TargetsContradict(UnusableInput):
    """Two targets cannot hold at once."""

    text = Text(
        "目标互相矛盾：{first} 与 {second}。{detail}",
        "The targets contradict each other: {first} and {second}. {detail}",
    )


class MarginUnknown(DataInsufficient):
    """A margin is asked for, but nobody knows what purchase costs."""

    text = Text("毛利目标需要 supply_cost。", "A target on the margin needs supply_cost.")
