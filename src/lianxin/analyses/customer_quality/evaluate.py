"""``evaluate customer_quality``: late bills and customers by rolling origin, events and plain tables by folds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl
import pyarrow as pa

from lianxin.analyses.customer_quality.credit.card_rows import card_table
from lianxin.analyses.customer_quality.credit.config import CreditConfig
from lianxin.analyses.customer_quality.credit.past import Accounts, accounts, past_days
from lianxin.analyses.customer_quality.credit.scorecard.config import ScorecardConfig
from lianxin.analyses.customer_quality.credit.scorecard.predictors import labelled_table
from lianxin.analyses.customer_quality.evaluate_events import event_table
from lianxin.analyses.customer_quality.evaluate_late import NothingToLearnFrom, Target, evaluate_late
from lianxin.analyses.customer_quality.evaluate_table import evaluate_table
from lianxin.analyses.customer_quality.frames import section
from lianxin.contracts.analysis import AnalysisInput, Note
from lianxin.features.bill_ledger import bill_ledger
from lianxin.foundation.errors import UnusableInput
from lianxin.foundation.language import Text

DEFAULT_TARGET = "late_customer"
_LATE = ("late_bill", "late_customer")
_EVENT = "event:"
_DEFAULT_CUTOFFS = 3


class TargetUnknown(UnusableInput):
    """There is no such target."""

    text = Text(
        "没有目标 {target}。可用：late_bill、late_customer、event:类型",
        "There is no target {target}. Targets: late_bill, late_customer, event:KIND",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """Figures in the columns of model_card, predictions (key, cutoff, model, predicted, actual), and notes."""

    model_card: pa.Table
    predictions: pa.Table
    notes: tuple[Note, ...] = ()


def evaluate(
    given: AnalysisInput,
    *,
    target: str = DEFAULT_TARGET,
    cutoffs: Sequence[date] = (),
    folds: int = 5,
    seed: int = 1,
) -> Evaluation:
    """Evaluate on the workspace's facts.

    ``late_bill``, ``late_customer``: at each of ``cutoffs`` (default: the last three days a quarter apart whose
    outcomes are all seen). ``event:KIND``: by ``folds`` over the customers at the first cutoff.

    Raises:
        TargetUnknown, NothingToLearnFrom, NoEvents, TooFewEvents: it cannot be evaluated.

    """
    config = section(given, "credit", CreditConfig)
    if target not in _LATE and not target.startswith(_EVENT):
        raise TargetUnknown(target=target)
    held = _held(given, config)
    if target.startswith(_EVENT):
        return _of_events(given, held, target, cutoffs, folds, seed, config)
    if held is None:
        raise NothingToLearnFrom(needed=config.fewest_events)
    days = list(cutoffs) or past_days(given, held, config)[: 3 * _DEFAULT_CUTOFFS : 3]
    kind: Target = "late_bill" if target == "late_bill" else "late_customer"
    rows, predicted = evaluate_late(given, held, target=kind, cutoffs=sorted(days), config=config)
    return Evaluation(model_card=card_table(rows), predictions=predicted.to_arrow())


def evaluate_plain(
    frame: pl.DataFrame, *, key: str, label: str, folds: int = 5, seed: int = 1, config: ScorecardConfig | None = None
) -> Evaluation:
    """Evaluate on a plain table of predictors, out of fold.

    Raises:
        LabelUnusable, ColumnMissing, ColumnNameUnusable, TooFewEvents: the table cannot be used.

    """
    table = labelled_table(frame, key=key, label=label)
    found = evaluate_table(table, target=label, folds=folds, seed=seed, config=config or ScorecardConfig())
    return Evaluation(model_card=card_table(found.card), predictions=found.predictions.to_arrow())


def _held(given: AnalysisInput, config: CreditConfig) -> Accounts | None:
    bills, payments, written = (given.facts(name) for name in ("bill", "payment", "write_off"))
    ledger = bill_ledger(bills, payments, written, as_of=given.as_of.day)
    held = accounts(given, ledger=ledger, config=config)
    return None if held.outcomes.is_empty() else held


def _of_events(
    given: AnalysisInput,
    held: Accounts | None,
    target: str,
    cutoffs: Sequence[date],
    folds: int,
    seed: int,
    config: CreditConfig,
) -> Evaluation:
    cutoff = min(cutoffs) if cutoffs else None
    table, day = event_table(given, held, kind=target.removeprefix(_EVENT), cutoff=cutoff, config=config)
    found = evaluate_table(
        table, target=target, folds=folds, seed=seed, cutoff=day, config=ScorecardConfig(), progress=given.progress
    )
    return Evaluation(model_card=card_table(found.card), predictions=found.predictions.to_arrow())
