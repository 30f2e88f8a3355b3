"""Expected yearly cost of each payment term of each customer, and the cheapest lawful one. Arrays, no loop."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lianxin.analyses.customer_quality.terms.config import TERMS, TermSettings
from lianxin.analyses.customer_quality.terms.exposure import exposure

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
_POSTPAID, _SPLIT, _DEPOSIT, _PREPAID = range(4)
_DAYS_PER_YEAR = 365.0
# A mean month: deposits and the least bill of a term are counted in monthly bills.
_DAYS_PER_MONTH = 365.25 / 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Customers:
    """One array an input, one element a customer. Amounts in currency, probabilities and shares as fractions.

    ``deposit`` is what is held now, under the present term ``current`` (index in ``TERMS``); ``never_prepaid`` covers
    social support and important users; ``excluded`` (n × 4) marks terms that the customer's class is not asked for.
    """

    probability_late: Floats
    daily_bill: Floats
    cycle_days: Floats
    term_days: Floats
    dunning_days: Floats
    deposit: Floats
    yearly_margin: Floats
    current: Ints
    contested: Flags
    never_prepaid: Flags
    excluded: Flags


@dataclass(frozen=True, slots=True, kw_only=True)
class TermCosts:
    """All n × 4, in whole cents a year but ``exposure`` (currency); ``total`` is the sum of the parts, exactly."""

    exposure: Floats
    loss: Ints
    handling: Ints
    interest: Ints
    capital: Ints
    margin: Ints
    change: Ints
    lawful: Flags

    @property
    def total(self) -> Ints:
        """Expected loss + cost of the term + margin lost."""
        return self.loss + self.handling + self.interest + self.capital + self.margin + self.change


def yearly_probability(probability: Floats, *, horizon_days: float) -> Floats:
    """Probability of a late quarter in a year: 1 − (1 − p)^(365 ÷ horizon), quarters taken as independent."""
    return np.asarray(1.0 - (1.0 - np.clip(probability, 0.0, 1.0)) ** (_DAYS_PER_YEAR / horizon_days))


def deposits(given: Customers, settings: TermSettings) -> Floats:
    """Deposit under each term: what is held now under the present one; else asked only by ``deposit``."""
    held = np.zeros((len(given.daily_bill), len(TERMS)))
    held[:, _DEPOSIT] = settings.deposit_months * _DAYS_PER_MONTH * given.daily_bill
    rows = np.arange(len(held))
    none_recorded = (given.current == _DEPOSIT) & (given.deposit <= 0)
    held[rows, given.current] = np.where(none_recorded, held[:, _DEPOSIT], given.deposit)
    return held


def exposures(given: Customers, settings: TermSettings) -> Floats:
    """Exposure under each term (``exposure``): split settlements shorten cycle and term, prepayment leaves none."""
    held = deposits(given, settings)
    cycle = np.tile(given.cycle_days[:, None], (1, len(TERMS)))
    term = np.tile(given.term_days[:, None], (1, len(TERMS)))
    cycle[:, _SPLIT] /= settings.settlements_per_cycle
    term[:, _SPLIT] = np.minimum(term[:, _SPLIT], settings.settlement_term_days)
    found = exposure(
        daily_bill=given.daily_bill[:, None],
        cycle_days=cycle,
        term_days=term,
        dunning_days=given.dunning_days[:, None],
        deposit=held,
    )
    found[:, _PREPAID] = 0.0
    return found


def term_costs(given: Customers, settings: TermSettings) -> TermCosts:
    """The parts of the expected yearly cost of each term.

    loss = yearly probability × loss given default × exposure; capital = rate × (daily bill × (cycle ÷ 2 + term) −
    deposit), negative where the customer's money works for the supplier; margin is lost only by a move to
    a more demanding term, and a customer without margin loses none; change is paid once, for any other term.
    """
    held, exposed = deposits(given, settings), exposures(given, settings)
    chance = yearly_probability(given.probability_late, horizon_days=settings.horizon_days)
    number = np.arange(len(TERMS))[None, :]
    harder, other = number > given.current[:, None], number != given.current[:, None]
    costs = [settings.costs[name] for name in TERMS]
    lost = np.where(
        given.contested[:, None],
        np.array([cost.margin_lost_contested for cost in costs])[None, :],
        np.array([cost.margin_lost for cost in costs])[None, :],
    )
    margin = np.maximum(given.yearly_margin, 0.0)[:, None] * lost * harder
    handling = np.broadcast_to(np.array([cost.handling for cost in costs])[None, :], exposed.shape)
    return TermCosts(
        exposure=exposed,
        loss=cents(chance[:, None] * settings.loss_given_default * exposed),
        handling=cents(handling),
        interest=cents(settings.deposit_interest * held),
        capital=cents(settings.capital_rate * _tied_up(given, settings, held)),
        margin=cents(margin),
        change=cents(np.where(other, settings.change_cost, 0.0)),
        lawful=_lawful(given, settings),
    )


def cheapest(costs: TermCosts, *, current: Ints) -> Ints:
    """Index of the lawful term with the least total; a tie goes to the present term, then to the less demanding."""
    rows = np.arange(len(current))
    total = np.where(costs.lawful, costs.total, np.iinfo(np.int64).max)
    best = np.argmin(total, axis=1)
    stay = costs.lawful[rows, current] & (total[rows, current] <= total[rows, best])
    return np.where(stay, current, best).astype(np.int64)


def cents(amount: Floats) -> Ints:
    """Whole cents, half away from zero."""
    return np.asarray(np.sign(amount) * np.floor(np.abs(amount) * 100 + 0.5), np.int64)


def _tied_up(given: Customers, settings: TermSettings, held: Floats) -> Floats:
    """What the supplier has lent on average: half a cycle's use and all of the term's, less the deposit."""
    cycle = np.tile(given.cycle_days[:, None], (1, len(TERMS)))
    term = np.tile(given.term_days[:, None], (1, len(TERMS)))
    cycle[:, _SPLIT] /= settings.settlements_per_cycle
    term[:, _SPLIT] = np.minimum(term[:, _SPLIT], settings.settlement_term_days)
    lent = given.daily_bill[:, None] * (cycle / 2 + term) - held
    lent[:, _PREPAID] = -given.daily_bill * settings.prepaid_days / 2 - held[:, _PREPAID]
    return lent


def _lawful(given: Customers, settings: TermSettings) -> Flags:
    """Postpaid always is; the others by class, by the size of the bill, and prepayment by whom it may not touch."""
    least = np.array([settings.costs[name].minimum_monthly_bill for name in TERMS])[None, :]
    large = given.daily_bill[:, None] * _DAYS_PER_MONTH >= least
    lawful = large & ~given.excluded
    lawful[:, _PREPAID] &= ~given.never_prepaid
    lawful[:, _POSTPAID] = True
    return np.asarray(lawful)
