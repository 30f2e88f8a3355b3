"""Which topic a case belongs to: the label given, the known topic learnt from labels, or a discovered one."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from lianxin.analyses.service_demand.config import ServiceDemandConfig
from lianxin.analyses.service_demand.topics.cases import CaseTexts
from lianxin.analyses.service_demand.topics.classifier import Scores, topic_scores
from lianxin.analyses.service_demand.topics.discovery import (
    class_weights,
    clusters,
    coherent_keywords,
    keywords,
    telling_words,
)
from lianxin.analyses.service_demand.topics.embedding import unit
from lianxin.analyses.service_demand.topics.features import Features, features
from lianxin.analyses.service_demand.topics.naming import Named, named_clusters, named_label, shown, subject_of

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
NONE = -1
"""Number of a case that belongs to no topic."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assigned:
    """``topic[i]``: number of the topic of case i in ``named`` (NONE: none), with its confidence.

    ``labelled``: how many topics came from labels; the others were discovered. ``keywords``: words of each topic.
    """

    topic: Ints
    confidence: Floats
    named: list[Named]
    labelled: int
    keywords: list[list[str]] = field(default_factory=list)
    learnt: bool = False
    scores: Scores | None = None


def assigned(cases: CaseTexts, *, config: ServiceDemandConfig) -> Assigned:
    """Assign every case that says anything; labels and corrections stand as they are."""
    labels = cases.frame["label"].to_list()
    known = sorted({label for label in labels if label is not None})
    number = {label: place for place, label in enumerate(known)}
    topic = np.array([NONE if label is None else number[label] for label in labels], dtype=np.int64)
    confidence = np.where(topic == NONE, np.nan, 1.0)
    seen = features(cases.subject, cases.body, config=config.topics)
    named = [Named(topic_id=label, title=named_label(label)) for label in known]
    open_ = np.flatnonzero((topic == NONE) & ~cases.empty)
    classes, learnt = _learn(seen, cases, topic, open_, config)
    if learnt is not None:
        likely = learnt.probability
        best = likely.argmax(axis=1)
        topic[open_], confidence[open_] = classes[best], likely[np.arange(len(open_)), best]
        unsure = open_[confidence[open_] < config.discovery.new_confidence]
        found, titles = _discover(seen, cases, unsure, topic, config)
    else:
        found, titles = _discover(seen, cases, open_, None, config)
    mine = found.number != NONE
    topic[found.rows[mine]] = len(named) + found.number[mine]
    confidence[found.rows[mine]] = found.cosine[mine]
    named += titles
    return Assigned(
        topic=topic,
        confidence=confidence,
        named=named,
        labelled=len(known),
        keywords=_words(seen, topic, len(named), config),
        learnt=learnt is not None,
        scores=learnt,
    )


def _learn(
    seen: Features, cases: CaseTexts, topic: Ints, open_: Ints, config: ServiceDemandConfig
) -> tuple[Ints, Scores | None]:
    """Topics with enough labelled incidents, and the probability of each for the rows ``open_``."""
    rows = np.flatnonzero((topic != NONE) & ~cases.empty)
    # one case an incident and topic: three hundred calls teach no more than one
    pairs = np.stack([cases.incidents.group[rows], topic[rows]], axis=1)
    _, first = np.unique(pairs, axis=0, return_index=True)
    rows = rows[np.sort(first)]
    enough = np.bincount(topic[rows], minlength=1) >= config.topics.fewest_labels
    rows = rows[enough[topic[rows]]]
    classes, codes = np.unique(topic[rows], return_inverse=True)
    if len(classes) < 2 or not len(open_):
        return classes, None
    if len(rows) > config.topics.train_texts:
        even = _even_within(codes, config.topics.train_texts)
        rows, codes = rows[even], codes[even]
    scores = topic_scores(seen, rows=rows, labels=codes.astype(np.int64), asked=open_, config=config.topics)
    return classes, scores


def _even_within(codes: Ints, size: int) -> Ints:
    """At most about ``size`` rows: of every topic its share, spread evenly over time, and never fewer than ten."""
    chosen = []
    for code in range(int(codes.max()) + 1):
        own = np.flatnonzero(codes == code)
        count = min(len(own), max(10, round(len(own) * size / len(codes))))
        chosen.append(own[np.linspace(0, len(own) - 1, count).astype(np.int64)])
    return np.sort(np.concatenate(chosen))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    rows: Ints
    number: Ints
    cosine: Floats


