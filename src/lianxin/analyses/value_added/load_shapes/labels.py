"""A name for a shape, from what the curve does and never from who the customer is."""

from lianxin.analyses.value_added.load_shapes.typical_day import HOURS, Floats
from lianxin.foundation.language import Text

# Shares of the peak that separate the words; choices, stated in docs/algorithms/load_shape.md.
_FLAT = 0.75  # the least hour above 3/4 of the greatest: runs around the clock
_HIGH = 0.80  # hours above 80 % of the span are busy
_DIP = 0.25  # a dip of a quarter of the span between two peaks makes them two
_REST_SAME = 0.80
_REST_CLOSED = 0.35
_NIGHT = (*range(7), 23)
_DAY = tuple(range(8, 18))
_EVENING = tuple(range(18, 23))

_NAMES = {
    "continuous": Text("三班连续型", "continuous, three shifts"),
    "night": Text("夜间型（填谷）", "night load, fills the valley"),
    "evening": Text("晚高峰型", "evening peak"),
    "two_shift": Text("两班型", "two shifts"),
    "noon_break": Text("午休双峰白班型", "day shift with a noon break"),
    "morning_evening": Text("早晚双峰型", "morning and evening peaks"),
    "day": Text("白班型", "day shift"),
    "noon_valley": Text("午间低谷型", "low at noon"),
    "mixed": Text("混合型", "mixed"),
}
_REST_NAMES = {
    "same": Text("休息日照常", "days off alike"),
    "closed": Text("休息日停产", "closed on days off"),
    "less": Text("休息日减量", "less on days off"),
    "more": Text("休息日更高", "more on days off"),
}


def label_of(shape: Floats) -> Text:
    """Words for a typical workday and day off (48 hourly values, see ``typical_days``)."""
    work, rest = shape[:HOURS], shape[HOURS:]
    name, addition = _NAMES[workday_kind(work)], _REST_NAMES[restday_kind(work, rest)]
    return Text(f"{name.zh}·{addition.zh}", f"{name.en}; {addition.en}")


def workday_kind(work: Floats) -> str:
    """Code of the workday's shape."""
    low, high = float(work.min()), float(work.max())
    if high <= 0 or low >= _FLAT * high:
        return "continuous"
    level = (work - low) / (high - low)
    night, day, evening = (float(level[list(hours)].mean()) for hours in (_NIGHT, _DAY, _EVENING))
    peaks = _peaks(level)
    if night > max(day, evening):
        return "night"
    if len(peaks) == 2:
        first, second = peaks
        if second < 18 and 6 <= first <= 12:
            return "noon_break"
        if first <= 13 and second >= 18:
            return "morning_evening"
    if day >= 0.6 and evening >= 0.6:
        return "two_shift"
    if evening > day:
        return "evening"
    if day > evening and day > night:
        return "noon_valley" if level[11:15].mean() < 0.5 * level[[8, 9, 17, 18]].mean() else "day"
    return "mixed"


def restday_kind(work: Floats, rest: Floats) -> str:
    """How the day off stands to the workday, by energy."""
    share = float(rest.mean() / work.mean()) if work.mean() > 0 else 1.0
    if share > 1 / _REST_SAME:
        return "more"
    if share >= _REST_SAME:
        return "same"
    return "closed" if share <= _REST_CLOSED else "less"


def _peaks(level: Floats) -> list[int]:
    """Hours of the two main peaks if a dip of a quarter of the span parts them, else the highest alone."""
    highest = int(level.argmax())
    best: tuple[float, int] | None = None
    for hour in range(HOURS):
        if level[hour] < _HIGH * 0.75:
            continue
        between = level[min(hour, highest) : max(hour, highest) + 1]
        dip = min(level[hour], level[highest]) - float(between.min())
        if dip >= _DIP and (best is None or level[hour] > best[0]):
            best = (float(level[hour]), hour)
    return sorted({highest, best[1]}) if best else [highest]
