"""What is known to have happened in the time and place of an issue: outages, heat, a change of price."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import polars as pl

from lianxin.analyses.service_demand.config import HotIssueConfig
from lianxin.analyses.service_demand.extracts import day_number, fetched, local_day, microseconds
from lianxin.analyses.service_demand.text.dictionary import theme_of_term
from lianxin.contracts.analysis import AnalysisInput
from lianxin.contracts.reasons import Reason, reason
from lianxin.foundation.language import Text

_EPOCH = date(1970, 1, 1)
_OUTAGE = {
    "planned": Text(
        "已知原因：期间有 {count} 次计划停电，涉及 {customers} 户",
        "known cause: {count} planned outages in that time, {customers} customers",
    ),
    "temporary": Text(
        "已知原因：期间有 {count} 次临时停电，涉及 {customers} 户",
        "known cause: {count} temporary outages in that time, {customers} customers",
    ),
    "fault": Text(
        "已知原因：期间有 {count} 次故障停电，涉及 {customers} 户",
        "known cause: {count} faults in that time, {customers} customers",
    ),
}
_HEAT = Text(
    "已知原因：期间有 {days} 天最高气温达到 {limit:g} ℃，最高 {most:g} ℃",
    "known cause: {days} days of {limit:g} °C or more in that time, {most:g} °C at most",
)
_PRICE = Text("已知原因：{day} 起执行新电价（{plan}）", "known cause: new prices from {day} ({plan})")
_OF_PRICES = {"bill", "price", "time_of_use", "payment"}
_PRICE_DAYS = 45


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownCauses:
    """Facts by which an issue may be explained; empty frames where nothing was imported."""

    outages: pl.DataFrame
    heat: pl.DataFrame
    prices: list[tuple[date, str]]
    hot_c: float

    def reasons(self, *, topic_id: str, district_id: str | None, first: int, last: int) -> list[Reason]:
        """Reasons for an issue from day ``first`` to ``last`` (since 1970)."""
        return [
            *self._of_outages(district_id, first, last),
            *self._of_heat(first, last),
            *self._of_prices(topic_id, last),
        ]

    def _of_outages(self, district_id: str | None, first: int, last: int) -> list[Reason]:
        there = self.outages.filter(
            pl.col("district_id").eq(pl.lit(district_id, dtype=pl.String))
            & (pl.col("first") <= last)
            & (pl.col("last") >= first)
        )
        found = there.group_by("kind").agg(count=pl.len(), customers=pl.col("customers").sum()).sort("kind")
        return [
            reason(f"outage_{row['kind']}", _OUTAGE[row["kind"]], count=row["count"], customers=row["customers"])
            for row in found.to_dicts()
            if row["kind"] in _OUTAGE
        ]

    def _of_heat(self, first: int, last: int) -> list[Reason]:
        days = self.heat.filter((pl.col("day") >= first) & (pl.col("day") <= last) & (pl.col("max_c") >= self.hot_c))
        if days.is_empty():
            return []
        most = float(days["max_c"].to_numpy().max())
        return [reason("heat", _HEAT, days=len(days), limit=self.hot_c, most=most)]

    def _of_prices(self, topic_id: str, last: int) -> list[Reason]:
        terms = theme_of_term()
        if not any(terms[term] in _OF_PRICES for term in terms if term in topic_id):
            return []
        day = _EPOCH + timedelta(days=last)
        recent = [(start, plan) for start, plan in self.prices if day - timedelta(days=_PRICE_DAYS) <= start <= day]
        return [reason("price_change", _PRICE, day=start.isoformat(), plan=plan) for start, plan in recent[:1]]


def known_causes(given: AnalysisInput, *, config: HotIssueConfig) -> KnownCauses:
    """Read what may explain issues."""
    outage = given.facts("outage")
    outages = fetched(given, outage.select("kind", "district_id", "starts_at", "ends_at", "customers"))
    outages = (
        outages.with_columns(microseconds("starts_at"), microseconds("ends_at"))
        .with_columns(pl.col("ends_at").fill_null(pl.col("starts_at")), pl.col("customers").fill_null(0))
        .with_columns(first=local_day("starts_at", given), last=local_day("ends_at", given))
    )
    weather = given.facts("weather_daily")
    heat = (
        fetched(given, weather.group_by("day").agg(max_c=weather.max_c.max()))
        .with_columns(day_number("day"))
        .sort("day")
    )
    return KnownCauses(outages=outages, heat=heat, prices=_price_days(given), hot_c=config.hot_c)


def _price_days(given: AnalysisInput) -> list[tuple[date, str]]:
    """Days from which a plan that customers have got new prices, the latest first."""
    agreement = given.facts("agreement")
    used = set(fetched(given, agreement.select("plan_id").distinct())["plan_id"].to_list())
    found: set[tuple[date, str]] = set()
    for plan_id, plan in given.plans().items():
        if plan_id in used:
            versions: Any = getattr(plan, "versions", ())
            found |= {(version.valid_from, plan_id) for version in versions}
    return sorted(found, key=lambda item: (item[0], item[1]), reverse=True)
