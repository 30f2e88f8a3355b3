"""The results substitution_parity and substitution_target: where electricity competes, by month and by customer."""

from collections.abc import Mapping

import ibis
import polars as pl
from ibis import _

from lianxin.analyses.price_analysis.billed_rows import AMOUNT_UNITS, KWH_UNITS
from lianxin.analyses.price_analysis.price_list import month_of
from lianxin.analyses.price_analysis.substitution.rules import Share, SubstitutionRules, fuel_code, fuel_title
from lianxin.contracts.analysis import AnalysisInput
from lianxin.contracts.reasons import reason, rows_of
from lianxin.foundation.language import Text

_CHEAPER = Text(
    "{use_zh}：电价 {price:.4f}，与{fuel_zh}平价 {parity:.4f}，低 {gap:.0%}",
    "{use_en}: electricity at {price:.4f}, parity with {fuel_en} at {parity:.4f}, {gap:.0%} below",
)
_DEARER = Text(
    "{use_zh}：电价 {price:.4f}，高于与{fuel_zh}的平价 {parity:.4f}（{gap:.0%}）",
    "{use_en}: electricity at {price:.4f}, above parity with {fuel_en} at {parity:.4f} ({gap:.0%})",
)
_ASSUMED = Text("用途份额为假设：{share:.0%}", "the share of the use is an assumption: {share:.0%}")


