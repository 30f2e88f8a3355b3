"""Cases month by month: drawn, written, timed; floods of callers about one outage; persons in some texts."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lianxin.demo.case_clocks import draw_clocks
from lianxin.demo.case_month import CHANNELS, CaseMonth
from lianxin.demo.case_rates import CaseRates
from lianxin.demo.case_rows import write_case_rows
from lianxin.demo.case_texts import CaseWriter, Person
from lianxin.demo.case_topics import topic_number, topics
from lianxin.demo.options import DemoOptions
from lianxin.demo.outages import Outages
from lianxin.demo.people import addresses, people_names, phones
from lianxin.demo.population import NEVER, month_starts
from lianxin.demo.roster import Roster
from lianxin.demo.sink import Sink
from lianxin.demo.streams import stream
from lianxin.demo.territory import DISTRICTS

Ints = NDArray[np.int64]
_CHANNEL_SHARES = (0.62, 0.16, 0.09, 0.06, 0.02, 0.01, 0.01, 0.005, 0.025)
_PERSON_SHARE, _KNOWN_SHARE = 0.07, 0.78
# Callers by hour of the day.
_HOURS = np.array([2, 1, 1, 1, 1, 2, 4, 7, 11, 13, 12, 10, 8, 8, 9, 10, 10, 10, 11, 13, 12, 9, 6, 4], dtype=np.float64)
_REPAIR_TOPICS = ("outage", "hazard", "meter_fault")


def write_cases(sink: Sink, options: DemoOptions, rates: CaseRates, outages: Outages, roster: Roster) -> None:
    """Write case and case_event, truth/case_topic, truth/person and truth/duplicate_group."""
    starts = [*month_starts(options).tolist(), options.days]
    for number, month in enumerate(options.months):
        random = stream(options.seed, "cases", number)
        drawn = _draw(random, options, rates, outages, roster, starts[number], starts[number + 1])
        repair = np.isin(drawn.topic, [topic_number(code) for code in _REPAIR_TOPICS]) & (drawn.case_type == "repair")
        clocks = draw_clocks(random, drawn.opened, drawn.case_type, drawn.district, repair=repair)
        texts, subjects, persons = _texts(random, drawn, outages)
        write_case_rows(
            sink,
            options,
            random,
            prefix=f"GD{str(month).replace('-', '')}",
            drawn=drawn,
            clocks=clocks,
            texts=texts,
            subjects=subjects,
            persons=persons,
            outages=outages,
        )
    _write_groups(sink, outages, options)


def _draw(
    random: np.random.Generator,
    options: DemoOptions,
    rates: CaseRates,
    outages: Outages,
    roster: Roster,
    first: int,
    end: int,
) -> CaseMonth:
    topic, district, day, hot = _counts(random, rates, first, end)
    hour = random.choice(24, len(topic), p=_HOURS / _HOURS.sum())
    opened = day * 1440 + hour * 60 + random.integers(0, 60, len(topic))
    customer = roster.pick(random, district)
    known = (random.random(len(topic)) < _KNOWN_SHARE) & _supplied(options, roster, customer, day)
    flooding = np.flatnonzero((outages.flood > 0) & (outages.start // 1440 >= first) & (outages.start // 1440 < end))
    callers = np.repeat(flooding, outages.flood[flooding])
    length = np.minimum(outages.end - outages.start, 180)[callers]
    rang = outages.start[callers] + 1 + np.floor(random.random(len(callers)) ** 1.7 * length).astype(np.int64)
    case_type = np.array(
        [
            topics()[t].types[int(d * len(topics()[t].types))]
            for t, d in zip(topic.tolist(), random.random(len(topic)).tolist(), strict=True)
        ]
    )
    caller = roster.pick(random, outages.district[callers])
    on_feeder = roster.feeder[caller] == outages.feeder[callers]
    pieces = {
        "topic": (topic, np.full(len(callers), topic_number("outage"))),
        "district": (district, outages.district[callers]),
        "opened": (opened, rang),
        "customer": (np.where(known, customer, -1), np.where(on_feeder, caller, -1)),
        "feeder": (np.where(known, roster.feeder[customer], -1), outages.feeder[callers]),
        "case_type": (case_type, np.full(len(callers), "repair")),
        "channel": (
            random.choice(len(CHANNELS), len(topic), p=_CHANNEL_SHARES),
            np.where(random.random(len(callers)) < 0.93, 0, 1),
        ),
        "flood": (np.full(len(topic), -1), callers),
        "hot": (hot, np.full(len(callers), -1)),
    }
    joined = {name: np.concatenate(parts) for name, parts in pieces.items()}
    order = np.argsort(joined["opened"], kind="stable")
    return CaseMonth(**{name: values[order] for name, values in joined.items()})


def _counts(random: np.random.Generator, rates: CaseRates, first: int, end: int) -> tuple[Ints, Ints, Ints, Ints]:
    """Topic, district, day and hot issue (−1: none) of each case of the days."""
    cells: list[tuple[Ints, Ints, Ints, Ints]] = []
    hot = {(issue.topic, issue.district): number for number, issue in enumerate(rates.issues)}
    for day in range(first, end):
        for rate, is_hot in ((rates.rate(day), False), (rates.added(day), True)):
            count = random.poisson(rate)
            if not count.any():
                continue
            topic, district = np.nonzero(count)
            times = count[topic, district]
            issue = np.array(
                [hot.get((int(t), int(d)), -1) if is_hot else -1 for t, d in zip(topic, district, strict=True)]
            )
            cells.append(
                (
                    np.repeat(topic, times),
                    np.repeat(district, times),
                    np.full(int(times.sum()), day),
                    np.repeat(issue, times),
                )
            )
    joined = [np.concatenate(parts).astype(np.int64) for parts in zip(*cells, strict=True)]
    return joined[0], joined[1], joined[2], joined[3]


def _supplied(options: DemoOptions, roster: Roster, customer: Ints, day: Ints) -> NDArray[np.bool_]:
    starts = np.array([*month_starts(options), options.days], dtype=np.int64)
    until = roster.until_month[customer]
    end = np.where(until < NEVER, starts[np.minimum(until, len(starts) - 1)], np.int64(NEVER))
    return np.asarray((roster.since_day[customer] <= day) & (day < end))


def _texts(
    random: np.random.Generator, drawn: CaseMonth, outages: Outages
) -> tuple[list[str], list[str | None], dict[int, Person]]:
    count = len(drawn.topic)
    writer = CaseWriter(random, count)
    named = np.flatnonzero((random.random(count) < _PERSON_SHARE) & (drawn.flood < 0))
    names = people_names(random, len(named))
    numbers = phones(random, len(named))
    homes = addresses(random, drawn.district[named], np.ones(len(named), dtype=np.bool_))
    persons = {row: Person(*values) for row, *values in zip(named.tolist(), names, numbers, homes, strict=True)}
    places = random.integers(0, 5, count).tolist()
    texts: list[str] = []
    subjects: list[str | None] = []
    listed = topics()
    for row, (topic, district, flood) in enumerate(
        zip(drawn.topic.tolist(), drawn.district.tolist(), drawn.flood.tolist(), strict=True)
    ):
        if flood >= 0:
            core, place, clock = flood_facts(outages, flood)
            texts.append(writer.flood(row, core, place, clock))
            subjects.append(None)
        else:
            text, subject = writer.write(row, listed[topic], DISTRICTS[district].places[places[row]], persons.get(row))
            texts.append(text)
            subjects.append(subject)
    return texts, subjects, persons


_FLOOD_CORES = (
    "整个小区都没电，电梯也停了",
    "沿街店铺全部没电，生意做不成",
    "好几栋楼一起黑了，路灯也不亮",
    "全村都停了，水也抽不上来",
    "听到变压器响了一声以后就没电了",
    "周围厂房和居民楼都没有电",
    "三相电全停了，冷库里都是货",
)


def flood_facts(outages: Outages, number: int) -> tuple[str, str, str]:
    """What every caller about one outage says: what happened, where and at what time."""
    district, start = int(outages.district[number]), int(outages.start[number])
    places = DISTRICTS[district].places
    place = f"{places[(int(outages.feeder[number]) + number) % len(places)]}{number * 7 % 40 + 1}号一带"
    clock = f"{start // 60 % 24}点{start % 60:02d}分"
    return _FLOOD_CORES[(number * 5 + district) % len(_FLOOD_CORES)], place, clock


def _write_groups(sink: Sink, outages: Outages, options: DemoOptions) -> None:
    here = np.flatnonzero((outages.flood > 0) & (outages.start < options.days * 1440))
    sink.truth(
        "duplicate_group",
        pl.DataFrame(
            {
                "duplicate_group": [f"DG-{number:06d}" for number in here.tolist()],
                "outage_id": [outages.outage_id[number] for number in here.tolist()],
                "cases": outages.flood[here],
            }
        ),
    )
