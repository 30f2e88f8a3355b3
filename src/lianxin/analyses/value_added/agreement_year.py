"""The last twelve whole months of an agreement: readings of all its usage points, its plan and its terms.

Every advice in money stands on this. Agreements are fetched in chunks, so that memory does not grow with their number.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import ibis
import numpy as np
import polars as pl
from ibis import _

from lianxin.analyses.value_added.price_facts import PriceFacts
from lianxin.analyses.value_added.summed_readings import summed_readings
from lianxin.contracts.analysis import AnalysisInput
from lianxin.foundation.errors import LianxinError
from lianxin.foundation.periods import Month
from lianxin.foundation.zones import start_of_day_utc
from lianxin.tariff import Plan, Rating, Readings, Terms, rate, terms
from lianxin.tariff.energy_lines import SeriesPrices
from lianxin.tariff.metering import Temperatures

MONTHS_A_YEAR = 12
CHUNK_INTERVALS = 4_000_000
"""Readings fetched at once: about 0.4 GiB of rows."""


@dataclass(frozen=True, kw_only=True)
class AgreementYear:
    """The last twelve whole local months (``months``) of one agreement, or what there is of them.

    ``readings`` are summed over ``usage_point_ids``; an interval that one of them lacks is a gap (NaN). Multipliers
    are applied already. ``plan`` is None where the catalogue has none of that id, ``terms`` where the agreement's terms
    cannot be used (``terms_refused`` says why). ``share_measured`` is the share of the twelve months' time that has
    energy, in [0, 1]. ``temperatures`` (°C maximum by day) and ``prices`` are what the engine needs beside readings.
    """

    agreement_id: str
    customer_id: str
    customer_class: str | None
    market_mode: str | None
    voltage_level: str | None
    capacity_kva: float | None
    plan_id: str | None
    plan: Plan | None
    terms: Terms | None
    terms_refused: LianxinError | None
    usage_point_ids: tuple[str, ...]
    months: tuple[Month, ...]
    readings: Readings
    share_measured: float
    facts: PriceFacts

    @property
    def temperatures(self) -> Temperatures | None:
        """Maximum temperature by day where the agreement is supplied; None where no weather is known."""
        return self.facts.temperatures_of(self.agreement_id)

    @property
    def prices(self) -> SeriesPrices:
        """Monthly prices of plans."""
        return self.facts.prices

    @cached_property
    def current(self) -> Rating:
        """The bills under the agreement's own plan and terms, rated once for all advices.

        Raises:
            UnusableInput: as ``rated``.

        """
        return self.rated()

    def rated(
        self, *, plan: Plan | None = None, terms: Terms | None = None, readings: Readings | None = None
    ) -> Rating:
        """The year's bills by the engine, with another plan, other terms or other readings where given.

        Raises:
            ValueError: the agreement has no plan or no usable terms, and none is given.
            UnusableInput: the plan does not hold on some day, or a price or temperature is missing.

        """
        chosen_plan, chosen_terms = plan or self.plan, terms or self.terms
        if chosen_plan is None or chosen_terms is None:
            message = f"agreement {self.agreement_id} has no plan or no usable terms"
            raise ValueError(message)
        return rate(
            plan=chosen_plan,
            readings=readings or self.readings,
            terms=chosen_terms,
            calendar=self.facts.calendar,
            temperatures=self.temperatures,
            prices=self.prices,
        )


def agreement_years(
    given: AnalysisInput, *, facts: PriceFacts, months: int = MONTHS_A_YEAR, chunk_intervals: int = CHUNK_INTERVALS
) -> Iterator[list[AgreementYear]]:
    """Chunks of the agreements in force that have a usage point with readings in the last ``months`` whole months.

    Order: by agreement. Fetches one chunk's readings at a time. What was read before an agreement began is not its own.
    """
    window = whole_months(given, months=months)
    measured = _measured_points(given, window)
    if measured.is_empty():
        return
    rows = {row["agreement_id"]: row for row in _agreements(given, measured)}
    for chunk in _chunks(measured.filter(pl.col("agreement_id").is_in(list(rows))), chunk_intervals):
        fetched = _readings(given, chunk, window)
        years = [
            _year(rows[agreement_id], points, fetched, given=given, facts=facts, window=window)
            for (agreement_id,), points in sorted(chunk.group_by("agreement_id"), key=lambda item: str(item[0][0]))
        ]
        yield [year for year in years if year is not None]


def whole_months(given: AnalysisInput, *, months: int = MONTHS_A_YEAR) -> tuple[Month, ...]:
    """The last ``months`` local months that have ended by the as-of day, in order."""
    last = Month.of(given.as_of.day + timedelta(days=1)) - 1
    return tuple(last - back for back in reversed(range(months)))


def _span(given: AnalysisInput, window: Sequence[Month]) -> tuple[Any, Any]:
    start = start_of_day_utc(window[0].first_day, given.zone).replace(tzinfo=None)
    end = start_of_day_utc((window[-1] + 1).first_day, given.zone).replace(tzinfo=None)
    return start, end


def _within(given: AnalysisInput, window: Sequence[Month]) -> ibis.Table:
    start, end = _span(given, window)
    return given.facts("interval_reading").filter(_.start_at >= start, _.start_at < end)


def _measured_points(given: AnalysisInput, window: Sequence[Month]) -> pl.DataFrame:
    """Usage points with energy in the window: agreement_id, usage_point_id, intervals; ordered."""
    counted = _within(given, window).filter(_.kwh.notnull()).group_by("usage_point_id").agg(intervals=_.count())
    points = given.facts("usage_point").filter(_.agreement_id.notnull()).select("usage_point_id", "agreement_id")
    joined = counted.inner_join(points, "usage_point_id").select("agreement_id", "usage_point_id", "intervals")
    return pl.DataFrame(given.rows(joined)).sort("agreement_id", "usage_point_id")


def _agreements(given: AnalysisInput, measured: pl.DataFrame) -> list[dict[str, Any]]:
    agreements = given.facts("agreement").filter(_.end_on.isnull() | (_.end_on > given.as_of.day))
    customers = given.facts("customer").select("customer_id", "customer_class")
    joined = agreements.left_join(customers, "customer_id").select(
        *(
            agreements[name]
            for name in ("agreement_id", "customer_id", "plan_id", "market_mode", "voltage_level", "capacity_kva")
        ),
        agreements.demand_basis,
        agreements.contract_demand_kw,
        agreements.power_factor_standard,
        agreements.start_on,
        _.customer_class,
    )
    wanted = set(measured["agreement_id"].to_list())
    return [row for row in given.rows(joined).to_pylist() if row["agreement_id"] in wanted]


def _chunks(measured: pl.DataFrame, chunk_intervals: int) -> Iterator[pl.DataFrame]:
    """Whole agreements together, up to about ``chunk_intervals`` readings a chunk."""
    before = pl.col("intervals").sum().over("agreement_id")
    first = pl.col("agreement_id").is_first_distinct()
    begun = pl.when(first).then(before).otherwise(0).cum_sum() - before
    numbered = measured.with_columns(chunk=begun // chunk_intervals)
    for _number, chunk in numbered.group_by("chunk", maintain_order=True):
        yield chunk


def _readings(given: AnalysisInput, chunk: pl.DataFrame, window: Sequence[Month]) -> dict[str, pl.DataFrame]:
    """Readings of the chunk's usage points, by usage point, in order of time."""
    ids = sorted(chunk["usage_point_id"].to_list())
    columns = ["usage_point_id", "start_at", "minutes", "kwh", "kvarh", "kvarh_leading"]
    # the range lets an engine skip the parts of a file that hold none of them
    chosen = _within(given, window).filter(_.usage_point_id.between(ids[0], ids[-1]), _.usage_point_id.isin(ids))
    fetched = pl.DataFrame(given.rows(chosen.select(*columns)))
    return {str(point): rows.sort("start_at") for (point,), rows in fetched.group_by("usage_point_id")}


