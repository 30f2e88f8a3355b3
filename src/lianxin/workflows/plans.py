"""The price-plan catalogue of a workspace: find, list and show plans."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from lianxin.foundation.language import Language, Text
from lianxin.tariff.catalogue import Catalogue, catalogue
from lianxin.tariff.plan import Plan, Version, read_plan
from lianxin.tariff.plan_toml import plan_to_toml
from lianxin.tariff.refusals import PlanUnreadable

_NOT_FOUND = Text("找不到该文件", "no such file")
_EXAMPLE = Text("示例", "example")
_OWN = Text("本工作区", "workspace")
_HEAD = (Text("方案", "plan"), Text("生效日期", "valid from"), Text("备注", "remark"), Text("名称", "name"))


def plan_folder_texts(folder: Path | None) -> dict[str, str]:
    """The TOML texts of a plans/ folder by file name; none where there is no folder."""
    if folder is None or not folder.is_dir():
        return {}
    return {path.name: read_text(path) for path in sorted(folder.glob("*.toml"))}


def load_catalogue(*, folder: Path | None) -> Catalogue:
    """The packaged plans, extended by the workspace's plans/ folder.

    Raises:
        PlanUnreadable, PlanInvalid, PlanDuplicate: a file of the folder is wrong.

    """
    return catalogue(plan_folder_texts(folder))


def find_plan(reference: str, *, folder: Path | None) -> Plan:
    """A plan by its id in the catalogue, or from a TOML file (a path, or anything that ends in .toml).

    Raises:
        PlanUnknown: no such id; PlanUnreadable, PlanInvalid: the file is wrong.

    """
    path = Path(reference)
    if path.suffix.lower() == ".toml" or path.is_file():
        return read_plan(read_text(path), label=reference)
    return load_catalogue(folder=folder).find(reference)


def read_text(path: Path) -> str:
    """The text of a plan file.

    Raises:
        PlanUnreadable: no such file, or no UTF-8.

    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise PlanUnreadable(path=path, detail=_NOT_FOUND) from error
    except (OSError, UnicodeDecodeError) as error:
        raise PlanUnreadable(path=path, detail=str(error)) from error


def list_plans(*, folder: Path | None) -> list[dict[str, Any]]:
    """One row a plan for ``plans list --json``."""
    found = load_catalogue(folder=folder)
    return [_row(plan, own=plan.id in found.own) for plan in found]


def _row(plan: Plan, *, own: bool) -> dict[str, Any]:
    return {
        "id": plan.id,
        "name_zh": plan.title.zh,
        "name_en": plan.title.en,
        "currency": plan.currency,
        "time_zone": plan.time_zone,
        "customer_classes": list(plan.customer_classes),
        "voltage_levels": list(plan.voltage_levels),
        "min_capacity_kva": _number(plan.min_capacity_kva),
        "max_capacity_kva": _number(plan.max_capacity_kva),
        "versions": [_version_row(version) for version in plan.version],
        "workspace": own,
    }


def _version_row(version: Version) -> dict[str, Any]:
    return {
        "valid_from": version.valid_from.isoformat(),
        "valid_to": None if version.valid_to is None else version.valid_to.isoformat(),
        "source": version.source,
        "illustrative": version.illustrative,
    }


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def list_text(rows: Sequence[Mapping[str, Any]], language: Language) -> str:
    """The list in words, one plan a line."""
    table = [[head.in_language(language) for head in _HEAD]]
    for row in rows:
        versions = row["versions"]
        remarks = [_EXAMPLE] if any(version["illustrative"] for version in versions) else []
        remarks += [_OWN] if row["workspace"] else []
        dates = ", ".join(version["valid_from"] for version in versions)
        words = ", ".join(remark.in_language(language) for remark in remarks)
        table.append([row["id"], dates, words, row[f"name_{language}"]])
    widths = [max(len(line[index]) for line in table) for index in range(len(_HEAD) - 1)]
    return "\n".join(
        "  ".join([*(cell.ljust(width) for cell, width in zip(line, widths, strict=False)), line[-1]]) for line in table
    )


def show_plan(reference: str, *, folder: Path | None) -> dict[str, Any]:
    """Everything a plan says, as ``plans show --json`` prints it: the keys of its TOML file."""
    return find_plan(reference, folder=folder).model_dump(mode="json", exclude_defaults=True)


def show_text(reference: str, *, folder: Path | None, language: Language) -> str:
    """The plan as TOML, under its name."""
    plan = find_plan(reference, folder=folder)
    return f"# {plan.title.in_language(language)}\n{plan_to_toml(plan)}"
