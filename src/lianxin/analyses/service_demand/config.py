"""What service demand may assume: thresholds, windows and weights, frozen, with unit and source."""

from pydantic import Field

from lianxin.foundation.settings import Frozen


class CommitmentConfig(Frozen):
    """Promises kept and about to be broken; the promises are a dated rule set (policies/commitments.toml)."""

    at_risk_days: int = Field(7, ge=0, le=60, description="days after as_of whose due cases are listed: the week ahead")


class ServiceDemandConfig(Frozen):
    """The section service_demand of lianxin.toml."""

    commitments: CommitmentConfig = CommitmentConfig()
