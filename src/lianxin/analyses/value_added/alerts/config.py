"""Settings of usage alerts: every threshold with its unit and where it comes from.

"Calibrated" means: chosen on the calibration half of the simbench customer profiles and on synthetic
intermittent plants (docs/algorithms/usage_alert.md states the split); never on the evaluation meters.
"""

from pydantic import Field

from lianxin.foundation.settings import Frozen


class ChannelLimits(Frozen):
    """When the contrast of one channel is an alert. All conditions hold together."""

    spread_multiple: float = Field(ge=0, description="times the meter's own spread of the contrast")
    record_multiple: float = Field(ge=0, description="times the own 98 % quantile of past contrasts")
    min_up_pct: float = Field(gt=0, description="%, smallest rise reported; inf: rises are no alert")
    min_down_pct: float = Field(gt=0, lt=100, description="%, smallest fall reported")
    min_coherence: float = Field(ge=0, le=1, description="share of the features that moved alike")


class AlertSettings(Frozen):
    """How usage is watched."""

    window_days: int = Field(84, ge=28, description="days; history of the expectation: 12 whole weeks")
    guard_days: int = Field(7, ge=5, description="days kept out of the expectation, so no step hides in it")
    half_life_days: float = Field(21.0, gt=0, description="days; weight of history halves (calibrated)")
    min_days: int = Field(28, ge=14, description="valid days before a meter is watched: 4 whole weeks")
    min_contrasts: int = Field(20, ge=5, description="own past contrasts before a limit is trusted")
    base_days: int = Field(7, ge=5, description="days right before the change that it is held against")
    ages_days: tuple[int, ...] = Field((4, 5), description="days of evidence tried; goal: within 5 days")
    record_days: int = Field(300, ge=60, description="days of past contrasts behind the own limit")
    record_quantile: float = Field(0.98, gt=0.5, le=1, description="quantile of past contrasts (calibrated)")
    record_prior_days: float = Field(
        10.0, ge=0, description="days; a short record raises the limit by 1 + this/n (calibrated)"
    )
    cap_log: float = Field(0.4, gt=0, description="log units; one day counts at most this or 3 sigma")
    shrinkage: float = Field(0.3, ge=0, le=1, description="of feature correlations toward none (calibrated)")
    refractory_days: int = Field(21, ge=1, description="days without a further alert of the same channel")
    return_days: int = Field(45, ge=0, description="days within which a return to the old level is no alert")
    floor_share: float = Field(0.005, gt=0, description="of the mean load, added before logarithms")
    max_missing_share: float = Field(0.1, ge=0, lt=1, description="share of a day's intervals; more: day unused")
    temperature_base_c: tuple[float, float] = Field(
        (15.0, 22.0), description="degC; heating below, cooling above (usual degree-day bases)"
    )
    scale: ChannelLimits = Field(
        ChannelLimits(spread_multiple=3.0, record_multiple=1.6, min_up_pct=20, min_down_pct=21, min_coherence=0.5),
        description="the whole curve moved by one factor (calibrated)",
    )
    energy: ChannelLimits = Field(
        ChannelLimits(spread_multiple=5.0, record_multiple=2.0, min_up_pct=20, min_down_pct=20, min_coherence=0),
        description="the day's energy moved, by whatever change of the curve (calibrated)",
    )
    active: ChannelLimits = Field(
        ChannelLimits(spread_multiple=5.0, record_multiple=2.0, min_up_pct=20, min_down_pct=20, min_coherence=0.5),
        description="the load of the working hours moved (calibrated)",
    )
    base: ChannelLimits = Field(
        ChannelLimits(spread_multiple=5.0, record_multiple=2.0, min_up_pct=30, min_down_pct=30, min_coherence=1.0),
        description="the load of idle hours moved (calibrated)",
    )
    level: ChannelLimits = Field(
        ChannelLimits(spread_multiple=5.0, record_multiple=1.0, min_up_pct=20, min_down_pct=20, min_coherence=0),
        description="readings lie by one factor off the levels that the meter is used to (calibrated)",
    )
    power_factor: ChannelLimits = Field(
        ChannelLimits(
            spread_multiple=5.0,
            record_multiple=2.5,
            min_up_pct=float("inf"),
            min_down_pct=6,
            min_coherence=0,
        ),
        description="falls only; 6 % of 0.90 is five rows of the table of 1983",
    )
    missing_hours: float = Field(4.0, gt=0, description="h without readings; shorter gaps are usual collection")
    flat_hours: float = Field(12.0, gt=0, description="h of the very same reading, and twice the own longest run")
    flat_readings: int = Field(5, ge=3, description="readings alike at least, for hourly or daily meters")
    spike_multiple: float = Field(2.0, gt=1, description="times the highest reading of 12 weeks (calibrated)")
    spike_weeks: int = Field(8, ge=2, le=12, description="weeks known before spikes are reported")
    drift_pct: float = Field(20.0, gt=0, description="% against the same four weeks of last year, and growing")
