"""The rules that hold in a workspace: its own policies/dunning.toml, else the packaged ones."""

from dataclasses import dataclass

from lianxin.analyses.customer_quality.frames import section
from lianxin.analyses.customer_quality.risk.config import RiskSettings
from lianxin.analyses.customer_quality.risk.dunning_rules import (
    DunningRules,
    RulesInForce,
    in_force,
    packaged_rules,
    read_rules,
)
from lianxin.contracts.analysis import AnalysisInput

POLICY = "dunning"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dunning:
    """Settings of the risk list and the rules in force as of the run's day."""

    settings: RiskSettings
    rules: RulesInForce


def dunning_of(given: AnalysisInput) -> Dunning:
    """Read section customer_quality.risk and the rules.

    Raises:
        SettingsInvalid: the section holds unknown keys or values.
        DunningRulesInvalid: so does the rule set, or no rule holds on the day.

    """
    settings = section(given, "risk", RiskSettings)
    own = given.policy(POLICY)
    label = f"policies/{POLICY}.toml" if own is not None else f"{POLICY}.toml"
    rules: DunningRules = packaged_rules() if own is None else read_rules(own, label=label)
    return Dunning(
        settings=settings,
        rules=in_force(rules, on=given.as_of.day, jurisdictions=settings.jurisdictions, label=label),
    )
