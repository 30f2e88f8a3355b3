"""A plan written as TOML, so that an imported one can be kept, read and corrected."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from lianxin.tariff.plan import Plan

_TABLES = ("demand", "power_factor")
_ARRAYS = ("periods", "demand_windows", "funds", "tiers", "fixed", "hours")


def plan_to_toml(plan: Plan) -> str:
    """The TOML text from which ``read_plan`` builds the same plan."""
    content = plan.model_dump(exclude_defaults=True)
    versions = content.pop("version")
    lines = [f"{key} = {_value(value)}" for key, value in content.items()]
    for version in versions:
        lines += ["", "[[version]]", *_table(version, "version")]
    return "\n".join(lines) + "\n"


def _table(content: Mapping[str, Any], path: str) -> list[str]:
    plain = {key: value for key, value in content.items() if key not in _TABLES + _ARRAYS}
    if path.endswith(("periods", "hours")):
        plain = {key: value for key, value in plain.items() if key != "bands"} | dict(plain.get("bands", {}))
    lines = [f"{key} = {_value(value)}" for key, value in plain.items()]
    for key in _TABLES:
        if content.get(key) is not None:
            lines += ["", f"[{path}.{key}]", *_table(content[key], f"{path}.{key}")]
    for key in _ARRAYS:
        for row in content.get(key, ()):
            lines += ["", f"[[{path}.{key}]]", *_table(row, f"{path}.{key}")]
    return lines


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {_value(item)}" for key, item in value.items()) + " }"
    if isinstance(value, Sequence):
        return "[" + ", ".join(_value(item) for item in value) + "]"
    if isinstance(value, Decimal | int | date):
        return f"{value:f}" if isinstance(value, Decimal) else str(value)
    message = f"no TOML form for {type(value).__name__}"
    raise TypeError(message)
