"""Result table customer_profit, and the figures behind it that tiers are made of."""

from dataclasses import dataclass
from datetime import UTC, datetime, time

import ibis
import polars as pl
import pyarrow as pa

from lianxin.analyses.customer_quality.frames import frame_of, section
from lianxin.analyses.customer_quality.profit.account_costs import account_sums
from lianxin.analyses.customer_quality.profit.bill_costs import bill_costs, customer_sums
from lianxin.analyses.customer_quality.profit.config import ProfitSettings
from lianxin.analyses.customer_quality.profit.fen import fen, money
from lianxin.analyses.customer_quality.profit.rates import Rates, rates_of
from lianxin.analyses.customer_quality.profit.service import service_sums
from lianxin.analyses.customer_quality.profit.shares import ranked
from lianxin.analyses.customer_quality.profit.unit_costs import table_of, unit_costs
from lianxin.analyses.customer_quality.profit.window import Window, window_of
from lianxin.contracts.analysis import AnalysisInput, Note
from lianxin.contracts.results.customer_quality import CUSTOMER_PROFIT
from lianxin.features.live_bills import live_bills
from lianxin.foundation.language import Text

COSTS = ("purchase_cost", "network_cost", "service_cost", "bad_debt_cost", "capital_cost")
_YEAR_DAYS = 365
_NEEDS_BILLS = Text("bill（账单）", "bill")
_PURCHASE_ASSUMED = Text(
    "supply_cost 或账单的 purchase_amount；暂按其他账单的平均购电单价",
    "supply_cost, or purchase_amount of the bill; taken at the mean cost per kWh of the others",
)
_NETWORK_ASSUMED = Text(
    "agreement.voltage_level 与该电压的 network_cost；暂按各电压的平均单价",
    "agreement.voltage_level and its network_cost; taken at the mean cost of the levels",
)
_PURCHASE_UNKNOWN = Text(
    "supply_cost 或账单的 purchase_amount；暂计为 0，利润为未扣购电成本",
    "supply_cost, or purchase_amount of the bills; counted as nothing, so that profit is before it",
)
_NETWORK_UNKNOWN = Text(
    "network_cost；暂计为 0，利润为未扣输配成本", "network_cost; counted as nothing, so that profit is before it"
)
_FUNDS = Text("账单的 fund_amount；暂按无基金", "fund_amount of the bills; taken as none")
_CASES = Text("case（工单）；服务成本暂计为 0", "case; the cost of service is counted as nothing")
_TOTAL = Text("合计利润为正：否则累计占比无意义", "a total profit above zero; else a cumulative share says nothing")
_FLAGS = {
    "purchase_assumed": ("purchase_cost", _PURCHASE_ASSUMED),
    "purchase_unknown": ("purchase_cost", _PURCHASE_UNKNOWN),
    "network_assumed": ("network_cost", _NETWORK_ASSUMED),
    "network_unknown": ("network_cost", _NETWORK_UNKNOWN),
    "fund_unknown": ("revenue", _FUNDS),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Profits:
    """``rows``: a customer a row in order of rank, money in fen (columns ``*_fen``), see ``profit_rows``."""

    rows: pl.DataFrame
    window: Window
    table: pa.Table
    notes: tuple[Note, ...]


def profits(given: AnalysisInput, *, ledger: ibis.Table) -> Profits | None:
    """What each customer billed in the last months earns; None without a bill.

    Raises:
        SettingsInvalid: section customer_quality.profit or policies/profit_rates.toml is wrong.

    """
    settings = section(given, "profit", ProfitSettings)
    window = window_of(given, months=settings.months, complete_share=settings.complete_share)
    if window is None:
        return None
    rates = rates_of(given)
    sums = _sums(given, window=window, rates=rates, settings=settings)
    account = given.rows(
        account_sums(ledger, first_day=window.first_day, as_of=given.as_of.day, ageing=settings.ageing)
    )
    service = _service(given, window=window, settings=settings)
    rows = profit_rows(
        sums.filter(pl.col("months") > 0),
        account=frame_of(account),
        service=service,
        capital_rate=rates.capital_rate(day=given.as_of.day),
    )
    if rows.is_empty():
        return None
    notes = tuple(_notes(rows, cases=service.height))
    return Profits(rows=rows, window=window, table=_table(rows), notes=notes)


def profit_results(profit: Profits | None) -> tuple[dict[str, pa.Table], list[Note]]:
    """customer_profit: one row a customer; its parts add up to the profit to the fen."""
    if profit is None:
        return {}, [Note(table=CUSTOMER_PROFIT.name, column="", missing=0, needed=_NEEDS_BILLS)]
    return {CUSTOMER_PROFIT.name: profit.table}, list(profit.notes)


def _sums(given: AnalysisInput, *, window: Window, rates: Rates, settings: ProfitSettings) -> pl.DataFrame:
    costs = unit_costs(given, window=window, rates=rates)
    bills = bill_costs(
        live_bills(given.facts("bill"), as_of=given.as_of.day),
        customers=given.facts("customer"),
        agreements=given.facts("agreement"),
        tax=table_of(costs.tax),
        supply=table_of(costs.supply),
        network=table_of(costs.network),
        months=table_of(costs.months),
        pass_through_modes=settings.pass_through_modes,
    )
    return frame_of(given.rows(customer_sums(bills, months=window.months, history=len(window.history))))


def _service(given: AnalysisInput, *, window: Window, settings: ProfitSettings) -> pl.DataFrame:
    start = datetime.combine(window.first_day, time(), tzinfo=given.zone).astimezone(UTC).replace(tzinfo=None)
    end = datetime.combine((window.last + 1).first_day, time(), tzinfo=given.zone).astimezone(UTC).replace(tzinfo=None)
    sums = service_sums(
        given.facts("case"),
        start=start,
        end=end,
        cost_per_case=settings.cost_per_case,
        cost_by_channel=settings.cost_by_channel,
    )
    return frame_of(given.rows(sums))


def profit_rows(
    sums: pl.DataFrame, *, account: pl.DataFrame, service: pl.DataFrame, capital_rate: float
) -> pl.DataFrame:
    """Parts in fen, profit, rank and share, in order of rank.

    ``potential_fen`` is the profit if every bill were paid on its due day: without bad debt, and with the capital of
    paying on the day where that is less.
    """
    joined = sums.join(account, on="customer_id", how="left").join(service, on="customer_id", how="left")
    daily = capital_rate / _YEAR_DAYS
    capital, agreed = _interest("money_days", daily), _interest("agreed_days", daily)
    parts = joined.with_columns(
        months=pl.col("months").cast(pl.Int64),
        revenue_fen=fen("revenue"),
        purchase_cost_fen=fen("purchase"),
        network_cost_fen=fen("network"),
        service_cost_fen=fen("service"),
        bad_debt_cost_fen=fen("lost") + fen("expected_lost"),
        capital_cost_fen=capital,
    )
    profit = pl.col("revenue_fen") - pl.sum_horizontal(f"{name}_fen" for name in COSTS)
    cured = pl.col("bad_debt_cost_fen") + pl.max_horizontal(pl.col("capital_cost_fen") - agreed, 0)
    parts = parts.with_columns(profit_fen=profit).with_columns(potential_fen=pl.col("profit_fen") + cured)
    return ranked(parts)


def _interest(name: str, daily_rate: float) -> pl.Expr:
    return (pl.col(name).cast(pl.Float64).fill_null(0.0) * daily_rate * 100).round(0).cast(pl.Int64)


def _table(rows: pl.DataFrame) -> pa.Table:
    amounts = {name: money(pl.col(f"{name}_fen")) for name in ("revenue", *COSTS, "profit")}
    return (
        rows.select("customer_id", "months", pl.col("kwh").cast(pl.Float64), **amounts)
        .hstack(rows.select("margin", "rank", "cumulative_share"))
        .to_arrow()
    )


def _notes(rows: pl.DataFrame, *, cases: int) -> list[Note]:
    notes = []
    for flag, (column, needed) in _FLAGS.items():
        count = int((rows[flag] > 0).sum())
        if count:
            notes.append(Note(table=CUSTOMER_PROFIT.name, column=column, missing=count, needed=needed))
    if not cases:
        notes.append(Note(table=CUSTOMER_PROFIT.name, column="service_cost", missing=rows.height, needed=_CASES))
    shares = rows["cumulative_share"].null_count()
    if shares:
        notes.append(Note(table=CUSTOMER_PROFIT.name, column="cumulative_share", missing=shares, needed=_TOTAL))
    return notes
