"""The score of an account: six parts of 0 to 100, weighted; caps that no size lifts; a rank and how stable it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, cast

import numpy as np
from numpy.typing import NDArray

from lianxin.analyses.value_added.accounts.account_facts import Account, Rating
from lianxin.analyses.value_added.accounts.config import AccountSettings, Weights

Part = Literal["revenue", "energy", "payment", "contract", "growth", "external"]
Cap = Literal["theft", "court_dishonest", "arrears"]
PARTS: tuple[Part, ...] = ("revenue", "energy", "payment", "contract", "growth", "external")
_FIRST_YEAR_MONTHS = 12
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredAccount:
    """One account with its parts (None: not known), score and rank.

    ``stability``: share of the changed weights under which the rank stays within the list's tolerance, [0, 1].
    """

    account: Account
    parts: Mapping[Part, float | None]
    capped_by: tuple[Cap, ...]
    score: float
    rank: int
    stability: float


def score_accounts(accounts: Sequence[Account], settings: AccountSettings) -> list[ScoredAccount]:
    """All accounts in order of rank; equals by revenue, then by id."""
    if not accounts:
        return []
    ordered = sorted(accounts, key=lambda item: item.customer_id)
    parts = _parts(ordered, settings)
    caps = [_caps(account, settings) for account in ordered]
    limits = np.array([min((getattr(settings.caps, cap) for cap in found), default=100.0) for found in caps])
    scores = _scores(parts, settings.weights, limits)
    ranks = _ranks(scores, ordered)
    stability = _stability(parts, limits, ranks, ordered, settings)
    scored = [
        ScoredAccount(
            account=account,
            parts={name: _known(parts[row, place]) for place, name in enumerate(PARTS)},
            capped_by=caps[row],
            score=round(float(scores[row]), 2),
            rank=int(ranks[row]),
            stability=float(stability[row]),
        )
        for row, account in enumerate(ordered)
    ]
    return sorted(scored, key=lambda item: item.rank)


def _parts(accounts: Sequence[Account], settings: AccountSettings) -> Floats:
    """Shape (accounts, parts); NaN is not known."""
    columns = {
        "revenue": percentiles(np.array([account.revenue for account in accounts])),
        "energy": percentiles(np.array([account.kwh for account in accounts])),
        "payment": [_payment(account) for account in accounts],
        "contract": [contract_points(account, settings) for account in accounts],
        "growth": [_growth(account, settings) for account in accounts],
        "external": [external_points(account.ratings, settings) for account in accounts],
    }
    return np.column_stack([np.asarray(columns[name], dtype=np.float64) for name in PARTS])


def percentiles(values: Floats) -> Floats:
    """100 × the share of the others that lie below, half of the equals; a single one scores 50."""
    if len(values) == 1:
        return np.array([50.0])
    below = (values[None, :] < values[:, None]).sum(axis=1) if len(values) <= 2000 else _below_sorted(values)
    equal = _equal(values) - 1
    found: Floats = 100 * (below + equal / 2) / (len(values) - 1)
    return found


def _below_sorted(values: Floats) -> NDArray[np.int64]:
    return np.searchsorted(np.sort(values), values, side="left")


def _equal(values: Floats) -> NDArray[np.int64]:
    ordered = np.sort(values)
    return np.searchsorted(ordered, values, side="right") - np.searchsorted(ordered, values, side="left")


def _payment(account: Account) -> float:
    return 100 * account.paid_in_time / account.due if account.due > 0 else np.nan


def contract_points(account: Account, settings: AccountSettings) -> float:
    """100 less the points of events (half after a year), of months over the contract demand, of an ended agreement."""
    points = 100.0
    for kind, age_months in account.events:
        share = 1.0 if age_months < _FIRST_YEAR_MONTHS else 0.5
        points -= settings.compliance_penalty.get(kind, 0.0) * share
    points -= settings.overrun_penalty * account.overrun_months
    points -= settings.expired_penalty * account.expired
    return max(0.0, points)


def _growth(account: Account, settings: AccountSettings) -> float:
    if not account.kwh_before or account.kwh_before <= 0:
        return np.nan
    growth = account.kwh / account.kwh_before - 1
    return float(np.clip(50 + 50 * growth / settings.growth_full, 0, 100))


def external_points(ratings: Sequence[Rating], settings: AccountSettings) -> float:
    """Mean of the ratings that have a score (0 to 100) or a known grade; NaN without any. A debtor's list counts 0."""
    found = []
    for rating in ratings:
        by_grade = settings.grade_score.get(rating.kind, {}).get((rating.grade or "").strip())
        if rating.kind == "court_dishonest":
            found.append(0.0)
        elif by_grade is not None:
            found.append(by_grade)
        elif rating.score is not None:
            found.append(float(np.clip(rating.score, 0, 100)))
    return float(np.mean(found)) if found else np.nan


def _caps(account: Account, settings: AccountSettings) -> tuple[Cap, ...]:
    held = {
        "theft": any(kind == "theft" for kind, _age in account.events),
        "court_dishonest": any(rating.kind == "court_dishonest" for rating in account.ratings),
        "arrears": account.due > 0 and account.unpaid / account.due > settings.caps.arrears_share,
    }
    return tuple(cast("Cap", name) for name, holds in held.items() if holds)


def _scores(parts: Floats, weights: Weights, limits: Floats) -> Floats:
    """Weighted mean of the known parts, held down by the caps."""
    given = np.array([getattr(weights, name) for name in PARTS])
    known = ~np.isnan(parts)
    total = (known * given).sum(axis=1)
    mean = np.divide((np.nan_to_num(parts) * given).sum(axis=1), total, out=np.zeros(len(parts)), where=total > 0)
    scores: Floats = np.minimum(mean, limits)
    return scores


def _ranks(scores: Floats, accounts: Sequence[Account]) -> NDArray[np.int64]:
    order = sorted(
        range(len(accounts)),
        key=lambda row: (-round(float(scores[row]), 2), -accounts[row].revenue, accounts[row].customer_id),
    )
    ranks = np.empty(len(accounts), dtype=np.int64)
    ranks[order] = np.arange(1, len(accounts) + 1)
    return ranks


def _stability(
    parts: Floats,
    limits: Floats,
    ranks: NDArray[np.int64],
    accounts: Sequence[Account],
    settings: AccountSettings,
) -> Floats:
    """Each weight is moved up and down in turn: how often does a rank stay within the tolerance."""
    tolerance = max(1.0, settings.stable_rank_share * len(accounts))
    stayed, trials = np.zeros(len(accounts)), 0
    for name in PARTS:
        for factor in (1 - settings.weight_change, 1 + settings.weight_change):
            changed = settings.weights.model_copy(update={name: getattr(settings.weights, name) * factor})
            moved = _ranks(_scores(parts, changed, limits), accounts)
            stayed += np.abs(moved - ranks) <= tolerance
            trials += 1
    share: Floats = stayed / trials
    return share


def _known(value: np.float64) -> float | None:
    return None if np.isnan(value) else float(value)
