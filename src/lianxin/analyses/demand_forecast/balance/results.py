"""energy_balance and power_balance of a run."""

import polars as pl
import pyarrow as pa
from ibis import _

from lianxin.analyses.demand_forecast.balance.config import POLICY, BalanceConfig, shortage_levels
from lianxin.analyses.demand_forecast.balance.energy import energy_balance, loss_rate, past
from lianxin.analyses.demand_forecast.balance.power import power_balance
from lianxin.analyses.demand_forecast.balance.territory import children, of_area, totals
from lianxin.analyses.demand_forecast.contract_rows import contract_rows
from lianxin.analyses.demand_forecast.sections import section
from lianxin.contracts.analysis import AnalysisInput, Note
from lianxin.contracts.results.demand_forecast import ENERGY_BALANCE, POWER_BALANCE
from lianxin.foundation.language import Text

NEEDS_ENERGY = Text("电量预测（energy_forecast）", "an energy forecast (energy_forecast)")
NEEDS_LOAD = Text("负荷预测（load_forecast）", "a load forecast (load_forecast)")
NEEDS_CAPACITY = Text(
    "预测时段内的 supply_capacity（area_id、start_at、minutes、available_kw）",
    "supply_capacity within the forecast's span (area_id, start_at, minutes, available_kw)",
)
NEEDS_CONTRACTS = Text("energy_supply（area_id、month、source、kwh）", "energy_supply (area_id, month, source, kwh)")
ASSUMED_LOSS = Text(
    "同月的供电量（area_load）与售电量（bill.kwh，客户经供电单位归属片区）；线损率暂按设定值",
    "energy of area_load and of bills (bill.kwh, customers with a district) for the same months; "
    "the loss rate is the configured one",
)


def balance_results(
    given: AnalysisInput, *, load_forecast: pa.Table | None, energy_forecast: pa.Table | None
) -> tuple[dict[str, pa.Table], list[Note]]:
    """The balances that can be made from the forecasts, and notes on what cannot."""
    config, tree = section(given, "balance", BalanceConfig), children(given)
    tables: dict[str, pa.Table] = {}
    notes: list[Note] = []
    for made, remarks in (
        _energy(given, energy_forecast, config, tree),
        _power(given, load_forecast, config, tree),
    ):
        tables |= made
        notes += remarks
    return tables, notes


def _energy(
    given: AnalysisInput, forecast: pa.Table | None, config: BalanceConfig, tree: dict[str, list[str]]
) -> tuple[dict[str, pa.Table], list[Note]]:
    if forecast is None or not forecast.num_rows:
        return {}, [Note(table="energy_balance", column="", missing=0, needed=NEEDS_ENERGY)]
    frame = totals(forecast, by=["month"], values=["p50_kwh", "p90_kwh"])
    contracts = _contracts(given)
    areas = sorted({*frame["area_id"].to_list(), *contracts["area_id"].to_list()})
    known = past(given)
    rows, assumed = [], 0
    for area in areas:
        found = of_area(frame, area, tree, by=["month"])
        measured = loss_rate(area, known=known, tree=tree, config=config)
        part = energy_balance(
            area=area,
            forecast=found.drop("area_id"),
            contracted=contracts.filter(pl.col("area_id") == area).drop("area_id"),
            loss_rate=config.loss_rate if measured is None else measured,
        )
        assumed += part.height if measured is None else 0
        rows += part.to_dicts()
    missing = sum(row["contracted_kwh"] is None for row in rows)
    notes = [Note(table="energy_balance", column="contracted_kwh", missing=missing, needed=NEEDS_CONTRACTS)] * bool(
        missing
    )
    notes += [Note(table="energy_balance", column="loss_rate", missing=assumed, needed=ASSUMED_LOSS)] * bool(assumed)
    return {"energy_balance": contract_rows(ENERGY_BALANCE, rows)}, notes


def _contracts(given: AnalysisInput) -> pl.DataFrame:
    supply = given.facts("energy_supply").filter(_.kwh.notnull())
    summed = supply.group_by("area_id", "month").aggregate(contracted_kwh=_.kwh.sum())
    return pl.DataFrame(given.rows(summed)).sort("area_id", "month")


def _power(
    given: AnalysisInput, forecast: pa.Table | None, config: BalanceConfig, tree: dict[str, list[str]]
) -> tuple[dict[str, pa.Table], list[Note]]:
    if forecast is None or not forecast.num_rows:
        return {}, [Note(table="power_balance", column="", missing=0, needed=NEEDS_LOAD)]
    demand = totals(forecast, by=["start_at", "minutes"], values=["p50_kw", "p90_kw"])
    demand = _in_utc(demand)
    supply = _supply(given, demand)
    levels = shortage_levels(given.policy(POLICY))
    parts = []
    for area in supply["area_id"].unique().sort().to_list():
        wanted = of_area(demand, area, tree, by=["start_at", "minutes"])
        if wanted.height:
            parts.append(
                power_balance(
                    area=area,
                    demand=wanted.drop("area_id"),
                    supply=supply.filter(pl.col("area_id") == area).drop("area_id"),
                    zone=given.zone,
                    levels=levels,
                    config=config,
                )
            )
    rows = [row for part in parts for row in part.to_dicts()]
    if not rows:
        return {}, [Note(table="power_balance", column="", missing=0, needed=NEEDS_CAPACITY)]
    return {"power_balance": contract_rows(POWER_BALANCE, rows)}, []


def _supply(given: AnalysisInput, demand: pl.DataFrame) -> pl.DataFrame:
    """What can be supplied within the span of the forecast."""
    capacity = given.facts("supply_capacity").filter(_.available_kw.notnull())
    frame = _in_utc(pl.DataFrame(given.rows(capacity.select("area_id", "start_at", "minutes", "available_kw"))))
    begin, end = demand["start_at"].min(), demand["start_at"].max()
    longest = pl.duration(days=1)
    return frame.filter(pl.col("start_at") > pl.lit(begin) - longest, pl.col("start_at") <= pl.lit(end) + longest)


def _in_utc(frame: pl.DataFrame) -> pl.DataFrame:
    kind = frame.schema["start_at"]
    zoned = isinstance(kind, pl.Datetime) and kind.time_zone is not None
    stamp = pl.col("start_at").cast(pl.Datetime("us", "UTC") if zoned else pl.Datetime("us"))
    return frame.with_columns(stamp if zoned else stamp.dt.replace_time_zone("UTC"))
