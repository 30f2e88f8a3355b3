"""What waits, what was decided."""

from dataclasses import dataclass

from lianxin.desk.accounts.models import User
from lianxin.desk.accounts.roles import Right
from lianxin.desk.decisions.models import Decision
from lianxin.desk.gateway.proposals import KINDS, Kind, Proposal, count_proposals, proposals
from lianxin.desk.gateway.scope import Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Proposals of one kind that no one decided on yet, and decisions that wait for a second pair of eyes."""

    kind: Kind
    open: int
    to_approve: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbox:
    """One proposal with the latest decision on it, if any."""

    proposal: Proposal
    decision: Decision | None


def waiting_for(user: User, scope: Scope) -> list[Waiting]:
    """What waits for the user's role; kinds with nothing are left out."""
    found = []
    for kind in KINDS.values():
        if not user.decides(kind.result):
            continue
        there = count_proposals(kind, scope)
        decided = len(latest_decisions(kind.result))
        approve = to_approve(kind.result).exclude(decided_by=user).count() if user.may(Right.APPROVE) else 0
        if there or approve:
            found.append(Waiting(kind=kind, open=max(0, there - decided), to_approve=approve))
    return found


def to_approve(result: str):  # type: ignore[no-untyped-def]  # noqa: ANN201  # a Django query set
    """Decisions of a result that wait for the second pair of eyes."""
    return Decision.objects.filter(result=result, state=Decision.State.WAITING)


def latest_decisions(result: str) -> dict[str, Decision]:
    """The latest decision on each proposal of a result."""
    found: dict[str, Decision] = {}
    for decision in Decision.objects.filter(result=result).select_related("decided_by", "assigned_to", "approved_by"):
        found.setdefault(decision.key, decision)
    return found


def inbox(kind: Kind, scope: Scope, *, page: int, size: int = 30) -> list[Inbox]:
    """A page of proposals with what was decided."""
    decided = latest_decisions(kind.result)
    found = proposals(kind, scope, limit=size, offset=(page - 1) * size)
    return [Inbox(proposal=proposal, decision=decided.get(proposal.key)) for proposal in found]
