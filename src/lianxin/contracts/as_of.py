"""What was known at the end of a day: the one place where facts are cut to ``as_of`` (SPEC.md 1).

Rows that came to be known later are left out; stamps of rows already known that lie later are blanked. Adding later
rows to a table therefore changes nothing that this module returns.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import ibis
from ibis import _

# An economic indicator without a publication date counts as published this many days after its month.
_PUBLICATION_DAYS = 30


@dataclass(frozen=True, slots=True)
class AsOf:
    """A local day, and the instant (UTC) at which it ends."""

    day: date
    end: datetime

    @classmethod
    def of(cls, day: date, zone: ZoneInfo) -> "AsOf":
        """End of ``day`` in ``zone``."""
        local_end = datetime.combine(day + timedelta(days=1), time(), tzinfo=zone)
        return cls(day, local_end.astimezone(UTC).replace(tzinfo=None))

    @property
    def end_epoch(self) -> int:
        """Seconds since 1970 of the end of the day."""
        return int(self.end.replace(tzinfo=UTC).timestamp())


Rule = Callable[[ibis.Table, AsOf], ibis.Table]


def _day(column: str) -> Rule:
    """Known from the day in ``column``; rows without it were always known."""
    return lambda table, as_of: table.filter(table[column].isnull() | (table[column] <= as_of.day))


def _instant(column: str) -> Rule:
    return lambda table, as_of: table.filter(table[column].isnull() | (table[column] < as_of.end))


def _interval(column: str, minutes: str | int) -> Rule:
    """Known once the interval has ended."""

    def ended(table: ibis.Table, as_of: AsOf) -> ibis.Table:
        length = table[minutes] if isinstance(minutes, str) else ibis.literal(minutes)
        # the plain comparison comes first: engines use it to skip whole files
        return table.filter(table[column] < as_of.end, table[column].epoch_seconds() + length * 60 <= as_of.end_epoch)

    return ended


def _blank_days(*columns: str) -> Rule:
    def blanked(table: ibis.Table, as_of: AsOf) -> ibis.Table:
        return table.mutate(
            **{
                name: ibis.ifelse(table[name] <= as_of.day, table[name], ibis.null(table[name].type()))
                for name in columns
            }
        )

    return blanked


def _blank_instants(*columns: str, with_instant: dict[str, str] | None = None) -> Rule:
    """Blank later stamps; ``with_instant`` maps columns that became known with one of the stamps to it."""

    def blanked(table: ibis.Table, as_of: AsOf) -> ibis.Table:
        known = {name: table[name] < as_of.end for name in columns}
        changed = {name: ibis.ifelse(known[name], table[name], ibis.null(table[name].type())) for name in columns}
        for name, stamp in (with_instant or {}).items():
            still_open = table[stamp].notnull() & ~known[stamp]
            changed[name] = ibis.ifelse(still_open, ibis.null(table[name].type()), table[name])
        return table.mutate(**changed)

    return blanked


def _all(*rules: Rule) -> Rule:
    def applied(table: ibis.Table, as_of: AsOf) -> ibis.Table:
        for rule in rules:
            table = rule(table, as_of)
        return table

    return applied


def _bill(table: ibis.Table, as_of: AsOf) -> ibis.Table:
    """A bill is known once issued; without issued_on, once its period is over."""
    issued = ibis.coalesce(table.issued_on, table.period_end)
    month = as_of.day.strftime("%Y-%m")
    # a billing month without any date is over when a later month has begun
    by_month = issued.isnull() & (table.billing_month < month)
    return table.filter((issued <= as_of.day) | by_month)


def _economy(table: ibis.Table, as_of: AsOf) -> ibis.Table:
    """Known from published_on, else 30 days after the end of the month."""
    last_known = as_of.day - timedelta(days=_PUBLICATION_DAYS)
    # the last month whose end lies at or before last_known
    month_after = last_known + timedelta(days=1)
    known_before = month_after.strftime("%Y-%m")
    by_month = table.published_on.isnull() & (table.month < known_before)
    return table.filter((table.published_on <= as_of.day) | by_month)


def _month(column: str) -> Rule:
    """Known once the month has begun."""
    return lambda table, as_of: table.filter(table[column] <= as_of.day.strftime("%Y-%m"))


def _connection(table: ibis.Table, as_of: AsOf) -> ibis.Table:
    """Stages after the day are blanked, and the status goes back to what it was then."""
    table = table.filter(_.applied_on.isnull() | (_.applied_on <= as_of.day))
    energised = table.energised_on.notnull() & (table.energised_on > as_of.day)
    began = ibis.coalesce(table.scheme_on, table.design_reviewed_on, table.inspected_on)
    status = ibis.ifelse(began.notnull() & (began <= as_of.day), "in_work", "applied")
    table = table.mutate(status=ibis.ifelse(energised, status, table.status))
    return _blank_days("scheme_on", "design_reviewed_on", "inspected_on", "energised_on")(table, as_of)


_ANY: Rule = lambda table, _as_of: table  # noqa: E731  # a rule like the others: always known

RULES: dict[str, Rule] = {
    "area": _ANY,
    "district": _ANY,
    "customer": _all(_day("since"), _blank_days("until")),
    "customer_contact": _ANY,
    "customer_attribute": _day("as_of"),
    "agreement": _day("start_on"),
    "usage_point": _ANY,
    "compliance_event": _day("occurred_on"),
    "external_rating": _day("as_of"),
    "customer_event": _day("occurred_on"),
    "connection_request": _connection,
    "industry_outlook": _day("as_of"),
    "economy_monthly": _economy,
    "interval_reading": _interval("start_at", "minutes"),
    "daily_usage": _day("day"),
    "area_load": _interval("start_at", "minutes"),
    "area_daily_peak": _day("day"),
    "area_station": _ANY,
    "weather_hourly": _interval("start_at", 60),
    "weather_daily": _day("day"),
    "bill": _bill,
    "payment": _day("paid_on"),
    "write_off": _day("written_on"),
    # dated lists that are published ahead: what is valid when is the analysis's question
    "supply_cost": _ANY,
    "network_cost": _ANY,
    "plan_price": _ANY,
    "fuel_price": _month("month"),
    "case": _all(
        _instant("opened_at"),
        _blank_instants(
            "responded_at",
            "closed_at",
            with_instant=dict.fromkeys(
                ("satisfaction", "resolution_code", "resolution", "handling_cost"),
                "closed_at",
            ),
        ),
    ),
    "case_event": _instant("at"),
    "survey_response": _day("answered_on"),
    "outage": _all(
        lambda table, as_of: table.filter(ibis.coalesce(table.announced_at, table.starts_at) < as_of.end),
        _blank_instants("ends_at"),
    ),
    "demand_input": _ANY,
    "topic_correction": _day("corrected_on"),
    "decision": _day("decided_on"),
    # plans for the future, known when they were entered
    "supply_capacity": _ANY,
    "energy_supply": _ANY,
    "flexible_load": _ANY,
    "shift_call": _interval("start_at", "minutes"),
}


def known(name: str, table: ibis.Table, as_of: AsOf) -> ibis.Table:
    """The rows of fact table ``name`` that were known at the end of ``as_of``, later stamps blanked."""
    return RULES[name](table, as_of)
