"""Local day and minute of an instant, in integers: the same on every engine, daylight saving included."""

from collections.abc import Sequence

import ibis

from lianxin.foundation.zones import Offset

_DAY_SECONDS = 86_400


def with_local_time(table: ibis.Table, *, stamp: str, offsets: Sequence[Offset]) -> ibis.Table:
    """Add ``local_day`` (days since 1970-01-01) and ``local_minute`` (0…1439) of the naive UTC column ``stamp``.

    Grain: as ``table``. ``offsets`` must cover the span of ``stamp`` (``foundation.zones.offsets``). Null stays null.
    """
    epoch = table[stamp].epoch_seconds().cast("int64")
    local = epoch + _offset(epoch, offsets)
    return table.mutate(
        local_day=(local // _DAY_SECONDS).cast("int64"),
        local_minute=((local % _DAY_SECONDS) // 60).cast("int64"),
    )


def _offset(epoch: ibis.expr.types.IntegerValue, offsets: Sequence[Offset]) -> ibis.expr.types.IntegerValue:
    if len(offsets) == 1:
        return ibis.literal(offsets[0].seconds, type="int64")
    branches = [(epoch >= offset.from_epoch, ibis.literal(offset.seconds, type="int64")) for offset in offsets[:0:-1]]
    return ibis.cases(*branches, else_=ibis.literal(offsets[0].seconds, type="int64"))
