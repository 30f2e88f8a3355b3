"""Make a workspace: lianxin.toml, lake/, plans/, policies/, templates/."""

from pathlib import Path

from lianxin.contracts.codes import code_lists
from lianxin.contracts.facts import FACTS
from lianxin.foundation.errors import UnusableInput
from lianxin.foundation.language import LANGUAGES, Text
from lianxin.foundation.settings import SETTINGS_FILE, Settings
from lianxin.lake.aliases import ALIASES_FILE
from lianxin.lake.templates import write_template
from lianxin.lake.workspace import Workspace

_SETTINGS = """\
# Settings of this workspace / 本工作区的设置。Unknown keys are refused / 不接受未知的键。

name = ""                      # the supplier's name in reports / 报告中的供电企业名称
engine = "duckdb"              # duckdb or spark / 计算引擎
time_zone = "Asia/Shanghai"    # local time of naive times and calendars / 本地时区
language = "zh"                # zh or en / 报告与提示的语言
currency = "CNY"               # ISO 4217
due_day = 20                   # bills without due_on fall due on this day of the next month / 缺省缴费截止日
# calendar = "calendar.toml"   # workdays, restdays, holidays that override the calendar / 日历覆盖文件
# memory_limit_gib = 6.0       # memory before DuckDB spills to disk / DuckDB 内存上限

# [customer_quality]           # settings of an analysis: docs/reference/settings / 各分析的设置
# [spark]
# master = "local[*]"          # or spark://host:7077
# [codes.channel.kiosk]        # a code of your own / 自定义代码
# zh = "自助终端"
# en = "kiosk"
"""

_ALIASES = """\
# Names of columns and codes in your extracts, beside those that are known already.
# 本单位抽取文件中的列名与代码，补充内置别名。
#
# [columns.customer]
# "客户编码" = "customer_id"
# [codes.customer_class]
# "A1" = "residential"
"""


class NotAFolder(UnusableInput):
    """The path of a new workspace is a file."""

    text = Text("{path} 不是目录，无法建立工作区。", "{path} is no folder; a workspace cannot be made there.")


def initialise(folder: Path) -> Workspace:
    """Make the folders and files of a workspace; settings and aliases that are there already stay.

    Raises:
        NotAFolder: ``folder`` is a file.
        SettingsInvalid: the lianxin.toml that is there cannot be used.

    """
    if folder.exists() and not folder.is_dir():
        raise NotAFolder(path=folder)
    for name in ("lake", "plans", "policies", "templates/zh", "templates/en"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    for name, content in ((SETTINGS_FILE, _SETTINGS), (ALIASES_FILE, _ALIASES)):
        path = folder / name
        if not path.exists():
            path.write_text(content, encoding="utf-8")
    settings = Settings.load(folder / SETTINGS_FILE)
    lists = code_lists(settings.codes)
    for table in FACTS.values():
        for language in LANGUAGES:
            write_template(folder / "templates" / language / f"{table.name}.xlsx", table, language, lists)
    return Workspace(folder.resolve(), settings)
