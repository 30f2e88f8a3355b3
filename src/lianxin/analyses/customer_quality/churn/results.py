"""Result table churn_risk."""

from dataclasses import dataclass

import ibis
import numpy as np
import polars as pl
import pyarrow as pa

from lianxin.analyses.customer_quality.churn.card import card_table, of_training, out_of_time
from lianxin.analyses.customer_quality.churn.churn_reasons import margin_reason, rate_reason, with_drivers
from lianxin.analyses.customer_quality.churn.config import ChurnSettings
from lianxin.analyses.customer_quality.churn.facts import ChurnFacts, Windows, churn_facts, predictors, windows
from lianxin.analyses.customer_quality.churn.model import Fitted, Name, best, fit_all
from lianxin.analyses.customer_quality.churn.rates import overall_rate, within_a_year
from lianxin.analyses.customer_quality.frames import frame_of, section
from lianxin.analyses.customer_quality.reason_columns import reason_list
from lianxin.contracts.analysis import AnalysisInput, Note
from lianxin.contracts.results.customer_quality import CHURN_RISK
from lianxin.foundation.language import Text

_MONEY = pl.Decimal(18, 4)
_DAYS_PER_YEAR = 365.25
_NEEDED = Text(
    "可更换供电企业的在供客户（agreement.market_mode 为 retail 或 wholesale）",
    "customers in supply who may change supplier (agreement.market_mode retail or wholesale)",
)
_EVENTS = Text(
    "足够的 customer_event（churn、switch）；已有 {events} 起，至少 {least} 起才建模型，暂以全体流失率计",
    "customer_event (churn, switch); {events} are known, a model needs {least}: the overall rate was used",
)
_MARGIN = Text("customer_profit（毛利）", "customer_profit (the margin)")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Learnt:
    """The windows, and the model that they carry; None: the overall rate."""

    windows: Windows | None
    fitted: dict[Name, Fitted]
    model: Fitted | None

    @property
    def departures(self) -> int:
        return 0 if self.windows is None else int(self.windows.leaves.sum())


def churn_results(
    given: AnalysisInput,
    *,
    ledger: ibis.Table,  # noqa: ARG001  # one signature for the parts of customer_quality; bills are cut by cut-off here
    profit: pa.Table | None,
) -> tuple[dict[str, pa.Table], list[Note]]:
    """churn_risk and rows of model_card: customers in contested markets, with the probability to leave in 12 months.

    Learns from windows of the past that have ended by as_of, each described by what was known when it began.
    ``profit`` is customer_profit, or None: then margin_at_risk stays null.

    Raises:
        SettingsInvalid: section customer_quality.churn is wrong.

    """
    settings = section(given, "churn", ChurnSettings)
    facts = churn_facts(given, settings=settings)
    now = predictors(given, facts, cutoff=given.as_of.day, settings=settings).drop("left_on")
    if now.is_empty():
        return {}, [_note(0, _NEEDED)]
    learnt = _learnt(given, facts, settings)
    notes: list[Note] = []
    if learnt.model is None:
        words = _EVENTS.format(events=learnt.departures, least=settings.events_for_logistic)
        notes.append(_note(now.height, words, "probability_12m"))
    table, without_margin = _table(now, learnt, profit=profit, settings=settings)
    if without_margin:
        notes.append(_note(without_margin, _MARGIN, "margin_at_risk"))
    return {CHURN_RISK.name: table, "model_card": _card(learnt, settings)}, notes


def _learnt(given: AnalysisInput, facts: ChurnFacts, settings: ChurnSettings) -> _Learnt:
    seen = windows(given, facts, settings=settings)
    fitted = {} if seen is None else fit_all(seen.rows.drop("cutoff"), seen.leaves.to_numpy(), settings=settings)
    return _Learnt(windows=seen, fitted=fitted, model=best(fitted) if fitted else None)


def _card(learnt: _Learnt, settings: ChurnSettings) -> pa.Table:
    name: Name = "prior" if learnt.model is None else learnt.model.name
    card = of_training(learnt.windows, fitted=learnt.fitted, model=name)
    if learnt.windows is not None:
        card += out_of_time(learnt.windows, settings=settings)
    return card_table(card)


def _table(
    now: pl.DataFrame, learnt: _Learnt, *, profit: pa.Table | None, settings: ChurnSettings
) -> tuple[pa.Table, int]:
    """The rows, and for how many the margin is not known."""
    chance = _chances(now, learnt, settings)
    reasons = [rate_reason()]
    told = now
    if learnt.model is not None:
        contributions = learnt.model.contributions(now)
        told, reasons = with_drivers(
            now, contributions, columns=learnt.model.encoding.columns, most=settings.most_reasons
        )
    told = told.with_columns(probability_12m=pl.Series(chance, dtype=pl.Float64))
    told = told.join(_margins(profit), on="customer_id", how="left")
    told = told.with_columns(
        margin_at_risk=(pl.col("probability_12m") * pl.col("yearly_margin").clip(lower_bound=0.0)).round(2)
    )
    table = told.select(
        "customer_id",
        "probability_12m",
        margin_at_risk=pl.col("margin_at_risk").cast(_MONEY),
        reasons=reason_list([*reasons, margin_reason()]),
    )
    return table.to_arrow(), told["yearly_margin"].null_count()


def _chances(
    now: pl.DataFrame, learnt: _Learnt, settings: ChurnSettings
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    if learnt.model is not None:
        return within_a_year(learnt.model.probability(now), window_days=settings.window_days)
    rows = 0 if learnt.windows is None else learnt.windows.rows.height
    years = rows * settings.window_days / _DAYS_PER_YEAR
    rate = overall_rate(departures=learnt.departures, customer_years=years, settings=settings)
    return np.full(now.height, rate)


def _margins(profit: pa.Table | None) -> pl.DataFrame:
    """Yearly margin: revenue less purchase, network and service, which all end when the customer leaves."""
    if profit is None:
        return pl.DataFrame(schema={"customer_id": pl.String, "yearly_margin": pl.Float64})
    costs = pl.sum_horizontal(pl.col(c).cast(pl.Float64) for c in ("purchase_cost", "network_cost", "service_cost"))
    margin = pl.col("revenue").cast(pl.Float64) - costs
    return frame_of(profit).select("customer_id", yearly_margin=margin * 12 / pl.col("months").clip(lower_bound=1))


def _note(missing: int, needed: Text, column: str = "") -> Note:
    return Note(table=CHURN_RISK.name, column=column, missing=int(missing), needed=needed)
