"""Rule sets: the version in force, the strictest of those that hold, what is refused."""

from datetime import date

import pytest

from lianxin.analyses.customer_quality.risk.dunning_rules import (
    DunningRulesInvalid,
    RulesInForce,
    in_force,
    packaged_rules,
    read_rules,
)
from lianxin.analyses.customer_quality.risk.lawful_days import dunning_days
from lianxin.analyses.customer_quality.risk.strictest import Set, copied_to_authority, disconnection_rules, fee_rates

LADDER = {
    "valid_from": date(2000, 1, 1),
    "source": "a test",
    "remind_before_due_days": 3,
    "remind_days_late": 1,
    "call_days_late": 8,
    "visit_days_late": 16,
    "legal_days_late": 180,
}


def rule(name: str, **more: object) -> dict[str, object]:
    return {
        "id": name,
        "jurisdiction": name,
        "name": {"zh": name, "en": name},
        "valid_from": date(2000, 1, 1),
        "source": "a test",
        "confidence": "assumption",
    } | more


def notice(residential: int, other: int, most: int | None = None) -> dict[str, int]:
    days = {"residential_days": residential, "other_days": other}
    return days if most is None else days | {"at_most_days": most}


def rules(*listed: dict[str, object]) -> RulesInForce:
    content = {"rule": list(listed), "ladder": [LADDER]}
    names = [str(one["jurisdiction"]) for one in listed]
    return in_force(read_rules(content, label="t"), on=date(2026, 1, 1), jurisdictions=names, label="t")


def packaged(*jurisdictions: str, on: date = date(2026, 6, 30)) -> RulesInForce:
    return in_force(packaged_rules(), on=on, jurisdictions=jurisdictions, label="packaged")


def test_the_rules_of_2024_hold_from_the_first_of_june():
    assert [one.id for one in packaged("national", on=date(2024, 5, 31)).rules] == ["cn-1996"]
    assert [one.id for one in packaged("national", on=date(2024, 6, 1)).rules] == ["cn-2024"]


def test_a_province_without_a_rule_yet_leaves_the_national_one():
    early = packaged("national", "province_example", on=date(2021, 12, 31))
    assert [one.id for one in early.rules] == ["cn-1996"]


def test_the_stricter_notice_governs_and_is_named():
    home = disconnection_rules(packaged("national", "province_example"), residential=True)
    assert home.notice_days == Set(7, "cn-province-example-2022")
    assert home.stop_after_days == Set(30, "cn-2024")
    assert home.final_notice_minutes == Set(60, "cn-province-example-2022")


def test_for_others_both_ask_three_days_and_the_first_is_named():
    firm = disconnection_rules(packaged("national", "province_example"), residential=False)
    assert firm.notice_days == Set(3, "cn-2024")
    assert firm.notice_at_most_days == Set(7, "cn-2024")


def test_nationally_a_resident_has_three_days_and_half_an_hour():
    home = disconnection_rules(packaged("national"), residential=True)
    assert (home.notice_days.value, home.final_notice_minutes) == (3, Set(30, "cn-2024"))
    assert home.stop_on_workdays is None


def test_days_off_are_the_suppliers_own_rule():
    every = disconnection_rules(packaged("national", "province_example", "supplier"), residential=True)
    assert every.stop_on_workdays == "supplier-practice"
    assert every.notice_after_limit == "supplier-practice"


def test_a_longer_notice_lifts_a_shorter_upper_limit():
    both = rules(rule("a", stop_after_days=30, notice=notice(3, 3, 7)), rule("b", notice=notice(10, 10)))
    needed = disconnection_rules(both, residential=True)
    assert (needed.notice_days, needed.notice_at_most_days) == (Set(10, "b"), Set(10, "b"))


def test_the_lowest_fee_governs():
    fee = {"residential": "0.001", "other_same_year": "0.002", "other_later_years": "0.003"}
    one = rule("a", stop_after_days=30, notice=notice(3, 3), late_fee=fee)
    rates = fee_rates(rules(one, rule("b", late_fee=fee | {"residential": "0.0005"})))
    assert rates is not None
    assert (str(rates.residential), str(rates.other_later_years)) == ("0.0005", "0.003")


def test_an_important_users_notice_is_copied_to_the_authority():
    assert copied_to_authority(packaged("national"), importance="second") == "cn-2024"
    assert copied_to_authority(packaged("national"), importance="none") is None


@pytest.mark.parametrize(
    ("jurisdictions", "residential", "days"),
    [
        (("national",), True, 31),  # the notice runs within the thirty days
        (("national", "province_example", "supplier"), True, 38),  # 31 and then seven
        (("national", "province_example", "supplier"), False, 34),
    ],
)
def test_days_to_a_stop_for_the_exposure(jurisdictions: tuple[str, ...], residential: bool, days: int):
    assert dunning_days(disconnection_rules(packaged(*jurisdictions), residential=residential)) == days


def test_unknown_keys_are_refused_by_name():
    with pytest.raises(DunningRulesInvalid, match="stop_after_day"):
        read_rules({"rule": [rule("a", stop_after_day=30)], "ladder": [LADDER]}, label="policies/dunning.toml")


def test_an_unknown_jurisdiction_is_refused_by_name():
    with pytest.raises(DunningRulesInvalid, match="atlantis"):
        packaged("national", "atlantis")


def test_a_day_before_any_rule_is_refused():
    with pytest.raises(DunningRulesInvalid, match="1990-01-01"):
        packaged("national", on=date(1990, 1, 1))


def test_a_ladder_out_of_order_is_refused():
    with pytest.raises(DunningRulesInvalid, match="follow each other"):
        read_rules({"rule": [rule("a")], "ladder": [LADDER | {"call_days_late": 17}]}, label="t")


def test_a_fee_finer_than_a_hundred_thousandth_is_refused():
    fee = {"residential": "0.000001", "other_same_year": "0.002", "other_later_years": "0.003"}
    with pytest.raises(DunningRulesInvalid, match="late_fee"):
        read_rules({"rule": [rule("a", late_fee=fee)], "ladder": [LADDER]}, label="t")
