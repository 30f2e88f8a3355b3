"""Names of persons are masked; to see a contact takes a right and is kept."""

import pytest

from lianxin.desk.accounts.models import Unmasking

pytestmark = pytest.mark.django_db


def text(response):
    return response.content.decode("utf-8")


def test_a_persons_name_is_masked_and_an_organisations_is_not(desk):
    page = text(desk("credit_controller").get("/customers/"))
    assert "王小明" not in page
    assert "王**" in page
    assert "东风机械有限公司" in page


def test_a_look_at_a_contact_is_kept(desk):
    client = desk("credit_controller")
    assert "13900001234" not in text(client.get("/customers/1002/"))
    assert "13900001234" in text(client.post("/customers/1002/unmask/"))
    assert list(Unmasking.objects.values_list("user", "customer_id")) == [(client.user.pk, "1002")]


def test_a_role_without_the_right_sees_no_contact_and_finds_nobody_by_name(desk):
    client = desk("load_planner")
    assert client.post("/customers/1002/unmask/").status_code == 403
    assert "1002" not in text(client.get("/customers/?q=王小明"))
    assert not Unmasking.objects.exists()


def test_the_words_of_a_case_are_for_those_who_may_see_personal_data(desk):
    assert "停电" in text(desk("service_analyst").get("/cases/C1/"))
    assert "停电" not in text(desk("pricing_analyst").get("/cases/C1/"))
