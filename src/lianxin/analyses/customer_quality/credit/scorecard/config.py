"""How a scorecard is fitted: sizes and strengths chosen by principle, none of them tuned on a test part."""

from pydantic import Field

from lianxin.foundation.settings import Frozen


class PointsScale(Frozen):
    """How log-odds become points (the convention of credit bureaus: more points, less risk)."""

    base_points: int = Field(600, description="points at the base odds (convention)")
    base_odds: float = Field(20.0, gt=0, description="good : bad at the base points (convention)")
    double_odds: float = Field(40.0, gt=0, description="points that double the odds good : bad (convention)")


class ScorecardConfig(Frozen):
    """Configuration of the fit of a scorecard."""

    scale: PointsScale = PointsScale()
    bins: int = Field(24, ge=2, le=100, description="bins of a number before neighbours of equal points are merged")
    bins_by_events: bool = Field(
        default=False,
        description="rows and events fill a bin half and half: finer where the risk is, for rare events",
    )
    smallest_bin: float = Field(0.005, gt=0, le=0.5, description="of the rows; smaller bins join a neighbour")
    most_groups: int = Field(20, ge=2, description="values of a text that get a bin of their own")
    most_derived: int = Field(400, ge=0, description="candidates of derived characteristics at most")
    most_characteristics: int = Field(40, ge=1, description="rows of the card: the strongest stay")
    most_pairs: int = Field(24, ge=0, description="pairs of characteristics with cells of their own")
    screen_rounds: int = Field(80, ge=10, description="boosting rounds by which characteristics are chosen")
    learning_rate: float = Field(0.08, gt=0, le=1, description="share of each step that is taken")
    most_rounds: int = Field(400, ge=10, description="boosting rounds at most; rows held back choose the number")
    bags: int = Field(1, ge=1, description="fits of other random rows whose tables are averaged")
    patience: int = Field(30, ge=5, description="rounds without better held-back likelihood that end the fit")
    ridge: float = Field(5.0, ge=0, description="rows that speak for no effect in every bin: shrinks small bins")
    smallest_leaf: int = Field(25, ge=1, description="rows of a side of a cut at least")
    direction_at: float = Field(
        0.7, ge=0, le=1, description="rank correlation of bins and their event rates from which points must be monotone"
    )
    fewest_events: int = Field(
        30,
        ge=2,
        description="events and non-events below which no model is fitted (ten a characteristic of a small card)",
    )
    seed: int = Field(20240601, description="fixed, so that a fit can be repeated")
