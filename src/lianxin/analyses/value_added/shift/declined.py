"""Why a load gets no advice."""

from collections import Counter
from collections.abc import Iterable
from enum import Enum

from lianxin.contracts.analysis import Note
from lianxin.foundation.language import Text


class Declined(Enum):
    """A reason, and what would be needed."""

    NO_PLAN = Text("电价方案不在目录中或合同条款不完整", "no plan in the catalogue, or terms that cannot be used")
    NOT_RATED = Text("账单无法计算", "the bills could not be rated")
    CLASS_WITHOUT_LIMITS = Text("该用电类别未配置可转移限值", "no limits are configured for the customer class")
    INTERVALS_TOO_LONG = Text("读数间隔过长，看不出时段", "readings too long to show the bands")
    TOO_FEW_MONTHS = Text("可计费月份不足", "too few months could be billed")
    ONE_PRICE = Text("全天一个价且不按需量计费", "one price all day and no charge by demand")
    NOTHING_PAYS = Text("在限值内没有可节省的转移", "nothing within the limits saves money")
    NO_SIZE_PAYS = Text("没有在回收期限内回本的方案", "nothing pays back within the limit")
    SENSITIVITY_UNKNOWN = Text(
        "无法从日气温中识别制冷或采暖负荷", "cooling or heating load cannot be identified from daily temperature"
    )
    NO_WEATHER = Text("缺少日气温", "no daily temperature")
    NO_FUEL_PRICE = Text("缺少燃料价格", "no fuel price")
    NO_ROOM = Text("接入容量不足以增加负荷", "the connected capacity has no room for the added load")
    NO_SHARES = Text("该行业未配置用电构成", "no end-use shares are configured for the class or industry")


def declined_note(table: str, declined: Iterable[Declined], *, about: str) -> tuple[Note, ...]:
    """One note of how many got no row, by reason; ``about`` names the column that is the key of what is left out."""
    counts = Counter(declined)
    if not counts:
        return ()
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0].name))
    needed = Text(
        "；".join(f"{count} 个：{item.value.zh}" for item, count in ordered),
        "; ".join(f"{count}: {item.value.en}" for item, count in ordered),
    )
    return (Note(table=table, column=about, missing=sum(counts.values()), needed=needed),)