def _year(
    row: dict[str, Any],
    points: pl.DataFrame,
    fetched: dict[str, pl.DataFrame],
    *,
    given: AnalysisInput,
    facts: PriceFacts,
    window: Sequence[Month],
) -> AgreementYear | None:
    """The year of one agreement; None where nothing was read since it began."""
    since = {point: _since(fetched[point], row["start_on"], given) for point in points["usage_point_id"].sort()}
    meters = {point: frame for point, frame in since.items() if frame["kwh"].count()}
    if not meters:
        return None
    ids, found = tuple(meters), summed_readings(list(meters.values()))
    agreed, refused = _terms(row)
    start, end = _span(given, window)
    minutes = float(found.minutes[~np.isnan(found.kwh)].sum())
    return AgreementYear(
        agreement_id=row["agreement_id"],
        customer_id=row["customer_id"],
        customer_class=row["customer_class"],
        market_mode=row["market_mode"],
        voltage_level=row["voltage_level"],
        capacity_kva=row["capacity_kva"],
        plan_id=row["plan_id"],
        plan=facts.plans.get(row["plan_id"]),
        terms=agreed,
        terms_refused=refused,
        usage_point_ids=ids,
        months=tuple(window),
        readings=found,
        share_measured=minutes * 60 / (end - start).total_seconds(),
        facts=facts,
    )


def _since(meter: pl.DataFrame, start_on: date | None, given: AnalysisInput) -> pl.DataFrame:
    if start_on is None:
        return meter
    begin = start_of_day_utc(start_on, given.zone).replace(tzinfo=None)
    return meter.filter(pl.col("start_at").dt.replace_time_zone(None) >= begin)


def _terms(row: dict[str, Any]) -> tuple[Terms | None, LianxinError | None]:
    """The agreement's terms as the engine takes them, or why it does not."""
    # capacity 0 and standard 0 are how extracts write "none agreed"; a contract demand of 0 is an error where it counts
    try:
        return (
            terms(
                basis=row["demand_basis"],
                capacity_kva=row["capacity_kva"] or None,
                contract_demand_kw=row["contract_demand_kw"],
                power_factor_standard=row["power_factor_standard"] or None,
            ),
            None,
        )
    except LianxinError as error:
        return None, error
