"""The cases of one month, as arrays, between being drawn and being written."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
CHANNELS = ("hotline", "app", "hall", "web", "visit", "card", "mail", "meeting", "other")


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseMonth:
    """Cases of one month before their texts, in order of opening; ``customer`` −1 unknown, ``flood`` −1 none."""

    topic: Ints
    district: Ints
    opened: Ints
    customer: Ints
    feeder: Ints
    case_type: NDArray[np.str_]
    channel: Ints
    flood: Ints
    hot: Ints
