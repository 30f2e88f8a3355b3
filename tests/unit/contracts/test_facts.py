"""Every table of SPEC.md 3 is there with its columns and its key, and every code of its lists."""

import pytest

from lianxin.contracts.as_of import RULES
from lianxin.contracts.codes import CODE_LISTS, code_lists, fold
from lianxin.contracts.facts import FACTS
from lianxin.contracts.fields import Kind
from lianxin.contracts.results import RESULTS

# Written by hand from SPEC.md 3: the table, its columns, the key marked.
SPECIFIED = """
area: area_id* name parent_id region
district: district_id* name parent_id area_id kind
customer: customer_id* name customer_class industry_code district_id since until protected importance social_support
customer_contact: customer_id* contact_name phone email address
customer_attribute: customer_id* name* as_of* number text
agreement: agreement_id* customer_id plan_id market_mode voltage_level capacity_kva demand_basis contract_demand_kw
  power_factor_standard payment_terms deposit_amount start_on end_on
usage_point: usage_point_id* agreement_id meter_no multiplier feeder_id transformer_id
interval_reading: usage_point_id* start_at* minutes kwh kvarh kvarh_leading quality
daily_usage: usage_point_id* day* kwh
bill: bill_id* agreement_id customer_id plan_id billing_month period_start period_end issued_on due_on kwh kwh_sharp
  kwh_peak kwh_flat kwh_valley kwh_deep_valley kvarh max_demand_kw energy_amount demand_amount power_factor_amount
  fund_amount other_amount total_amount purchase_amount loss_amount transmission_amount system_amount tax_amount
payment: payment_id* bill_id customer_id paid_on amount channel
write_off: write_off_id* bill_id written_on amount
case: case_id* channel case_type customer_id district_id feeder_id process_step opened_at responded_at closed_at subject
  text topic_label resolution_code satisfaction handling_cost
case_event: case_id* at* kind* handler_group
survey_response: response_id* survey_id customer_id answered_on question score scale_max comment
compliance_event: event_id* customer_id kind occurred_on amount
external_rating: customer_id* source* kind* as_of* grade score
customer_event: event_id* customer_id kind occurred_on
connection_request: request_id* customer_id district_id kind supply_kind customer_class capacity_kva applied_on
  scheme_on design_reviewed_on inspected_on energised_on expected_on waiting_days status
outage: outage_id* kind feeder_id district_id announced_at starts_at ends_at planned_end_at customers
area_load: area_id* customer_class* start_at* minutes kw
area_daily_peak: area_id* customer_class* day* max_kw min_kw
area_station: area_id* station_id* weight
weather_hourly: station_id* start_at* temperature_c humidity_pct
weather_daily: station_id* day* min_c max_c mean_c condition
economy_monthly: region* indicator* month* value published_on
industry_outlook: industry_code* as_of* outlook note
supply_capacity: area_id* start_at* minutes available_kw
energy_supply: area_id* month* source* kwh price
supply_cost: area_id* valid_from* band* per_kwh
network_cost: voltage_level* valid_from* per_kwh
plan_price: plan_id* month* component* price
fuel_price: region* fuel* month* price unit
flexible_load: customer_id* measure* kw safety_kw min_notice_hours max_hours cost_per_kwh rebound_share rebound_hours
shift_call: customer_id* start_at* minutes kw
demand_input: demand* topic_id cost feasibility avoidable_share source
topic_correction: case_id* topic_id corrected_on
decision: decision_id* result key action value promised_value reason decided_by decided_on
"""
TABLES = {
    line.split(":")[0]: line.split(":")[1].split() for line in SPECIFIED.replace("\n  ", " ").strip().splitlines()
}

# Written by hand from SPEC.md 2.
REQUIRED = {
    "customer": {"customer_id", "customer_class"},
    "agreement": {"agreement_id", "customer_id"},
    "bill": {"bill_id", "customer_id", "total_amount"},
    "payment": {"payment_id", "bill_id", "paid_on", "amount"},
    "case": {"case_id", "opened_at"},
    "interval_reading": {"usage_point_id", "start_at", "minutes", "kwh"},
    "area_load": {"area_id", "customer_class", "start_at", "minutes", "kw"},
}

