"""One page an analysis: its charts, and the first rows of each of its results."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from lianxin.desk.charts.chart import Chart
from lianxin.desk.gateway.scope import Scope
from lianxin.desk.results import charts_accounts, charts_credit, charts_forecast, charts_price, charts_service
from lianxin.foundation.language import Language, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalysisPage:
    """``tables``: result → its order at first; the first are shown with rows, the others as links."""

    place: str
    analysis: str
    title: Text
    tables: Mapping[str, str]
    charts: Callable[[Scope, Language], list[Chart]]


PAGES: Mapping[str, AnalysisPage] = {
    page.place: page
    for page in (
        AnalysisPage(
            place="service",
            analysis="service_demand",
            title=Text("客户服务需求", "Service demand"),
            tables={
                "hot_issue": "-heat",
                "commitment_breach": "due_at",
                "demand_priority": "-score",
                "root_cause": "-lift",
                "topic": "-cases",
                "case_topic": "case_id",
                "commitment_performance": "-month",
                "satisfaction": "scope",
                "satisfaction_driver": "-importance",
            },
            charts=charts_service.charts,
        ),
        AnalysisPage(
            place="credit",
            analysis="customer_quality",
            title=Text("电费与信用", "Credit"),
            tables={
                "risk_list": "-expected_loss",
                "payment_term_advice": "-expected_cost_current",
                "credit_rating": "-expected_loss",
                "customer_tier": "-score",
                "customer_profit": "rank",
                "churn_risk": "-margin_at_risk",
                "collection_performance": "-month",
            },
            charts=charts_credit.charts,
        ),
        AnalysisPage(
            place="key-accounts",
            analysis="value_added",
            title=Text("大客户与增值服务", "Key accounts"),
            tables={
                "key_account": "rank",
                "usage_alert": "-detected_at",
                "service_offer": "-supplier_margin",
                "plan_advice": "-saving",
                "demand_charge_advice": "-saving",
                "power_factor_advice": "-annual_saving",
                "load_shift_advice": "-annual_saving",
                "efficiency_advice": "-annual_saving",
                "load_profile": "-month",
                "load_shape": "usage_point_id",
            },
            charts=charts_accounts.charts,
        ),
        AnalysisPage(
            place="forecast",
            analysis="demand_forecast",
            title=Text("电量需求预测", "Demand forecast"),
            tables={
                "forecast_accuracy": "area_id",
                "power_balance": "-gap_p90_kw",
                "peak_shift_plan": "start_at",
                "peak_shift_coverage": "start_at",
                "energy_forecast": "month",
                "energy_balance": "month",
                "connection_pipeline": "district_id",
                "load_forecast": "start_at",
                "shift_settlement": "-response_kwh",
            },
            charts=charts_forecast.charts,
        ),
        AnalysisPage(
            place="price",
            analysis="price_analysis",
            title=Text("电价电费波动", "Price"),
            tables={
                "average_price_bridge": "-effect_amount",
                "price_class_change": "-period",
                "bill_change_reason": "-amount_to",
                "price_adjustment_impact": "scenario",
                "elasticity": "scope",
                "price_class_leak": "-amount",
                "cost_reflection": "scope",
                "substitution_parity": "-month",
                "substitution_target": "-kwh",
            },
            charts=charts_price.charts,
        ),
    )
}
