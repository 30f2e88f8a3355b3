"""By what factor a day's readings are those that the meter is used to see.

A plant switches between a few levels (idle, auxiliaries, furnace). Which of them it visits on a day says
little; that its readings lie where they never lay says much. So each day's readings are laid, on a
logarithmic scale, over the distribution of the meter's own past readings and moved until they fit best.
Histograms are circular: readings whose ratio is exp(6.4) share a bin, which no single meter mixes up.
"""

import numpy as np
from numpy.typing import NDArray

from lianxin.analyses.value_added.alerts.day_features import Floats

BINS = 160
WIDTH = 0.04  # log units
_REACH = 20  # bins: factors from 0.45 to 2.2 are tried
SHIFTS = np.arange(-_REACH, _REACH + 1) * WIDTH
_SMOOTHING_BINS = 1.0
_ANYWHERE = 0.1  # share of readings that may lie anywhere
# A level seen often is no better than one seen now and then: the density counts up to this many times even.
_USUAL = 2.0
_NEARNESS = 0.6  # of equally good places the nearest counts: a flat distribution says nothing about a shift
_POOLED = 0.2  # share of the other kind of day in a day's distribution
_FEWEST_INTERVALS = 24


def day_histogram(kwh: Floats) -> NDArray[np.float32]:
    """Counts (meters, bins) of the day's positive readings by their logarithm; kW, so lengths agree."""
    out = np.zeros((len(kwh), BINS), dtype=np.float32)
    if kwh.shape[1] < _FEWEST_INTERVALS:
        return out
    positive = np.nan_to_num(kwh) > 0
    rows, _places = np.nonzero(positive)
    logs = np.log(kwh[positive] * (kwh.shape[1] / 24.0))
    bins = np.floor(logs / WIDTH).astype(np.int64) % BINS
    counts = np.bincount(rows * BINS + bins, minlength=out.size)
    return counts.reshape(out.shape).astype(np.float32)


def log_density(histograms: NDArray[np.float32], weights: Floats, rest: NDArray[np.bool_]) -> Floats:
    """Log density (meters, 2, bins) of workdays and days off from (meters, days, bins)."""
    both = [np.einsum("mdb,d->mb", histograms[:, days], weights[days]).astype(np.float64) for days in (~rest, rest)]
    groups = [(1 - _POOLED) * _share(own) + _POOLED * _share(both[0] + both[1]) for own in both]
    frequency = np.fft.rfftfreq(BINS)
    kernel = np.exp(-2 * (np.pi * frequency * _SMOOTHING_BINS) ** 2)
    density = np.fft.irfft(np.fft.rfft(np.stack(groups, axis=1), axis=2) * kernel, n=BINS, axis=2)
    usual = np.clip(density, 0, _USUAL / BINS)
    logarithm: Floats = np.log((1 - _ANYWHERE) * usual + _ANYWHERE / BINS)
    return logarithm


def fit_curve(histogram: NDArray[np.float32], density: Floats) -> NDArray[np.float32]:
    """How well the day's readings fit at each shift of ``SHIFTS``: mean log density (meters, shifts).

    ``density`` is (meters, bins) of the day's kind. NaN where there are no readings or no past.
    """
    number = histogram.sum(axis=1, keepdims=True)
    spectrum = np.fft.rfft(histogram.astype(np.float64), axis=1) * np.conj(np.fft.rfft(density, axis=1))
    fit = np.fft.irfft(spectrum, n=BINS, axis=1)
    near = np.concatenate([fit[:, -_REACH:], fit[:, : _REACH + 1]], axis=1)
    mean = np.divide(near, number, out=np.full_like(near, np.nan), where=number > 0)
    curve: NDArray[np.float32] = mean.astype(np.float32)
    return curve


def best_shift(curve: Floats) -> Floats:
    """Log factor of the best place of fit curves (…, shifts), between the grid; NaN where not known."""
    near = np.where(np.isnan(curve), -np.inf, curve) - _NEARNESS * SHIFTS**2
    best = np.clip(near.argmax(axis=-1), 1, len(SHIFTS) - 2)[..., None]
    left, middle, right = (np.take_along_axis(near, best + step, axis=-1)[..., 0] for step in (-1, 0, 1))
    known = np.isfinite(middle)
    left, middle, right = (np.where(known, item, 0.0) for item in (left, middle, right))
    bend = left - 2 * middle + right
    part = np.divide(0.5 * (left - right), bend, out=np.zeros_like(bend), where=bend < 0)
    shift = SHIFTS[best[..., 0]] + WIDTH * np.clip(part, -0.5, 0.5)
    return np.where(known, shift, np.nan)


def pooled_shift(curves: Floats, age: int) -> tuple[Floats, Floats, Floats]:
    """Shift of the last ``age`` days against the days before, its evidence, and the days that agree with it.

    All are (meters,). The evidence is the square root of the mean gain in log density at the new place: it
    is small where the readings are as usual at the old place, however they came to lie at the new one.

    ``curves`` is (meters, days, shifts). All days of one side are laid over the past together, so that a
    day spent on one level alone misleads no more. A day agrees if it fits better at the new place.
    """
    now, before = curves[:, -age:], curves[:, :-age]
    known = ~np.isnan(now[:, :, 0])
    new = best_shift(_mean(now))
    old = best_shift(_mean(before))
    places = [np.clip(np.rint(np.nan_to_num(item) / WIDTH).astype(int) + _REACH, 0, 2 * _REACH) for item in (new, old)]
    at_new, at_old = (np.take_along_axis(now, place[:, None, None], axis=2)[:, :, 0] for place in places)
    agree = (known & (np.nan_to_num(at_new) > np.nan_to_num(at_old))).sum(axis=1)
    gain = np.nan_to_num(at_new - at_old).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    enough = known.sum(axis=1) >= age - 1
    evidence = np.where(enough, np.sqrt(np.maximum(gain, 0.0)), np.nan)
    return np.where(enough, new - old, np.nan), evidence, agree.astype(float)


def _mean(curves: Floats) -> Floats:
    known = ~np.isnan(curves)
    number = known.sum(axis=1)
    total = np.where(known, curves, 0.0).sum(axis=1)
    mean: Floats = np.divide(total, number, out=np.full(total.shape, np.nan), where=number > 0)
    return mean


def _share(counts: Floats) -> Floats:
    """Counts (meters, bins) over their sum; even where there are none."""
    total = counts.sum(axis=1, keepdims=True)
    share: Floats = np.divide(counts, total, out=np.full_like(counts, 1 / BINS), where=total > 0)
    return share
