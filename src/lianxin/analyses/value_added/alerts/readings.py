"""Readings of many meters on a common grid of whole days."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from lianxin.analyses.value_added.alerts.day_features import Floats
from lianxin.foundation.errors import UnusableInput
from lianxin.foundation.language import Text


class ReadingsMisshapen(UnusableInput):
    """The arrays of readings do not fit each other."""

    text = Text(
        "读数数组 {name} 的形状 {shape} 与计量点 × 日 × 时段 {expected} 不符",
        "Readings {name} have the shape {shape}, not meters × days × intervals {expected}",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterDays:
    """Whole local days from ``first_day`` on.

    ``kwh``, ``kvarh``, ``kvarh_leading`` are (meters, days, intervals a day), NaN where missing; one interval
    a day is daily usage. ``temperature_c`` is (meters, days), the day's mean. Days without a row are NaN.
    """

    usage_point_id: tuple[str, ...]
    first_day: date
    kwh: Floats
    kvarh: Floats | None = None
    kvarh_leading: Floats | None = None
    temperature_c: Floats | None = None

    def __post_init__(self) -> None:
        expected = (len(self.usage_point_id), *self.kwh.shape[1:])
        for name in ("kwh", "kvarh", "kvarh_leading"):
            value = getattr(self, name)
            if value is not None and (value.shape != expected or value.ndim != 3):
                raise ReadingsMisshapen(name=name, shape=value.shape, expected=expected)
        if self.temperature_c is not None and self.temperature_c.shape != expected[:2]:
            raise ReadingsMisshapen(name="temperature_c", shape=self.temperature_c.shape, expected=expected[:2])

    @property
    def minutes(self) -> int:
        """Length of an interval."""
        return 1440 // int(self.kwh.shape[2])

    def day(self, number: int) -> "MeterDays":
        """The ``number``-th day alone."""
        cut = slice(number, number + 1)
        return MeterDays(
            usage_point_id=self.usage_point_id,
            first_day=self.first_day + timedelta(days=number),
            kwh=self.kwh[:, cut],
            kvarh=None if self.kvarh is None else self.kvarh[:, cut],
            kvarh_leading=None if self.kvarh_leading is None else self.kvarh_leading[:, cut],
            temperature_c=None if self.temperature_c is None else self.temperature_c[:, cut],
        )

    def of_one_day(self) -> tuple[Floats, Floats | None, Floats | None]:
        """Readings of the only day, (meters, intervals)."""
        lagging = None if self.kvarh is None else self.kvarh[:, 0]
        leading = None if self.kvarh_leading is None else self.kvarh_leading[:, 0]
        return np.ascontiguousarray(self.kwh[:, 0]), lagging, leading
