"""commitment_breach: what was kept too late, what is overdue, and what falls due in the days ahead."""

import polars as pl

from lianxin.analyses.service_demand.commitments.measured import HOUR, Measured
from lianxin.analyses.service_demand.reason_rows import reason_list
from lianxin.foundation.language import Text

LATE, OVERDUE, AT_RISK = "late", "overdue", "at_risk"
_UNITS = {
    "minute": Text("分钟", "minutes"),
    "hour": Text("小时", "hours"),
    "calendar_day": Text("天", "calendar days"),
    "working_day": Text("个工作日", "working days"),
}
_STATES = {
    LATE: Text("已办理，但超时 {}", "done, late by {}"),
    OVERDUE: Text("尚未办理，已超时 {}", "not done yet, late by {}"),
    AT_RISK: Text("尚未办理，距到期 {}", "not done yet, still to go {}"),
}
_PAUSED = Text("正在等待客户，时钟暂停", "the customer is awaited: the clock stands still")
_LIMIT = Text("承诺：{title}（{limit} {unit}）", "promise: {title} ({limit} {unit})")
_MEAN = Text(
    "所承诺的是平均值，本月该单位平均 {} 小时", "an average is promised; this district's month averages {} hours"
)
_DAY_HOURS = 48


def breaches(measured: list[Measured], *, as_of_end: int, at_risk_days: int) -> pl.DataFrame:
    """One row a case and promise that was broken, is overdue, or falls due within ``at_risk_days`` after as_of.

    ``late_hours`` is elapsed time between due_at and the keeping of the promise (or the end of as_of); negative: still
    to go. A promised average is broken by a district's month; then the cases over the limit are listed.
    """
    horizon = as_of_end + round(at_risk_days * 24 * HOUR)
    found = [_of_promise(item, as_of_end, horizon) for item in measured if len(item.rows)]
    if not found:
        return _empty()
    return pl.concat(found).sort("case_id", "promise").unique(["case_id", "promise"], keep="first", maintain_order=True)


def _of_promise(item: Measured, as_of_end: int, horizon: int) -> pl.DataFrame:
    late = pl.col("done_at") > pl.col("due_at")
    overdue = pl.col("done_at").is_null() & (pl.col("due_at") <= as_of_end)
    ahead = pl.col("done_at").is_null() & (pl.col("due_at") > as_of_end) & (pl.col("due_at") <= horizon)
    state = pl.when(late).then(pl.lit(LATE)).when(overdue).then(pl.lit(OVERDUE)).when(ahead).then(pl.lit(AT_RISK))
    rows = _with_month_mean(item, as_of_end).with_columns(state=state).drop_nulls("state")
    if item.dated.promise.statistic == "mean":
        rows = rows.filter((pl.col("mean_hours") > pl.col("limit_hours")) | (pl.col("state") != LATE))
    hours = (pl.col("done_at").fill_null(as_of_end) - pl.col("due_at")) / HOUR
    return rows.with_columns(late_hours=hours).select(
        "case_id",
        "late_hours",
        "state",
        "district_id",
        promise=pl.lit(item.dated.promise.id),
        due_at=pl.col("due_at").cast(pl.Datetime("us", "UTC")),
        done_at=pl.col("done_at").cast(pl.Datetime("us", "UTC")),
        reasons=_reasons(item),
    )


def _with_month_mean(item: Measured, as_of_end: int) -> pl.DataFrame:
    month = pl.col("day").cast(pl.Int32).cast(pl.Date).dt.strftime("%Y-%m")
    promise = item.dated.promise
    limit = promise.limit / 60 if promise.unit == "minute" else promise.limit
    rows = item.rows.with_columns(month=month, limit_hours=pl.lit(limit)).sort("case_id")
    due = rows.filter(pl.col("due_at") <= as_of_end)
    means = due.group_by("district_id", "month").agg(mean_hours=pl.col("hours").sort().mean())
    return rows.join(means, on=["district_id", "month"], how="left", maintain_order="left")


def _reasons(item: Measured) -> pl.Expr:
    promise = item.dated.promise
    unit = _UNITS[promise.unit]
    limit = f"{promise.limit:g}"
    words = Text(
        _LIMIT.zh.format(title=promise.zh, limit=limit, unit=unit.zh),
        _LIMIT.en.format(title=promise.en, limit=limit, unit=unit.en),
    )
    hours = pl.col("late_hours").abs()
    long = hours >= _DAY_HOURS
    zh = pl.when(long).then(pl.format("{} 天", (hours / 24).round(1))).otherwise(pl.format("{} 小时", hours.round(1)))
    en = pl.when(long).then(pl.format("{} days", (hours / 24).round(1))).otherwise(pl.format("{} h", hours.round(1)))
    parts = [reason_list("promise", pl.lit(promise.id), pl.lit(words.zh), pl.lit(words.en))]
    by_state = [
        pl.when(pl.col("state") == state).then(
            reason_list(
                state, pl.col("late_hours").round(2).cast(pl.String), pl.format(text.zh, zh), pl.format(text.en, en)
            )
        )
        for state, text in _STATES.items()
    ]
    parts.append(pl.coalesce(by_state))
    told = reason_list("paused", pl.lit("waiting_customer"), pl.lit(_PAUSED.zh), pl.lit(_PAUSED.en))
    nothing = told.list.head(0)
    parts.append(pl.when(pl.col("paused")).then(told).otherwise(nothing))
    if promise.statistic == "mean":
        mean = pl.col("mean_hours").round(2).cast(pl.String)
        named = reason_list("average", mean, pl.format(_MEAN.zh, mean), pl.format(_MEAN.en, mean))
        parts.append(pl.when(pl.col("mean_hours").is_not_null()).then(named).otherwise(nothing))
    return pl.concat_list(parts)


def _empty() -> pl.DataFrame:
    reason = pl.Struct(dict.fromkeys(("code", "value", "text_zh", "text_en"), pl.String))
    instant = pl.Datetime("us", "UTC")
    return pl.DataFrame(
        schema={
            **dict.fromkeys(("case_id", "state", "district_id", "promise"), pl.String),
            "late_hours": pl.Float64,
            "due_at": instant,
            "done_at": instant,
            "reasons": pl.List(reason),
        }
    )
