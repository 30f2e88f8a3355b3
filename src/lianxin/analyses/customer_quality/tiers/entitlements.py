"""What a tier is entitled to, by a dated policy: packaged, or the workspace's policies/tier_entitlements.toml."""

import tomllib
from collections.abc import Mapping
from datetime import date
from importlib.resources import files

from pydantic import ValidationError

from lianxin.contracts.analysis import AnalysisInput
from lianxin.foundation.errors import DataInsufficient, SettingsInvalid
from lianxin.foundation.language import Text
from lianxin.foundation.settings import Frozen, validation_problems

NAME = "tier_entitlements"


class NoPolicyYet(DataInsufficient):
    """No policy of entitlements was in force on the day."""

    text = Text("{day} 尚无生效的客户权益规定。", "No policy of entitlements was in force on {day}.")


class TierEntitlements(Frozen):
    """Codes of what a tier gets; ``cured`` where arrears alone keep a customer from earning."""

    entitlements: tuple[str, ...]
    cured: tuple[str, ...] = ()


class Policy(Frozen):
    """Entitlements of every tier from a day on."""

    valid_from: date
    source: str
    tiers: dict[str, TierEntitlements]

    def of(self, tier: str, *, curable: bool) -> tuple[str, ...]:
        """Codes of a tier; none where the policy does not name it."""
        found = self.tiers.get(tier)
        if found is None:
            return ()
        return found.cured if curable and found.cured else found.entitlements


class Policies(Frozen):
    """All policies, and the names of entitlements in both languages."""

    names: dict[str, dict[str, str]]
    policy: tuple[Policy, ...]

    def on(self, day: date) -> Policy:
        """The policy in force.

        Raises:
            NoPolicyYet: the first begins later.

        """
        valid = [policy for policy in self.policy if policy.valid_from <= day]
        if not valid:
            raise NoPolicyYet(day=day)
        return max(valid, key=lambda policy: policy.valid_from)


def policies_of(given: AnalysisInput) -> Policies:
    """The policies that hold for this workspace.

    Raises:
        SettingsInvalid: the workspace's file is wrong; every problem is named.

    """
    own = given.policy(NAME)
    content: Mapping[str, object] = own if own is not None else _packaged()
    try:
        return Policies.model_validate(dict(content))
    except ValidationError as error:
        raise SettingsInvalid(path=f"policies/{NAME}.toml", problems=validation_problems(error)) from error


def _packaged() -> Mapping[str, object]:
    return tomllib.loads(files(__package__).joinpath("entitlements.toml").read_text(encoding="utf-8"))
