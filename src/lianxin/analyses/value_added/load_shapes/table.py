"""The result load_shape."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lianxin.analyses.value_added.load_shapes.clusters import Clusters, choose_clusters
from lianxin.analyses.value_added.load_shapes.config import LoadShapeSettings
from lianxin.analyses.value_added.load_shapes.labels import label_of
from lianxin.analyses.value_added.load_shapes.typical_day import Floats, typical_days
from lianxin.foundation.language import Text

SCHEMA = {
    "usage_point_id": pl.String,
    "cluster": pl.Int64,
    "label_zh": pl.String,
    "label_en": pl.String,
    "distance": pl.Float64,
}


def load_shapes(
    usage_point_id: list[str], kwh: Floats, workday: NDArray[np.bool_], *, settings: LoadShapeSettings
) -> tuple[pl.DataFrame, Clusters | None]:
    """Cluster, label in words and distance of each meter that has a typical day.

    ``kwh`` is (meters, days, intervals) with NaN where missing; ``workday`` is (days,). Grain: one row a
    usable meter; ``cluster`` counts from 1, the largest first. ``distance`` is the root mean square of the
    48 hourly differences to the centre, in units of the meter's mean workday load. None if no meter is usable.
    """
    shapes = typical_days(kwh, workday)
    usable = np.isfinite(shapes).all(axis=1)
    if not usable.any():
        return pl.DataFrame(schema=SCHEMA), None
    # The order of rows must not matter: meters are clustered in the order of their names.
    names = np.array(usage_point_id)[usable]
    order = np.argsort(names, kind="stable")
    chosen = shapes[usable][order]
    clusters = choose_clusters(chosen, settings=settings)
    labels = _distinct([label_of(centre) for centre in clusters.centre])
    distance = np.sqrt(((chosen - clusters.centre[clusters.member]) ** 2).mean(axis=1))
    frame = pl.DataFrame(
        {
            "usage_point_id": names[order].tolist(),
            "cluster": (clusters.member + 1).tolist(),
            "label_zh": [labels[number].zh for number in clusters.member],
            "label_en": [labels[number].en for number in clusters.member],
            "distance": distance.tolist(),
        },
        schema=SCHEMA,
    )
    return frame, clusters


def _distinct(labels: list[Text]) -> list[Text]:
    """Clusters of the same words are told apart by a number."""
    seen: dict[str, int] = {}
    out = []
    for label in labels:
        seen[label.zh] = seen.get(label.zh, 0) + 1
        number = seen[label.zh]
        out.append(label if number == 1 else Text(f"{label.zh}（{number}）", f"{label.en} ({number})"))
    return out
