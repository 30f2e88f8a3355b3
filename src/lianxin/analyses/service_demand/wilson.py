"""Wilson's interval of a share (1927): good also where few answered or nearly all say the same."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Z_95 = 1.959963984540054


def wilson(hits: ArrayLike, size: ArrayLike, *, z: float = Z_95) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Low and high of the share hits ÷ size at 95 %; sizes may be effective ones, not whole."""
    k, n = np.asarray(hits, dtype=float), np.asarray(size, dtype=float)
    share = k / n
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * np.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return np.maximum(centre - half, 0.0), np.minimum(centre + half, 1.0)
