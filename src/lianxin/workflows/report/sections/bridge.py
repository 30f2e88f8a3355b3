"""Waterfalls of the average price."""

from collections.abc import Sequence

from lianxin.foundation.language import Language, Text
from lianxin.workflows.report.charts.waterfall import Step, waterfall
from lianxin.workflows.report.document import Block, Chart, Column, Grid
from lianxin.workflows.report.figures import signed
from lianxin.workflows.report.sections.missing import missing
from lianxin.workflows.report.source import ReportSource, Row

FACTORS = {
    "rate": Text("价格", "rate"),
    "class_mix": Text("类别", "class"),
    "voltage_mix": Text("电压", "voltage"),
    "plan_mix": Text("方案", "plan"),
    "band_mix": Text("峰谷", "bands"),
    "demand": Text("基本费", "demand"),
    "power_factor": Text("力调", "p. factor"),
    "funds": Text("基金", "funds"),
    "tiers": Text("阶梯", "tiers"),
    "other": Text("其他", "other"),
}
_FEN = 100
_LEAST = 1e-9


def bridges(source: ReportSource) -> tuple[Block, ...]:
    """One waterfall a pair of periods, of all customers, gross."""
    found = source.rows("average_price_bridge", column="scope", among=["all"])
    prices = _prices(source)
    pairs = sorted({(row["from_period"], row["to_period"]) for row in found}, reverse=True)
    charts = [
        _bridge([row for row in found if _pair(row) == pair and row["basis"] == "gross"], pair, prices[pair[0]])
        for pair in pairs
        if pair[0] in prices
    ]
    return tuple(charts) or (missing(source, "average_price_bridge"),)


def _pair(row: Row) -> tuple[str, str]:
    return row["from_period"], row["to_period"]


def _prices(source: ReportSource) -> dict[str, float]:
    """Average price by period, all plans together."""
    money: dict[str, float] = {}
    energy: dict[str, float] = {}
    for row in source.rows("price_class_change", column="scope", among=["all"]):
        if row["plan_id"] in {"all", None}:
            money[row["period"]] = float(row["revenue"] or 0)
            energy[row["period"]] = float(row["kwh"] or 0)
    return {period: money[period] / energy[period] for period in money if energy[period]}


def _bridge(rows: Sequence[Row], pair: tuple[str, str], price: float) -> Chart:
    ranked = sorted(rows, key=lambda row: (-abs(row["effect_per_kwh"]), row["factor"]))
    moved = sum(row["effect_per_kwh"] for row in ranked)
    seen = [row for row in ranked if abs(row["effect_per_kwh"]) > _LEAST]
    most = FACTORS.get(seen[0]["factor"], Text("–", "–")) if seen else Text("–", "–")
    title = Text(
        f"均价 {pair[0]} → {pair[1]}：{signed(moved * _FEN, 2)} 分/kWh，主要因素：{most.zh}",
        f"Average price {pair[0]} → {pair[1]}: {signed(moved * _FEN, 2)} fen/kWh, mostly {most.en}",
    )

    def draw(language: Language) -> str:
        steps = [Step(FACTORS[row["factor"]].in_language(language), row["effect_per_kwh"] * _FEN) for row in seen]
        start, end = (pair[0], price * _FEN), (pair[1], (price + moved) * _FEN)
        unit = "分/kWh" if language == "zh" else "fen/kWh"
        return waterfall(start, steps, end, unit=unit, language=language, about=title.in_language(language))

    twin = Grid(
        name=Text(f"分解 {pair[0]} {pair[1]}", f"Bridge {pair[0]} {pair[1]}"),
        title=title,
        columns=(
            Column(title=Text("因素", "Factor")),
            Column(title=Text("对均价影响", "Effect"), unit=Text("分/kWh", "fen/kWh"), digits=4),
            Column(title=Text("对电费影响", "Effect, amount"), digits=2),
        ),
        rows=tuple(
            (FACTORS.get(row["factor"], row["factor"]), row["effect_per_kwh"] * _FEN, row["effect_amount"])
            for row in ranked
        ),
    )
    return Chart(title=title, draw=draw, twin=twin)
