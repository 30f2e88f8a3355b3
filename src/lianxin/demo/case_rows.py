"""Writes the rows of one month of cases: case, case_event and what is true of them."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lianxin.demo.case_clocks import NOT_YET, Clocks, satisfaction
from lianxin.demo.case_month import CHANNELS, CaseMonth
from lianxin.demo.case_texts import Person
from lianxin.demo.case_topics import topics
from lianxin.demo.days import local_instants
from lianxin.demo.options import DemoOptions
from lianxin.demo.outages import Outages
from lianxin.demo.population import customer_ids
from lianxin.demo.sink import Sink, amounts
from lianxin.demo.territory import DISTRICTS, feeder_name

Ints = NDArray[np.int64]
_LABELLED_SHARE, _WRONG_LABEL_SHARE, _CORRECTED_SHARE = 0.40, 0.02, 0.3
_CREW_NAMES = ("一班", "二班", "三班")
_RESOLUTIONS = ("已解决", "已解释", "转派处理", "重复诉求", "客户撤销", "无法联系")
_RESOLUTION_SHARES = (0.55, 0.24, 0.11, 0.04, 0.03, 0.03)


def write_case_rows(
    sink: Sink,
    options: DemoOptions,
    random: np.random.Generator,
    *,
    prefix: str,
    drawn: CaseMonth,
    clocks: Clocks,
    texts: list[str],
    subjects: list[str | None],
    persons: dict[int, Person],
    outages: Outages,
) -> None:
    """Write one month of cases; what lies after the last day is left blank."""
    count = len(drawn.topic)
    ids = pl.Series([f"{prefix}{number + 1:07d}" for number in range(count)])
    end = options.days * 1440
    base = np.datetime64(options.first_day, "D")
    score = satisfaction(random, clocks, drawn.opened, drawn.case_type)
    closed = clocks.closed < end
    labels, wrong = _labels(random, drawn.topic)
    _write_corrections(sink, random, options, ids, drawn, np.flatnonzero(wrong))
    cost = np.array([topic.cost for topic in topics()])[drawn.topic] * random.lognormal(0, 0.35, count)
    listed = topics()
    step = _steps(random, drawn.topic)
    sink.fact(
        "case",
        pl.DataFrame(
            {
                "case_id": ids,
                "channel": pl.Series(CHANNELS).gather(drawn.channel),
                "case_type": pl.Series(drawn.case_type.tolist()),
                "customer_id": _kept(pl.Series(customer_ids(np.maximum(drawn.customer, 0))), drawn.customer >= 0),
                "district_id": [DISTRICTS[number].district_id for number in drawn.district.tolist()],
                "feeder_id": _kept(_feeders(drawn.district, drawn.feeder), drawn.feeder >= 0),
                "process_step": pl.Series([listed[number].step if number >= 0 else None for number in step.tolist()]),
                "opened_at": _instants(base, drawn.opened),
                "responded_at": _kept(_instants(base, np.minimum(clocks.responded, end)), clocks.responded < end),
                "closed_at": _kept(_instants(base, np.minimum(clocks.closed, end)), closed),
                "subject": pl.Series(subjects, dtype=pl.String),
                "text": texts,
                "topic_label": labels,
                "resolution_code": _kept(
                    pl.Series(_RESOLUTIONS).gather(random.choice(len(_RESOLUTIONS), count, p=_RESOLUTION_SHARES)),
                    closed,
                ),
                "satisfaction": _kept(pl.Series(score), closed & (score > 0)),
                "handling_cost": amounts(np.rint(cost * 100).astype(np.int64)),
            }
        ),
    )
    _write_events(sink, ids, drawn, clocks, base, end)
    _write_truth(sink, ids, drawn, clocks, persons, outages)


def _kept(values: pl.Series, keep: NDArray[np.bool_]) -> pl.Series:
    return pl.select(pl.when(pl.Series(keep)).then(values)).to_series()


def _instants(base: np.datetime64, minute: Ints) -> pl.Series:
    days = np.full(len(minute), base)
    return pl.Series(local_instants(days, minute)).dt.replace_time_zone("UTC")


def _feeders(district: Ints, feeder: Ints) -> pl.Series:
    return pl.Series(
        [feeder_name(d, max(f, 0)) for d, f in zip(district.tolist(), feeder.tolist(), strict=True)], dtype=pl.String
    )


def _steps(random: np.random.Generator, topic: Ints) -> Ints:
    """Topic whose process step is entered: mostly the case's own, sometimes none (−1) or another's."""
    draw = random.random(len(topic))
    other = random.integers(0, len(topics()), len(topic))
    return np.select([draw < 0.25, draw < 0.40], [-1, other], default=topic)


def _labels(random: np.random.Generator, topic: Ints) -> tuple[pl.Series, NDArray[np.bool_]]:
    """Labels of a part of the cases; a few are wrong, as people are."""
    wrong = random.random(len(topic)) < _WRONG_LABEL_SHARE
    entered = np.where(wrong, random.integers(0, len(topics()), len(topic)), topic)
    names = pl.Series([item.zh for item in topics()]).gather(entered)
    labelled = random.random(len(topic)) < _LABELLED_SHARE
    return _kept(names, labelled), labelled & (entered != topic)


def _write_corrections(
    sink: Sink, random: np.random.Generator, options: DemoOptions, ids: pl.Series, drawn: CaseMonth, wrong: Ints
) -> None:
    """Some wrong labels are put right by a person two to forty days later."""
    chosen = wrong[random.random(len(wrong)) < _CORRECTED_SHARE]
    day = drawn.opened[chosen] // 1440 + random.integers(2, 41, len(chosen))
    seen = day < options.days
    chosen, day = chosen[seen], day[seen]
    sink.fact(
        "topic_correction",
        pl.DataFrame(
            {
                "case_id": ids.gather(chosen),
                "topic_id": pl.Series([topic.zh for topic in topics()]).gather(drawn.topic[chosen]),
                "corrected_on": pl.Series(np.datetime64(options.first_day, "D") + day),
            }
        ),
    )


def _write_events(sink: Sink, ids: pl.Series, drawn: CaseMonth, clocks: Clocks, base: np.datetime64, end: int) -> None:
    groups = pl.Series(
        [
            f"{DISTRICTS[district].name[:-3]}{_CREW_NAMES[crew]}"
            for district, crew in zip(drawn.district.tolist(), clocks.crew.tolist(), strict=True)
        ]
    )
    again = clocks.reopened < NOT_YET
    kinds = {
        "assigned": clocks.assigned,
        "contacted": clocks.contacted,
        "arrived": clocks.arrived,
        "restored": clocks.restored,
        "waiting_customer": clocks.waiting,
        "resumed": clocks.resumed,
        "reopened": clocks.reopened,
        "closed": clocks.first_closed,
    }
    rows = [(kind, minute, np.flatnonzero(minute < end)) for kind, minute in kinds.items()]
    rows.append(("closed", clocks.closed, np.flatnonzero(again & (clocks.closed < end))))
    sink.fact(
        "case_event",
        pl.concat(
            [
                pl.DataFrame(
                    {
                        "case_id": ids.gather(here),
                        "at": _instants(base, minute[here]),
                        "kind": pl.Series([kind] * len(here), dtype=pl.String),
                        "handler_group": groups.gather(here),
                    }
                )
                for kind, minute, here in rows
            ]
        ),
    )


def _write_truth(
    sink: Sink, ids: pl.Series, drawn: CaseMonth, clocks: Clocks, persons: dict[int, Person], outages: Outages
) -> None:
    codes = pl.Series([topic.code for topic in topics()]).gather(drawn.topic)
    labels = pl.Series([topic.zh for topic in topics()]).gather(drawn.topic)
    outage_ids = pl.Series([*outages.outage_id, ""])
    sink.truth_part(
        "case_topic",
        pl.DataFrame(
            {
                "case_id": ids,
                "topic": codes,
                "topic_label": labels,
                "hot_issue": [f"HOT-{number + 1:02d}" if number >= 0 else None for number in drawn.hot.tolist()],
                "duplicate_group": [f"DG-{number:06d}" if number >= 0 else None for number in drawn.flood.tolist()],
                "outage_id": _kept(outage_ids.gather(drawn.flood % len(outage_ids)), drawn.flood >= 0),
                "promise_broken": clocks.broken,
            },
            schema_overrides={"hot_issue": pl.String, "duplicate_group": pl.String},
        ),
    )
    rows = list(persons)
    sink.truth_part(
        "person",
        pl.DataFrame(
            {
                "case_id": ids.gather(rows),
                "name": [persons[row].name for row in rows],
                "phone": [persons[row].phone for row in rows],
                "address": [persons[row].address for row in rows],
            },
            schema={"case_id": pl.String, "name": pl.String, "phone": pl.String, "address": pl.String},
        ),
    )
