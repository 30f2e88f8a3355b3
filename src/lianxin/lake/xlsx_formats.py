"""Numbers of sheet cells as text without loss: shortest digits, dates and times in ISO order."""

import re
import zipfile
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from lianxin.lake.xlsx_archive import local, read_tree


class Look(StrEnum):
    """What a number format makes of a number."""

    NUMBER = "number"
    DATE = "date"
    STAMP = "stamp"
    TIME = "time"
    DURATION = "duration"


# Built-in formats of ECMA-376 part 1, 18.8.30, the East Asian ones among them
_BUILT_IN: dict[int, Look] = {
    **dict.fromkeys((14, 15, 16, 17, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58), Look.DATE),
    **dict.fromkeys((18, 19, 20, 21, 32, 33, 34, 35, 45, 47, 55, 56), Look.TIME),
    22: Look.STAMP,
    46: Look.DURATION,
}
_LITERALS = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?![hms]+\])[^\]]*\]', re.IGNORECASE)
_EXACT_INTEGERS = 2**53
_LAST_SERIAL = 2_958_466  # the day after 9999-12-31
_MILLISECONDS_A_DAY = 86_400_000


def cell_looks(archive: zipfile.ZipFile, *, path: Path) -> list[Look]:
    """Return the look of each cell style of the workbook, by its number."""
    styles = read_tree(archive, "xl/styles.xml", path=path)
    custom: dict[int, Look] = {}
    looks: list[Look] = []
    for item in styles if styles is not None else ():
        if local(item.tag) == "numFmts":
            custom = {int(fmt.get("numFmtId", "0")): look_of(fmt.get("formatCode", "")) for fmt in item}
        if local(item.tag) == "cellXfs":
            ids = [int(style.get("numFmtId", "0")) for style in item]
            looks = [custom.get(key, _BUILT_IN.get(key, Look.NUMBER)) for key in ids]
    return looks


def look_of(code: str) -> Look:
    """Classify a number format such as ``yyyy/m/d h:mm`` or ``0.00``."""
    plain = _LITERALS.sub("", code.partition(";")[0]).lower()
    if "general" in plain:
        return Look.NUMBER
    if "[" in plain:
        return Look.DURATION
    has_day = "y" in plain or "d" in plain
    has_clock = "h" in plain or "s" in plain
    if has_day and has_clock:
        return Look.STAMP
    if has_clock:
        return Look.TIME
    return Look.DATE if has_day or "m" in plain else Look.NUMBER


def number_text(raw: str, *, look: Look, from_1904: bool) -> str:
    """Return a stored number as text. Raises ValueError where it is none."""
    value = float(raw)
    if look is not Look.NUMBER and 0 <= value < _LAST_SERIAL:
        return _moment(value, look=look, from_1904=from_1904)
    if value.is_integer() and abs(value) < _EXACT_INTEGERS:
        return str(int(value))
    return repr(value)


def _moment(serial: float, *, look: Look, from_1904: bool) -> str:
    milliseconds = round(serial * _MILLISECONDS_A_DAY)  # Excel itself knows no finer time
    if look is Look.DURATION:
        return _clock(milliseconds)
    if look is Look.TIME and milliseconds < _MILLISECONDS_A_DAY:
        return _clock(milliseconds)
    # Excel counts a 29 February 1900 that did not exist: serial 60
    origin = datetime(1899, 12, 30) if serial >= 60 else datetime(1899, 12, 31)
    origin = datetime(1904, 1, 1) if from_1904 else origin
    moment = origin + timedelta(milliseconds=milliseconds)
    if look is Look.DATE and milliseconds % _MILLISECONDS_A_DAY == 0:
        return moment.date().isoformat()
    return moment.isoformat(sep=" ", timespec="milliseconds" if milliseconds % 1000 else "seconds")


def _clock(milliseconds: int) -> str:
    seconds, rest = divmod(milliseconds, 1000)
    text = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    return f"{text}.{rest:03}" if rest else text
