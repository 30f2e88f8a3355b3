"""Charts: round axes, gaps, shades, and places worked out by hand."""

import re

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from lianxin.workflows.report.charts.bars import Part, stacked_bars
from lianxin.workflows.report.charts.canvas import HEAT, standalone
from lianxin.workflows.report.charts.heat_map import heat_map, shade
from lianxin.workflows.report.charts.lines import Line, line_chart
from lianxin.workflows.report.charts.scale import axis_from

SVG = "{http://www.w3.org/2000/svg}"


def test_an_axis_to_208_has_ticks_every_50() -> None:
    axis = axis_from(113.0, 208.0)
    assert axis.ticks == (0.0, 50.0, 100.0, 150.0, 200.0, 250.0)
    assert axis.share(125.0) == 0.5


def test_an_axis_not_from_zero_keeps_close_values_close() -> None:
    axis = axis_from(0.897, 0.9, wanted=3, from_zero=False, least_span=0.05)
    assert axis.low <= 0.85
    assert axis.high >= 0.9
    assert axis.decimals == 2


@given(
    st.floats(-1e9, 1e9, allow_nan=False, allow_subnormal=False),
    st.floats(-1e9, 1e9, allow_nan=False, allow_subnormal=False),
)
def test_an_axis_holds_what_it_is_made_for(one: float, other: float) -> None:
    low, high = min(one, other), max(one, other)
    axis = axis_from(low, high)
    slack = 1e-9 * max(1.0, abs(low), abs(high))
    assert axis.low <= low + slack
    assert axis.high >= high - slack
    assert list(axis.ticks) == sorted(set(axis.ticks))


def test_a_gap_lifts_the_pen() -> None:
    svg = line_chart([Line("a", [1, 2, None, 3, 4], "s1")], labels=[], unit="kW", language="en", about="x")
    (path,) = etree.fromstring(svg).iter(f"{SVG}path")
    assert re.findall("[ML]", path.get("d", "")) == ["M", "L", "M", "L"]


def test_a_value_between_gaps_is_a_dot() -> None:
    svg = line_chart([Line("a", [None, 2, None], "s1")], labels=[], unit="kW", language="en", about="x")
    (path,) = etree.fromstring(svg).iter(f"{SVG}path")
    assert path.get("d", "").endswith("h.8")


def test_parts_below_zero_hang_from_the_axis() -> None:
    svg = stacked_bars(
        [Part("up", [30.0], "f0"), Part("down", [-10.0], "f1")], labels=["a"], unit="¤", language="en", about="x"
    )
    boxes = {item.get("class"): item for item in etree.fromstring(svg).iter(f"{SVG}rect") if item.get("height") != "12"}
    up, down = boxes["f0"], boxes["f1"]
    assert float(up.get("y", "")) + float(up.get("height", "")) == float(down.get("y", ""))
    assert float(up.get("height", "")) / float(down.get("height", "")) == 3.0


def test_shades_are_equal_steps_and_gaps_have_none() -> None:
    values = np.array([[0.0, 50.0, 99.9, 100.0, np.nan]])
    shades, bounds = shade(values)
    assert shades.tolist() == [[0, 4, 8, 8, -1]]
    assert bounds[0] == 0.0
    assert bounds[-1] == 100.0


def test_a_heat_map_draws_one_path_a_shade_and_no_box_for_a_gap() -> None:
    svg = heat_map(np.array([[0.0, np.nan], [0.0, 9.0]]), columns=[], rows=[], unit="kW", language="zh", about="热力图")
    paths = {item.get("class"): item.get("d", "") for item in etree.fromstring(svg).iter(f"{SVG}path")}
    assert set(paths) == {"h0", f"h{len(HEAT) - 1}"}
    # two equal cells below each other are one box
    assert paths["h0"].count("M") == 1


def test_an_equal_load_has_one_shade() -> None:
    shades, _bounds = shade(np.full((3, 2), 7.0))
    assert set(shades.ravel().tolist()) == {0}


def test_words_of_a_chart_cannot_break_it() -> None:
    svg = line_chart([Line("<a>&b", [1, 2], "s1")], labels=[(0, "<i>")], unit="k&W", language="en", about='"<x>"')
    assert "<i>" not in svg.replace("&lt;i&gt;", "")
    etree.fromstring(svg)


def test_standalone_brings_its_colours_and_font() -> None:
    svg = standalone(line_chart([Line("a", [1], "s1")], labels=[], unit="", language="en", about="x"), font="Some Font")
    style = next(etree.fromstring(svg).iter(f"{SVG}style")).text or ""
    assert "Some Font" in style
    assert ".s1{stroke:" in style
