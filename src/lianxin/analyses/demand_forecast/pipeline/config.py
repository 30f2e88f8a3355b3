"""What the connection pipeline may assume."""

from pydantic import Field

from lianxin.foundation.settings import Frozen

STAGES = ("applied", "scheme", "design_reviewed", "inspected", "energised")
"""The stages of a request in order; each is reached on the day of its stamp."""


class PipelineConfig(Frozen):
    """Configuration of connection_pipeline: [demand_forecast.pipeline]."""

    history_months: int = Field(
        24, ge=1, description="months before as_of whose steps count for durations (assumption)"
    )
    waiting_stage: str = Field(
        "inspected",
        pattern="^(scheme|design_reviewed|inspected|energised)$",
        description="step that waiting_days are taken from: customers build before the inspection (assumption)",
    )
    ratio_at_least: float = Field(
        1.5, ge=1, description="times the usual days from which a step is a bottleneck (assumption)"
    )
    cases_at_least: int = Field(3, ge=2, description="steps of a district without which nothing is said of it")
    standard_errors: float = Field(
        3.0, gt=0, description="how clearly a district must differ: about 1 in 700 by chance, as many are tested"
    )
    suspended_share: float = Field(1.0, ge=0, le=1, description="of a suspended capacity that is counted as taken off")
