"""How fast and how near to its bound the peak-shifting plan is, beside the rule of thumb.

    python benchmarks/peak_shift.py --customers 5000 --intervals 96 --share 0.35
    python benchmarks/peak_shift.py --greedy 20

Loads are drawn as the demo supplier's are. The gap has the shape of a real level-II day (gap by hour in 万kW:
0–5 h 133, 5–8 h 459, 8–13 h 407, 13–22 h 539, 22–24 h 437), scaled so that its energy is a share of what all
customers could give together.

``--greedy N`` compares N shortages with calling measure by measure, the largest load first.
"""

import argparse
import resource
import time

import numpy as np

from lianxin.analyses.demand_forecast.peak_shift.choice import Choice, Target
from lianxin.analyses.demand_forecast.peak_shift.config import Search
from lianxin.analyses.demand_forecast.peak_shift.pricing import kinds
from lianxin.analyses.demand_forecast.peak_shift.problem import Blocks, Grid, Offers, covered_kw
from lianxin.analyses.demand_forecast.peak_shift.solve import solve

_LEVEL_II = np.repeat([133.0, 459.0, 407.0, 539.0, 437.0], [5, 3, 5, 9, 2])
_OFFERED = (0.55, 0.7, 0.6, 0.85)
_COST = (1.6, 0.55, 0.9, 2.4)


def shortage(*, customers: int, intervals: int, share: float, seed: int) -> tuple[Grid, Offers, np.ndarray]:
    """(grid, offers, measure of each offer)."""
    random = np.random.default_rng(seed)
    hours = 24 / intervals
    kw = random.lognormal(5, 1, customers)
    cap = kw * (1 - random.uniform(0.15, 0.75, customers))
    rebound = np.where(random.random(customers) < 0.5, random.uniform(0.1, 0.6, customers), 0.0)
    back = random.choice([1.0, 2.0, 3.0], customers)
    parts = []
    for measure, (offered, cost) in enumerate(zip(_OFFERED, _COST, strict=True)):
        who = np.flatnonzero(random.random(customers) < offered)
        price = np.round(cost * np.exp(0.45 * random.normal(size=len(who))), 2)
        longest = np.floor(random.choice([2.0, 3.0, 4.0, 6.0, 8.0], len(who)) / hours).astype(int)
        parts.append((who, price, longest, np.full(len(who), measure)))
    who, price, longest, measure = (np.concatenate([part[at] for part in parts]) for at in range(4))
    _, number = np.unique(who, return_inverse=True)
    offers = Offers(
        customer=number,
        cap_kw=cap[who],
        price=price,
        longest=longest,
        first=np.zeros(len(who), dtype=int),
        last=np.full(len(who), intervals),
        rebound_share=rebound[who],
        rebound=back[who] / hours,
    )
    most = np.zeros(offers.customers)
    np.maximum.at(most, number, offers.cap_kw * longest * hours)
    need = _LEVEL_II[(np.arange(intervals) * hours).astype(int)]
    need = need * share * most.sum() / (need.sum() * hours)
    grid = Grid(hours=hours, listed=np.ones(intervals, dtype=bool), need_kw=need, day=np.zeros(intervals, dtype=int))
    return grid, offers, measure


def greedy(grid: Grid, offers: Offers, measure: np.ndarray) -> Choice:
    """Measure by measure, the largest load first: of its blocks the one that leaves least; no more power than helps."""
    blocks, powers, called = [], [], set()
    covered = np.zeros(grid.size)
    windows = {int(row): kind for kind in kinds(grid, offers) for row in kind.rows}
    for row in np.lexsort((-offers.cap_kw, measure)).tolist():
        left = np.maximum(grid.need_kw - covered, 0.0)
        if left.max() <= 1e-6:
            break
        if int(offers.customer[row]) in called or row not in windows:
            continue
        kind = windows[row]
        sums = np.concatenate([[0.0], np.cumsum(np.minimum(left, offers.cap_kw[row]))])
        gain = sums[kind.start + kind.length] - sums[kind.start]
        at = int(gain.argmax())
        if gain[at] <= 0:
            continue
        start, length = int(kind.start[at]), int(kind.length[at])
        power = min(float(offers.cap_kw[row]), float(left[start : start + length].max()))
        block = Blocks(row=np.array([row]), start=np.array([start]), length=np.array([length]))
        covered = covered + covered_kw(grid, offers, block, np.array([power]))
        blocks.append(block)
        powers.append(power)
        called.add(int(offers.customer[row]))
    target = Target(allowed_kwh=0.0, over_price=0.0)
    return Choice.of(grid, offers, Blocks.join(blocks), np.array(powers), target)


def main() -> None:
    """Print one line a plan."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=5000)
    parser.add_argument("--intervals", type=int, default=96)
    parser.add_argument("--share", type=float, default=0.35)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--greedy", type=int, default=0, metavar="N")
    chosen = parser.parse_args()
    if chosen.greedy:
        compare(chosen.greedy)
        return
    grid, offers, measure = shortage(
        customers=chosen.customers, intervals=chosen.intervals, share=chosen.share, seed=chosen.seed
    )
    began, processor = time.monotonic(), time.process_time()
    plan = solve(grid=grid, offers=offers, search=Search())
    print(
        f"{offers.customers} customers, {offers.size} offers, {grid.size} intervals: {len(plan.kw)} calls,"
        f" cost {plan.price:.2f},"
        f" bound {plan.bound:.2f}, {100 * (plan.price / plan.bound - 1):.4f} % above it,"
        f" shortfall {plan.shortfall_kwh:.3f} kWh (least {plan.least_shortfall_kwh:.3f});"
        f" {time.monotonic() - began:.1f} s, processor {time.process_time() - processor:.1f} s,"
        f" {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20:.2f} GiB"
    )
    rule = greedy(grid, offers, measure)
    print(f"measure by measure: cost {rule.price:.2f}, shortfall {rule.shortfall_kwh:.3f} kWh")


def compare(count: int) -> None:
    """Shortages of 60 customers and 24 intervals in which the rule of thumb covers the gap too."""
    saved = []
    for seed in range(count):
        share = float(np.random.default_rng(seed).uniform(0.1, 0.4))
        grid, offers, measure = shortage(customers=60, intervals=24, share=share, seed=seed)
        rule = greedy(grid, offers, measure)
        plan = solve(grid=grid, offers=offers, search=Search())
        if rule.shortfall_kwh <= 1e-6 and plan.shortfall_kwh <= 1e-6:
            saved.append(1 - plan.price / rule.price)
            print(
                f"seed {seed}: share {share:.2f}, ours {plan.price:.2f} (bound {plan.bound:.2f}),"
                f" rule of thumb {rule.price:.2f}"
            )
    print(f"{len(saved)} compared; {100 * float(np.mean(saved)):.1f} % cheaper on average")


if __name__ == "__main__":
    main()
