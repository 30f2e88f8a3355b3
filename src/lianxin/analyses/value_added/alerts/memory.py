"""What is remembered of each meter from day to day: rings of arrays, written to bytes and back exactly."""

import io
from dataclasses import dataclass, fields
from typing import Self

import numpy as np
from numpy.typing import NDArray

from lianxin.analyses.value_added.alerts.channels import CHANNELS
from lianxin.analyses.value_added.alerts.config import AlertSettings
from lianxin.analyses.value_added.alerts.day_features import NAMES, Floats
from lianxin.analyses.value_added.alerts.expectation import COLUMNS
from lianxin.analyses.value_added.alerts.levels import BINS, SHIFTS

LONG_AGO = -1_000_000
Whole = NDArray[np.int64]


def ring_days(settings: AlertSettings) -> int:
    """Days of features kept: the window, its guard and the days under test."""
    return settings.window_days + settings.guard_days + tested_days(settings)


def tested_days(settings: AlertSettings) -> int:
    """The days under test and the week that they are held against."""
    return settings.base_days + max(settings.ages_days)


@dataclass(slots=True)
class Memory:
    """State of all meters after the day ``ordinal`` (0: nothing seen). First axis: meters.

    Rings are indexed by ordinal modulo their length. ``record`` holds past absolute contrasts.
    """

    usage_point_id: NDArray[np.str_]
    ordinal: Whole
    feature: Floats
    temperature_c: Floats
    histogram: NDArray[np.float32]
    density: Floats
    level_fit: NDArray[np.float32]
    record: NDArray[np.float32]
    coefficient: Floats
    floor_kw: Floats
    weight: Floats
    noise: Floats
    scatter: Floats
    spread: Floats
    limit: Floats
    alert_ordinal: Whole
    alert_shift: Floats
    forgive_until: Whole
    run_missing: Whole
    run_equal: Whole
    last_kwh: Floats
    longest_equal: Whole
    highest_kwh: Floats
    spike_ordinal: Whole
    week_energy: Floats
    drift_ordinal: Whole
    recent_start: Whole

    @classmethod
    def empty(cls, usage_point_id: list[str], settings: AlertSettings) -> Self:
        """Nothing seen yet."""
        meters, features, channels = len(usage_point_id), len(NAMES), len(CHANNELS)
        ages = len(settings.ages_days)

        def unknown(*shape: int) -> Floats:
            return np.full((meters, *shape), np.nan)

        def count(*shape: int, value: int = 0) -> Whole:
            return np.full((meters, *shape), value, dtype=np.int64)

        return cls(
            usage_point_id=np.array(usage_point_id, dtype=np.str_),
            ordinal=np.zeros(1, dtype=np.int64),
            feature=unknown(ring_days(settings), features),
            temperature_c=unknown(ring_days(settings)),
            histogram=np.zeros((meters, ring_days(settings), BINS), dtype=np.float32),
            density=unknown(2, BINS),
            level_fit=unknown(tested_days(settings), len(SHIFTS)).astype(np.float32),
            record=unknown(settings.record_days, channels, ages).astype(np.float32),
            coefficient=unknown(COLUMNS, features),
            floor_kw=unknown(),
            weight=unknown(2, channels, features),
            noise=unknown(2, channels),
            scatter=unknown(features),
            spread=unknown(channels, ages),
            limit=unknown(channels, ages),
            alert_ordinal=count(channels, value=LONG_AGO),
            alert_shift=np.zeros((meters, channels)),
            forgive_until=count(channels, value=LONG_AGO),
            run_missing=count(),
            run_equal=count(),
            last_kwh=unknown(),
            longest_equal=count(),
            highest_kwh=unknown(HIGHEST_WEEKS),
            spike_ordinal=count(value=LONG_AGO),
            week_energy=unknown(WEEKS_KEPT),
            drift_ordinal=count(value=LONG_AGO),
            recent_start=count(RECENT_STARTS, value=LONG_AGO),
        )

    def to_bytes(self) -> bytes:
        """Exact, portable (NumPy .npz, no pickles)."""
        buffer = io.BytesIO()
        np.savez_compressed(
            buffer, allow_pickle=False, **{item.name: getattr(self, item.name) for item in fields(self)}
        )
        return buffer.getvalue()

    @classmethod
    def from_bytes(cls, content: bytes) -> Self:
        """What ``to_bytes`` wrote."""
        with np.load(io.BytesIO(content), allow_pickle=False) as stored:
            return cls(**{item.name: stored[item.name] for item in fields(cls)})

    def copy(self) -> Self:
        """Independent arrays."""
        return type(self)(**{item.name: getattr(self, item.name).copy() for item in fields(self)})

    def joined(self, more: "Memory") -> Self:
        """These meters and those of ``more``, which must have seen nothing yet."""
        together = {
            item.name: np.concatenate([getattr(self, item.name), getattr(more, item.name)])
            for item in fields(self)
            if item.name != "ordinal"
        }
        return type(self)(**together, ordinal=self.ordinal.copy())


WEEKS_KEPT = 65  # drift compares with the same weeks of last year: 52 + 12
RECENT_STARTS = 12  # starts of the latest alerts: (usage point, started_at) must not repeat
HIGHEST_WEEKS = 12  # highest interval of each of the last 12 weeks: a spike is held against them
