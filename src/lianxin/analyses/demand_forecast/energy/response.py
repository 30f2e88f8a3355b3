"""How much energy new connections and the economy make: utilisation of a kVA and elasticity, with their uncertainty.

For a class over its areas: log(E − u·C·E/Ē) = calendar + temperature + trend + e·indicator + noise; E is the day's
energy, Ē its smoothed course, C the kVA in use. For each u of a grid the equation is linear; calendar, temperature and
trend are projected out area by area (Frisch, Waugh), e is common. The prior of u lies at the billed use per kVA. The
noise carries on from day to day, so the days count as fewer.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lianxin.analyses.demand_forecast.config import EnergyConfig
from lianxin.analyses.demand_forecast.load.frame import Floats

_GRID = 61
_DRAWS = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaDays:
    """Daily energy of an area: ``log_energy`` (days,), ``terms`` (days, terms) with a trend, ``kva``, ``smooth_kw``,
    and each indicator by day.
    """

    log_energy: Floats
    terms: Floats
    kva: Floats
    smooth_kw: Floats
    indicators: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """Draws of the posterior: ``utilisation`` (draws,) kW per kVA, ``elasticity`` (draws,) of indicator ``which``."""

    utilisation: Floats
    elasticity: Floats
    which: np.ndarray


def fit_response(areas: Sequence[AreaDays], *, prior_utilisation: float, config: EnergyConfig, seed: int) -> Response:
    """The posterior on a grid of u, for each indicator in turn; indicators weigh by how well they explain."""
    grid = prior_utilisation * np.exp(np.linspace(-2.2, 2.2, _GRID) * config.utilisation_prior_sd)
    prior = -0.5 * np.linspace(-2.2, 2.2, _GRID) ** 2
    count = max(1, areas[0].indicators.shape[1])
    score = np.zeros((count, _GRID))
    middle, wide = np.zeros((count, _GRID)), np.zeros((count, _GRID))
    bases = [np.linalg.qr(area.terms)[0] for area in areas]
    projected = [_projected(area, basis, grid) for area, basis in zip(areas, bases, strict=True)]
    noise = [_noise(ys[:, _GRID // 2]) for ys, _xs in projected]
    for which in range(count):
        for place in range(_GRID):
            score[which, place], middle[which, place], wide[which, place] = _evidence(
                projected, noise, which, place, config
            )
    weight = np.exp(score + prior - (score + prior).max()).ravel()
    random = np.random.default_rng(seed)
    cell = random.choice(count * _GRID, _DRAWS, p=weight / weight.sum())
    step = np.exp(random.uniform(-0.5, 0.5, _DRAWS) * np.log(grid[1] / grid[0]))
    elasticity = middle.ravel()[cell] + wide.ravel()[cell] * random.normal(0, 1, _DRAWS)
    if not areas[0].indicators.shape[1]:
        elasticity = np.zeros(_DRAWS)
    return Response(utilisation=grid[cell % _GRID] * step, elasticity=elasticity, which=cell // _GRID)


def _projected(area: AreaDays, basis: Floats, grid: Floats) -> tuple[Floats, Floats]:
    """Log energy without the new part, for every u (days, grid), and the indicators, both less what the terms say."""
    share = np.clip(area.kva / area.smooth_kw, -5.0, 5.0)
    ys = area.log_energy[:, None] + np.log(np.maximum(1 - share[:, None] * grid[None, :], 0.02))
    return ys - basis @ (basis.T @ ys), area.indicators - basis @ (basis.T @ area.indicators)


def _noise(left: Floats) -> tuple[float, float]:
    """Variance of the errors and the days that one independent day counts for."""
    variance = float(left.var()) + 1e-12
    carried = float(np.clip(np.mean(left[1:] * left[:-1]) / variance, 0.0, 0.95))
    return variance, (1 + carried) / (1 - carried)


def _evidence(
    projected: Sequence[tuple[Floats, Floats]],
    noise: Sequence[tuple[float, float]],
    which: int,
    place: int,
    config: EnergyConfig,
) -> tuple[float, float, float]:
    """Log evidence, mean and standard deviation of the elasticity at one u."""
    precision = 1 / config.elasticity_prior_sd**2
    moment, square = precision * config.elasticity_prior_mean, 0.0
    for (ys, xs), (variance, days) in zip(projected, noise, strict=True):
        y = ys[:, place]
        scale = variance * days
        square += float(y @ y) / scale
        if xs.shape[1]:
            precision += float(xs[:, which] @ xs[:, which]) / scale
            moment += float(xs[:, which] @ y) / scale
    return -0.5 * (square - moment**2 / precision) - 0.5 * float(np.log(precision)), moment / precision, precision**-0.5
