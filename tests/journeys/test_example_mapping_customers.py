"""Customers, bills, attributes and texts by the example mappings, held against the files read without the product."""

import io
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
from openpyxl.utils.escape import unescape

pytestmark = [pytest.mark.real_data, pytest.mark.slow, pytest.mark.xdist_group("example_mappings")]

MONTHS = ("2005-09", "2005-08", "2005-07", "2005-06", "2005-05", "2005-04", "2005-03")


def _csv(path: Path) -> pl.DataFrame:
    return pl.read_csv(path, infer_schema_length=None)


def _sheet(path: Path) -> list[dict[str, Any]]:
    header, *rows = openpyxl.load_workbook(path, read_only=True).worksheets[0].iter_rows(values_only=True)
    # the sheets end with thousands of empty rows
    return [dict(zip(map(str, header), row, strict=True)) for row in rows if any(row)]


@pytest.fixture(scope="module")
def payers(shared_data: Path) -> pl.DataFrame:
    return _csv(shared_data / "uci_credit" / "UCI_Credit_Card.csv")


@pytest.fixture(scope="module")
def businesses(shared_data: Path) -> pl.DataFrame:
    return _csv(shared_data / "powerco" / "client_data.csv")


def test_powerco_agreements_hold_power_and_dates(tried: Any, businesses: pl.DataFrame) -> None:
    agreements = tried.table("powerco", "agreement").sort("agreement_id")
    source = businesses.sort("id")
    assert agreements["contract_demand_kw"].to_list() == source["pow_max"].to_list()
    assert agreements["start_on"].to_list() == source["date_activ"].str.to_date().to_list()
    assert agreements["end_on"].to_list() == source["date_end"].str.to_date().to_list()
    assert agreements["customer_id"].equals(agreements["agreement_id"].rename("customer_id"))


def test_powerco_attributes_add_up_to_their_columns(tried: Any, businesses: pl.DataFrame) -> None:
    facts = tried.table("powerco", "customer_attribute").filter(as_of=date(2016, 1, 31))
    sums = dict(facts.group_by("name").agg(pl.col("number").sum()).iter_rows())
    for column in ("cons_12m", "forecast_cons_12m", "net_margin", "margin_gross_pow_ele", "pow_max"):
        assert sums[column] == pytest.approx(businesses[column].sum(), rel=1e-12)
    words = dict(facts.filter(pl.col("text").is_not_null()).group_by("name").len().iter_rows())
    assert words == {
        "channel_sales": (businesses["channel_sales"] != "MISSING").sum(),
        "origin_up": (businesses["origin_up"] != "MISSING").sum(),
        "has_gas": 14_606,
        "date_modif_prod": 14_606,
        "date_renewal": 14_606,
    }


def test_powerco_prices_keep_month_and_band(tried: Any, shared_data: Path) -> None:
    facts = tried.table("powerco", "customer_attribute").filter(pl.col("name").str.starts_with("price_"))
    source = pl.read_parquet(shared_data / "powerco" / "price_data.parquet")
    for column in source.columns[2:]:
        here = facts.filter(name=column).group_by("as_of").agg(pl.col("number").sum()).sort("as_of")
        there = source.group_by(pl.col("price_date").str.to_date()).agg(pl.col(column).sum()).sort("price_date")
        assert here["as_of"].to_list() == there["price_date"].to_list()
        assert here["number"].to_list() == pytest.approx(there[column].to_list(), rel=1e-12)


def test_powerco_events_are_those_who_left(tried: Any, businesses: pl.DataFrame) -> None:
    events = tried.table("powerco", "customer_event")
    assert set(events["customer_id"]) == set(businesses.filter(churn=1)["id"])
    assert events.select("kind", "occurred_on").unique().rows() == [("churn", date(2016, 4, 30))]


def test_uci_bills_add_up_by_month(tried: Any, payers: pl.DataFrame) -> None:
    bills = tried.table("uci_credit", "bill")
    totals = dict(bills.group_by("billing_month").agg(pl.col("total_amount").cast(pl.Float64).sum()).iter_rows())
    assert totals == {MONTHS[number - 1]: payers[f"BILL_AMT{number}"].sum() for number in range(1, 7)}
    september = bills.filter(bill_id="17-2005-09").row(0, named=True)
    assert float(september["total_amount"]) == payers.filter(ID=17)["BILL_AMT1"].item()
    assert (september["issued_on"], september["due_on"]) == (date(2005, 9, 30), date(2005, 10, 31))
    assert not september["due_on_assumed"]


