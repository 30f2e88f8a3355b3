"""Invented people and companies: names, telephone numbers that nobody has, addresses."""

import numpy as np
from numpy.typing import NDArray

from lianxin.demo.classes import INDUSTRIES
from lianxin.demo.territory import DISTRICTS

SURNAMES = (
    "王李张刘陈杨黄赵周吴徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾萧田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔"
    "钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰建国志斌海燕红梅春晓东文辉力宇浩然子轩雨欣佳怡博文思远"
    "嘉豪梦瑶俊雅琴鹏飞雪峰慧玲永福长根金凤水生秋菊冬青晨曦立新振兴卫民爱华国庆少云冠霖若溪一诺"
)
_BRAND_WORDS = (
    "恒瑞 鼎盛 华远 金博 天成 永固 宏达 瑞丰 中泰 新锐 博望 海纳 同辉 双利 万合 嘉业 云帆 启明 卓越 安泰 祥和 正源 "
    "立信 佳美 富春 长青 昌隆 大通 顺兴 凯盛 龙腾 联创 元亨 百川 锦程 星宇 东升 三友 和盛 德邦 众益 广源 兴达 隆基 "
    "久安 创维 汇丰 景明 朗润 茂源 宁远 普惠 庆云 润泽 盛德 泰和 万方 熙和 雅居 远航 泽民 志诚 卓然 祺祥"
)
_BRANDS = tuple(_BRAND_WORDS.split())
_FORMS = ("有限公司", "有限责任公司", "股份有限公司", "厂", "集团有限公司")
_PUBLIC = {"P83": "学校", "Q84": "医院", "S91": "管理处"}
_ORDINALS = ("第一", "第二", "第三", "实验", "中心", "")


def people_names(random: np.random.Generator, count: int) -> list[str]:
    """Names of persons: a surname and one or two characters."""
    surnames = random.integers(0, len(SURNAMES), count).tolist()
    first = random.integers(0, len(GIVEN), count).tolist()
    second = random.integers(0, len(GIVEN), count).tolist()
    two = (random.random(count) < 0.78).tolist()
    return [
        SURNAMES[a] + GIVEN[b] + (GIVEN[c] if both else "")
        for a, b, c, both in zip(surnames, first, second, two, strict=True)
    ]


def company_names(random: np.random.Generator, district: NDArray[np.int64], industry: NDArray[np.int64]) -> list[str]:
    """Names of companies and public bodies, by district and industry."""
    count = len(district)
    brands = random.integers(0, len(_BRANDS), (2, count)).tolist()
    forms = random.choice(len(_FORMS), count, p=(0.62, 0.12, 0.05, 0.17, 0.04)).tolist()
    extra = (random.random(count) < 0.45).tolist()
    places = random.integers(0, 5, count).tolist()
    return [
        _company(DISTRICTS[d].places[p], _BRANDS[a], _BRANDS[b] if more else "", INDUSTRIES[i].code, i, form)
        for d, i, a, b, form, more, p in zip(
            district.tolist(), industry.tolist(), brands[0], brands[1], forms, extra, places, strict=True
        )
    ]


def _company(place: str, brand: str, second: str, code: str, industry: int, form: int) -> str:
    if code in _PUBLIC:
        return f"云州市{place[:2]}{_ORDINALS[(form + len(brand + second)) % len(_ORDINALS)]}{brand}{_PUBLIC[code]}"
    return f"云州{brand}{second}{INDUSTRIES[industry].word}{_FORMS[form]}"


def phones(random: np.random.Generator, count: int) -> list[str]:
    """Telephone numbers of a range that is not given out: 1390000xxxx and 0999-000xxxx style land lines."""
    mobile = (random.random(count) < 0.86).tolist()
    numbers = random.integers(0, 10_000, count).tolist()
    return [f"1390000{n:04d}" if m else f"0999-000{n:04d}" for n, m in zip(numbers, mobile, strict=True)]


def addresses(random: np.random.Generator, district: NDArray[np.int64], homes: NDArray[np.bool_]) -> list[str]:
    """Addresses within the district's places."""
    count = len(district)
    draws = random.integers(0, 1_000_000, (3, count)).tolist()
    return [
        _address(DISTRICTS[d].places[a % 5], a, b, c, home=home, rural=DISTRICTS[d].kind != "urban")
        for d, a, b, c, home in zip(district.tolist(), *draws, homes.tolist(), strict=True)
    ]


def _address(place: str, a: int, b: int, c: int, *, home: bool, rural: bool) -> str:
    if rural:
        return f"云州市{place}{a % 18 + 1}组{b % 160 + 1}号"
    if home:
        return f"云州市{place}{a // 7 % 60 + 1}幢{b % 4 + 1}单元{c % 28 + 1}{b // 9 % 4 + 1:02d}室"
    return f"云州市{place}{b % 988 + 1}号"