def _discover(
    seen: Features, cases: CaseTexts, rows: Ints, topic: Ints | None, config: ServiceDemandConfig
) -> tuple[_Found, list[Named]]:
    """Cluster the incidents among ``rows``; beside known topics (``topic``) only what is unlike all of them is new."""
    nothing = _Found(rows=rows, number=np.full(len(rows), NONE, dtype=np.int64), cosine=np.full(len(rows), np.nan))
    first = rows[cases.incidents.first[rows]]
    there = np.abs(seen.dense_rows[first]).sum(axis=1) > 0
    if there.sum() < config.discovery.fewest_cases:
        return nothing, []
    made = clusters(seen.dense_rows[first], config=config.discovery)
    number, cosine = made.nearest(seen.dense_rows[rows])
    if topic is not None:
        number[cosine < config.discovery.new_cosine] = NONE
        centres = _centres(seen, topic)
        near = (made.centres @ centres.T).max(axis=1) if len(centres) else np.zeros(len(made.centres))
        number[(number != NONE) & (near[number] >= config.discovery.known_cosine)] = NONE
    number = _large(number, cases.incidents.first[rows], _fewest(topic, config))
    number[np.abs(seen.dense_rows[rows]).sum(axis=1) == 0] = NONE
    if topic is not None:
        number = _of_the_field(seen, rows, number, config)
    count = int(number.max(initial=NONE)) + 1
    return _Found(rows=rows, number=number, cosine=cosine), _titles(seen, rows, number, count, config)


def _large(number: Ints, first: NDArray[np.bool_], fewest: int) -> Ints:
    """Clusters with enough incidents, numbered anew."""
    size = np.bincount(number[first & (number != NONE)], minlength=int(number.max(initial=0)) + 1)
    return _renumbered(number, np.flatnonzero(size >= fewest), np.arange(len(size)))


def _of_the_field(seen: Features, rows: Ints, number: Ints, config: ServiceDemandConfig) -> Ints:
    """New topics among known ones: clusters about a theme of the field, those of one theme together.

    Without this rule what vague callers say ("that matter again") would be a topic: it is alike and unlike the rest.
    """
    count = int(number.max(initial=NONE)) + 1
    if not count:
        return number
    topic = np.full(seen.dense_rows.shape[0], NONE, dtype=np.int64)
    topic[rows] = number
    themes = [subject_of(words) for words in _words(seen, topic, count, config, heaviest=True)]
    of_theme = {theme: place for place, theme in enumerate(sorted(set(themes) - {""}))}
    kept = np.array([place for place, theme in enumerate(themes) if theme], dtype=np.int64)
    return _renumbered(number, kept, np.array([of_theme.get(theme, NONE) for theme in themes], dtype=np.int64))


def _renumbered(number: Ints, kept: Ints, key: Ints) -> Ints:
    """Numbers 0 … of the ``kept`` clusters, those with equal ``key`` as one; the others NONE."""
    again = np.full(len(key) + 1, NONE, dtype=np.int64)
    again[kept] = np.unique(key[kept], return_inverse=True)[1]
    return np.asarray(again[number])


def _fewest(topic: Ints | None, config: ServiceDemandConfig) -> int:
    """Alone, every cluster is a topic; beside known topics a new one must be worth a person's look."""
    return 1 if topic is None else config.discovery.fewest_cases


def _centres(seen: Features, topic: Ints) -> Floats:
    numbers = np.unique(topic[topic != NONE])
    return unit(np.array([seen.dense_rows[topic == number].mean(axis=0) for number in numbers]))


def _titles(seen: Features, rows: Ints, number: Ints, count: int, config: ServiceDemandConfig) -> list[Named]:
    if not count:
        return []
    topic = np.full(seen.dense_rows.shape[0], NONE, dtype=np.int64)
    topic[rows] = number
    return named_clusters(_words(seen, topic, count, config, heaviest=True))


def _words(
    seen: Features, topic: Ints, count: int, config: ServiceDemandConfig, *, heaviest: bool = False
) -> list[list[str]]:
    """Words that set each topic apart and may be shown: the heaviest ones, or those that stand together."""
    if not count:
        return []
    size = seen.dense_rows.shape[0]
    told = np.flatnonzero(topic != NONE)
    counts = (seen.words.counts[:size] + seen.words.counts[size:])[told]
    wanted = config.discovery
    allowed = telling_words(seen.words, fewest=wanted.keyword_cases, largest_share=wanted.largest_share)
    weights = class_weights(counts, topic[told], size=count, allowed=allowed)
    candidates = 3 * wanted.keywords
    if count > 1 and not heaviest:
        listed = coherent_keywords(weights, counts, seen.words.words, count=candidates, candidates=candidates)
    else:
        listed = keywords(weights, seen.words.words, count=candidates)
    return [shown(words, count=wanted.keywords) for words in listed]
