"""Simulated suppliers with a planted elasticity, or without any movement of prices that could tell one."""

import numpy as np

from lianxin.analyses.price_analysis.elasticity.estimate import Sample


def simulated(
    random: np.random.Generator,
    *,
    elasticity: float,
    moves: bool,
    customers: int = 1_500,
    months: int = 30,
    plans: int = 4,
    noise: float = 0.10,
) -> Sample:
    """One supplier: customers on plans for all months; the time effect is common to all.

    Prices: every plan steps by a normal 8 % on average every six months, at its own dates (``moves``), or all plans
    step together. Energy: level and growth of the customer, season, the answer to price, and noise of which half is
    carried on to the next month. Some customers come late or leave early.
    """
    plan = random.integers(0, plans, customers)
    steps = random.normal(0, 0.08, (plans if moves else 1, months)) * (
        random.random((plans if moves else 1, months)) < 1 / 6
    )
    price = np.broadcast_to(np.cumsum(steps, axis=1), (plans, months)) + random.normal(0, 0.2, (plans, 1))
    shocks = random.normal(0, noise, (customers, months))
    for month in range(1, months):
        shocks[:, month] = 0.5 * shocks[:, month - 1] + 0.866 * shocks[:, month]
    trend = random.normal(0.02, 0.03, (customers, 1)) * np.arange(months) / 12
    season = 0.2 * np.cos(2 * np.pi * np.arange(months) / 12)
    energy = random.normal(6, 1, (customers, 1)) + trend + season + elasticity * price[plan] + shocks
    first = np.where(random.random(customers) < 0.1, random.integers(0, months // 2, customers), 0)
    last = np.where(random.random(customers) < 0.1, random.integers(months // 2, months, customers), months)
    there = (np.arange(months) >= first[:, None]) & (np.arange(months) < last[:, None])
    who, when = np.nonzero(there)
    return Sample(
        answer=energy[who, when],
        price=price[plan[who], when],
        spell=who.astype(np.int64),
        time=when.astype(np.int64),
        cluster=who.astype(np.int64),
        path=plan[who].astype(np.int64),
    )
