"""The scorecard beside OptBinning, LightGBM and the best possible on real and made-up payers.

python benchmarks/credit_scorecard.py uci [--shared ../shared/data]     5 folds, a held-out fifth, seconds of a fit
python benchmarks/credit_scorecard.py demo --customers 5000 --seeds 7 8 9 --cutoffs 2025-06-30 2025-12-10 2026-01-31
                                                                        AUC beside the posterior's, means by class
"""

import argparse
import tempfile
import time
import warnings
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import ibis
import numpy as np
import polars as pl
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import train_test_split

from lianxin.analyses.customer_quality.credit.config import CreditConfig
from lianxin.analyses.customer_quality.credit.model import fit_rating
from lianxin.analyses.customer_quality.credit.past import accounts, labelled_rows, labels_after, past_days, rows_at
from lianxin.analyses.customer_quality.credit.scorecard.baselines import BASELINES
from lianxin.analyses.customer_quality.credit.scorecard.config import ScorecardConfig
from lianxin.analyses.customer_quality.credit.scorecard.derived import derived_characteristics, with_derived
from lianxin.analyses.customer_quality.credit.scorecard.fit import fit_scorecard
from lianxin.analyses.customer_quality.credit.scorecard.metrics import figures
from lianxin.analyses.customer_quality.credit.scorecard.predictors import Column, labelled_table
from lianxin.analyses.customer_quality.evaluate_table import evaluate_table
from lianxin.contracts.analysis import AnalysisInput
from lianxin.contracts.as_of import AsOf, known
from lianxin.contracts.facts import FACTS
from lianxin.demo import DemoOptions, build_demo
from lianxin.demo.posterior import late_posterior
from lianxin.engine.facts import empty_facts
from lianxin.features.bill_ledger import bill_ledger, bill_outcomes
from lianxin.foundation.calendar import Calendar

SHANGHAI = ZoneInfo("Asia/Shanghai")


def uci(shared: Path) -> None:
    frame = pl.read_csv(shared / "uci_credit" / "UCI_Credit_Card.csv", infer_schema_length=None)
    table = labelled_table(frame, key="ID", label="default.payment.next.month")
    config = ScorecardConfig()
    found = evaluate_table(table, target="default", folds=5, config=config)
    for row in found.card:
        if row["metric"] in {"auc", "ks", "ece", "auc_mean_of_folds", "ks_mean_of_folds"}:
            print(f"5 folds   {row['model']:22s} {row['metric']:20s} {row['value']:.4f}")
    train, held = train_test_split(np.arange(frame.height), test_size=0.2, random_state=2024, stratify=table.label)
    known_rows, asked, label = table.frame[train], table.frame[held], table.label[train]
    started = time.process_time()
    card = fit_scorecard(known_rows, label, columns=table.columns, config=config)
    print(f"fit of {len(train)} rows: scorecard {time.process_time() - started:.1f} s of one core")
    _held("scorecard", table.label[held], card.probability(asked))
    for name, fit in BASELINES.items():
        started = time.process_time()
        said = fit(known_rows, label, asked, columns=table.columns)
        _held(name, table.label[held], said, time.process_time() - started)
    derived = derived_characteristics(table.frame, table.columns, most=config.most_derived)
    columns = (*table.columns, *(Column(item.name, "number") for item in derived))
    wide = with_derived(table.frame, derived)
    for name in ("optbinning_logistic", "lightgbm"):
        started = time.process_time()
        said = BASELINES[name](wide[train], label, wide[held], columns=columns)
        _held(f"{name}, derived", table.label[held], said, time.process_time() - started)


def _held(name: str, label: np.ndarray, said: np.ndarray, seconds: float | None = None) -> None:
    told = " ".join(f"{item.metric} {item.value:.4f}" for item in figures(label, said)[:3])
    print(f"held out  {name:30s} {told}" + ("" if seconds is None else f"  fit and predict {seconds:.1f} s"))


def demo(customers: int, seeds: list[int], cutoffs: list[date]) -> None:
    for seed in seeds:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            build_demo(folder, options=DemoOptions(customers=customers, seed=seed))
            for cutoff in cutoffs:
                _demo_at(folder, seed, cutoff)


def _demo_at(folder: Path, seed: int, cutoff: date) -> None:
    config, connection = CreditConfig(), ibis.duckdb.connect()
    given, whole = _given(folder, cutoff, connection), _given(folder, date(2030, 1, 1), connection)
    ledger = bill_ledger(*(given.facts(name) for name in ("bill", "payment", "write_off")), as_of=cutoff)
    held = accounts(given, ledger=ledger, config=config)
    started = time.process_time()
    rows = labelled_rows(given, held, days=past_days(given, held, config), config=config)
    model = fit_rating(rows, config)
    now = rows_at(given, held, day=cutoff, config=config)
    said = now.select("customer_id", "customer_class", said=pl.Series(model.probability(now, config)))
    seconds = time.process_time() - started
    end = date(2030, 1, 1)
    later = bill_ledger(*(whole.facts(name) for name in ("bill", "payment", "write_off")), as_of=end)
    outcomes = bill_outcomes(later, whole.facts("payment"), as_of=end, late_days=config.late_days)
    truth = labels_after(pl.DataFrame(whole.rows(outcomes)), day=cutoff, config=config)
    joined = said.join(truth, on="customer_id").join(late_posterior(folder=folder, cutoff=cutoff), on="customer_id")
    label = joined["event"].to_numpy()
    ours, best = (roc_auc_score(label, joined[column]) for column in ("said", "probability_late"))
    print(
        f"seed {seed} {cutoff}: AUC {ours:.4f}, posterior {best:.4f}, gap {best - ours:.4f}; "
        f"mean {joined['said'].mean():.4f}, "
        f"observed {label.mean():.4f}, posterior {joined['probability_late'].mean():.4f}; {seconds:.0f} s",
        flush=True,
    )
    means = joined.group_by("customer_class").agg(
        pl.len(), said=pl.col("said").mean(), observed=pl.col("event").mean(), best=pl.col("probability_late").mean()
    )
    print(means.sort("len", descending=True))


def _given(folder: Path, day: date, connection: ibis.BaseBackend) -> AnalysisInput:
    as_of = AsOf.of(day, SHANGHAI)

    def facts(name: str) -> ibis.Table:
        files = sorted(str(path) for path in (folder / "extracts" / name).glob("*.parquet"))
        schema = empty_facts(FACTS[name]).schema()
        if not files:
            return known(name, empty_facts(FACTS[name]), as_of)
        table = connection.read_parquet(files)
        columns = {
            column: table[column].cast(kind) if column in table.columns else ibis.null(kind)
            for column, kind in schema.items()
        }
        return known(name, table.select(**columns), as_of)

    return AnalysisInput(
        facts=facts, rows=connection.to_pyarrow, as_of=as_of, zone=SHANGHAI, calendar=Calendar(), currency="CNY"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("uci", "demo"))
    parser.add_argument("--shared", type=Path, default=Path("../shared/data"))
    parser.add_argument("--customers", type=int, default=5000)
    parser.add_argument("--seeds", type=int, nargs="+", default=[7, 8, 9])
    parser.add_argument("--cutoffs", type=date.fromisoformat, nargs="+", default=[date(2025, 12, 10)])
    asked = parser.parse_args()
    warnings.simplefilter("ignore")
    if asked.what == "uci":
        uci(asked.shared)
    else:
        demo(asked.customers, asked.seeds, asked.cutoffs)


if __name__ == "__main__":
    main()
