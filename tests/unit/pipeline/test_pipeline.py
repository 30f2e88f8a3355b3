"""Steps, bottlenecks and what is expected, from requests worked out by hand."""

from datetime import date, timedelta

import polars as pl

from lianxin.analyses.demand_forecast.pipeline.bottleneck import bottlenecks
from lianxin.analyses.demand_forecast.pipeline.config import PipelineConfig
from lianxin.analyses.demand_forecast.pipeline.expected import expected
from lianxin.analyses.demand_forecast.pipeline.steps import requests, steps
from lianxin.contracts.analysis import AnalysisInput
from lianxin.contracts.facts import FACTS
from lianxin.lake.schemas import file_schema

CONFIG = PipelineConfig()
AS_OF = date(2026, 6, 30)


class Given:
    """As much of the input as the requests need."""

    def __init__(self, rows: list[dict]) -> None:
        import ibis

        schema = file_schema(FACTS["connection_request"])
        whole = [{name: row.get(name) for name in schema.names} for row in rows]
        self._table = ibis.memtable(schema.empty_table().from_pylist(whole, schema=schema))

    def facts(self, _name: str) -> object:
        return self._table

    def rows(self, expression: object) -> object:
        return expression.to_pyarrow()


def given(rows: list[dict]) -> AnalysisInput:
    return Given(rows)


def request(number: int, applied: date, *days: int | None, **more: object) -> dict:
    """Stamps so many days after the application."""
    stamps = dict(zip(("scheme_on", "design_reviewed_on", "inspected_on", "energised_on"), days, strict=False))
    return {
        "request_id": f"R{number:03d}",
        "district_id": "d1",
        "customer_class": "large_industrial",
        "kind": "new",
        "supply_kind": "hv_single",
        "capacity_kva": 100.0,
        "applied_on": applied,
        "status": "energised" if stamps.get("energised_on") is not None else "in_work",
        **{name: None if value is None else applied + timedelta(days=value) for name, value in stamps.items()},
        **more,
    }


def test_days_of_a_step_leave_out_waiting_and_pass_over_missing_stamps() -> None:
    rows = [
        request(1, date(2026, 1, 1), 5, 10, 40, 45, waiting_days=12),
        request(2, date(2026, 1, 1), 5, None, 20, None),
        request(3, date(2026, 1, 1), 5, status="cancelled"),
    ]
    frame = requests(given(rows))
    assert frame["stage"].to_list() == ["energised", "inspected"]
    found = steps(frame, as_of=AS_OF, config=CONFIG)
    by_stage = {name: sorted(part["days"].to_list()) for (name,), part in found.group_by("stage")}
    assert by_stage == {"scheme": [5.0, 5.0], "design_reviewed": [5.0], "inspected": [15.0, 18.0], "energised": [5.0]}


def test_open_requests_are_expected_after_the_days_that_are_left() -> None:
    done = [request(number, date(2026, 1, 1), 5, 10, 30, 40) for number in range(3)]
    waiting = request(9, date(2026, 6, 15), 5, capacity_kva=250.0)
    leaving = request(10, date(2026, 6, 20), capacity_kva=80.0, kind="decrease", status="applied")
    frame = requests(given([*done, waiting, leaving]))
    found = expected(frame, steps(frame, as_of=AS_OF, config=CONFIG), as_of=AS_OF, config=CONFIG)
    # scheme on 20 June: 35 days are left, so 25 July; applied on 20 June: 40 days, so 30 July
    assert found.select("month", "requests", "kva", "expected_kva").rows() == [("2026-07", 2, 330.0, 170.0)]


def test_a_step_that_takes_a_district_far_longer_is_a_bottleneck() -> None:
    rows = []
    for number in range(40):
        district = f"d{number % 4}"
        review = 6 + number % 5 if district != "d2" else 25 + number % 9
        rows.append(
            request(
                number, date(2026, 1, 1), 8 + number % 3, 8 + review, 40 + review, 45 + review, district_id=district
            )
        )
    frame = requests(given(rows))
    found = bottlenecks(steps(frame, as_of=AS_OF, config=CONFIG), config=CONFIG)
    assert found.select("district_id", "stage").rows() == [("d2", "design_reviewed")]
    alike = frame.filter(pl.col("district_id") != "d2")
    assert bottlenecks(steps(alike, as_of=AS_OF, config=CONFIG), config=CONFIG).is_empty()
