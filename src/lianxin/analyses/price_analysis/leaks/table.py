"""The result price_class_leak: who they are, what they look like, what the plan they should have would bring."""

import numpy as np
import polars as pl

from lianxin.analyses.price_analysis.config import LeakConfig
from lianxin.analyses.price_analysis.contract_rows import money
from lianxin.analyses.price_analysis.leaks.classes import PRICE_CLASSES, looks
from lianxin.analyses.price_analysis.leaks.features import FEATURES, load_features
from lianxin.analyses.price_analysis.panel import Panel
from lianxin.contracts.reasons import Reason, reason, rows_of
from lianxin.foundation.calendar import Calendar
from lianxin.foundation.language import Text

_NAMES = {
    "residential": Text("居民", "residential"),
    "agricultural": Text("农业", "agricultural"),
    "business": Text("工商业", "business"),
}
_LOOKS = Text(
    "负荷更像{name_zh}用电（概率 {probability:.0%}）", "the load looks {name_en} (probability {probability:.0%})"
)
_EVIDENCE = {
    "level": Text("月均用电 {value:.0f} kWh", "{value:.0f} kWh a month"),
    "festival": Text("春节所在月用电为平常的 {value:.0%}", "{value:.0%} of the usual in the month of Spring Festival"),
    "summer": Text("夏季用电为全年平均的 {value:.0%}", "{value:.0%} of the year's mean in summer"),
    "winter": Text("冬季用电为全年平均的 {value:.0%}", "{value:.0%} of the year's mean in winter"),
    "noise": Text("逐月波动 {value:.0%}", "{value:.0%} of movement from month to month"),
}
_SHOWN = 3


def leak_rows(
    panel: Panel, cells: pl.DataFrame, *, last: int, calendar: Calendar, config: LeakConfig
) -> list[dict[str, object]] | None:
    """Agreements that look like a dearer class, the largest amount first; None where classes are too few."""
    features = load_features(panel, last=last, months_at_least=config.months_at_least, calendar=calendar).with_columns(
        price_class=pl.col("customer_class").replace_strict(PRICE_CLASSES, default="")
    )
    found = looks(features, prior_share=config.prior_share)
    if found is None:
        return None
    rows = np.arange(features.height)
    probability = found.posterior[rows, found.other]
    suspects = np.flatnonzero((probability >= config.posterior_at_least) & (features["price_class"] != "").to_numpy())
    plans = _plans_of_class(cells, last)
    made = []
    for row in suspects.tolist():
        name = found.names[int(found.other[row])]
        whose = features.row(row, named=True)
        plan = plans.get(name)
        amount = None if plan is None else _amount(panel, cells, whose["agreement_id"], plan, last)
        if amount is None or amount <= 0:
            continue
        made.append(
            {
                "agreement_id": whose["agreement_id"],
                "current_plan": whose["plan_id"],
                "suspected_plan": plan,
                "amount": money(amount),
                "reasons": rows_of(_reasons(whose, name, float(probability[row]), found.evidence[row])),
            }
        )
    return sorted(made, key=lambda item: (-item["amount"], item["agreement_id"]))


def _plans_of_class(cells: pl.DataFrame, last: int) -> dict[str, str]:
    """The plan that most bills of each price class have, at the lowest voltage that the class has."""
    recent = cells.filter((pl.col("month") > last - 12) & (pl.col("plan_id") != "")).with_columns(
        price_class=pl.col("customer_class").replace_strict(PRICE_CLASSES, default="")
    )
    low = pl.col("voltage_level").is_in(["220V", "380V", "0.4kV"])
    ranked = (
        recent.with_columns(low=low)
        .group_by("price_class", "plan_id")
        .agg(pl.col("bills").sum(), low=pl.col("low").any())
        .sort("price_class", "low", "bills", "plan_id", descending=[False, True, True, False])
    )
    return dict(
        ranked.unique("price_class", keep="first", maintain_order=True).select("price_class", "plan_id").iter_rows()
    )


def _amount(panel: Panel, cells: pl.DataFrame, agreement: str, plan: str, last: int) -> float | None:
    """What the last year's energy would cost on the plan, at its mean band mix, less what its energy and funds cost."""
    own = panel.frame.filter((pl.col("agreement_id") == agreement) & (pl.col("month") > last - 12))
    prices = _mean_prices(cells, plan)
    joined = own.join(prices, on="month", how="left").join(
        _mean_prices(cells, None), on=["plan_id", "month"], how="left", suffix="_now"
    )
    joined = joined.filter(pl.col("price").is_not_null() & pl.col("price_now").is_not_null())
    if joined.is_empty():
        return None
    return float((joined["kwh"] * (joined["price"] - joined["price_now"])).sum())


def _mean_prices(cells: pl.DataFrame, plan: str | None) -> pl.DataFrame:
    """Mean energy price and funds per kWh by month, of one plan or of each."""
    chosen = cells if plan is None else cells.filter(pl.col("plan_id") == plan)
    keys = ["plan_id", "month"] if plan is None else ["month"]
    sums = chosen.group_by(keys).agg(pl.col("kwh").sum(), amount=(pl.col("energy") + pl.col("fund")).sum())
    return sums.filter(pl.col("kwh") > 0).select(*keys, price=pl.col("amount") / pl.col("kwh"))


def _reasons(whose: dict[str, object], name: str, probability: float, evidence: np.ndarray) -> list[Reason]:
    words = _NAMES[name]
    shown = [reason("looks_like", _LOOKS, probability=probability, name_zh=words.zh, name_en=words.en)]
    for place in np.argsort(-evidence)[:_SHOWN].tolist():
        feature = FEATURES[place]
        if evidence[place] > 0 and whose[feature] is not None:
            shown.append(reason(feature, _EVIDENCE[feature], value=_shown(whose, feature)))
    return shown


def _shown(whose: dict[str, object], feature: str) -> float:
    value = float(str(whose[feature]))
    if feature == "level":
        return float(str(whose["kwh"])) / int(str(whose["months"]))
    return float(np.exp(value)) - 0.02 if feature == "noise" else float(np.exp(value))
