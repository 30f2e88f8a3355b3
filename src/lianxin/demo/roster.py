"""All customers in a few bytes each: what cases, outages and surveys need to choose whom they concern."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lianxin.demo.agreements import RETAIL, Agreements
from lianxin.demo.population import NEVER, Population
from lianxin.demo.territory import DISTRICTS, feeders_per_district

Ints = NDArray[np.int64]


@dataclass(slots=True)
class RosterBuilder:
    """Gathers the blocks in their order."""

    billed: NDArray[np.float64]
    """Energy by area, class and month, kWh: what all customers' meters count."""
    _parts: list[dict[str, NDArray[Any]]] = field(default_factory=list)

    def add(self, people: Population, deal: Agreements, kwh: NDArray[np.float64]) -> None:
        """Add one block; ``kwh`` (n, months) is its energy."""
        np.add.at(self.billed, (people.area, people.klass), kwh)
        self._parts.append(
            {
                "district": people.district.astype(np.int32),
                "klass": people.klass.astype(np.int32),
                "feeder": people.feeder.astype(np.int32),
                "since_day": np.maximum(people.since_day, -1).astype(np.int32),
                "until_month": np.minimum(people.until_month, NEVER).astype(np.int32),
                "level": np.minimum(people.level_kwh, 2e9).astype(np.int32),
                "retail": deal.mode == RETAIL,
            }
        )

    def roster(self) -> "Roster":
        """The customers of all blocks."""
        joined = {name: np.concatenate([part[name] for part in self._parts]) for name in self._parts[0]}
        order = np.argsort(joined["district"], kind="stable")
        bounds = np.searchsorted(joined["district"][order], np.arange(len(DISTRICTS) + 1))
        return Roster(order=order, bounds=bounds, **joined)


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """Arrays by customer number (n,); ``order`` and ``bounds`` list them by district."""

    district: NDArray[np.int32]
    klass: NDArray[np.int32]
    feeder: NDArray[np.int32]
    since_day: NDArray[np.int32]
    until_month: NDArray[np.int32]
    level: NDArray[np.int32]
    retail: NDArray[np.bool_]
    order: Ints
    bounds: Ints

    def __len__(self) -> int:
        return len(self.district)

    def pick(self, random: np.random.Generator, district: Ints) -> Ints:
        """A customer of each district at random."""
        size = self.bounds[district + 1] - self.bounds[district]
        place = np.minimum(np.floor(random.random(len(district)) * size).astype(np.int64), np.maximum(size - 1, 0))
        return np.asarray(self.order[np.minimum(self.bounds[district] + place, len(self) - 1)])

    def on_feeders(self) -> Ints:
        """Number of customers on each feeder, flat by district and feeder."""
        first = feeder_offsets(len(self))
        return np.bincount(first[self.district] + self.feeder, minlength=int(first[-1]))


def feeder_offsets(customers: int) -> Ints:
    """First flat number of the feeders of each district, and their total: shape (districts + 1,)."""
    return np.asarray(np.concatenate([[0], np.cumsum(feeders_per_district(customers))]), dtype=np.int64)
