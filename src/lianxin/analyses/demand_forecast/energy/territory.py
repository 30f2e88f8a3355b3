"""Areas below areas: which series add up to which total."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lianxin.contracts.analysis import AnalysisInput

ALL = "all"
Key = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hierarchy:
    """``leaves`` are forecast themselves; ``sums`` are totals with the leaves that they add up."""

    leaves: tuple[Key, ...]
    sums: Mapping[Key, tuple[Key, ...]]


def parents(given: AnalysisInput) -> dict[str, str]:
    """Each area's parent, where it has one that is not itself."""
    rows = given.rows(given.facts("area").select("area_id", "parent_id")).to_pylist()
    return {row["area_id"]: row["parent_id"] for row in rows if row["parent_id"] and row["parent_id"] != row["area_id"]}


def hierarchy(keys: Iterable[Key], parent: Mapping[str, str]) -> Hierarchy:
    """Totals of an area are the sums of its classes, and of a parent those of its areas, wherever these are there.

    A class of an area with areas below that have the class is a sum; so is ``all`` where there are classes.
    """
    listed = sorted(set(keys))
    areas = sorted({area for area, _klass in listed})
    below = {area: [child for child in areas if child != area and area in _line(child, parent)] for area in areas}
    leaves = []
    for area, klass in listed:
        classes_here = [own for own in listed if own[0] == area and own[1] != ALL]
        deeper = [own for own in listed if own[0] in below[area] and (own[1] == klass or klass == ALL)]
        if not deeper and not (klass == ALL and classes_here):
            leaves.append((area, klass))
    kept = set(leaves)
    sums = {}
    for area, klass in listed:
        if (area, klass) not in kept:
            inside = {area, *below[area]}
            found = tuple(leaf for leaf in leaves if leaf[0] in inside and klass in (ALL, leaf[1]))
            sums[area, klass] = found
    return Hierarchy(leaves=tuple(leaves), sums=sums)


def _line(area: str, parent: Mapping[str, str]) -> list[str]:
    """All areas above; areas that are their own ancestors have none."""
    found: list[str] = []
    while area in parent:
        area = parent[area]
        if area in found:
            return []
        found.append(area)
    return found
