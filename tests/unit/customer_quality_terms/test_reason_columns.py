"""Reasons for many rows: the words of both languages, and rows that have none."""

import polars as pl

from lianxin.analyses.customer_quality.reason_columns import amount_text, percent_text, reason_column, reason_list
from lianxin.foundation.language import Text

ROWS = pl.DataFrame({"amount": [1234.5, -2.345, 0.0], "share": [0.123, 0.5, 0.0]})
REASONS = [
    reason_column("large", Text("额 {x} 元", "amount {x}"), when=pl.col("amount") > 0, x=amount_text(pl.col("amount"))),
    reason_column("share", Text("占 {y}", "share {y}"), when=pl.col("share") > 0, y=percent_text(pl.col("share"))),
]


def test_each_row_has_the_reasons_that_hold_in_order():
    found = ROWS.select(reasons=reason_list(REASONS))["reasons"].to_list()
    share = {"code": "share", "value": "12.3%", "text_zh": "占 12.3%", "text_en": "share 12.3%"}
    assert found == [
        [{"code": "large", "value": "1234.50", "text_zh": "额 1234.50 元", "text_en": "amount 1234.50"}, share],
        [{"code": "share", "value": "50.0%", "text_zh": "占 50.0%", "text_en": "share 50.0%"}],
        [],
    ]


def test_no_rows_have_no_reasons():
    assert ROWS.clear().select(reasons=reason_list(REASONS))["reasons"].to_list() == []


def test_it_is_what_polars_own_lists_give():
    own = ROWS.select(reasons=pl.concat_list(REASONS).list.drop_nulls())["reasons"].to_list()
    assert ROWS.select(reasons=reason_list(REASONS))["reasons"].to_list() == own