# Written by hand from SPEC.md 3.
CODES = {
    "customer_class": "all residential commercial non_industrial general_industrial large_industrial "
    "industrial_commercial agricultural other",
    "channel": "hall hotline web app mail visit meeting card other",
    "payment_channel": "bank direct_debit hall app web third_party prepaid_meter other",
    "case_type": "inquiry complaint report suggestion opinion praise repair application",
    "demand_basis": "none capacity contract_demand actual_demand",
    "payment_terms": "postpaid split_monthly deposit prepaid",
    "band": "sharp peak flat valley deep_valley",
    "quality": "measured estimated substituted",
    "district_kind": "urban rural remote",
    "importance": "none special first second temporary",
    "market_mode": "regulated agency retail wholesale",
    "case_event_kind": "assigned contacted arrived restored waiting_customer resumed reopened closed",
    "compliance_kind": "theft unauthorised_use over_capacity resale breach",
    "external_rating_kind": "tax court_dishonest bank environment supplier other",
    "customer_event_kind": "churn switch renewal closure default move",
    "connection_kind": "new increase decrease suspend close",
    "supply_kind": "residential low_voltage hv_single hv_double",
    "connection_status": "applied in_work waiting_customer energised cancelled",
    "outage_kind": "planned temporary fault",
    "measure": "respond shift avoid limit",
}


def test_the_tables_are_those_of_the_specification():
    assert set(FACTS) == set(TABLES)
    assert set(RULES) == set(TABLES)  # each has its rule of what is known when


@pytest.mark.parametrize("name", TABLES)
def test_columns_and_keys(name):
    table = FACTS[name]
    assert [column for column in TABLES[name] if column.removesuffix("*") not in table] == []
    assert set(table.key) == {column[:-1] for column in TABLES[name] if column.endswith("*")}


@pytest.mark.parametrize("name", REQUIRED)
def test_required_columns(name):
    assert {field.name for field in FACTS[name].fields if field.must_be_present} == REQUIRED[name]


def test_measured_values_may_be_empty_and_keys_may_not():
    assert not FACTS["interval_reading"]["kwh"].must_have_value
    assert FACTS["interval_reading"]["start_at"].must_have_value


@pytest.mark.parametrize("name", CODES)
def test_codes(name):
    assert set(CODE_LISTS[name].codes) == set(CODES[name].split())


def test_every_code_column_names_a_list_and_every_list_is_used():
    tables = (*FACTS.values(), *RESULTS.values())
    used = {field.codes for table in tables for field in table.fields if field.kind is Kind.CODE}
    assert used == set(CODE_LISTS)


def test_every_parent_is_a_table_with_a_key_of_one_column():
    parents = {field.parent for table in FACTS.values() for field in table.fields if field.parent}
    assert all(len(FACTS[parent].key) == 1 for parent in parents)


@pytest.mark.parametrize("table", FACTS.values(), ids=FACTS)
def test_no_two_columns_of_a_table_share_a_header(table):
    for titles in ([field.title.zh for field in table.fields], [fold(field.title.en) for field in table.fields]):
        assert len(set(titles)) == len(titles)


@pytest.mark.parametrize("code_list", CODE_LISTS.values(), ids=CODE_LISTS)
def test_every_code_is_found_by_itself_and_by_its_names(code_list):
    accepted = code_list.lookup()
    for code, names in code_list.codes.items():
        assert [accepted[fold(word)] for word in (code, names.zh, names.en, code.upper())] == [code] * 4


def test_a_workspace_can_add_a_code():
    lists = code_lists({"channel": {"kiosk": {"zh": "自助终端"}}})
    assert lists["channel"].lookup()[fold("自助终端")] == "kiosk"
    assert "kiosk" not in CODE_LISTS["channel"].codes
    with pytest.raises(KeyError, match="chanel"):
        code_lists({"chanel": {}})
