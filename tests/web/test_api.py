"""The programming interface: tokens, scope, exact figures, and no request that makes it fall over."""

import json

import pytest
import schemathesis
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance

from lianxin.desk.accounts.models import ApiToken
from lianxin.desk.accounts.tokens import issue
from lianxin.desk.config.wsgi import application
from lianxin.desk.decisions.models import Decision
from lianxin.desk.jobs.models import Job

pytestmark = pytest.mark.django_db


@pytest.fixture
def ask(desk, client):
    """``ask(role)`` gives a function that calls the interface with a token of that role."""

    def of(role, *, may_write=False, districts=None):
        user = desk(role, districts=districts).user
        token = issue(user, name="test", may_write=may_write)

        def call(method, path, content=None, **headers):
            body = {} if content is None else {"data": json.dumps(content), "content_type": "application/json"}
            sent = {"authorization": f"Bearer {token}", **headers}
            return getattr(client, method)(f"/api/{path}", headers=sent, **body)

        return call

    return of


def test_without_a_token_nothing_is_said(client, served):
    assert client.get("/api/results").status_code == 401
    assert client.get("/api/results", headers={"authorization": "Bearer lx_wrong"}).status_code == 401


def test_a_token_is_kept_as_a_hash_only(desk):
    token = issue(desk("director").user, name="t", may_write=False)
    assert token not in str(list(ApiToken.objects.values_list()))


def test_amounts_keep_their_decimals(ask):
    page = ask("director")("get", "results/payment_term_advice?sort=customer_id").json()
    assert page["rows"][0]["expected_cost_current"] == "900.0000"
    assert (page["total"], page["run_id"]) == (3, "20260701T000000-abc123")


def test_an_answer_that_is_known_is_not_sent_again(ask):
    call = ask("director")
    tag = call("get", "results/customer_tier")["ETag"]
    assert call("get", "results/customer_tier", **{"if-none-match": tag}).status_code == 304
    assert call("get", "results/customer_tier?page=2", **{"if-none-match": tag}).status_code == 200


def test_filters_order_and_pages(ask):
    call = ask("director")
    page = call("get", "results/customer_tier?size=1&sort=-score").json()
    assert (page["pages"], [row["customer_id"] for row in page["rows"]]) == (2, ["1001"])
    assert call("get", "results/customer_tier?f.tier=core").json()["rows"][0]["customer_id"] == "2001"


def test_districts_limit_a_token_too(ask):
    call = ask("director", districts=["D2"])
    assert [row["customer_id"] for row in call("get", "results/customer_tier").json()["rows"]] == ["2001"]
    assert call("get", "customers/1001").status_code == 404
    assert call("get", "cases/C1").status_code == 404


def test_names_of_persons_stay_masked(ask):
    names = {row["customer_id"]: row["name"] for row in ask("load_planner")("get", "customers").json()["rows"]}
    assert names["1002"] == "王**"


def test_words_of_a_case_take_the_right(ask):
    assert ask("service_analyst")("get", "cases/C1").json()["case"]["text"] == "停电"
    assert "text" not in ask("pricing_analyst")("get", "cases/C1").json()["case"]


def test_a_reading_token_decides_nothing(ask):
    given = {"result": "payment_term_advice", "key": {"customer_id": "1001"}, "action": "accept"}
    assert ask("credit_controller")("post", "decisions", given).status_code == 403
    assert not Decision.objects.exists()
    made = ask("credit_controller", may_write=True)("post", "decisions", given)
    assert (made.status_code, made.json()["state"]) == (201, "waiting")


def test_a_refusal_without_a_reason_is_named_in_both_languages(ask):
    given = {"result": "payment_term_advice", "key": {"customer_id": "1001"}, "action": "refuse"}
    refused = ask("credit_controller", may_write=True)("post", "decisions", given)
    assert refused.status_code == 422
    assert set(refused.json()) == {"message_zh", "message_en"}


def test_an_import_is_queued(desk, client):
    token = issue(desk("administrator").user, name="t", may_write=True)
    file = SimpleUploadedFile("d.csv", b"district_id\nD8\n")
    sent = {"authorization": f"Bearer {token}"}
    assert client.post("/api/imports/district", {"file": file}, headers=sent).status_code == 202
    file = SimpleUploadedFile("d.exe", b"x")
    assert client.post("/api/imports/district", {"file": file}, headers=sent).status_code == 422
    assert Job.objects.count() == 1


def test_random_requests_break_nothing(desk):
    """What schemathesis makes of the interface's own description: no server error, answers as described."""
    token = issue(desk("administrator").user, name="t", may_write=True)
    described = schemathesis.openapi.from_wsgi("/api/openapi.json", application)
    checks = [not_a_server_error, content_type_conformance, response_schema_conformance]

    for operation in described.get_all_operations():

        @settings(max_examples=12, database=None, suppress_health_check=list(HealthCheck))
        @given(case=operation.ok().as_strategy())
        def call(case):
            answer = case.call(headers={"Authorization": f"Bearer {token}"})
            case.validate_response(answer, checks=checks)

        call()
