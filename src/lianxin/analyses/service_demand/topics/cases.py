"""Cases with cleaned texts, labels and the numbers that topics and incidents need."""

from dataclasses import dataclass

import ibis
import numpy as np
import polars as pl
from numpy.typing import NDArray

from lianxin.analyses.service_demand.config import ServiceDemandConfig
from lianxin.analyses.service_demand.duplicates import Incidents, incidents
from lianxin.analyses.service_demand.extracts import fetched, local_day, microseconds
from lianxin.analyses.service_demand.text.clean import CleanLimits, cleaned
from lianxin.contracts.analysis import AnalysisInput

_COLUMNS = ("case_id", "channel", "case_type", "customer_id", "feeder_id", "process_step", "opened_at", "satisfaction")


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseTexts:
    """``frame``: one row a case, in the order of opening: its columns, day, label (null: none) and district.

    ``subject`` and ``body`` are cleaned and masked; nothing else of a text is kept.
    """

    frame: pl.DataFrame
    subject: list[str]
    body: list[str]
    incidents: Incidents

    def __len__(self) -> int:
        return len(self.frame)

    @property
    def empty(self) -> NDArray[np.bool_]:
        """Cases whose text says nothing once it is cleaned."""
        return np.array([not (one or other) for one, other in zip(self.subject, self.body, strict=True)], dtype=bool)


def case_texts(given: AnalysisInput, *, config: ServiceDemandConfig) -> CaseTexts:
    """Read, clean and group the cases known at ``as_of``."""
    limits = CleanLimits(characters=config.topics.characters)
    frame = _with_labels(given)
    frame = frame.with_columns(
        microseconds("opened_at"),
        cleaned(pl.col("subject"), limits=limits),
        cleaned(pl.col("text"), limits=limits),
    ).with_columns(day=local_day("opened_at", given))
    frame = frame.sort("opened_at", "case_id")
    subject, body = frame["subject"], frame["text"]
    groups = incidents(
        body.to_list(),
        opened=frame["opened_at"].to_numpy(),
        district=_numbered(frame["district_id"]),
        config=config.duplicates,
    )
    kept = frame.drop("subject", "text")
    return CaseTexts(frame=kept, subject=subject.to_list(), body=body.to_list(), incidents=groups)


def _with_labels(given: AnalysisInput) -> pl.DataFrame:
    """Cases with their district (else their customer's), and the label that a person's correction overrides."""
    case, customer, correction = given.facts("case"), given.facts("customer"), given.facts("topic_correction")
    of_customer = customer.select(
        "customer_id", customer_district=customer.district_id, customer_class=customer.customer_class
    )
    corrected = correction.select("case_id", corrected=correction.topic_id)
    joined = case.left_join(of_customer, "customer_id").left_join(corrected, case.case_id == corrected.case_id)
    return fetched(
        given,
        joined.select(
            *(case[name] for name in _COLUMNS),
            case.subject,
            case.text,
            of_customer.customer_class,
            handling_cost=case.handling_cost.cast("float64"),
            closed=case.closed_at.notnull(),
            district_id=ibis.coalesce(case.district_id, of_customer.customer_district),
            label=ibis.coalesce(corrected.corrected, case.topic_label),
        ),
    ).with_columns(label=pl.col("label").str.strip_chars().replace("", None))


def _numbered(values: pl.Series) -> NDArray[np.int64]:
    """A number for each value, the null included."""
    return values.fill_null("").rank("dense").cast(pl.Int64).to_numpy()
