"""The model of a load: smooth terms, trees on the smooth model's residuals, trees alone, and a mixture of them."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import lightgbm
import numpy as np

from lianxin.analyses.demand_forecast.config import ForecastConfig
from lianxin.analyses.demand_forecast.load.frame import Flags, Floats, Frame
from lianxin.analyses.demand_forecast.load.smooth import SmoothModel, fit_smooth
from lianxin.analyses.demand_forecast.load.terms import Heat, calendar_terms, heat_columns, tree_columns
from lianxin.analyses.demand_forecast.load.trees import fit_trees, predict_trees

MIXTURES: dict[str, tuple[float, float, float]] = {
    "smooth": (1.0, 0.0, 0.0),
    "smooth_residual": (0.0, 1.0, 0.0),
    "smooth_residual_trees": (1 / 3, 1 / 3, 1 / 3),
}
"""Weights of the smooth model, of it with trees on its residuals, and of trees alone."""
_MOSTLY = 0.999


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """Logarithm of a load that is positive, else the load over its typical size."""

    logarithmic: bool
    size: float

    @classmethod
    def of(cls, kw: Floats) -> "Scale":
        """Logarithmic where the known loads stay above 2 % of their median, but for one in a thousand."""
        typical = float(np.median(np.abs(kw))) or 1.0
        return cls(logarithmic=bool((kw > 0.02 * typical).mean() >= _MOSTLY), size=typical)

    def forward(self, kw: Floats) -> Floats:
        """To the scale of the model; loads at or below zero have no logarithm and become NaN."""
        if not self.logarithmic:
            return kw / self.size
        return np.log(np.where(kw > 0.0, kw, np.nan) / self.size)

    def backward(self, value: Floats) -> Floats:
        """Back to kW."""
        return np.exp(value) * self.size if self.logarithmic else value * self.size


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """Terms and columns of a frame at one course of the temperature (None: no temperature)."""

    frame: Frame
    terms: Floats
    columns: Floats | None

    def part(self, start: int, stop: int) -> "Inputs":
        """The intervals from ``start`` to before ``stop``."""
        columns = None if self.columns is None else self.columns[start:stop]
        return Inputs(frame=self.frame.part(start, stop), terms=self.terms[start:stop], columns=columns)


def make_inputs(frame: Frame, heat: Heat | None, *, with_trees: bool) -> Inputs:
    """Terms of the smooth model, and the trees' columns where they are wanted."""
    calendar = calendar_terms(frame)
    terms = calendar if heat is None else np.column_stack([calendar, heat_columns(frame, heat)])
    return Inputs(frame=frame, terms=terms, columns=tree_columns(frame, heat) if with_trees else None)


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadModel:
    """Fitted parts on the model's scale, and the mixture in use."""

    scale: Scale
    smooth: SmoothModel
    residual: lightgbm.Booster | None
    alone: lightgbm.Booster | None
    mixture: str
    config: ForecastConfig

    def mixed(self, name: str) -> "LoadModel":
        """The same with another mixture."""
        return replace(self, mixture=name)

    def smooth_part(self, inputs: Inputs) -> Floats:
        """The smooth model alone, on the model's scale."""
        return self.smooth.predict(inputs.frame, inputs.terms)

    def predict(self, inputs: Inputs) -> Floats:
        """The mixture, on the model's scale."""
        return self.mixture_of(self.members(inputs), self.mixture)

    def members(self, inputs: Inputs) -> tuple[Floats, Floats | None, Floats | None]:
        """Predictions of the three members, on the model's scale."""
        smooth, trees = self.smooth_part(inputs), self.config.trees
        if self.residual is None or self.alone is None or inputs.columns is None:
            return smooth, None, None
        corrected = smooth + predict_trees(self.residual, inputs.columns, config=trees)
        alone = self.smooth.trend_part(inputs.frame) + predict_trees(self.alone, inputs.columns, config=trees)
        return smooth, corrected, alone

    @staticmethod
    def mixture_of(members: tuple[Floats, Floats | None, Floats | None], name: str) -> Floats:
        """The weighted mean of the members that are there."""
        smooth, corrected, alone = members
        if corrected is None or alone is None:
            return smooth
        first, second, third = MIXTURES[name]
        return first * smooth + second * corrected + third * alone


def fit_load(inputs: Inputs, target: Floats, known: Flags, *, scale: Scale, config: ForecastConfig) -> LoadModel:
    """Fit on the intervals where ``known``; without columns only the smooth model."""
    smooth = fit_smooth(inputs.frame, inputs.terms, target, known, config=config.smooth)
    residual = alone = None
    if inputs.columns is not None:
        columns = inputs.columns[known]
        years = inputs.frame.years[known]
        weights = 0.5 ** ((years.max() - years) / config.smooth.half_life_years)
        left = (target - smooth.predict(inputs.frame, inputs.terms))[known]
        flat = (target - smooth.trend_part(inputs.frame))[known]
        with ThreadPoolExecutor(2) as pool:  # the two fits do not touch; LightGBM lets go of the interpreter
            first = pool.submit(fit_trees, columns, left, weights, config=config.trees, on_residuals=True)
            second = pool.submit(fit_trees, columns, flat, weights, config=config.trees, on_residuals=False)
            residual, alone = first.result(), second.result()
    name = "smooth" if residual is None else "smooth_residual_trees"
    return LoadModel(scale=scale, smooth=smooth, residual=residual, alone=alone, mixture=name, config=config)
