"""The linear programme over the blocks found so far (HiGHS): least cost that covers the gap.

Rows: the cover of each listed interval; one block a customer and day; the shortfall allowed. A column is the share
of a block's most power. The shortfall beyond what is allowed pays a forbidding price, so that the programme always
has a solution.
"""

from dataclasses import dataclass

import highspy
import numpy as np

from lianxin.analyses.demand_forecast.peak_shift.problem import Blocks, Floats, Grid, Ints, Offers, relief
from lianxin.foundation.errors import LianxinError
from lianxin.foundation.language import Text

_QUIET = {"output_flag": False, "threads": 1, "random_seed": 0}
INFINITE = highspy.kHighsInf


@dataclass(frozen=True, slots=True, kw_only=True)
class Solved:
    """A solution of the programme.

    ``share`` (B,) of each block's power; ``over_kwh``: shortfall beyond what is allowed; ``value`` (T,): what a kW less
    is worth; ``rent`` (customers × days,): what a customer's day is worth.
    """

    objective: float
    share: Floats
    over_kwh: float
    value: Floats
    rent: Floats


class Master:
    """Grows by columns and keeps its basis from one solution to the next."""

    def __init__(self, *, grid: Grid, offers: Offers, allowed_kwh: float, over_price: float) -> None:
        self._grid, self._offers = grid, offers
        self.allowed_kwh, self.over_price = allowed_kwh, over_price
        self._listed = np.flatnonzero(grid.listed)
        self._row_of = np.full(grid.size, -1, dtype=np.int64)
        self._row_of[self._listed] = np.arange(len(self._listed))
        self.blocks = Blocks.join([])
        self._solver = quiet_solver()
        self._add_rows(allowed_kwh)
        self._own = self._add_shortfall(over_price)

    def _add_rows(self, allowed_kwh: float) -> None:
        covers, days = len(self._listed), self._offers.customers * self._grid.days
        low = np.concatenate([self._grid.need_kw[self._listed], np.full(days + 1, -INFINITE)])
        high = np.concatenate([np.full(covers, INFINITE), np.ones(days), [allowed_kwh]])
        none = np.zeros(0, dtype=np.int32)
        self._solver.addRows(len(low), low, high, 0, np.zeros(len(low), dtype=np.int32), none, np.zeros(0))

    def _add_shortfall(self, over_price: float) -> int:
        """A column of shortfall for each interval, and one for what goes beyond the allowed."""
        covers = len(self._listed)
        budget = covers + self._offers.customers * self._grid.days
        cost = np.append(np.zeros(covers), over_price)
        rows = np.append(np.column_stack([np.arange(covers), np.full(covers, budget)]).ravel(), budget)
        values = np.append(np.tile([1.0, self._grid.hours], covers), -1.0)
        starts = np.append(np.arange(covers) * 2, covers * 2)
        self._add(cost, np.full(covers + 1, INFINITE), starts, rows, values)
        return covers + 1

    def _add(self, cost: Floats, high: Floats, starts: Ints, rows: Ints, values: Floats) -> None:
        self._solver.addCols(
            len(cost),
            cost,
            np.zeros(len(cost)),
            high,
            len(rows),
            starts.astype(np.int32),
            rows.astype(np.int32),
            values,
        )

    def add(self, blocks: Blocks) -> None:
        """Add columns for ``blocks``."""
        if not blocks.size:
            return
        cost, starts, rows, values = columns(self._grid, self._offers, blocks, self._row_of)
        self._add(cost, np.ones(blocks.size), starts, rows, values)
        self.blocks = Blocks.join([self.blocks, blocks])

    def forbid(self, places: Ints) -> None:
        """Blocks at ``places`` are called no more."""
        count = len(places)
        if count:
            index = (places + self._own).astype(np.int32)
            self._solver.changeColsBounds(count, index, np.zeros(count), np.zeros(count))

    def solve(self) -> Solved:
        """Solve from the last basis.

        Raises:
            ProgrammeFailed: HiGHS gave up.

        """
        self._solver.run()
        if self._solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            # a basis that leads nowhere: once more from the beginning
            self._solver.clearSolver()
            self._solver.run()
        status = self._solver.getModelStatus()
        if status != highspy.HighsModelStatus.kOptimal:
            raise ProgrammeFailed(detail=self._solver.modelStatusToString(status))
        solution = self._solver.getSolution()
        values, duals = np.array(solution.col_value), np.array(solution.row_dual)
        covers = len(self._listed)
        value = np.zeros(self._grid.size)
        value[self._listed] = np.maximum(duals[:covers], 0.0)
        return Solved(
            objective=self._solver.getInfo().objective_function_value,
            share=values[self._own :],
            over_kwh=float(values[self._own - 1]),
            value=value,
            rent=np.maximum(-duals[covers:-1], 0.0),
        )


class _Quiet(highspy.Highs):  # type: ignore[misc]  # highspy has no types
    """HiGHS without call-backs: setting them up prints a banner on standard output, which belongs to results."""

    def enableCallbacks(self) -> None:  # noqa: N802  # highspy's name
        """None are used."""


class ProgrammeFailed(LianxinError):
    """HiGHS found no solution where calling nobody is always allowed: a fault of ours."""

    text = Text("优化未得解：{detail}", "The optimisation found no solution: {detail}")


def quiet_solver() -> highspy.Highs:
    """HiGHS on one thread, silent, with a fixed seed: results do not depend on the machine."""
    solver = _Quiet()
    for name, setting in _QUIET.items():
        solver.setOptionValue(name, setting)
    return solver


def columns(grid: Grid, offers: Offers, blocks: Blocks, row_of: Ints) -> tuple[Floats, Ints, Ints, Floats]:
    """(cost, start of each column, row numbers, values) of blocks at their most power."""
    entries = relief(grid, offers, blocks)
    cap = offers.cap_kw[blocks.row]
    covers = int(row_of.max()) + 1
    first, last = grid.day[blocks.start], grid.day[blocks.start + blocks.length - 1]
    count = last - first + 1
    owner = np.repeat(np.arange(blocks.size), count)
    day = np.repeat(first, count) + np.arange(len(owner)) - np.repeat(np.cumsum(count) - count, count)
    block = np.concatenate([entries.block, owner])
    row = np.concatenate([row_of[entries.interval], covers + offers.customer[blocks.row[owner]] * grid.days + day])
    value = np.concatenate([entries.per_kw * cap[entries.block], np.ones(len(owner))])
    order = np.argsort(block, kind="stable")
    starts = np.searchsorted(block[order], np.arange(blocks.size))
    cost = cap * blocks.length * grid.hours * offers.price[blocks.row]
    return cost, starts, row[order], value[order]
