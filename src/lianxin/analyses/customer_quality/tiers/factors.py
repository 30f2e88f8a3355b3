"""Points of each factor but profit, 0 to 100, null where it is not known."""

from datetime import date

import ibis
import polars as pl
import pyarrow as pa
from ibis import _

from lianxin.analyses.customer_quality.frames import frame_of
from lianxin.analyses.customer_quality.tiers.config import TierSettings
from lianxin.contracts.analysis import AnalysisInput

_FIRST_YEAR_MONTHS = 12
_CUSTOMER = ("customer_id", "customer_class", "industry_code", "until")


def with_factors(
    rows: pl.DataFrame, *, given: AnalysisInput, rating: pa.Table | None, months: int, settings: TierSettings
) -> pl.DataFrame:
    """Add grade, growth, events, listed and the points credit … external to rows of ``profit_rows``."""
    today = given.as_of.day
    customers = frame_of(given.rows(given.facts("customer").select(*_CUSTOMER)))
    events = _events(frame_of(given.rows(_events_of(given))), today=today, settings=settings)
    ratings = _external(frame_of(given.rows(given.facts("external_rating"))), settings)
    rows = rows.join(customers, on="customer_id", how="left")
    rows = rows.join(_grades(rating), on="customer_id", how="left")
    rows = rows.join(events, on="customer_id", how="left").join(ratings, on="customer_id", how="left")
    outlook = _outlook(rows["industry_code"], frame_of(given.rows(given.facts("industry_outlook"))))
    rows = rows.join(outlook, on="industry_code", how="left")
    return rows.with_columns(
        _growth(months=months, settings=settings),
        credit=pl.col("grade").replace_strict(dict(settings.grade_points), default=None, return_dtype=pl.Float64),
        # no event on record says that a customer kept to its contract only where events are recorded at all
        compliance=pl.col("compliance").fill_null(100.0) if events.height else pl.col("compliance"),
        listed=pl.col("listed").fill_null(value=False),
        on_record=pl.col("on_record").fill_null(value=False),
    ).with_columns(
        growth=(50 + 50 * pl.col("growth_share") / settings.growth_full).clip(0, 100),
        outlook=(50 + 50 * pl.col("outlook_index")).clip(0, 100),
    )


def _grades(rating: pa.Table | None) -> pl.DataFrame:
    if rating is None:
        return pl.DataFrame(schema={"customer_id": pl.String, "grade": pl.String})
    return frame_of(rating.select(["customer_id", "grade"]))


def _growth(*, months: int, settings: TierSettings) -> pl.Expr:
    """Energy of the months against as many before; null for customers who were not billed then."""
    before, now = pl.col("kwh_before").cast(pl.Float64), pl.col("kwh").cast(pl.Float64)
    known = (pl.col("first_number") >= 2 * months - 1) & (before > 0)
    limit = 10 * settings.growth_full
    return pl.when(known).then((now / before - 1).clip(-1, limit)).alias("growth_share")


def _events_of(given: AnalysisInput) -> ibis.Table:
    return given.facts("compliance_event").filter(_.kind.notnull()).select("customer_id", "kind", "occurred_on")


def _events(events: pl.DataFrame, *, today: date, settings: TierSettings) -> pl.DataFrame:
    """customer_id, compliance, on_record (an event that puts on watch)."""
    months = (
        (today.year - pl.col("occurred_on").dt.year()) * 12
        + today.month
        - pl.col("occurred_on").dt.month()
        - (pl.col("occurred_on").dt.day() > today.day).cast(pl.Int32)
    )
    penalty = pl.col("kind").replace_strict(dict(settings.compliance_penalty), default=0.0, return_dtype=pl.Float64)
    watch = settings.watch
    aged = events.with_columns(age=months, penalty=penalty).filter(pl.col("age") < settings.compliance_months)
    halved = pl.when(pl.col("age") < _FIRST_YEAR_MONTHS).then(pl.col("penalty")).otherwise(pl.col("penalty") / 2)
    serious = pl.col("kind").is_in(list(watch.event_kinds)) & (pl.col("age") < watch.event_months)
    return (
        aged.sort("customer_id")
        .group_by("customer_id", maintain_order=True)
        .agg(compliance=(100 - halved.sum()).clip(0, 100), on_record=serious.any())
    )


def _external(ratings: pl.DataFrame, settings: TierSettings) -> pl.DataFrame:
    """customer_id, external (mean of the latest rating of each source and kind), listed (one that puts on watch)."""
    latest = ratings.sort("as_of").group_by(["customer_id", "source", "kind"], maintain_order=True).last()
    known = {
        f"{kind}/{grade}": points
        for kind, grades in settings.external_points.items()
        for grade, points in grades.items()
    }
    named = pl.concat_str(["kind", "grade"], separator="/")
    points = named.replace_strict(known, default=None, return_dtype=pl.Float64).fill_null(pl.col("score").clip(0, 100))
    watch = settings.watch
    cleared = pl.col("grade").is_in(list(watch.cleared_grades)).fill_null(value=False)
    return (
        latest.with_columns(points=points)
        .sort("customer_id", "source", "kind")
        .group_by("customer_id", maintain_order=True)
        .agg(external=pl.col("points").mean(), listed=(pl.col("kind").is_in(list(watch.ratings)) & ~cleared).any())
    )


def _outlook(codes: pl.Series, outlook: pl.DataFrame) -> pl.DataFrame:
    """industry_code, outlook_index: the latest of the code, else of the longest beginning of it that has one."""
    latest = dict(
        outlook.sort("as_of")
        .group_by("industry_code", maintain_order=True)
        .last()
        .select("industry_code", "outlook")
        .rows()
    )
    found = []
    for code in sorted(codes.drop_nulls().unique()):
        named = next((code[:size] for size in range(len(code), 0, -1) if code[:size] in latest), None)
        found.append((code, None if named is None else latest[named]))
    return pl.DataFrame(found, schema={"industry_code": pl.String, "outlook_index": pl.Float64}, orient="row")
