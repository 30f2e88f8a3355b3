"""Personal data and work-order phrases leave a text; what it says stays."""

import polars as pl
import pytest

from lianxin.analyses.service_demand.text.clean import CleanLimits, cleaned
from lianxin.analyses.service_demand.text.dictionary import segmenter, theme_of_term

LIMITS = CleanLimits(characters=4_000)


def clean(*texts: str | None) -> list[str]:
    return (
        pl.DataFrame({"text": list(texts)}, schema={"text": pl.String})
        .select(cleaned(pl.col("text"), limits=LIMITS))["text"]
        .to_list()
    )


PERSONS = [
    ("停电了，联系人张三丰，电话13912345678", ("张三丰", "139")),
    ("请联系诸葛亮（13912345678）处理", ("诸葛亮", "139")),
    ("回电0571-88886666，王小明", ("王小明", "88886666")),
    ("户主欧阳娜娜，住杭州市西湖区文三路25号3幢2单元501室，手机139 1234 5678", ("欧阳", "文三路", "501")),
    ("我叫李四，电话是13912345678，电表不准", ("李四", "139")),
    ("云州市金桥新村25幢1单元502室 覃娜溪 13900007089", ("覃娜溪", "金桥", "502")),
    ("身份证330102199001011234已提供", ("3301",)),
    ("户号4153556882电费不对", ("4153556882",)),
    ("邮箱 zhang.san@example.com 收不到发票", ("zhang", "example")),
    ("王先生反映电压低", ("王先生",)),
    ("车牌浙A12345挡住表箱", ("A12345", "a12345")),
]


@pytest.mark.parametrize(("text", "gone"), PERSONS)
def test_personal_data_leave_the_text(text: str, gone: tuple[str, ...]) -> None:
    left = clean(text)[0]
    assert not any(part in left for part in gone), left


def test_what_is_said_stays() -> None:
    left = clean("【工单编号】5195 客户来电反映：最近3天小区变压器嗡嗡响，晚上睡不着，请联系张伟（13900000000）")[0]
    assert "变压器嗡嗡响" in left
    assert "工单编号" not in left


def test_traditional_writing_and_wide_letters_become_one() -> None:
    assert clean("電費異常，ＡＰＰ登錄不了") == clean("电费异常，app登录不了") == ["电费异常 app登录不了"]


def test_emoji_spaces_and_nothing_say_nothing() -> None:
    assert clean("😡😡", "  ", "", None, "。！？", "12345") == ["", "", "", "", "", ""]


def test_only_the_first_characters_of_a_long_text_are_read() -> None:
    assert len(clean("停电" * 60_000)[0]) <= LIMITS.characters


def test_terms_of_the_sector_are_not_cut() -> None:
    words = segmenter().cut("充电桩报装的低电压台区")
    assert {"充电桩", "报装", "低电压", "台区"} <= set(words)


def test_the_dictionary_has_three_hundred_terms() -> None:
    assert len(theme_of_term()) >= 300
