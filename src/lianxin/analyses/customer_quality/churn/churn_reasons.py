"""Why a customer may leave: what raises or lowers its risk most, by name and value, in both languages."""

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lianxin.analyses.customer_quality.reason_columns import amount_text, percent_text, reason_column
from lianxin.foundation.language import Text

Floats = NDArray[np.float64]
_NAMES = {
    "customer_class": Text("用电类别", "customer class"),
    "district_id": Text("供电单位", "district"),
    "plan_id": Text("电价方案", "price plan"),
    "payment_terms": Text("付款方式", "payment terms"),
    "voltage_level": Text("供电电压", "voltage level"),
    "capacity_kva": Text("合同容量（kVA）", "contract capacity (kVA)"),
    "contract_demand_kw": Text("合同最大需量（kW）", "contract demand (kW)"),
    "cases": Text("一年内工单数", "cases within a year"),
    "complaints": Text("一年内投诉数", "complaints within a year"),
    "industry": Text("行业门类", "industry section"),
    "years_customer": Text("供电年数", "years as a customer"),
    "days_in_contract": Text("合同已执行天数", "days in the contract"),
    "days_to_contract_end": Text("距合同到期天数", "days to the end of the contract"),
    "kwh_year": Text("年用电量（kWh）", "energy a year (kWh)"),
    "kwh_trend": Text("近三月用电与此前之比", "energy of three months to that before"),
    "price": Text("近三月均价（元/kWh）", "average price of three months (per kWh)"),
    "price_change": Text("半年均价变动", "change of the average price in half a year"),
    "months_without_bill": Text("距最近账单月数", "months since the last bill"),
}
_ATTRIBUTE = "attribute:"
_SERIES = {
    "mean": Text("均值", "mean"),
    "spread": Text("波动", "spread"),
    "change": Text("变动", "change"),
    "recent_change": Text("近期变动", "recent change"),
    "changes": Text("变动次数", "number of changes"),
    "step_up": Text("最大上调", "largest rise"),
    "step_down": Text("最大下调", "largest fall"),
}
_RAISES = Text("{name_zh} {figure}：使流失风险上升", "{name_en} {figure}: raises the risk")
_LOWERS = Text("{name_zh} {figure}：使流失风险下降", "{name_en} {figure}: lowers the risk")
_RATE = Text(
    "流失事件太少，不建模型：以全体年流失率 {rate} 计", "Too few departures for a model: the overall yearly rate {rate}"
)
_MARGIN = Text(
    "年毛利 {margin} 元 × 概率 {chance} = 风险毛利 {risk} 元",
    "Margin {margin} a year × probability {chance} = margin at risk {risk}",
)


def predictor_name(column: str) -> Text:
    """How a predictor is called; an attribute goes by the name that it has in the facts."""
    if column in _NAMES:
        return _NAMES[column]
    name, _, series = column.removeprefix(_ATTRIBUTE).partition(":")
    kind = _SERIES.get(series)
    return Text(name, name) if kind is None else Text(f"{name}{kind.zh}", f"{kind.en} of {name}")


def with_drivers(
    rows: pl.DataFrame, contributions: Floats, *, columns: Sequence[str], most: int
) -> tuple[pl.DataFrame, list[pl.Expr]]:
    """Add the ``most`` columns that add or take most, and the reasons over them; the strongest first."""
    count = min(most, len(columns))
    order = np.argsort(-np.abs(contributions), axis=1, kind="stable")[:, :count]
    names = [predictor_name(column) for column in columns]
    values = [_shown(rows, column) for column in columns]
    reasons: list[pl.Expr] = []
    for rank in range(count):
        chosen = order[:, rank]
        added = contributions[np.arange(len(chosen)), chosen]
        rows = rows.with_columns(
            pl.Series(f"driver_{rank}", [columns[number] for number in chosen], dtype=pl.String),
            pl.Series(f"zh_{rank}", [names[number].zh for number in chosen], dtype=pl.String),
            pl.Series(f"en_{rank}", [names[number].en for number in chosen], dtype=pl.String),
            pl.Series(f"value_{rank}", [values[number][row] for row, number in enumerate(chosen)], dtype=pl.String),
            pl.Series(f"added_{rank}", added, dtype=pl.Float64),
        )
        reasons += _driver(rank)
    return rows, reasons


def margin_reason() -> pl.Expr:
    """The margin at risk with its working."""
    return reason_column(
        "margin_at_risk",
        _MARGIN,
        when=pl.col("margin_at_risk").is_not_null(),
        value=amount_text(pl.col("margin_at_risk")),
        margin=amount_text(pl.col("yearly_margin")),
        chance=percent_text(pl.col("probability_12m")),
        risk=amount_text(pl.col("margin_at_risk")),
    )


def rate_reason() -> pl.Expr:
    """That the overall rate stands in for a model."""
    return reason_column("overall_rate", _RATE, rate=percent_text(pl.col("probability_12m")))


def _driver(rank: int) -> list[pl.Expr]:
    slots = {"name_zh": pl.col(f"zh_{rank}"), "name_en": pl.col(f"en_{rank}"), "figure": pl.col(f"value_{rank}")}
    added = pl.col(f"added_{rank}")
    shown = pl.concat_str([pl.col(f"driver_{rank}"), pl.lit("="), pl.col(f"value_{rank}")])
    return [
        reason_column("raises_risk", _RAISES, when=added > 0, value=shown, **slots),
        reason_column("lowers_risk", _LOWERS, when=added < 0, value=shown, **slots),
    ]


def _shown(rows: pl.DataFrame, column: str) -> list[str]:
    """Values as text: four figures are enough to read."""
    if column not in rows.columns:
        return ["—"] * rows.height
    values = rows[column]
    if values.dtype.is_numeric():
        values = values.cast(pl.Float64).round_sig_figs(4)
    return list(values.cast(pl.String).fill_null("—"))
