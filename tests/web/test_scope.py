"""Districts limit what one sees: pages, lists, search, exports, decisions."""

import json

import pytest

pytestmark = pytest.mark.django_db


def text(response):
    return response.content.decode("utf-8")


def test_somebody_of_one_district_finds_only_its_customers(desk):
    page = text(desk("credit_controller", districts=["D1"]).get("/customers/"))
    assert "1001" in page
    assert "2001" not in page


def test_the_page_of_a_customer_elsewhere_is_not_there(desk):
    client = desk("credit_controller", districts=["D1"])
    assert client.get("/customers/1001/").status_code == 200
    assert client.get("/customers/2001/").status_code == 404


def test_an_export_holds_only_rows_of_ones_districts(desk):
    content = text(desk("director", districts=["D2"]).get("/results/customer_tier/export/?format=csv"))
    assert "2001" in content
    assert "1001" not in content


def test_search_finds_nothing_of_other_districts(desk):
    assert "东风机械" not in text(desk("director", districts=["D2"]).get("/customers/?q=东风"))


def test_a_proposal_of_another_district_cannot_be_decided(desk):
    client = desk("credit_controller", districts=["D2"])
    key = json.dumps({"customer_id": "1001"})
    response = client.post("/decisions/payment_term_advice/decide/", {"key": key, "action": "accept"})
    assert response.status_code == 404


def test_figures_of_the_overview_count_ones_districts_only(desk):
    # D1 alone: 2,000 kWh for 1,500.00 in 2026-06
    page = text(desk("director", districts=["D1"]).get("/"))
    assert "0.750" in page
    # both: 6,000 kWh for 4,100.00
    assert "0.683" in text(desk("director").get("/"))
