"""One alert, as the result usage_alert holds it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from lianxin.contracts.reasons import Reason

Kind = Literal["step_up", "step_down", "spike", "flatline", "drift", "power_factor_drop", "missing"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """Something in the usage that its own history does not explain.

    ``started_at`` and ``detected_at`` are naive local times; detection is at the end of a day.
    ``score`` is the statistic over the meter's own limit (1 is just an alert). ``causes`` are ranked,
    the likeliest first; the value of each is its weight, all together 1.
    """

    usage_point_id: str
    started_at: datetime
    detected_at: datetime
    kind: Kind
    magnitude_pct: float
    score: float
    causes: tuple[Reason, ...]
    reasons: tuple[Reason, ...]

    def as_row(self) -> dict[str, Any]:
        """Columns of usage_alert."""
        return {
            "usage_point_id": self.usage_point_id,
            "started_at": self.started_at,
            "detected_at": self.detected_at,
            "kind": self.kind,
            "magnitude_pct": self.magnitude_pct,
            "score": self.score,
            "causes": [cause.as_row() for cause in self.causes],
            "reasons": [item.as_row() for item in self.reasons],
        }
