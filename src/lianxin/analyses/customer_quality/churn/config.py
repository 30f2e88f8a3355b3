"""Whose churn is predicted, from which events, and how the models are fitted."""

from pydantic import Field

from lianxin.foundation.settings import Frozen


class BoostSettings(Frozen):
    """LightGBM, several seeds averaged. Fixed by principle: shallow trees, many columns left out."""

    seeds: tuple[int, ...] = Field((11, 23, 37), min_length=1, description="one model each; the mean is taken")
    rounds: int = Field(300, ge=1, description="trees a model")
    learning_rate: float = Field(0.03, gt=0)
    leaves: int = Field(15, ge=2, description="leaves a tree")
    rows_per_leaf: int = Field(30, ge=1, description="at least")
    columns_share: float = Field(0.3, gt=0, le=1, description="of the columns that a tree may use")
    rows_share: float = Field(0.8, gt=0, le=1, description="of the rows that a tree sees")
    ridge: float = Field(5.0, ge=0, description="L2 penalty of the leaves")
    threads: int = Field(1, ge=1, description="more threads sum in another order: results would not repeat exactly")


class ChurnSettings(Frozen):
    """Section customer_quality.churn of lianxin.toml."""

    contested_modes: tuple[str, ...] = Field(
        ("retail", "wholesale"), description="market modes in which a customer may change supplier"
    )
    leaving_kinds: tuple[str, ...] = Field(
        ("churn", "switch"),
        description="customer_event kinds of leaving; a switch after which bills go on is none",
    )
    still_billed_days: int = Field(
        62, ge=0, description="a bill for a period that begins so long after a switch shows that the customer stayed"
    )
    window_days: int = Field(90, ge=28, le=366, description="a customer leaves within it or not; scaled to 12 months")
    most_windows: int = Field(8, ge=1, description="windows before as_of that the model learns from: two years")
    history_months: int = Field(15, ge=3, description="months of bills that describe behaviour")
    events_for_logistic: int = Field(
        40, ge=10, description="fewer departures: no model, the overall rate (about ten events a weight; assumption)"
    )
    events_for_boost: int = Field(200, ge=10, description="fewer departures: logistic regression only (assumption)")
    events_to_test: int = Field(
        20, ge=5, description="departures in the last windows that a test out of time needs (assumption)"
    )
    prior_rate: float = Field(0.08, gt=0, lt=1, description="yearly, before any departure is seen (assumption)")
    prior_customer_years: float = Field(50.0, gt=0, description="that the prior counts for (assumption)")
    ends_known_share: float = Field(
        0.5, gt=0, le=1, description="of the agreements of those who stay that must have a planned end, to use it"
    )
    ends_recorded_share: float = Field(
        0.1, ge=0, le=1, description="of those who left whose agreement may end as they left; more: a record, no plan"
    )
    end_recorded_days: int = Field(3, ge=0, description="days between end and departure that make it a record")
    folds: int = Field(5, ge=2, description="of customers, for calibration")
    most_reasons: int = Field(3, ge=1)
    series_days_at_least: int = Field(
        3, ge=2, description="an attribute known on so many days is a series with changes and trend"
    )
    most_categories: int = Field(30, ge=2, description="words of a text attribute kept apart; the others are one")
    looseness: tuple[float, ...] = Field(
        (0.001, 0.01, 0.1, 1.0), min_length=1, description="inverse penalties of the logistic regression to choose from"
    )
    boost: BoostSettings = BoostSettings()
