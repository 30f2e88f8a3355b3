"""The truth about planted faults and changes of load, as rows."""

import numpy as np
import polars as pl

from lianxin.demo.days import QUARTERS, Days
from lianxin.demo.faults import LoadEvent
from lianxin.demo.sink import Sink


def write_load_events(sink: Sink, listed: list[tuple[str, str, LoadEvent]], days: Days, *, resolution: str) -> None:
    """Add (usage point, customer, event) to truth/load_event; an event that lasts has no ``ended_at``."""
    if not listed:
        return
    begin, size = days.midnight_utc[0], len(days) * QUARTERS
    quarter = np.timedelta64(15, "m")
    start = np.array([event.start for _, _, event in listed], dtype=np.int64)
    end = np.array([event.end for _, _, event in listed], dtype=np.int64)
    ended = pl.Series(begin + end * quarter).dt.replace_time_zone("UTC")
    sink.truth(
        "load_event",
        pl.DataFrame(
            {
                "usage_point_id": [point for point, _, _ in listed],
                "customer_id": [customer for _, customer, _ in listed],
                "resolution": [resolution] * len(listed),
                "cause": [event.cause for _, _, event in listed],
                "kind": [event.kind for _, _, event in listed],
                "started_at": pl.Series(begin + start * quarter).dt.replace_time_zone("UTC"),
                "ended_at": pl.select(pl.when(pl.Series(end < size)).then(ended)).to_series(),
                "magnitude": [event.magnitude for _, _, event in listed],
            }
        ),
    )
