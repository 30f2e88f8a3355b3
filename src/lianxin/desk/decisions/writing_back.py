"""Decisions in force become facts (table ``decision``), so that the next run knows them."""

from typing import Any

from lianxin.desk.decisions.models import Decision
from lianxin.desk.gateway.work import save_decisions


def write_back() -> int:
    """Write what is in force and was not written yet; returns how many."""
    waiting = list(
        Decision.objects.filter(state=Decision.State.IN_FORCE, written_back=False).select_related("decided_by")
    )
    if not waiting:
        return 0
    save_decisions([_row(decision) for decision in waiting])
    Decision.objects.filter(pk__in=[decision.pk for decision in waiting]).update(written_back=True)
    return len(waiting)


def _row(decision: Decision) -> dict[str, Any]:
    return {
        "decision_id": f"desk-{decision.pk}",
        "result": decision.result,
        "key": decision.key,
        "action": decision.action,
        "value": decision.value or None,
        "promised_value": None if decision.promised_value is None else str(decision.promised_value),
        "reason": decision.reason or None,
        "decided_by": decision.decided_by.username,
        "decided_on": decision.decided_at.date().isoformat(),
    }
