"""Uses of energy, efficiencies and shares: a dated rule set, packaged or of the workspace."""

import tomllib
from collections.abc import Mapping
from datetime import date
from importlib.resources import files

from pydantic import Field, ValidationError

from lianxin.contracts.analysis import AnalysisInput
from lianxin.foundation.errors import SettingsInvalid
from lianxin.foundation.language import Text
from lianxin.foundation.settings import Frozen, validation_problems
from lianxin.tariff.charges import Name

POLICY = "substitution"
# How extracts name fuels.
_NAMES = {
    "natural_gas": ("natural_gas", "gas", "天然气"),
    "coal": ("coal", "煤", "煤炭", "动力煤"),
    "diesel": ("diesel", "柴油"),
    "fuel_oil": ("fuel_oil", "oil", "燃料油", "重油"),
    "photovoltaic": ("photovoltaic", "pv", "solar", "光伏"),
}
_TITLES = {
    "natural_gas": Text("天然气", "natural gas"),
    "coal": Text("煤", "coal"),
    "diesel": Text("柴油", "diesel"),
    "fuel_oil": Text("燃料油", "fuel oil"),
    "photovoltaic": Text("光伏", "photovoltaics"),
}
_UNITS = {
    "m3": ("m3", "m³", "立方米", "方"),
    "t": ("t", "tonne", "ton", "吨"),
    "kg": ("kg", "千克", "公斤"),
    "kwh": ("kwh", "千瓦时"),
}


class Use(Frozen):
    """One use of energy: useful output per kWh of electricity and of each fuel."""

    title: Name
    electric: float = Field(gt=0, description="useful output per kWh of electricity")
    fuel: Mapping[str, float] = Field(description="useful output per kWh of each fuel's heating value")


class Share(Frozen):
    """Shares of a customer's energy, by class or industry."""

    at_risk: Mapping[str, float] = Field(default_factory=dict, description="serves the use and could leave")
    to_win: Mapping[str, float] = Field(default_factory=dict, description="could come, as a share of the energy today")


class SubstitutionRules(Frozen):
    """The rule set."""

    valid_from: date
    source: str
    illustrative: bool = False
    not_permitted: tuple[str, ...] = Field(
        (), description="fuels that nobody may change to; no customer leaves to them"
    )
    heating_value: Mapping[str, float] = Field(description="kWh of lower heating value by FUEL/UNIT")
    use: Mapping[str, Use]
    share: Mapping[str, Share]
    kwh_at_least: float = Field(
        10_000.0, ge=0, description="kWh a year of a use; below it nobody is visited (assumption)"
    )

    def kwh_per_unit(self, fuel: str, unit: str | None) -> float | None:
        """Heating value of a fuel's unit (``CNY/m3``, ``元/吨``); None where either is not known."""
        word = (unit or "").rpartition("/")[2].strip().lower()
        known = next((code for code, spellings in _UNITS.items() if word in spellings), "")
        if known == "kg" and f"{fuel}/t" in self.heating_value:
            return self.heating_value[f"{fuel}/t"] / 1000
        return self.heating_value.get(f"{fuel}/{known}")


def fuel_code(name: str) -> str:
    """The code of a fuel that an extract names; what is not known stays as it is.

    >>> fuel_code("天然气"), fuel_code("wood")
    ('natural_gas', 'wood')
    """
    word = name.strip().lower()
    return next((code for code, names in _NAMES.items() if word in names), word)


def fuel_title(code: str) -> Text:
    """The name of a fuel in two languages; the code itself where it is not known."""
    return _TITLES.get(code, Text(code, code))


def substitution_rules(given: AnalysisInput) -> SubstitutionRules:
    """The workspace's rule set, else the packaged one.

    Raises:
        SettingsInvalid: the workspace's has unknown keys or wrong values.

    """
    own = given.policy(POLICY)
    if own is None:
        text = files("lianxin.analyses.price_analysis.substitution").joinpath("rules.toml").read_text(encoding="utf-8")
        own = tomllib.loads(text)
    try:
        return SubstitutionRules.model_validate(own)
    except ValidationError as error:
        raise SettingsInvalid(path=f"policies/{POLICY}.toml", problems=validation_problems(error)) from error
