"""Areas, districts, feeders and transformers of the invented city of Yunzhou (云州)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lianxin.demo.sink import Sink

REGION = "云州"
ROOT_AREA = "YZ"


@dataclass(frozen=True, slots=True)
class Area:
    """A load-planning territory and the weights of the weather stations in it."""

    area_id: str
    name: str
    station_weights: tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class District:
    """An organisational unit; ``share`` is its part of the customers."""

    district_id: str
    name: str
    area: int
    kind: str
    share: float
    places: tuple[str, ...]


AREAS = (
    Area("YZ-E", "云东片区", (0.8, 0.2, 0.0)),
    Area("YZ-W", "云西片区", (0.3, 0.7, 0.0)),
    Area("YZ-N", "北山片区", (0.0, 0.3, 0.7)),
)
DISTRICTS = (
    District("YZ0101", "城东供电所", 0, "urban", 0.14, ("东湖街道", "望江路", "青石巷", "文昌里", "金桥新村")),
    District("YZ0102", "城南供电所", 0, "urban", 0.13, ("南浦街道", "桂花园", "解放南路", "锦绣家园", "小南门")),
    District("YZ0103", "开发区供电所", 0, "urban", 0.11, ("创业大道", "经开一路", "星海工业园", "翠屏苑", "临港路")),
    District("YZ0201", "城西供电所", 1, "urban", 0.13, ("西苑街道", "柳营路", "石桥小区", "建设西路", "凤凰山庄")),
    District("YZ0202", "高新区供电所", 1, "urban", 0.10, ("科技路", "云谷大道", "梧桐花园", "软件园", "学府路")),
    District("YZ0104", "柳河供电所", 0, "rural", 0.08, ("柳河镇", "陈家村", "三里铺", "柳东村", "双桥村")),
    District("YZ0105", "大泽供电所", 0, "rural", 0.07, ("大泽乡", "渔塘村", "圩头村", "新圩", "芦苇荡")),
    District("YZ0203", "白马供电所", 1, "rural", 0.07, ("白马镇", "王集村", "马鞍村", "李家湾", "白马新街")),
    District("YZ0204", "松岗供电所", 1, "rural", 0.06, ("松岗镇", "高店村", "桐树村", "松南村", "老街")),
    District("YZ0301", "北山供电所", 2, "rural", 0.06, ("北山镇", "茶坪村", "石门村", "竹海村", "北山老街")),
    District("YZ0302", "云岭供电所", 2, "remote", 0.03, ("云岭乡", "上坪村", "岩下村", "云顶村", "冷水村")),
    District("YZ0303", "洛溪供电所", 2, "remote", 0.02, ("洛溪乡", "滩头村", "洛上村", "半山村", "溪口")),
)
TRANSFORMERS_PER_FEEDER = 15
_CUSTOMERS_PER_FEEDER = 350


def feeders_per_district(customers: int) -> NDArray[np.int64]:
    """Number of feeders of each district, shape (districts,)."""
    shares = np.array([district.share for district in DISTRICTS])
    return np.maximum(3, np.round(shares * customers / _CUSTOMERS_PER_FEEDER)).astype(np.int64)


def feeder_name(district: int, feeder: int) -> str:
    """Identifier of a feeder: the district's number and its own."""
    return f"F{DISTRICTS[district].district_id[2:]}-{feeder + 1:03d}"


def write_territory(sink: Sink) -> None:
    """Write area, district and area_station."""
    sink.fact(
        "area",
        {
            "area_id": [ROOT_AREA, *(area.area_id for area in AREAS)],
            "name": ["云州市", *(area.name for area in AREAS)],
            "parent_id": [None, *(ROOT_AREA for _ in AREAS)],
            "region": [REGION] * (len(AREAS) + 1),
        },
    )
    sink.fact(
        "district",
        {
            "district_id": ["YZ00", *(district.district_id for district in DISTRICTS)],
            "name": ["云州市供电公司", *(district.name for district in DISTRICTS)],
            "parent_id": [None, *("YZ00" for _ in DISTRICTS)],
            "area_id": [ROOT_AREA, *(AREAS[district.area].area_id for district in DISTRICTS)],
            "kind": ["urban", *(district.kind for district in DISTRICTS)],
        },
    )
    rows = [
        (area.area_id, f"WS-5800{number + 1}", weight)
        for area in AREAS
        for number, weight in enumerate(area.station_weights)
        if weight
    ]
    rows += [(ROOT_AREA, "WS-58001", 0.5), (ROOT_AREA, "WS-58002", 0.4), (ROOT_AREA, "WS-58003", 0.1)]
    sink.fact(
        "area_station",
        {
            "area_id": [row[0] for row in rows],
            "station_id": [row[1] for row in rows],
            "weight": [row[2] for row in rows],
        },
    )
