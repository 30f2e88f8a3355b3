"""Every page answers in both languages, before and after log-in; wrong input is named."""

import pytest

from lianxin.contracts.results import RESULTS
from lianxin.desk.results.pages import PAGES

pytestmark = pytest.mark.django_db
ADDRESSES = [
    "/",
    "/customers/",
    "/customers/1001/",
    "/cases/C1/",
    "/decisions/",
    "/decisions/history/",
    "/data/",
    "/data/model-cards/",
    "/price/what-if/",
    "/forecast/peak-shift/",
    "/account/",
    "/data/runs/20260701T000000-abc123/",
    "/results/customer_tier/",
    "/results/hot_issue/",
    *(f"/{place}/" for place in PAGES),
]


def text(response):
    return response.content.decode("utf-8")


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("address", ADDRESSES)
def test_a_page_answers_in_the_users_language(desk, address, language):
    response = desk("director", language=language).get(address)
    assert response.status_code == 200
    assert f'<html lang="{"zh-CN" if language == "zh" else "en"}">' in text(response)
    assert ("总览" in text(response)) == (language == "zh")


@pytest.mark.parametrize("address", [*ADDRESSES, "/system/", "/results/customer_tier/export/"])
def test_nobody_gets_in_without_a_log_in(client, desk, address):
    assert client.get(address)["Location"].startswith("/login/")


def test_no_page_asks_another_host(desk):
    for address in ADDRESSES:
        page = text(desk("director").get(address))
        assert "http://" not in page.replace("http://www.w3.org", "")
        assert "https://" not in page


def test_every_result_has_a_list_or_says_what_would_fill_it(desk):
    client = desk("director")
    for name in RESULTS:
        page = text(client.get(f"/results/{name}/"))
        assert 'id="list-' in page or "lianxin run" in page


def test_a_list_is_filtered_and_ordered_by_its_address(desk):
    client = desk("director")
    page = text(client.get("/results/customer_tier/?f.score.from=80"))
    assert "1001" in page
    assert "2001" not in page
    page = text(client.get("/results/customer_tier/?sort=score"))
    assert page.index("/customers/2001/") < page.index("/customers/1001/")
    assert "没有符合筛选条件的行" in text(client.get("/results/customer_tier/?f.customer_id.contains=' OR 1=1 --"))


def test_odd_addresses_do_no_harm(desk):
    client = desk("director")
    for query in (
        "page=999999",
        "page=-1",
        "page=x",
        "sort=nonsense",
        "f.nonsense=1",
        "f.score.from=x",
        "cols=a,b",
        "size=9",
    ):
        assert client.get(f"/results/customer_tier/?{query}").status_code == 200
    assert client.get("/results/nonsense/").status_code == 404
    assert client.get("/customers/' OR 1=1/").status_code == 404
    assert client.get("/results/customer_tier/export/?format=exe").status_code == 404


def test_a_reason_is_shown_in_the_users_language(desk):
    assert "利润高" in text(desk("director").get("/results/customer_tier/"))
    assert "high profit" in text(desk("director", language="en").get("/results/customer_tier/"))


def test_a_meter_leads_to_its_customer(desk):
    assert desk("director").get("/customers/?q=M-0003")["Location"] == "/customers/2001/"
    assert desk("director").get("/usage-points/U1/")["Location"] == "/customers/1001/"


def test_the_security_headers_stand(desk):
    response = desk("director").get("/")
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"


def test_five_wrong_passwords_lock_the_account(client, desk):
    name = desk("director").user.username
    for _attempt in range(5):
        response = client.post("/login/", {"username": name, "password": "wrong"})
    assert response.status_code == 429
    assert client.post("/login/", {"username": name, "password": "correct-horse-9"}).status_code == 429


def test_only_administrators_reach_the_system_pages(desk):
    assert desk("director").get("/system/").status_code == 403
    assert desk("administrator").get("/system/").status_code == 200


def test_a_weak_password_is_refused(desk):
    client = desk("administrator")
    given = {"username": "new", "role": "director", "password": "12345", "is_active": "1"}
    assert "至少 10 位" in text(client.post("/system/users/new/", given))
    assert client.post("/system/users/new/", given | {"password": "long-enough-77"}).status_code == 302
