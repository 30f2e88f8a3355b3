"""Cleaning: one form for what is written in many ways, work-order phrases out, personal data masked."""

from dataclasses import dataclass
from functools import cache

import opencc
import polars as pl

from lianxin.analyses.service_demand.text.personal import masked

# Phrases of the agent and the form, not of the customer.
_BOILERPLATE = (
    r"【[^】]{1,12}】(?:[\dA-Za-z]+)?",
    r"\[[^\]]{1,20}\]",
    r"※[^※]{1,20}※",
    r"（来电[^）]{0,20}）|\(来电[^)]{0,20}\)",
    r"(?:受理|来电|派单|回访)时间[：:]?[\d年月日时分:： /-]*[，,]?",
    r"(?:工单编号|受理单号|工单号|业务类型|客户编号|用户编号)[：:]?[\w]*(?:已核对)?[，,。]?(?:一般业务)?",
    r"(?:据)?(?:客户|用户|市民|来电人|群众|网友|诉求人)(?:通过热线|拨打热线|来电|致电)?(?:反映|称|咨询|表示|诉求|诉)[，,：:]?",
    r"市民来电[：:]",
    r"此单为[^，。；\s]{0,8}|已转派[^，。；\s]{0,6}|已告知客户相关流程|座席已解释",
    r"(?:尊敬的|敬爱的)?领导[：:好]?(?:您好|你好)?[，,！!：:]?|此致|敬礼",
    r"您好|你好|谢谢|多谢|辛苦了|麻烦问下|请问一下|请问|盼复|烦请协助",
)

# Simplified texts write these too.
_BOTH_WRITE = frozenset("乾著覆藉麽")


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanLimits:
    """How much of a text is read."""

    characters: int


def cleaned(text: pl.Expr, *, limits: CleanLimits) -> pl.Expr:
    """Masked text in one writing: NFKC, lower case, simplified characters, without work-order phrases.

    Only Chinese characters, letters and single spaces remain; digits are gone. Null becomes "".
    """
    text = text.fill_null("").str.slice(0, limits.characters).str.normalize("NFKC")
    text = masked(folded(text))
    for pattern in _BOILERPLATE:
        text = text.str.replace_all(pattern, " ")
    return text.str.to_lowercase().str.replace_all(r"[^\p{Han}a-z]+", " ").str.strip_chars()


def folded(text: pl.Expr) -> pl.Expr:
    """Traditional characters as simplified ones."""
    traditional, simplified = _table()
    return text.str.replace_many(traditional, simplified)


@cache
def _table() -> tuple[list[str], list[str]]:
    """Each traditional character with its simplified one, of the common plane, as OpenCC converts it."""
    characters = [chr(code) for code in range(0x3400, 0xA000)]
    simplified = opencc.OpenCC("t2s").convert("\n".join(characters)).split("\n")
    pairs = [
        (before, after)
        for before, after in zip(characters, simplified, strict=True)
        if before != after and len(after) == 1 and before not in _BOTH_WRITE
    ]
    return [before for before, _after in pairs], [after for _before, after in pairs]
