"""What a kWh of heating value costs by fuel, where the customer is."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from statistics import fmean

from lianxin.contracts.analysis import AnalysisInput

# How extracts name fuels and write units (currency per unit of fuel).
_FUELS = {
    "gas": ("gas", "natural_gas", "天然气"),
    "coal": ("coal", "煤", "煤炭", "动力煤"),
    "diesel": ("diesel", "柴油"),
    "oil": ("oil", "fuel_oil", "燃料油", "重油"),
}
_UNITS = {
    "m3": ("m3", "m³", "立方米", "方"),
    "t": ("t", "tonne", "ton", "吨"),
    "kg": ("kg", "千克", "公斤"),
    "kwh": ("kwh", "千瓦时"),
}
_MONTHS = 12


@dataclass(frozen=True, slots=True)
class FuelPrices:
    """Price per kWh of heating value by region and fuel, and the region of each area."""

    by_region: Mapping[str, Mapping[str, Decimal]]
    region_of_area: Mapping[str, str]

    def of_area(self, area_id: str | None) -> Mapping[str, Decimal]:
        """Prices where an area is; the only region's where there is one; else none."""
        region = self.region_of_area.get(area_id or "", "")
        if region in self.by_region:
            return self.by_region[region]
        if len(self.by_region) == 1:
            return next(iter(self.by_region.values()))
        return {}


def fuel_prices(given: AnalysisInput, *, units: Mapping[str, float]) -> FuelPrices:
    """Mean of the last twelve months known of each region and fuel whose unit has a heating value."""
    prices = given.facts("fuel_price").select("region", "fuel", "month", "price", "unit")
    found: dict[tuple[str, str], list[tuple[str, float]]] = {}
    for row in given.rows(prices).to_pylist():
        unit = heating_unit(row["fuel"], row["unit"])
        if unit in units:
            key = (row["region"], row["fuel"])
            found.setdefault(key, []).append((row["month"], row["price"] / units[unit]))
    by_region: dict[str, dict[str, Decimal]] = {}
    for (region, fuel), months in found.items():
        recent = [price for _month, price in sorted(months)[-_MONTHS:]]
        by_region.setdefault(region, {})[fuel] = Decimal(str(round(fmean(recent), 6)))
    areas = given.facts("area").select("area_id", "region")
    regions = {row["area_id"]: row["region"] for row in given.rows(areas).to_pylist() if row["region"]}
    return FuelPrices(by_region, regions)


def heating_unit(fuel: str, unit: str | None) -> str:
    """FUEL/UNIT behind ``CNY/m³``, ``元/立方米`` and the like; empty where either is not known.

    >>> heating_unit("gas", "CNY/m3"), heating_unit("天然气", "元/立方米"), heating_unit("gas", None)
    ('gas/m3', 'gas/m3', '')
    """
    word = (unit or "").rpartition("/")[2].strip().lower()
    known_unit = next((code for code, spellings in _UNITS.items() if word in spellings), "")
    known_fuel = next((code for code, names in _FUELS.items() if fuel.strip().lower() in names), "")
    return f"{known_fuel}/{known_unit}" if known_fuel and known_unit else ""
