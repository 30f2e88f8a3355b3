"""Settings of load shapes."""

from pydantic import Field

from lianxin.foundation.settings import Frozen


class LoadShapeSettings(Frozen):
    """How typical days are grouped. The defaults are choices, not calibrated on labelled data."""

    fewest_meters: int = Field(8, ge=4, description="meters; with fewer there is one cluster and no search")
    largest_k: int = Field(10, ge=2, description="most clusters tried; more cannot be told apart by a reader")
    outlier_multiple: float = Field(
        3.0, gt=1, description="times the median distance to the nearest other shape: fits no group, forms none"
    )
    fewest_members: int = Field(2, ge=1, description="members of the smallest cluster of an admissible k")
    min_stability: float = Field(
        0.75, ge=0, le=1, description="mean adjusted Rand of refits; 0.75: Hennig (2007), a stable clustering"
    )
    silhouette_share: float = Field(
        0.7, gt=0, le=1, description="of the best admissible silhouette that a finer grouping must keep"
    )
    weakest_silhouette: float = Field(
        0.2, ge=-1, le=1, description="of the worst cluster; below, it is no group of its own"
    )
    resamples: int = Field(20, ge=5, description="bootstrap refits behind the stability")
    restarts: int = Field(10, ge=1, description="k-means starts a fit")
    seed: int = Field(20240101, description="of all random draws; the same data give the same clusters")
