"""When cases are answered, reached, restored and closed; some promises are broken, in one crew more than elsewhere."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lianxin.demo.territory import DISTRICTS

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
NOT_YET = np.iinfo(np.int64).max // 4
# Minutes within which a crew is promised on site: 供电服务承诺, town, country, remote.
ARRIVAL_LIMIT = {"urban": 45, "rural": 90, "remote": 120}
_ARRIVAL_MEDIAN = {"urban": 27, "rural": 54, "remote": 84}
CONTACT_LIMIT_MINUTES = 24 * 60
# The crew that is late: planted for the search of root causes.
SLOW_DISTRICT, SLOW_CREW, SLOW_FACTOR = 1, 1, 1.75
CREWS = 3
_MEDIAN_HOURS = {
    "inquiry": 2.2,
    "complaint": 58.0,
    "report": 40.0,
    "suggestion": 30.0,
    "opinion": 36.0,
    "praise": 8.0,
    "application": 52.0,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Clocks:
    """Local minutes from the first day of the span (NOT_YET: it has not happened); ``crew`` 0…2; flags of the truth."""

    responded: Ints
    assigned: Ints
    contacted: Ints
    arrived: Ints
    restored: Ints
    waiting: Ints
    resumed: Ints
    first_closed: Ints
    reopened: Ints
    closed: Ints
    crew: Ints
    broken: Flags


def draw_clocks(
    random: np.random.Generator, opened: Ints, case_type: NDArray[np.str_], district: Ints, *, repair: Flags
) -> Clocks:
    """Clocks of cases; ``repair`` marks those for which a crew drives out."""
    count = len(opened)
    crew = random.integers(0, CREWS, count)
    slow = np.where((district == SLOW_DISTRICT) & (crew == SLOW_CREW), SLOW_FACTOR, 1.0)
    assigned = opened + random.integers(1, 16, count)
    arrival = np.maximum(4, _by_kind(_ARRIVAL_MEDIAN, district) * slow * _spread(random, count, 0.40)).astype(np.int64)
    arrived = np.where(repair, np.maximum(opened + arrival, assigned + 2), NOT_YET)
    restored = np.where(repair, arrived + np.rint(random.gamma(1.8, 38, count)).astype(np.int64) + 3, NOT_YET)
    contacted, done = _at_the_desk(random, opened, case_type, slow)
    contacted = np.where(repair, NOT_YET, contacted)
    closed = np.where(repair, restored + random.integers(2, 40, count), done)
    waiting, resumed = _pauses(random, opened, closed, ~repair)
    again = random.random(count) < 0.02
    reopened = np.where(again, closed + random.integers(90, 4_000, count), NOT_YET)
    final = np.where(again, _office_hours(reopened + random.integers(200, 3_000, count), random), closed)
    answer = np.where(repair, arrived, np.where(contacted < NOT_YET, contacted, opened + random.integers(1, 40, count)))
    late = repair & (arrived - opened > _by_kind(ARRIVAL_LIMIT, district))
    broken = late | ((case_type == "complaint") & (contacted - opened > CONTACT_LIMIT_MINUTES) & ~repair)
    return Clocks(
        responded=np.minimum(answer, closed),
        assigned=assigned,
        contacted=contacted,
        arrived=arrived,
        restored=restored,
        waiting=waiting,
        resumed=resumed,
        first_closed=closed,
        reopened=reopened,
        closed=final,
        crew=crew,
        broken=broken,
    )


def _by_kind(minutes: dict[str, int], district: Ints) -> Ints:
    """A value of each case's kind of district."""
    return np.array([minutes[item.kind] for item in DISTRICTS], dtype=np.int64)[district]


def _spread(random: np.random.Generator, count: int, width: float) -> Floats:
    return np.asarray(np.exp(width * random.normal(0, 1, count)))


def _at_the_desk(
    random: np.random.Generator, opened: Ints, case_type: NDArray[np.str_], slow: Floats
) -> tuple[Ints, Ints]:
    """When the customer is contacted (inquiries are answered at once) and when the case is done."""
    count = len(opened)
    hours = np.array([_MEDIAN_HOURS.get(name, 30.0) for name in case_type.tolist()])
    length = np.maximum(10, hours * 60 * slow * _spread(random, count, 0.75)).astype(np.int64)
    wait = np.maximum(3, 320 * slow * _spread(random, count, 0.9)).astype(np.int64)
    contacted = np.where(case_type == "inquiry", NOT_YET, opened + np.minimum(length - 3, wait))
    done = _office_hours(opened + length, random)
    return contacted, np.where(contacted < NOT_YET, np.maximum(done, contacted + 2), done)


def _pauses(random: np.random.Generator, opened: Ints, closed: Ints, may: Flags) -> tuple[Ints, Ints]:
    """Some long cases wait for the customer for a while."""
    count, span = len(opened), closed - opened
    pauses = may & (span > 2 * 1440) & (random.random(count) < 0.18)
    begin = opened + (span * random.uniform(0.2, 0.4, count)).astype(np.int64)
    end = opened + (span * random.uniform(0.5, 0.8, count)).astype(np.int64)
    return np.where(pauses, begin, NOT_YET), np.where(pauses, end, NOT_YET)


def _office_hours(minute: Ints, random: np.random.Generator) -> Ints:
    """What would fall outside 8 to 18 o'clock is done the next morning."""
    clock = minute % 1440
    late, early = clock >= 18 * 60, clock < 8 * 60
    morning = 8 * 60 + random.integers(5, 180, len(minute))
    return np.where(late, minute - clock + 1440 + morning, np.where(early, minute - clock + morning, minute))


def satisfaction(random: np.random.Generator, clocks: Clocks, opened: Ints, case_type: NDArray[np.str_]) -> Ints:
    """Score 1…5 of the third or so who answer, 0 for the others: broken promises and long waits cost most."""
    count = len(opened)
    days = (clocks.closed - opened) / 1440
    mood = np.select(
        [case_type == "praise", case_type == "complaint", case_type == "opinion"], [0.6, -0.9, -0.5], default=0.0
    )
    score = 4.35 + mood - 1.1 * clocks.broken - 0.22 * np.log1p(days) + random.normal(0, 0.85, count)
    score -= 0.8 * (clocks.reopened < NOT_YET)
    answered = random.random(count) < np.where(clocks.broken, 0.40, 0.31)
    return np.where(answered, np.clip(np.rint(score), 1, 5), 0).astype(np.int64)