def test_uci_payments_go_to_the_statement_of_the_month_before(tried: Any, payers: pl.DataFrame) -> None:
    payments = tried.table("uci_credit", "payment").with_columns(
        bill_month=pl.col("bill_id").str.slice(-7), paid_month=pl.col("paid_on").dt.strftime("%Y-%m")
    )
    by_months = payments.group_by("paid_month", "bill_month").agg(pl.col("amount").cast(pl.Float64).sum())
    assert {(paid, billed): total for paid, billed, total in by_months.iter_rows()} == {
        (MONTHS[number - 1], MONTHS[number]): payers[f"PAY_AMT{number}"].sum() for number in range(1, 7)
    }
    without_bill = payments.join(tried.table("uci_credit", "bill"), on="bill_id", how="anti")
    assert without_bill["bill_month"].unique().to_list() == ["2005-03"]
    assert len(without_bill) == (payers["PAY_AMT6"] > 0).sum()


def test_uci_attributes_are_numbers_of_their_month_and_words(tried: Any, payers: pl.DataFrame) -> None:
    facts = tried.table("uci_credit", "customer_attribute")
    statuses = facts.filter(name="PAY_4")
    assert statuses["as_of"].unique().to_list() == [date(2005, 6, 30)]
    assert statuses["number"].sum() == payers["PAY_4"].sum()
    education = dict(facts.filter(name="EDUCATION").group_by("text").len().iter_rows())
    assert education["university"] == (payers["EDUCATION"] == 2).sum()
    assert education["EDUCATION=5"] == (payers["EDUCATION"] == 5).sum()


def test_uci_events_are_the_defaults(tried: Any, payers: pl.DataFrame) -> None:
    events = tried.table("uci_credit", "customer_event")
    defaulted = payers.filter(pl.col("default.payment.next.month") == 1)["ID"].cast(pl.String)
    assert set(events["customer_id"]) == set(defaulted)
    assert events["kind"].unique().to_list() == ["default"]


@pytest.fixture(scope="module")
def master(shared_data: Path) -> pl.DataFrame:
    path = shared_data / "cn_customer_master" / "customer_master_gbk.csv"
    return pl.read_csv(io.StringIO(path.read_bytes().decode("gb18030")), infer_schema=False)


def test_master_data_classes_come_from_their_chinese_names(tried: Any, master: pl.DataFrame) -> None:
    customers = tried.table("cn_customer_master", "customer")
    # 5,266 城镇居民 + 3,077 乡村居民 + 13 学校教学和学生 + 3 居民; 475 非居民照明 + 1 非工业; 4 普通工业; 1 商业
    assert dict(customers.group_by("customer_class").len().iter_rows()) == {
        "residential": 8_359,
        "non_industrial": 476,
        "general_industrial": 4,
        "commercial": 1,
    }
    built = master["BUILD_DATE"].str.split(" ").list.first().str.to_date("%Y/%m/%d")
    expected = dict(zip(master["ID"], built, strict=True))
    assert dict(customers.select("customer_id", "since").iter_rows()) == expected
    assert customers["until"].count() == (master["CANCEL_DATE"] != "").sum() == 4


def test_master_data_agreements_hold_capacity_and_voltage(tried: Any, master: pl.DataFrame) -> None:
    agreements = tried.table("cn_customer_master", "agreement")
    assert agreements["capacity_kva"].sum() == master["CONTRACT_CAP"].cast(pl.Float64).sum()
    assert agreements["running_capacity_kva"].sum() == master["RUN_CAP"].cast(pl.Float64).sum()
    assert dict(agreements.group_by("voltage_level").len().iter_rows()) == {"220V": 6_357, "380V": 2_470, "10kV": 13}
    assert agreements["end_on"].count() == 4
    assert set(agreements["plan_id"]) == set(master["PRC_NAME"])


def test_petitions_keep_label_text_and_time(tried: Any, shared_data: Path) -> None:
    cases = {row["case_id"]: row for row in tried.table("cn_petitions", "case").iter_rows(named=True)}
    labelled = _sheet(shared_data / "cn_petitions" / "labelled_495.xlsx")
    messages = _sheet(shared_data / "cn_petitions" / "messages_4326.xlsx")
    accepted = [row for row in (*labelled, *messages) if row["留言编号"] != 37042]
    assert len(cases) == len(accepted)
    for row in accepted:
        case = cases[str(row["留言编号"])]
        assert case["topic_label"] == row.get("一级分类")
        # openpyxl leaves Excel's _x000D_ for a carriage return as it stands
        assert case["text"] == unescape(row["留言详情"]).strip()
        day = str(row["留言时间"]).split(" ")[0].replace("/", "-")
        local = pl.Series([case["opened_at"]]).dt.convert_time_zone("Asia/Shanghai").item().date()
        assert local == date(*map(int, day.split("-")))


def test_reviews_keep_their_verdict_and_row(tried: Any, shared_data: Path) -> None:
    answers = tried.table("cn_reviews", "survey_response").sort(pl.col("response_id").cast(pl.Int64))
    source = _csv(shared_data / "cn_reviews" / "waimai_10k.csv")
    assert answers["score"].to_list() == source["label"].to_list()
    assert answers["comment"].to_list() == source["review"].str.strip_chars().to_list()
    assert answers["response_id"].to_list() == [str(row) for row in range(2, 11_989)]