def parity_prices(given: AnalysisInput, rules: SubstitutionRules) -> pl.DataFrame:
    """One row a use, fuel and month: the price of a kWh at which electricity costs the same; mean of the regions.

    parity = price of the fuel's kWh ÷ its useful output × that of electricity.
    """
    listed = given.rows(given.facts("fuel_price").select("region", "fuel", "month", "price", "unit")).to_pylist()
    heat: dict[tuple[str, str], list[float]] = {}
    for row in sorted(listed, key=lambda item: (item["month"], item["fuel"], item["region"])):
        code = fuel_code(row["fuel"])
        value = rules.kwh_per_unit(code, row["unit"])
        if value:
            heat.setdefault((code, row["month"]), []).append(row["price"] / value)
    rows = [
        (use, fuel, month, sum(prices) / len(prices) / item.fuel[fuel] * item.electric)
        for use, item in sorted(rules.use.items())
        for (fuel, month), prices in sorted(heat.items())
        if fuel in item.fuel
    ]
    schema = {"use": pl.String, "fuel": pl.String, "month": pl.String, "parity_price": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def customer_months(rows: ibis.Table, industries: ibis.Table, *, first: int) -> ibis.Table:
    """Grain: month, class and industry division (C30 …): energy and amount in whole units."""
    whose = industries.select("customer_id", industry_code=_.industry_code.coalesce(""))
    joined = rows.filter(rows.month >= first).left_join(whose, "customer_id")
    plain = joined.select("month", "customer_class", "industry_code", "kwh", "total")
    coded = plain.mutate(industry=plain.industry_code.coalesce("").substr(0, 3))
    return coded.group_by("month", "customer_class", "industry").agg(kwh=_.kwh.sum(), total=_.total.sum())


def parity_rows(parity: pl.DataFrame, sold: pl.DataFrame, rules: SubstitutionRules) -> list[dict[str, object]]:
    """Each use, fuel and month with bills: parity against the mean price of those who have the use.

    Where electricity is dearer, what serves the use is at risk; where it is not, what could come is to be won.
    """
    found = []
    for row in parity.iter_rows(named=True):
        share = rules.share.get(row["use"], Share())
        month = sold.filter(pl.col("month") == row["month"])
        risk, gain = _energy(month, share.at_risk), _energy(month, share.to_win)
        whom = month.filter(_has(share))
        kwh = float(whom["kwh"].sum())
        if kwh <= 0:
            continue
        price = float(whom["total"].sum()) / kwh
        competitive = price <= row["parity_price"]
        found.append(
            {
                **row,
                "actual_price": price,
                "competitive": competitive,
                "load_at_risk_kwh": 0.0 if competitive else risk,
                "potential_kwh_gain": gain if competitive else 0.0,
            }
        )
    return found


def _has(share: Share) -> pl.Expr:
    names = sorted({*share.at_risk, *share.to_win})
    return pl.col("industry").is_in(names) | pl.col("customer_class").is_in(names)


def _energy(sold: pl.DataFrame, shares: Mapping[str, float]) -> float:
    return float((sold["kwh"] * _share(sold, shares)).sum()) if sold.height else 0.0


def _share(frame: pl.DataFrame, shares: Mapping[str, float]) -> pl.Series:
    """The industry's share, else the class's, else 0."""
    if not shares:
        return pl.Series([0.0] * frame.height, dtype=pl.Float64)
    by_industry = pl.col("industry").replace_strict(shares, default=None, return_dtype=pl.Float64)
    by_class = pl.col("customer_class").replace_strict(shares, default=0.0, return_dtype=pl.Float64)
    return frame.select(pl.coalesce(by_industry, by_class)).to_series()


def sold_by_month(found: pl.DataFrame) -> pl.DataFrame:
    """``customer_months`` in kWh and currency, months written YYYY-MM."""
    numbers = found["month"].cast(pl.Int64)
    names = {number: str(month_of(number)) for number in numbers.unique().to_list()}
    named = in_kwh(found).with_columns(month=numbers.replace_strict(names, return_dtype=pl.String))
    return named.sort("month", "customer_class", "industry")


def in_kwh(found: pl.DataFrame) -> pl.DataFrame:
    """Energy in kWh and amounts in currency."""
    return found.with_columns(
        kwh=pl.col("kwh").cast(pl.Int64) / KWH_UNITS, total=pl.col("total").cast(pl.Int64) / AMOUNT_UNITS
    )


def fetched(given: AnalysisInput, expression: ibis.Table) -> pl.DataFrame:
    """The rows of an expression."""
    return pl.DataFrame(given.rows(expression))


def customer_years(rows: ibis.Table, customers: ibis.Table, *, first: int) -> ibis.Table:
    """Grain: customer_id, with class and industry, of who is still supplied: energy and amount of the last year."""
    whose = customers.filter(customers.until.isnull()).select("customer_id", "industry_code")
    recent = rows.filter(rows.month >= first)
    joined = recent.select("customer_id", "customer_class", "kwh", "total").inner_join(whose, "customer_id")
    plain = joined.select("customer_id", "customer_class", "industry_code", "kwh", "total")
    coded = plain.mutate(industry=plain.industry_code.coalesce("").substr(0, 3))
    return coded.group_by("customer_id", "customer_class", "industry").agg(kwh=_.kwh.sum(), total=_.total.sum())


def target_rows(parity: pl.DataFrame, years: pl.DataFrame, rules: SubstitutionRules) -> list[dict[str, object]]:
    """Customers to keep, whose own price is above parity with the cheapest fuel of a use, and to win, who are below.

    By the parity of the last month with fuel prices and the customer's own mean price of the last year. A fuel that is
    not permitted draws nobody away.
    """
    if parity.is_empty():
        return []
    open_to = parity.filter(~pl.col("fuel").is_in(list(rules.not_permitted)))
    latest = open_to.filter(pl.col("month") == parity["month"].max())
    found = []
    for use in sorted(set(latest["use"].to_list())):
        cheapest = latest.filter(pl.col("use") == use).sort("parity_price", "fuel").row(0, named=True)
        share = rules.share.get(use, Share())
        priced = years.filter(pl.col("kwh") > 0).with_columns(
            price=pl.col("total") / pl.col("kwh"), at_risk=_share(years.filter(pl.col("kwh") > 0), share.at_risk)
        )
        priced = priced.with_columns(to_win=_share(priced, share.to_win))
        for row in priced.sort("customer_id").iter_rows(named=True):
            keep = row["price"] > cheapest["parity_price"]
            part = row["at_risk"] if keep else row["to_win"]
            kwh = row["kwh"] * part
            if kwh >= rules.kwh_at_least:
                found.append(_target(row, cheapest, rules, keep=keep, part=part, kwh=kwh))
    return found


def _target(
    row: dict[str, object],
    cheapest: dict[str, object],
    rules: SubstitutionRules,
    *,
    keep: bool,
    part: float,
    kwh: float,
) -> dict[str, object]:
    price, parity = float(str(row["price"])), float(str(cheapest["parity_price"]))
    use = str(cheapest["use"])
    title, fuel = rules.use[use].title, fuel_title(str(cheapest["fuel"]))
    words = reason(
        "above_parity" if keep else "below_parity",
        _DEARER if keep else _CHEAPER,
        price=price,
        parity=parity,
        gap=abs(price / parity - 1),
        fuel_zh=fuel.zh,
        fuel_en=fuel.en,
        use_zh=title.zh,
        use_en=title.en,
    )
    return {
        "customer_id": row["customer_id"],
        "use": use,
        "direction": "keep" if keep else "win",
        "kwh": kwh,
        "reasons": rows_of([words, reason("assumed_share", _ASSUMED, share=part)]),
    }
