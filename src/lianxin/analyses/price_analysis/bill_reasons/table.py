"""The result bill_change_reason: every agreement billed in both months."""

import polars as pl
import pyarrow as pa

from lianxin.analyses.price_analysis.bill_reasons.effects import EFFECTS, change_effects
from lianxin.analyses.price_analysis.bill_reasons.months import agreement_months, month_rows, pair
from lianxin.analyses.price_analysis.bill_reasons.sentences import sentences
from lianxin.analyses.price_analysis.billed_rows import AMOUNT_UNITS
from lianxin.analyses.price_analysis.contract_rows import contract_frame
from lianxin.analyses.price_analysis.facts import PriceFacts
from lianxin.analyses.price_analysis.price_list import month_of
from lianxin.contracts.fields import MONEY_SCALE
from lianxin.contracts.results.price_analysis import BILL_CHANGE_REASON


def bill_reasons(facts: PriceFacts, *, last: int, responses: pl.DataFrame, degrees: pl.DataFrame) -> pa.Table | None:
    """The last month against the month before and a year before; None where nobody was billed in two of them.

    Args:
        facts: bills and list prices.
        last: number of the later month.
        responses: ``weather_responses``.
        degrees: ``degree_days``.

    """
    fetched = pl.DataFrame(facts.given.rows(month_rows(facts.rows, [last - 12, last - 1, last])))
    if fetched.is_empty():
        return None
    months = agreement_months(fetched)
    made = []
    for before in (last - 1, last - 12):
        pairs = pair(months, facts.listed, degrees, before=before, after=last)
        if not pairs.is_empty():
            known = pairs.join(responses, on="agreement_id", how="left", maintain_order="left")
            made.append(contract_frame(BILL_CHANGE_REASON, _explained(known, before, last, facts.given.currency)))
    return pa.concat_tables(made) if made else None


def _explained(pairs: pl.DataFrame, before: int, after: int, currency: str) -> pl.DataFrame:
    effects = change_effects(pairs)
    periods = (str(month_of(before)), str(month_of(after)))
    amount = pairs["total"].to_numpy()
    words = sentences(effects, amount, periods=periods, currency=currency)
    return pl.DataFrame(
        {
            "agreement_id": pairs["agreement_id"],
            "amount_from": _money(pairs["total_before"]),
            "amount_to": _money(pairs["total"]),
            **{f"effect_{name}": _money(pl.Series(effects[:, place])) for place, name in enumerate(EFFECTS)},
            **words,
        }
    ).with_columns(from_period=pl.lit(periods[0]), to_period=pl.lit(periods[1]))


def _money(units: pl.Series) -> pl.Series:
    """Whole ten-thousandths as decimals, exactly."""
    return units.cast(pl.Decimal(38, MONEY_SCALE)) / AMOUNT_UNITS
