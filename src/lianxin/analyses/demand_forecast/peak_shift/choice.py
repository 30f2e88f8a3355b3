"""One block a customer and day: the mixed-integer programme over chosen candidates (HiGHS)."""

from dataclasses import dataclass

import highspy
import numpy as np

from lianxin.analyses.demand_forecast.peak_shift.master import INFINITE, columns, quiet_solver
from lianxin.analyses.demand_forecast.peak_shift.problem import (
    Blocks,
    Flags,
    Floats,
    Grid,
    Ints,
    Offers,
    covered_kw,
    price_of,
    shortfall_kwh,
)

_STARTED_KW = 1e-7


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What the programme minimises: price, and beyond ``allowed_kwh`` of shortfall ``over_price`` a kWh."""

    allowed_kwh: float
    over_price: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Calls that keep every rule: blocks and kW (B,); ``price`` paid, shortfall left, and what the target counts."""

    blocks: Blocks
    kw: Floats
    price: float
    shortfall_kwh: float
    objective: float

    @staticmethod
    def of(grid: Grid, offers: Offers, blocks: Blocks, kw: Floats, target: Target) -> "Choice":
        """The choice that calls ``blocks`` with ``kw``; what is not called is left out."""
        used = np.flatnonzero(kw > _STARTED_KW)
        blocks, kw = blocks.take(used), kw[used]
        price = price_of(grid, offers, blocks, kw)
        short = shortfall_kwh(grid, covered_kw(grid, offers, blocks, kw))
        over = max(0.0, short - target.allowed_kwh)
        return Choice(
            blocks=blocks, kw=kw, price=price, shortfall_kwh=short, objective=price + over * target.over_price
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """When the search of a programme ends: gap as a share, nodes, and seconds as a last resort."""

    gap: float
    nodes: int
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Searched:
    """The best choice found among the candidates, and the bound over all choices among them."""

    choice: Choice
    bound: float


def choose(
    *, grid: Grid, offers: Offers, candidates: Blocks, target: Target, effort: Effort, start: Choice | None = None
) -> Searched:
    """The best choice among ``candidates``; customers and days with one candidate need no whole numbers."""
    model = _model(grid, offers, candidates, target, effort)
    if start is not None:
        _begin_at(model, candidates, start, offers)
    model.solver.run()
    info = model.solver.getInfo()
    share = np.array(model.solver.getSolution().col_value)[: candidates.size]
    # a solver's tolerance may leave a trace of a second block: only the largest of each customer and day counts
    share = np.where(_largest(grid, offers, candidates, share), np.clip(share, 0.0, 1.0), 0.0)
    choice = Choice.of(grid, offers, candidates, share * offers.cap_kw[candidates.row], target)
    bound = info.mip_dual_bound if model.binaries else info.objective_function_value
    return Searched(choice=choice, bound=float(bound))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Model:
    solver: highspy.Highs
    binaries: int
    contested: Ints
    first_binary: int


def _model(grid: Grid, offers: Offers, candidates: Blocks, target: Target, effort: Effort) -> _Model:
    listed = np.flatnonzero(grid.listed)
    row_of = np.full(grid.size, -1, dtype=np.int64)
    row_of[listed] = np.arange(len(listed))
    solver = quiet_solver()
    for name, value in (
        ("mip_rel_gap", effort.gap),
        ("mip_abs_gap", 0.0),
        ("mip_max_nodes", effort.nodes),
        ("time_limit", effort.seconds),
        ("mip_feasibility_tolerance", 1e-9),
        ("primal_feasibility_tolerance", 1e-9),
    ):
        solver.setOptionValue(name, value)
    covers, days = len(listed), offers.customers * grid.days
    low = np.concatenate([grid.need_kw[listed], np.full(days + 1, -INFINITE)])
    high = np.concatenate([np.full(covers, INFINITE), np.ones(days), [target.allowed_kwh]])
    _add_rows(solver, low, high)
    cost, starts, rows, values = columns(grid, offers, candidates, row_of)
    _add_columns(solver, cost, np.ones(candidates.size), starts, rows, values)
    short_rows = np.append(np.column_stack([np.arange(covers), np.full(covers, covers + days)]).ravel(), covers + days)
    short_values = np.append(np.tile([1.0, grid.hours], covers), -1.0)
    short_cost = np.append(np.zeros(covers), target.over_price)
    _add_columns(
        solver,
        short_cost,
        np.full(covers + 1, INFINITE),
        np.append(np.arange(covers) * 2, covers * 2),
        short_rows,
        short_values,
    )
    contested = np.flatnonzero(_contested(grid, offers, candidates))
    _add_binaries(solver, grid, offers, candidates.take(contested), contested, candidates.size + covers + 1)
    return _Model(
        solver=solver, binaries=len(contested), contested=contested, first_binary=candidates.size + covers + 1
    )


def _add_binaries(solver: highspy.Highs, grid: Grid, offers: Offers, blocks: Blocks, places: Ints, first: int) -> None:
    """A 0–1 column for each contested block: its power needs it, and of a customer's day only one may be 1."""
    if not blocks.size:
        return
    count = blocks.size
    _add_columns(solver, np.zeros(count), np.ones(count), np.zeros(count, dtype=np.int64), places[:0], np.zeros(0))
    own = first + np.arange(count)
    solver.changeColsIntegrality(count, own.astype(np.int32), np.full(count, 1, dtype=np.uint8))
    links = np.column_stack([places, own]).ravel()
    _add_rows(
        solver, np.full(count, -INFINITE), np.zeros(count), np.arange(count) * 2, links, np.tile([1.0, -1.0], count)
    )
    day, owner = days_of(grid, offers, blocks)
    order = np.lexsort((owner, day))
    keys, begin = np.unique(day[order], return_index=True)
    _add_rows(solver, np.full(len(keys), -INFINITE), np.ones(len(keys)), begin, own[owner[order]], np.ones(len(order)))


def days_of(grid: Grid, offers: Offers, blocks: Blocks) -> tuple[Ints, Ints]:
    """(number of customer and day, block) for every day that a block touches."""
    first = grid.day[blocks.start]
    count = grid.day[blocks.start + blocks.length - 1] - first + 1
    owner = np.repeat(np.arange(blocks.size), count)
    day = np.repeat(first, count) + np.arange(len(owner)) - np.repeat(np.cumsum(count) - count, count)
    return offers.customer[blocks.row[owner]] * grid.days + day, owner


def _contested(grid: Grid, offers: Offers, blocks: Blocks) -> Flags:
    """Whether another candidate wants a day of the block's customer."""
    day, owner = days_of(grid, offers, blocks)
    wanted = np.bincount(day, minlength=1)[day] > 1
    found = np.zeros(blocks.size, dtype=np.bool_)
    found[owner[wanted]] = True
    return found


def _largest(grid: Grid, offers: Offers, blocks: Blocks, share: Floats) -> Flags:
    """Whether no other block has a larger share on any day of the block's customer."""
    day, owner = days_of(grid, offers, blocks)
    order = np.lexsort((owner, -share[owner], day))
    first = np.flatnonzero(np.diff(day[order], prepend=-1))
    beaten = np.ones(len(day), dtype=np.bool_)
    beaten[order[first]] = False
    lost = np.zeros(blocks.size, dtype=np.bool_)
    lost[owner[beaten]] = True
    return ~lost


def _begin_at(model: _Model, candidates: Blocks, start: Choice, offers: Offers) -> None:
    """Tell the solver of a choice that is known."""
    place = {key: at for at, key in enumerate(_keys(candidates))}
    at = np.array([place[key] for key in _keys(start.blocks)], dtype=np.int64)
    share = np.zeros(candidates.size)
    share[at] = start.kw / offers.cap_kw[start.blocks.row]
    index = np.concatenate([np.arange(candidates.size), model.first_binary + np.arange(model.binaries)])
    values = np.concatenate([share, (share[model.contested] > 0).astype(np.float64)])
    model.solver.setSolution(len(index), index.astype(np.int32), values)


def _keys(blocks: Blocks) -> list[tuple[int, int, int]]:
    return list(zip(blocks.row.tolist(), blocks.start.tolist(), blocks.length.tolist(), strict=True))


def _add_rows(
    solver: highspy.Highs,
    low: Floats,
    high: Floats,
    starts: Ints | None = None,
    places: Ints | None = None,
    values: Floats | None = None,
) -> None:
    none = np.zeros(0, dtype=np.int64)
    starts = np.zeros(len(low), dtype=np.int64) if starts is None else starts
    places, values = none if places is None else places, np.zeros(0) if values is None else values
    solver.addRows(len(low), low, high, len(places), starts.astype(np.int32), places.astype(np.int32), values)


def _add_columns(solver: highspy.Highs, cost: Floats, high: Floats, starts: Ints, rows: Ints, values: Floats) -> None:
    solver.addCols(
        len(cost), cost, np.zeros(len(cost)), high, len(rows), starts.astype(np.int32), rows.astype(np.int32), values
    )
