"""The next step of the ladder, the earliest lawful day for it and the rules that it stands on."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from lianxin.analyses.customer_quality.risk.dunning_rules import Ladder, RulesInForce
from lianxin.analyses.customer_quality.risk.lawful_days import LawfulDays, lawful_days, limit_over
from lianxin.analyses.customer_quality.risk.strictest import (
    Disconnection,
    copied_to_authority,
    disconnection_rules,
)
from lianxin.foundation.calendar import Calendar

Action = Literal[
    "none",
    "remind",
    "call",
    "visit",
    "written_notice",
    "final_notice",
    "propose_disconnection",
    "agree_instalments",
    "legal_action",
    "review_terms",
]
LADDER_RULE, NEVER_RULE = "ladder", "never_disconnected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Debtor:
    """What the next step depends on; many customers are alike, and each kind is decided once.

    ``never`` says why the customer is never disconnected (``RiskSettings.never``), ``supplied`` that it has supply.
    ``oldest_due_on`` is None where nothing is overdue; ``next_due_on`` is the next due day of an open bill.
    """

    residential: bool
    never: str | None
    importance: str | None
    supplied: bool
    oldest_due_on: date | None
    next_due_on: date | None
    noticed_on: date | None
    stop_decided_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NextStep:
    """A proposal: nothing is ever cut off by the program (METHODS.md 2).

    ``rules`` are ids, the governing one first; ``stop_on`` is the earliest lawful stop where one can come at all.
    """

    action: Action
    not_before: date | None
    rules: tuple[str, ...]
    stop_on: date | None = None
    authority_copy: str | None = None
    requirements: Disconnection | None = None


def next_step(debtor: Debtor, *, rules: RulesInForce, as_of: date, calendar: Calendar) -> NextStep:
    """What to propose for such a customer, from ``as_of`` on."""
    due = debtor.oldest_due_on
    if due is None:
        return _before_due(debtor, rules.ladder, as_of)
    needed = disconnection_rules(rules, residential=debtor.residential)
    if debtor.never is not None or not debtor.supplied:
        return _without_disconnection(debtor, rules.ladder, due, as_of, needed)
    days = lawful_days(due_on=due, as_of=as_of, served_on=debtor.noticed_on, rules=needed, calendar=calendar)
    step = _towards_disconnection(debtor, rules.ladder, due, as_of, needed, days)
    copy = copied_to_authority(rules, importance=debtor.importance)
    return NextStep(
        action=step.action,
        not_before=step.not_before,
        rules=step.rules,
        stop_on=None if days is None else days.stop_on,
        authority_copy=copy,
        requirements=needed,
    )


def _before_due(debtor: Debtor, ladder: Ladder, as_of: date) -> NextStep:
    if debtor.next_due_on is None:
        return NextStep(action="review_terms", not_before=as_of, rules=(LADDER_RULE,))
    reminder = debtor.next_due_on - timedelta(days=ladder.remind_before_due_days)
    return NextStep(action="remind", not_before=max(reminder, as_of), rules=(LADDER_RULE,))


def _contact(ladder: Ladder, due: date, as_of: date) -> NextStep:
    """The step that is due by the days late: remind, call or visit."""
    late = (as_of - due).days
    action: Action = "remind"
    first = ladder.remind_days_late
    if late >= ladder.visit_days_late:
        action, first = "visit", ladder.visit_days_late
    elif late >= ladder.call_days_late:
        action, first = "call", ladder.call_days_late
    return NextStep(action=action, not_before=max(due + timedelta(days=first), as_of), rules=(LADDER_RULE,))


def _without_disconnection(debtor: Debtor, ladder: Ladder, due: date, as_of: date, needed: Disconnection) -> NextStep:
    """Contact, then instalments; court for those who need no relief, and for closed accounts."""
    step = _contact(ladder, due, as_of)
    rules = (LADDER_RULE,) if debtor.never is None else (f"{NEVER_RULE}:{debtor.never}",)
    if (as_of - due).days >= ladder.legal_days_late and debtor.never != "social_support":
        step = NextStep(action="legal_action", not_before=as_of, rules=rules)
    elif as_of >= limit_over(due, needed) and debtor.supplied:
        step = NextStep(action="agree_instalments", not_before=as_of, rules=rules)
    return NextStep(action=step.action, not_before=step.not_before, rules=step.rules)


def _towards_disconnection(
    debtor: Debtor, ladder: Ladder, due: date, as_of: date, needed: Disconnection, days: LawfulDays | None
) -> NextStep:
    if days is None:
        return NextStep(action="legal_action", not_before=as_of, rules=(needed.notice_days.rule,))
    if days.served:
        told = _told(needed)
        decided = debtor.stop_decided_on is not None
        action: Action = "final_notice" if decided else "propose_disconnection"
        return NextStep(action=action, not_before=days.stop_on, rules=_unique(told if decided else _stop(needed)))
    if as_of >= limit_over(due, needed) or days.notice_on <= as_of:
        return NextStep(action="written_notice", not_before=days.notice_on, rules=_unique(_notice(needed)))
    return _contact(ladder, due, as_of)


def _notice(needed: Disconnection) -> list[str | None]:
    most = needed.notice_at_most_days
    return [
        needed.stop_after_days.rule,
        needed.notice_days.rule,
        None if most is None else most.rule,
        needed.notice_after_limit,
        needed.notice_on_workdays,
    ]


def _stop(needed: Disconnection) -> list[str | None]:
    return [needed.notice_days.rule, needed.stop_after_days.rule, needed.stop_on_workdays]


def _told(needed: Disconnection) -> list[str | None]:
    final = needed.final_notice_minutes
    return [None if final is None else final.rule, *_stop(needed)]


def _unique(names: list[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in names if name is not None))
