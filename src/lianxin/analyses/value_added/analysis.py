"""The analysis value_added: which results it makes from which facts."""

import pyarrow as pa

from lianxin.analyses.value_added.accounts.results import results as account_results
from lianxin.analyses.value_added.advice_run import ADVICE, CONTRACTS, advice
from lianxin.analyses.value_added.contract_table import contract_table
from lianxin.analyses.value_added.meter_grid import daily_days, interval_days, station_means
from lianxin.analyses.value_added.meter_watch import ShapeDays, watched
from lianxin.analyses.value_added.offers.results import results as offer_results
from lianxin.analyses.value_added.price_facts import PriceFacts, price_facts
from lianxin.analyses.value_added.profiles import profiles, reading_span
from lianxin.analyses.value_added.run_config import ValueAddedConfig
from lianxin.contracts.analysis import AnalysisInput, AnalysisOutput, Note, configured
from lianxin.foundation.language import Text

NEEDS_READINGS = Text("至少一条有电量的 interval_reading", "at least one interval_reading with kWh")
NEEDS_USAGE = Text("有电量的 interval_reading 或 daily_usage", "interval_reading or daily_usage with kWh")
NEEDS_DAYS = Text(
    "逐小时或更密、含完整典型日的 interval_reading", "interval_reading of an hour or less, with whole typical days"
)


def analyse(given: AnalysisInput) -> AnalysisOutput:
    """Make the results of value-added services; each that cannot be made is noted.

    Raises:
        SettingsInvalid: the section [value_added] of the settings holds an unknown key or a wrong value.

    """
    config, facts = configured(given, ValueAddedConfig), price_facts(given)
    tables: dict[str, pa.Table] = {}
    notes: list[Note] = []
    for made, remarks in (_from_readings(given, facts, config), _from_meters(given, facts, config)):
        tables |= made
        notes += remarks
    keys, no_keys = account_results(given, settings=config.key_accounts)
    if keys.num_rows:
        tables["key_account"] = keys
    offers, no_offers = offer_results(given, catalogue=config.offers, made=tables)
    if offers.num_rows:
        tables["service_offer"] = offers
    return AnalysisOutput(tables=tables, notes=(*notes, *no_keys, *no_offers))


def _from_readings(
    given: AnalysisInput, facts: PriceFacts, config: ValueAddedConfig
) -> tuple[dict[str, pa.Table], list[Note]]:
    """Load profiles and the advice in money."""
    span = reading_span(given)
    if span is None:
        return {}, [Note(table=name, column="", missing=0, needed=NEEDS_READINGS) for name in ("load_profile", *ADVICE)]
    profile, notes = profiles(given, facts=facts, span=span)
    tables, remarks = advice(given, facts=facts, span=span, config=config)
    return {"load_profile": profile, **tables}, notes + remarks


def _from_meters(
    given: AnalysisInput, facts: PriceFacts, config: ValueAddedConfig
) -> tuple[dict[str, pa.Table], list[Note]]:
    """Alerts and load shapes."""
    settings, means, shapes = config.alerts, station_means(given, facts), ShapeDays(given)
    rows, meters = watched(interval_days(given, mean_c=means), given=given, settings=settings, shapes=shapes)
    more, further = watched(daily_days(given, mean_c=means), given=given, settings=settings, shapes=None)
    tables: dict[str, pa.Table] = {}
    notes: list[Note] = []
    if meters + further:
        tables["usage_alert"] = contract_table(CONTRACTS["usage_alert"], rows + more)
    else:
        notes.append(Note(table="usage_alert", column="", missing=0, needed=NEEDS_USAGE))
    shape = shapes.table(config.load_shapes)
    if shape is None:
        notes.append(Note(table="load_shape", column="", missing=0, needed=NEEDS_DAYS))
    else:
        tables["load_shape"] = shape.to_arrow()
    return tables, notes
