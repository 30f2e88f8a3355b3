"""Roles and what each may do; the one place that says so."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from lianxin.foundation.language import Text


class Right(StrEnum):
    """Something that not everybody may do."""

    PERSONAL = "personal"  # see names and telephone numbers, each unmasking logged
    APPROVE = "approve"  # the second pair of eyes
    IMPORT = "import"
    RUN = "run"
    PLAN = "plan"  # ask for a peak-shifting plan
    ADMINISTER = "administer"
    EXPORT = "export"


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """A role: its rights and the results whose proposals it decides."""

    name: Text
    rights: frozenset[Right]
    decides: frozenset[str] = field(default=frozenset())


ROLES: Mapping[str, Role] = {
    "director": Role(
        name=Text("营销主任", "Marketing director"),
        rights=frozenset({Right.APPROVE, Right.EXPORT}),
        decides=frozenset({"customer_tier", "payment_term_advice", "peak_shift_plan", "service_offer", "hot_issue"}),
    ),
    "service_analyst": Role(
        name=Text("服务分析员", "Service analyst"),
        rights=frozenset({Right.PERSONAL, Right.EXPORT}),
        decides=frozenset({"hot_issue"}),
    ),
    "credit_controller": Role(
        name=Text("电费回收员", "Credit controller"),
        rights=frozenset({Right.PERSONAL, Right.EXPORT}),
        decides=frozenset({"payment_term_advice", "risk_list", "customer_tier"}),
    ),
    "account_manager": Role(
        name=Text("大客户经理", "Key-account manager"),
        rights=frozenset({Right.PERSONAL, Right.EXPORT}),
        decides=frozenset({"usage_alert", "service_offer", "customer_tier"}),
    ),
    "load_planner": Role(
        name=Text("负荷管理员", "Load planner"),
        rights=frozenset({Right.EXPORT, Right.PLAN}),
        decides=frozenset({"peak_shift_plan"}),
    ),
    "pricing_analyst": Role(name=Text("电价分析员", "Pricing analyst"), rights=frozenset({Right.EXPORT, Right.RUN})),
    "administrator": Role(
        name=Text("系统管理员", "Administrator"),
        rights=frozenset({Right.IMPORT, Right.RUN, Right.ADMINISTER, Right.EXPORT}),
    ),
}
