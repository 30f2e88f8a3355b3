"""What was planted about prices: elasticities, and workshops on a resident's price."""

import numpy as np
import polars as pl

from lianxin.demo.agreements import Agreements
from lianxin.demo.classes import CLASSES
from lianxin.demo.options import DemoOptions
from lianxin.demo.plan_sketches import PLAN_IDS, SKETCHES, plan_number
from lianxin.demo.population import Population, agreement_ids, customer_ids
from lianxin.demo.price_tables import INDEX_WEIGHTS, PriceTables
from lianxin.demo.sink import Sink

_MOVING = {profile.code for profile in CLASSES} - {"residential", "agricultural", "other"}


def write_price_truth(sink: Sink, options: DemoOptions, prices: PriceTables) -> None:
    """Write truth/elasticity and truth/price_index."""
    sink.truth(
        "elasticity",
        pl.DataFrame(
            {
                "customer_class": [profile.code for profile in CLASSES],
                "own": [profile.elasticity for profile in CLASSES],
                "band_substitution": [profile.substitution for profile in CLASSES],
                "prices_moved_apart": [profile.code in _MOVING for profile in CLASSES],
            }
        ),
    )
    months = [str(month) for month in options.months]
    sink.truth(
        "price_index",
        pl.DataFrame(
            {
                "plan_id": np.repeat(PLAN_IDS, len(months)).tolist(),
                "month": months * len(PLAN_IDS),
                "log_price": prices.index_log.ravel(),
                "log_peak_to_valley": prices.spread_log.ravel(),
                "moves": np.repeat([sketch.moves for sketch in SKETCHES], len(months)).tolist(),
            }
        ),
    )
    sink.truth("price_index_weight", pl.DataFrame({"band": list(_BANDS), "weight": INDEX_WEIGHTS}))


_BANDS = ("sharp", "peak", "flat", "valley", "deep_valley")


def write_leaks(sink: Sink, people: Population, deal: Agreements) -> None:
    """Write truth/price_class_leak of one block: agreements whose use is not their plan's."""
    rows = np.flatnonzero(people.leak)
    sink.truth_part(
        "price_class_leak",
        pl.DataFrame(
            {
                "agreement_id": agreement_ids(people.index[rows]),
                "customer_id": customer_ids(people.index[rows]),
                "plan_id": pl.Series(PLAN_IDS).gather(deal.plan[rows]),
                "true_class": pl.Series(["general_industrial"]).new_from_index(0, len(rows)),
                "true_plan": pl.Series([PLAN_IDS[plan_number("yz-agency-1kv")]]).new_from_index(0, len(rows)),
            }
        ),
    )
