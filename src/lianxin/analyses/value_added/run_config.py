"""The section [value_added] of a workspace's settings: what a run may assume, part by part."""

from pydantic import Field

from lianxin.analyses.value_added.accounts.config import AccountSettings
from lianxin.analyses.value_added.alerts import AlertSettings
from lianxin.analyses.value_added.config import AdviceConfig
from lianxin.analyses.value_added.efficiency.config import EfficiencySettings
from lianxin.analyses.value_added.load_shapes import LoadShapeSettings
from lianxin.analyses.value_added.offers.config import ServiceCatalogue
from lianxin.analyses.value_added.shift.config import ShiftSettings
from lianxin.foundation.settings import Frozen


class ValueAddedConfig(Frozen):
    """Configuration of value_added; every part has defaults, an unknown key is refused."""

    advice: AdviceConfig = Field(AdviceConfig(), description="plans, demand charge, power factor")
    alerts: AlertSettings = Field(default_factory=AlertSettings, description="usage alerts")
    load_shapes: LoadShapeSettings = Field(default_factory=LoadShapeSettings, description="groups of typical days")
    load_shift: ShiftSettings = Field(ShiftSettings(), description="what part of a load can move, by class")
    efficiency: EfficiencySettings = Field(EfficiencySettings(), description="measures, batteries and their prices")
    key_accounts: AccountSettings = Field(AccountSettings(), description="weights, tiers and entitlements")
    offers: ServiceCatalogue | None = Field(None, description="the supplier's services; none: the packaged catalogue")
