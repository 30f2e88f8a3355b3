"""Payment-term advice with its reasons for a million made-up customers: processor time and peak memory.

Run: .venv/bin/python benchmarks/payment_terms.py [--customers 1000000]
What is fetched from bills, agreements and ratings is not in it; docs/algorithms/payment_terms.md states the figures.
"""

import argparse
import resource
import time

import numpy as np
import polars as pl

from lianxin.analyses.customer_quality.terms.config import TERMS, TermSettings
from lianxin.analyses.customer_quality.terms.results import advice


def customers(count: int) -> pl.DataFrame:
    random = np.random.default_rng(1)
    constant = {
        "cycle_days": 30.4,
        "term_days": 20.0,
        "present_cycle_days": 30.4,
        "present_term_days": 20.0,
        "dunning_days": 38.0,
        "deposit": 0.0,
        "present_deposit": 0.0,
        "exposure": 1000.0,
        "customer_class": "commercial",
        "importance": "none",
        "social_support": False,
        "contested": False,
        "prior": False,
        "assumed_margin": False,
    }
    return pl.DataFrame(
        {
            "customer_id": [f"{number:010d}" for number in range(count)],
            "daily_bill": random.lognormal(3, 1.5, count),
            "payment_terms": np.array(TERMS)[random.integers(0, 4, count)],
            "never_prepaid": random.random(count) < 0.05,
            "probability_late": random.beta(0.6, 6, count),
            "yearly_margin": random.normal(500, 300, count),
        }
    ).with_columns(**{name: pl.lit(value) for name, value in constant.items()})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=1_000_000)
    rows = customers(parser.parse_args().customers)
    began = time.process_time()
    table = advice(rows, TermSettings())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"{table.num_rows:,} rows, {time.process_time() - began:.1f} s of processor time, peak {peak:.1f} GiB")


if __name__ == "__main__":
    main()
