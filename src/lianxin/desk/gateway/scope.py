"""What a user sees: rows of the districts that the user is responsible for."""

from collections.abc import Sequence
from dataclasses import dataclass

from lianxin.contracts.fields import Table
from lianxin.desk.gateway.reading import fact
from lianxin.lake.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Scope:
    """Districts that are seen; none means all."""

    districts: tuple[str, ...] = ()

    @property
    def everything(self) -> bool:
        """Whether nothing is hidden."""
        return not self.districts


def condition(workspace: Workspace, table: Table, scope: Scope) -> tuple[str, list[str]]:
    """A condition for WHERE on the table's own columns, and its parameters; empty where all is seen.

    A row belongs to a district by itself, or through its customer, agreement, usage point or case. Rows that
    belong to none (totals of the company) are seen by all; rows of a scope ``district:X`` only by X's people.
    """
    if scope.everything:
        return "", []
    marks = ", ".join("?" * len(scope.districts))
    values = list(scope.districts)
    own = table.columns
    customers = f"SELECT customer_id FROM {fact(workspace, 'customer').sql} WHERE district_id IN ({marks})"
    if "district_id" in own:
        return f"(district_id IS NULL OR district_id IN ({marks}))", values
    if "customer_id" in own:
        return f"customer_id IN ({customers})", values
    agreements = f"SELECT agreement_id FROM {fact(workspace, 'agreement').sql} WHERE customer_id IN ({customers})"
    if "agreement_id" in own:
        return f"agreement_id IN ({agreements})", values
    if "usage_point_id" in own:
        points = f"SELECT usage_point_id FROM {fact(workspace, 'usage_point').sql}"
        return f"usage_point_id IN ({points} WHERE agreement_id IN ({agreements}))", values
    if "case_id" in own:
        cases = f"SELECT case_id FROM {fact(workspace, 'case').sql} WHERE district_id IN ({marks})"
        return f"case_id IN ({cases})", values
    if "area_id" in own:
        areas = f"SELECT area_id FROM {fact(workspace, 'district').sql} WHERE district_id IN ({marks})"
        return f"area_id IN ({areas})", values
    if "scope" in own:
        allowed = _scopes(scope.districts)
        return f"(scope NOT LIKE 'district:%' OR scope IN ({', '.join('?' * len(allowed))}))", allowed
    return "", []


def _scopes(districts: Sequence[str]) -> list[str]:
    return [f"district:{district}" for district in districts]
