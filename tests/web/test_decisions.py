"""Decisions: who may, what needs a reason, the second pair of eyes, and back to the facts."""

import json

import polars as pl
import pytest

from lianxin.desk.decisions.models import Decision
from lianxin.desk.decisions.writing_back import write_back

pytestmark = pytest.mark.django_db
TERMS = "/decisions/payment_term_advice/decide/"
KEY = json.dumps({"customer_id": "1001"})


def text(response):
    return response.content.decode("utf-8")


def test_only_advice_that_changes_something_waits(desk):
    page = text(desk("credit_controller").get("/decisions/?kind=payment_term_advice"))
    assert "/customers/1001/" in page
    assert "/customers/2001/" in page
    assert "/customers/2002/" not in page


def test_terms_wait_for_somebody_else_to_agree(desk):
    controller, director = desk("credit_controller"), desk("director")
    controller.post(TERMS, {"key": KEY, "action": "accept"})
    decision = Decision.objects.get()
    assert (decision.state, decision.promised_value, decision.value) == ("waiting", 500, "deposit")
    controller.post(f"/decisions/{decision.pk}/approve/", {"agree": "yes"})
    decision.refresh_from_db()
    assert decision.state == "waiting"
    director.post(f"/decisions/{decision.pk}/approve/", {"agree": "yes"})
    decision.refresh_from_db()
    assert (decision.state, decision.approved_by) == ("in_force", director.user)
    assert decision.history.count() == 2


def test_nobody_agrees_to_their_own_decision(desk):
    director = desk("director")
    director.post(TERMS, {"key": KEY, "action": "accept"})
    page = text(director.post(f"/decisions/{Decision.objects.get().pk}/approve/", {"agree": "yes"}, follow=True))
    assert "复核人不能是决定人本人" in page
    assert Decision.objects.get().state == "waiting"


def test_a_refusal_needs_a_reason(desk):
    client = desk("credit_controller")
    assert "须写明理由" in text(client.post(TERMS, {"key": KEY, "action": "refuse"}, follow=True))
    assert not Decision.objects.exists()
    client.post(TERMS, {"key": KEY, "action": "refuse", "reason": "客户已提供担保"})
    assert Decision.objects.get().state == "in_force"


def test_a_role_that_does_not_decide_changes_nothing(desk):
    client = desk("pricing_analyst")
    client.post(TERMS, {"key": KEY, "action": "accept"})
    assert not Decision.objects.exists()


def test_decisions_in_force_become_facts_once(desk, served):
    desk("credit_controller").post(TERMS, {"key": KEY, "action": "refuse", "reason": "=1+1"})
    assert write_back() == 1
    assert write_back() == 0
    rows = pl.concat([pl.read_parquet(uri) for uri in served.facts.uris("decision")])
    written = rows.filter(pl.col("decision_id") == f"desk-{Decision.objects.get().pk}").to_dicts()
    assert [(row["result"], row["key"], row["action"], row["reason"]) for row in written] == [
        ("payment_term_advice", KEY, "refuse", "=1+1")
    ]
