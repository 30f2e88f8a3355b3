"""Which recorded decisions count as a notice or a stop of the present arrears."""

from datetime import date

import polars as pl

from lianxin.analyses.customer_quality.risk.config import RiskSettings
from lianxin.analyses.customer_quality.risk.steps_taken import last_steps

OLDEST = pl.DataFrame({"customer_id": ["C"], "oldest_due_on": [date(2026, 5, 20)]})


def taken(*rows: tuple[str, str, str | None, date]) -> dict[str, object] | None:
    columns = {"key": pl.String, "action": pl.String, "value": pl.String, "decided_on": pl.Date}
    decided = pl.DataFrame(rows, schema=columns, orient="row")
    found = last_steps(decided, oldest=OLDEST, done_words=RiskSettings().done_words).to_dicts()
    return {name: value for name, value in found[0].items() if name != "customer_id"} if found else None


def test_an_accepted_step_is_read_from_its_value():
    assert taken(("C", "accept", "written_notice", date(2026, 6, 22))) == {
        "noticed_on": date(2026, 6, 22),
        "stop_decided_on": None,
    }


def test_the_workbench_writes_its_key_as_json():
    assert taken(('{"customer_id": "C"}', "accept", "written_notice", date(2026, 6, 22))) == {
        "noticed_on": date(2026, 6, 22),
        "stop_decided_on": None,
    }


def test_a_step_may_also_be_the_action_itself():
    found = taken(
        ("C", "written_notice", None, date(2026, 6, 22)), ("C", "propose_disconnection", None, date(2026, 6, 23))
    )
    assert found == {"noticed_on": date(2026, 6, 22), "stop_decided_on": date(2026, 6, 23)}


def test_a_refused_step_was_not_taken():
    assert taken(("C", "refuse", "written_notice", date(2026, 6, 22))) == {"noticed_on": None, "stop_decided_on": None}


def test_what_belongs_to_earlier_arrears_is_forgotten():
    assert taken(("C", "accept", "written_notice", date(2026, 5, 20))) is None


def test_a_stop_decided_before_the_last_notice_does_not_hold():
    found = taken(
        ("C", "accept", "propose_disconnection", date(2026, 6, 20)),
        ("C", "accept", "written_notice", date(2026, 6, 22)),
    )
    assert found == {"noticed_on": date(2026, 6, 22), "stop_decided_on": None}
