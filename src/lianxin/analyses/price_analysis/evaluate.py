"""``evaluate price_analysis``: planted elasticities and leaks found again, and bills computed again to the cent."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa

from lianxin.analyses.price_analysis.card import card_row
from lianxin.analyses.price_analysis.config import PriceConfig
from lianxin.analyses.price_analysis.elasticity.evaluate import evaluate_elasticity
from lianxin.analyses.price_analysis.facts import PriceFacts
from lianxin.analyses.price_analysis.impact.population import population
from lianxin.analyses.price_analysis.impact.scenario import Scenario
from lianxin.analyses.price_analysis.leaks.evaluate import evaluate_leaks
from lianxin.contracts.analysis import AnalysisInput, Note, configured
from lianxin.contracts.results.common import MODEL_CARD
from lianxin.foundation.language import Text

NEEDS_CLASSES = Text(
    "至少两个电价类别各 20 个有半年账单的合同",
    "20 agreements with half a year of bills in each of two price classes",
)
NEEDS_PLANS = Text("目录中有其电价方案的账单", "bills whose plan is in the catalogue")


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """Figures in the columns of model_card, what was predicted case by case, and what could not be evaluated."""

    model_card: pa.Table
    predictions: pa.Table
    notes: tuple[Note, ...]


def evaluate(
    given: AnalysisInput, *, suppliers: int = 200, seed: int = 1, leaks: Sequence[str] | None = None
) -> Evaluation:
    """Evaluate on simulated suppliers and on the workspace's own bills.

    Elasticity: ``suppliers`` with a planted −0.30, and as many whose prices never moved apart. Leaks: business
    agreements relabelled as homes, and, where ``leaks`` names them, those that are known. Bills: re-rated from totals.
    """
    config, facts = configured(given, PriceConfig), PriceFacts(given=given)
    rows, said = evaluate_elasticity(suppliers=suppliers, seed=seed, config=config.elasticity)
    predictions, notes = [said], []
    if facts.last_month is not None:
        found = evaluate_leaks(
            facts.panel,
            last=facts.last_month,
            calendar=given.calendar,
            config=config.leak,
            seed=seed,
            known=leaks,
        )
        if found is not None:
            rows += found[0]
            predictions.append(found[1])
        else:
            notes.append(Note(table="model_card", column="price_class_leak", missing=0, needed=NEEDS_CLASSES))
        rows += _bills_again(facts)
    else:
        needed = (("price_class_leak", NEEDS_CLASSES), ("bill", NEEDS_PLANS))
        notes += [Note(table="model_card", column=column, missing=0, needed=text) for column, text in needed]
    return Evaluation(
        model_card=pl.DataFrame(rows, schema=_schema()).to_arrow(),
        predictions=pl.concat(predictions, how="diagonal_relaxed").to_arrow(),
        notes=tuple(notes),
    )


def _bills_again(facts: PriceFacts) -> list[dict[str, Any]]:
    """Share of the last year's bills that the engine computes from their totals to the cent, other charges apart."""
    scenario = Scenario(name="again")
    people = population(facts.given, scenario, plans=facts.plans, series=facts.series, last=facts.last_month)
    if not people.rated:
        return []
    exact = [group.cents * 100 == (group.frame["total"] - group.frame["other"]).to_numpy() for group in people.groups]
    return [card_row("bill_engine", "bill", "computed_to_the_cent", float(np.concatenate(exact).mean()))]


def _schema() -> dict[str, Any]:
    texts = {"model", "target", "sample", "metric", "baseline"}
    return {name: pl.String if name in texts else pl.Float64 for name in MODEL_CARD.columns}
