"""From models of the change to ranked causes with their evidence."""

import numpy as np

from lianxin.analyses.value_added.alerts import words
from lianxin.analyses.value_added.alerts.cause_models import Explained, Model
from lianxin.analyses.value_added.alerts.plant import CAUSES, Cause
from lianxin.contracts.reasons import Reason, reason

# Ratios that lost phases or elements and wrongly chosen transformers leave: 1/3, 1/2, 2/3, 3/4 and inverse.
FAULT_RATIOS = (1 / 3, 1 / 2, 2 / 3, 3 / 4, 4 / 3, 3 / 2, 2.0, 3.0)
_RATIO_TOLERANCE = 0.04
_RATIO_BONUS = 1.5  # log weight: such a ratio is rare by chance
_CAUSE_OF: dict[Model, Cause] = {
    "proportional": "metering_fault",
    "constant": "equipment_fault",
    "idle_hours": "equipment_fault",
    "busy_part": "production_change",
    "some_hours": "production_change",
}


def rank_step(explained: list[Explained]) -> tuple[list[Reason], list[Reason]]:
    """Causes and reasons of a change of level. Without blocks (daily usage) the causes stay open: equal."""
    weight: dict[Cause, float] = dict.fromkeys(("production_change", "equipment_fault", "metering_fault"), -np.inf)
    best: dict[Cause, Explained] = {}
    for item in explained:
        cause = _CAUSE_OF.get(item.model)
        if cause is None:
            continue
        if item.model in {"constant", "idle_hours"} and item.parameter < 0:
            cause = "production_change"  # a load that went away is not a machine that runs on
        value = item.evidence + (_RATIO_BONUS if _is_fault_ratio(item) else 0.0)
        if value > weight[cause]:
            weight[cause], best[cause] = value, item
    if not best:
        return ranked(dict.fromkeys(weight, 0.0)), []
    top = max(best, key=lambda cause: weight[cause])
    return ranked(weight), _evidence(best[top])


def ranked(log_weight: dict[Cause, float]) -> list[Reason]:
    """Causes by falling weight; weights add up to 1."""
    values = np.array(list(log_weight.values()))
    finite = np.where(np.isfinite(values), values, -1e3)
    share = np.exp(finite - finite.max())
    share /= share.sum()
    order = np.argsort(-share, kind="stable")
    names = list(log_weight)
    return [reason(names[place], words.CAUSE[names[place]], weight=round(float(share[place]), 4)) for place in order]


def only(cause: Cause) -> list[Reason]:
    """One cause that the kind of alert itself tells; the others follow without weight."""
    return ranked({cause: 0.0, **{other: -np.inf for other in CAUSES if other != cause}})[:1]


def _is_fault_ratio(item: Explained) -> bool:
    return item.model == "proportional" and any(
        abs(item.parameter / ratio - 1) <= _RATIO_TOLERANCE for ratio in FAULT_RATIOS
    )


def _evidence(item: Explained) -> list[Reason]:
    value = round(item.parameter, 3)
    found = [reason(f"shape_{item.model}", words.SHAPE[item.model], value=value)]
    if _is_fault_ratio(item):
        nearest = min(FAULT_RATIOS, key=lambda ratio: abs(item.parameter / ratio - 1))
        found.append(reason("ratio_of_fault", words.RATIO, ratio=round(nearest, 3)))
    return found
