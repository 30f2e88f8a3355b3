"""The places of the workbench, in the order of the menu."""

from dataclasses import dataclass

from lianxin.foundation.language import Text


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of the menu. ``key`` opens it after ``g`` on the keyboard."""

    name: str
    title: Text
    icon: str
    address: str
    key: str


PLACES = (
    Place("overview", Text("总览", "Overview"), "layout-dashboard", "/", "o"),
    Place("customers", Text("客户", "Customers"), "users", "/customers/", "c"),
    Place("service", Text("服务", "Service"), "headset", "/service/", "s"),
    Place("credit", Text("电费", "Credit"), "cash", "/credit/", "r"),
    Place("accounts", Text("大客户", "Key accounts"), "building-factory-2", "/key-accounts/", "k"),
    Place("forecast", Text("预测", "Forecast"), "chart-line", "/forecast/", "f"),
    Place("price", Text("电价", "Price"), "receipt-yen", "/price/", "p"),
    Place("decisions", Text("决策", "Decisions"), "checklist", "/decisions/", "d"),
    Place("data", Text("数据", "Data"), "database", "/data/", "a"),
    Place("system", Text("系统", "System"), "settings", "/system/", "y"),
)
