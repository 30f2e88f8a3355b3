"""Codes of the Green Button (ESPI, NAESB REQ.21) schema that an import of consumption needs."""

from lianxin.foundation.language import Text

ELECTRICITY_SERVICE = 0  # ServiceCategory.kind
ELECTRIC_COMMODITIES = frozenset({0, 1, 2})  # not applicable, secondary and primary metered electricity

# ReadingType.uom → (what it measures, whether it is a power that holds over the interval)
ACTIVE, REACTIVE = "kwh", "kvarh"
UNITS: dict[int, tuple[str, bool]] = {
    72: (ACTIVE, False),
    38: (ACTIVE, True),
    73: (REACTIVE, False),
    63: (REACTIVE, True),
}

# ReadingType.flowDirection: none, forward, net, quadrants 1 + 4, total
ACTIVE_DRAWN = frozenset({0, 1, 4, 8, 20})
# reactive drawn: none, forward, lagging, quadrants 1 + 2, quadrant 1; given back: leading, 3 + 4, quadrant 4, reverse
REACTIVE_DRAWN = frozenset({0, 1, 2, 5, 15})
REACTIVE_GIVEN_BACK = frozenset({3, 13, 18, 19})

# ReadingType.accumulationBehaviour: a register that runs on; the rest are values of the interval
BULK, CONTINUOUS_CUMULATIVE, CUMULATIVE = 1, 2, 3
REGISTERS = frozenset({BULK, CONTINUOUS_CUMULATIVE, CUMULATIVE})

# ReadingType.dataQualifier: none, average, normal. Maxima, minima, thresholds and nominal values are no consumption
CONSUMPTION_QUALIFIERS = frozenset({0, 2, 12})

# QualityOfReading → our code. 16 "other" says nothing
QUALITY: dict[int, str] = {
    0: "measured",  # valid
    7: "substituted",  # manually edited
    8: "estimated",  # using a reference day
    9: "estimated",  # using linear interpolation
    10: "estimated",  # questionable
    11: "substituted",  # derived
    12: "estimated",  # projected
    13: "estimated",  # mixed
    14: "measured",  # raw
    15: "substituted",  # normalised for weather
    17: "measured",  # validated
    18: "measured",  # verified
    19: "measured",  # of revenue quality
}
QUALITY_RANK = ("measured", "estimated", "substituted")
"""Of several qualities of one reading the last of these counts."""

ESPI_RULES: dict[str, Text] = {
    "espi_value": Text("读数缺失或不是整数", "the reading has no whole-number value"),
    "espi_start": Text("读数没有起始时刻", "the reading has no time"),
    "espi_duration": Text("时段长度缺失或不是整分钟", "the length of the interval is missing or no whole minutes"),
    "register_first": Text("缺少前一次表码", "the register read before is missing"),
    "register_fell": Text("表码回落（换表或归零）", "the register fell (meter changed or reset)"),
    "register_order": Text("表码时刻未递增", "the register read is not later than the one before"),
}
"""Rules that a single reading breaks (in ``malformed``)."""

ESPI_LEFT_OUT: dict[str, Text] = {
    "espi_reverse_flow": Text("反向（上网）电量，不是用电", "energy given back is no consumption"),
    "espi_flow_direction": Text("其他潮流方向", "another direction of flow"),
    "espi_other_unit": Text("其他单位（非电量、功率）", "another unit than energy or power"),
    "espi_other_commodity": Text("不是电力", "no electricity"),
    "espi_no_consumption": Text("最大值、最小值等，不是用电", "a maximum, minimum or the like, no consumption"),
    "espi_coarser_series": Text("同一计量点已有更细的读数", "the usage point has the same in finer readings"),
    "espi_unlinked": Text("未能关联计量点或读数类型", "no link to a usage point and a reading type"),
}
"""Reasons for which whole series are left out (in ``left_out``)."""
