"""Decide, and approve: one function an action; the audit row comes with it (simple-history)."""

import math
from datetime import date
from decimal import Decimal

from django.db import transaction

from lianxin.desk.accounts.models import User
from lianxin.desk.accounts.roles import Right
from lianxin.desk.decisions.models import Decision
from lianxin.desk.gateway.proposals import Proposal
from lianxin.foundation.errors import UnusableInput
from lianxin.foundation.language import Text


class NotYours(UnusableInput):
    """The role does not decide this."""

    text = Text("您的角色不决定此类建议。", "Your role does not decide on such proposals.")


class ReasonMissing(UnusableInput):
    """A refusal or a change without a reason."""

    text = Text("拒绝或修改须写明理由。", "A refusal or a change needs a reason.")


class OwnDecision(UnusableInput):
    """One pair of eyes cannot be the second."""

    text = Text("复核人不能是决定人本人。", "Your own decision must be approved by somebody else.")


@transaction.atomic
def decide(
    *,
    proposal: Proposal,
    user: User,
    action: str,
    value: str = "",
    reason: str = "",
    assigned_to: User | None = None,
    due_on: date | None = None,
) -> Decision:
    """Record a decision; kinds under four eyes wait for a second person.

    Raises:
        NotYours: the role does not decide such proposals.
        ReasonMissing: a refusal or change says no reason.

    """
    if not user.decides(proposal.kind.result):
        raise NotYours
    if action in {Decision.Action.REFUSE, Decision.Action.CHANGE} and not reason.strip():
        raise ReasonMissing
    waits = proposal.kind.four_eyes and action in {Decision.Action.ACCEPT, Decision.Action.CHANGE}
    worth = proposal.worth
    return Decision.objects.create(
        result=proposal.kind.result,
        key=proposal.key,
        run_id=proposal.run_id,
        action=action,
        value=value or _taken(proposal, action),
        promised_value=None if worth is None or math.isnan(worth) else Decimal(str(round(worth, 2))),
        reason=reason.strip(),
        due_on=due_on,
        state=Decision.State.WAITING if waits else Decision.State.IN_FORCE,
        decided_by=user,
        assigned_to=assigned_to,
    )


def _taken(proposal: Proposal, action: str) -> str:
    """What an accepted proposal sets, such as the notice that was served."""
    takes = proposal.kind.takes if action == Decision.Action.ACCEPT else ""
    return str(proposal.row[takes] or "") if takes else ""


@transaction.atomic
def review(*, decision: Decision, user: User, agree: bool) -> Decision:
    """The second pair of eyes: agree or decline.

    Raises:
        NotYours: the role does not approve.
        OwnDecision: it is the user's own.

    """
    if not user.may(Right.APPROVE):
        raise NotYours
    if decision.decided_by_id == user.pk:
        raise OwnDecision
    decision.state = Decision.State.IN_FORCE if agree else Decision.State.DECLINED
    decision.approved_by = user
    decision.save()
    return decision
