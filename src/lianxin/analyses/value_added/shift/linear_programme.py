"""A linear programme of which costs and rows stay and the limits change: solved again from where it ended before."""

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from lianxin.analyses.value_added.shift.rated_load import Floats
from lianxin.foundation.errors import LianxinError
from lianxin.foundation.language import Text

# One thread and no lot: results do not depend on the machine. These programmes are small and start near their optimum,
# where presolving costs more than it saves (measured: half of the time).
_SETTINGS: dict[str, str | bool | int] = {
    "output_flag": False,
    "threads": 1,
    "random_seed": 0,
    "presolve": "off",
}


class ProgrammeFailed(LianxinError):
    """HiGHS found no optimum where doing nothing is always allowed: a fault of ours."""

    text = Text("优化未得解：{detail}", "The optimisation found no solution: {detail}")


class _Quiet(highspy.Highs):  # type: ignore[misc]  # highspy has no types
    """HiGHS without call-backs: setting them up prints a banner on standard output, which belongs to results."""

    def enableCallbacks(self) -> None:  # noqa: N802  # highspy's name
        """None are used."""


class LinearProgramme:
    """min cost·x with lower ≤ x ≤ upper and row_lower ≤ A·x ≤ row_upper, by HiGHS."""

    def __init__(self, cost: Floats, rows: csr_array) -> None:
        self._cost = np.asarray(cost, dtype=np.float64)
        self._rows = rows
        self._solver: highspy.Highs | None = None

    def solve(self, *, lower: Floats, upper: Floats, row_lower: Floats, row_upper: Floats) -> Floats:
        """The best x, shape as ``cost``; from the second time on starting from the last basis.

        Raises:
            ProgrammeFailed: HiGHS gave up.

        """
        if self._solver is None:
            self._solver = _solver_of(self._cost, self._rows, (lower, upper), (row_lower, row_upper))
        else:
            self._solver.changeColsBounds(len(lower), _places(len(lower)), lower, upper)
            self._solver.changeRowsBounds(len(row_lower), _places(len(row_lower)), row_lower, row_upper)
        self._solver.run()
        if self._solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            # a basis that leads nowhere: once more from the beginning, with everything HiGHS has
            self._solver.clearSolver()
            self._solver.setOptionValue("presolve", "on")
            self._solver.run()
        status = self._solver.getModelStatus()
        if status != highspy.HighsModelStatus.kOptimal:
            raise ProgrammeFailed(detail=self._solver.modelStatusToString(status))
        return np.asarray(self._solver.getSolution().col_value, dtype=np.float64)


def _solver_of(
    cost: Floats, rows: csr_array, bounds: tuple[Floats, Floats], row_bounds: tuple[Floats, Floats]
) -> highspy.Highs:
    solver = _Quiet()
    for name, value in _SETTINGS.items():
        solver.setOptionValue(name, value)
    count_rows, count = rows.shape
    # the form with arrays: setting the fields of a HighsLp one by one copies each number through Python
    solver.passModel(
        count,
        count_rows,
        len(rows.data),
        int(highspy.MatrixFormat.kRowwise),
        int(highspy.ObjSense.kMinimize),
        0.0,
        cost,
        *bounds,
        *row_bounds,
        rows.indptr.astype(np.int32),
        rows.indices.astype(np.int32),
        rows.data,
        np.zeros(count, dtype=np.int32),
    )
    return solver


def _places(count: int) -> NDArray[np.int32]:
    return np.arange(count, dtype=np.int32)
