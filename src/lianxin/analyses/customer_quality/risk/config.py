"""Whom the risk list holds and whose dunning rules apply."""

from pydantic import Field

from lianxin.foundation.settings import Frozen

RESIDENTIAL = ("residential",)


class RiskSettings(Frozen):
    """Section customer_quality.risk of lianxin.toml."""

    jurisdictions: tuple[str, ...] = Field(
        ("national", "province_example", "supplier"),
        min_length=1,
        description="whose rules hold together; where two speak of the same, the stricter governs (METHODS.md 2)",
    )
    poor_grades: tuple[str, ...] = Field(
        ("B", "C", "D"), description="grades that are listed without arrears (assumption)"
    )
    residential_classes: tuple[str, ...] = Field(
        RESIDENTIAL, description="customer classes with residents' fees and notice"
    )
    never_importance: tuple[str, ...] = Field(
        ("special", "first", "second", "temporary"),
        description="importance that is never disconnected and never put on prepayment; nor is social support, ever",
    )
    done_words: tuple[str, ...] = Field(
        ("accept", "accepted", "approve", "approved", "change", "done"),
        description="actions of a decision on risk_list that mean that the step in its value was taken",
    )

    def never(self, *, importance: str | None, social_support: bool) -> str | None:
        """Why a customer is never disconnected and never put on prepayment; None where nothing forbids it.

        ``protected`` (never rationed in a shortage) is not asked: it alone decides nothing here (METHODS.md 2).
        """
        if social_support:
            return "social_support"
        return "importance" if importance in self.never_importance else None
