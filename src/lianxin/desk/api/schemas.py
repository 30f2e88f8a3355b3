"""What the programming interface takes and gives."""

from datetime import date
from typing import Any, Literal

from ninja import Field, Schema


class RunOut(Schema):
    """A run."""

    run_id: str
    as_of: date
    analyses: list[str]
    engine: str
    status: str
    started_at: str
    finished_at: str
    tables: dict[str, int]


class ColumnOut(Schema):
    """A column of a result."""

    name: str
    kind: str
    unit: str | None
    key: bool
    title_zh: str
    title_en: str


class TableOut(Schema):
    """A result table and the run that last made it."""

    name: str
    analysis: str
    title_zh: str
    title_en: str
    run_id: str | None
    rows: int
    columns: list[ColumnOut]


class PageOut(Schema):
    """One page of rows; amounts are texts with their decimals, instants ISO 8601 in UTC."""

    run_id: str
    as_of: date
    page: int
    pages: int
    total: int
    rows: list[dict[str, Any]]


class CustomersOut(Schema):
    """One page of customers."""

    page: int
    pages: int
    total: int
    rows: list[dict[str, Any]]


class CustomerOut(Schema):
    """All that is known of one customer; ``results`` by the name of the result."""

    customer: dict[str, Any]
    agreements: list[dict[str, Any]]
    usage_points: list[dict[str, Any]]
    results: dict[str, list[dict[str, Any]]]


class CaseOut(Schema):
    """One case; ``text`` and ``subject`` only with the right to see personal data."""

    case: dict[str, Any]
    events: list[dict[str, Any]]
    topic: dict[str, Any] | None
    promises: list[dict[str, Any]]
    alike: list[str]


class DecisionIn(Schema):
    """A decision on a proposal: a row of a result, named by its key columns."""

    result: str
    key: dict[str, str]
    action: Literal["accept", "change", "refuse", "assign"]
    value: str = Field("", max_length=300)
    reason: str = Field("", max_length=2000)
    due_on: date | None = None


class DecisionOut(Schema):
    """A decision as it stands."""

    id: int
    result: str
    key: dict[str, Any]
    action: str
    value: str
    reason: str
    state: str
    decided_by: str
    decided_on: date


class JobOut(Schema):
    """A background job."""

    id: int
    kind: str
    state: str
    step: str
    share: float
    outcome: dict[str, Any]
    message_zh: str
    message_en: str


class RunIn(Schema):
    """A run that is asked for; no analyses means all."""

    analyses: list[str] = []
    as_of: date


class Refusal(Schema):
    """Why a request was refused, in both languages."""

    message_zh: str
    message_en: str
