"""Churn on a plain table with price series: by folds of customers, and by folds that keep a holder's accounts together.

    python benchmarks/churn.py --client client_data.csv --prices price_data.parquet [--repeats 3]

Written for the client file and the monthly prices of PowerCo (14,606 customers, 9.7 % left), which are not part of the
project. The prices become predictors as customer_attribute rows do: latest value, mean, spread, changes.
"""

import argparse
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold

from lianxin.analyses.customer_quality.churn.attributes import attribute_features
from lianxin.analyses.customer_quality.churn.config import ChurnSettings
from lianxin.analyses.customer_quality.churn.metrics import churn_metrics
from lianxin.analyses.customer_quality.churn.related import RelatedSettings
from lianxin.analyses.customer_quality.churn.table_trial import TrialSettings, trial

# the client file was drawn at the end of this month: its latest renewal is of 2016-01-28
KNOWN_ON = date(2016, 1, 31)
# accounts of one holder carry the holder's yearly consumption; zero says nothing
HOLDER = "cons_12m"


def predictors(client: Path, prices: Path) -> tuple[pl.DataFrame, list[str], np.ndarray]:
    """All predictors, the names of those of the client file alone, and who left."""
    rows = pl.read_csv(client)
    dates = [name for name in rows.columns if name.startswith("date_")]
    days = [(pl.col(name).str.to_date() - pl.lit(KNOWN_ON)).dt.total_days().cast(pl.Float64) for name in dates]
    rows = rows.with_columns(days)
    long = pl.read_parquet(prices).with_columns(pl.col("price_date").str.to_date().alias("as_of"))
    names = [name for name in long.columns if name.startswith("price_") and name != "price_date"]
    attributes = long.unpivot(names, index=["id", "as_of"], variable_name="name", value_name="number").select(
        customer_id="id", name="name", as_of="as_of", number="number", text=pl.lit(None, pl.String)
    )
    series = attribute_features(attributes, cutoff=KNOWN_ON, series_days_at_least=ChurnSettings().series_days_at_least)
    joined = rows.join(series, left_on="id", right_on="customer_id", how="left")
    own = [name for name in rows.columns if name not in {"id", "churn"}]
    return joined.drop("id", "churn"), own, rows["churn"].to_numpy().astype(float)


def folds_of(split: StratifiedKFold | StratifiedGroupKFold, leaves: np.ndarray, holders: np.ndarray) -> np.ndarray:
    fold = np.empty(len(leaves), int)
    groups = holders if isinstance(split, StratifiedGroupKFold) else None
    for number, (_, test) in enumerate(split.split(leaves[:, None], leaves, groups)):
        fold[test] = number
    return fold


def report(title: str, leaves: np.ndarray, runs: list[dict[str, np.ndarray]]) -> None:
    print(f"\n{title}")
    print(f"{'model':12}{'auc':>8}{'ap':>8}{'lift':>8}{'mean':>8}{'rate':>8}")
    for name in runs[0]:
        found = [churn_metrics(leaves, run[name], run[name]) for run in runs]
        values = [np.mean([one[metric] for one in found]) for metric in found[0]]
        print(f"{name:12}" + "".join(f"{value:8.4f}" for value in values))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--client", type=Path, required=True)
    parser.add_argument("--prices", type=Path, required=True)
    parser.add_argument("--repeats", type=int, default=3, help="repeated five-fold splits, seeds 0, 1, …")
    chosen = parser.parse_args()
    rows, own, leaves = predictors(chosen.client, chosen.prices)
    kwh = rows[HOLDER].to_numpy()
    holders = np.where(kwh > 0, kwh, -1 - np.arange(len(kwh)))
    seeds = range(chosen.repeats)
    by_customer = [folds_of(StratifiedKFold(5, shuffle=True, random_state=s), leaves, holders) for s in seeds]
    by_holder = [folds_of(StratifiedGroupKFold(5, shuffle=True, random_state=s), leaves, holders) for s in seeds]
    apart = TrialSettings(related=None)
    linked = TrialSettings(related=RelatedSettings())
    for title, folds, settings in (
        ("folds of customers, with what became of related accounts", by_customer, linked),
        ("folds of customers, without", by_customer, apart),
        ("folds that keep a holder's accounts together", by_holder, linked),
    ):
        runs = [dict(trial(rows, leaves, folds=fold, settings=settings, baseline=own)) for fold in folds]
        report(title, leaves, runs)


if __name__ == "__main__":
    main()
