"""The price-plan catalogue: the packaged plans and those of a workspace's own folder."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from lianxin.foundation.language import Text
from lianxin.tariff.plan import Plan, read_plan
from lianxin.tariff.refusals import PlanDuplicate, PlanUnknown

_NO_TEXTS: Mapping[str, str] = MappingProxyType({})
_SIMILAR = Text("相近的有：{names}", "Similar: {names}")
_NONE_SIMILAR = Text("", "")


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Plans by id. ``own``: ids that the workspace defines or redefines."""

    plans: Mapping[str, Plan]
    own: frozenset[str] = field(default=frozenset())

    def __iter__(self) -> Iterator[Plan]:
        return iter(self.plans.values())

    def __contains__(self, plan_id: object) -> bool:
        return plan_id in self.plans

    def __len__(self) -> int:
        return len(self.plans)

    def find(self, plan_id: str) -> Plan:
        """The plan of an id.

        Raises:
            PlanUnknown: none, with similar ids.

        """
        if plan_id in self.plans:
            return self.plans[plan_id]
        close = [known for known in self.plans if plan_id in known][:3] or get_close_matches(plan_id, self.plans)
        similar = _SIMILAR.format(names=", ".join(close)) if close else _NONE_SIMILAR
        raise PlanUnknown(plan=plan_id, similar=similar)

    def valid_on(self, day: date) -> list[Plan]:
        """The plans with a version on a day."""
        return [plan for plan in self if plan.is_valid_on(day)]


def catalogue(texts: Mapping[str, str] = _NO_TEXTS) -> Catalogue:
    """The packaged plans, extended and overridden by others.

    ``texts``: TOML text by file name, of the workspace's plans/ folder.

    Raises:
        PlanUnreadable, PlanInvalid: a file is wrong.
        PlanDuplicate: two of the files define the same plan.

    """
    own: dict[str, Plan] = {}
    named: dict[str, str] = {}
    for name, text in sorted(texts.items()):
        plan = read_plan(text, label=name)
        if plan.id in own:
            raise PlanDuplicate(plan=plan.id, files=[named[plan.id], name])
        own[plan.id], named[plan.id] = plan, name
    merged = {**packaged_plans(), **own}
    return Catalogue(MappingProxyType(dict(sorted(merged.items()))), frozenset(own))


@cache
def packaged_plans() -> Mapping[str, Plan]:
    """Every plan that comes with the program, by id."""
    found = {}
    for item in sorted(files("lianxin.tariff").joinpath("plans").iterdir(), key=lambda entry: entry.name):
        if item.name.endswith(".toml"):
            plan = read_plan(item.read_text(encoding="utf-8"), label=item.name)
            found[plan.id] = plan
    return MappingProxyType(found)
