"""settings.md, from the settings class and what ``init`` writes."""

import json
from collections.abc import Mapping

from page_parts import head, page_of, table
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from lianxin.foundation.language import Language, Text
from lianxin.foundation.settings import Settings, SparkSettings

_ABOUT = Text(
    "工作区的 `lianxin.toml`，由 `src/lianxin/foundation/settings.py` 生成。每个键都可省略；"
    "不认识的键会被拒绝（退出码 2）。",
    "The `lianxin.toml` of a workspace, from `src/lianxin/foundation/settings.py`. Every key may be left out; an "
    "unknown key is refused (exit code 2).",
)
_HEADINGS = {"zh": ("键", "类型", "缺省", "含义"), "en": ("key", "type", "default", "meaning")}

# The settings class describes itself in English; a new setting needs its Chinese words here.
_CHINESE: Mapping[str, str] = {
    "name": "供电企业名称，用于报告",
    "engine": "表达式在哪里计算",
    "time_zone": "日历与不带时区的时间所用的本地时区，IANA 名称",
    "language": "报告与提示的语言",
    "currency": "金额的货币，ISO 4217 代码",
    "due_day": "账单无 due_on 时，于次月的这一天到期",
    "calendar": "覆盖日历的 TOML 文件（工作日、休息日与节假日）",
    "calendar_country": "节假日日历的国家，ISO 3166 代码",
    "memory_limit_gib": "DuckDB 溢出到磁盘之前可用的内存（GiB）",
    "spark.master": "Spark 主节点地址：local[N]、spark://主机:端口、yarn",
    "spark.options": "其他 spark.* 选项",
    "service_demand": "客户服务需求分析的设置",
    "customer_quality": "客户质量评价的设置",
    "value_added": "个性化增值服务的设置",
    "demand_forecast": "电量需求预测的设置",
    "price_analysis": "电价电费波动分析的设置",
    "codes": '自有代码，如 [codes.channel.kiosk] zh = "自助终端", en = "kiosk"',
}


def settings_page(language: Language) -> str:
    """Every setting."""
    lines = head("settings", Text("设置", "Settings"), _ABOUT, language)
    rows = [*_rows(Settings, "", language), *_rows(SparkSettings, "spark.", language)]
    lines += table(_HEADINGS[language], rows)
    return page_of(lines)


def _rows(settings: type[BaseModel], prefix: str, language: Language) -> list[tuple[str, ...]]:
    return [
        (f"`{prefix}{name}`", _kind(field), f"`{_default(field)}`", _meaning(f"{prefix}{name}", field, language))
        for name, field in settings.model_fields.items()
        if field.annotation is not SparkSettings
    ]


def _kind(field: FieldInfo) -> str:
    written = str(field.annotation)
    if written.startswith("typing.Literal"):
        return written.removeprefix("typing.Literal[").removesuffix("]").replace("'", "`")
    return field.annotation.__name__ if isinstance(field.annotation, type) else written


def _default(field: FieldInfo) -> str:
    return json.dumps(field.get_default(call_default_factory=True), ensure_ascii=False)


def _meaning(key: str, field: FieldInfo, language: Language) -> str:
    bounds = [f"{sign} {getattr(rule, name)}" for rule in field.metadata for name, sign in _BOUNDS if _has(rule, name)]
    words = _CHINESE[key] if language == "zh" else field.description or ""
    return words + (f" ({', '.join(bounds)})" if bounds else "")


_BOUNDS = (("ge", "≥"), ("gt", ">"), ("le", "≤"), ("lt", "<"))


def _has(rule: object, name: str) -> bool:
    return getattr(rule, name, None) is not None
