"""Steps of the ladder that people decided and took, from the decisions of the workbench."""

from collections.abc import Sequence

import ibis
import polars as pl

WRITTEN_NOTICE, STOP = "written_notice", "propose_disconnection"
_RESULT = "risk_list"


def steps_taken(decisions: ibis.Table) -> ibis.Table:
    """Decisions on the risk list: key, action, value, decided_on."""
    rows = decisions.filter(decisions.result == _RESULT, decisions.key.notnull())
    return rows.select(key=rows.key, action=rows.action, value=rows.value, decided_on=rows.decided_on)


def last_steps(decided: pl.DataFrame, *, oldest: pl.DataFrame, done_words: Sequence[str]) -> pl.DataFrame:
    """Grain: customer: noticed_on and stop_decided_on, the last of each that belongs to the present arrears.

    The key is the customer's number, or the workbench's JSON of it. The step is the decision's action, or its value
    where the action is one of ``done_words``. ``oldest`` (customer_id, oldest_due_on) gives the present arrears: what
    was decided up to that due day belongs to earlier ones. A stop counts only after the notice that it follows.
    """
    key = pl.col("key")
    customer = pl.when(key.str.starts_with("{")).then(_in_json(key)).otherwise(key)
    step = pl.when(pl.col("action").is_in(list(done_words))).then(pl.col("value")).otherwise(pl.col("action"))
    present = (
        decided.with_columns(customer_id=customer, step=step)
        .join(oldest, on="customer_id")
        .filter(pl.col("decided_on") > pl.col("oldest_due_on"))
    )
    dated = {name: pl.col("decided_on").filter(pl.col("step") == name).max() for name in (WRITTEN_NOTICE, STOP)}
    found = present.group_by("customer_id").agg(noticed_on=dated[WRITTEN_NOTICE], stop_decided_on=dated[STOP])
    follows = pl.col("stop_decided_on") >= pl.col("noticed_on")
    return found.with_columns(stop_decided_on=pl.when(follows).then(pl.col("stop_decided_on")))


def _in_json(key: pl.Expr) -> pl.Expr:
    """The number in {"customer_id": "…"}; a pattern, as a JSON parser stops at keys that are none."""
    return key.str.extract(r'"customer_id"\s*:\s*"([^"]*)"')
