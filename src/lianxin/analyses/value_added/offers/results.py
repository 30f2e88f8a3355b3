"""Result table service_offer."""

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import pyarrow as pa

from lianxin.analyses.value_added.contract_table import contract_table
from lianxin.analyses.value_added.offers.catalogue import packaged_catalogue
from lianxin.analyses.value_added.offers.config import OutageBenefit, ResponseBenefit, ServiceCatalogue, Signal
from lianxin.analyses.value_added.offers.offer import Offer, offers
from lianxin.analyses.value_added.offers.prospects import prospects
from lianxin.contracts.analysis import AnalysisInput, Note
from lianxin.contracts.reasons import Reason, reason, rows_of
from lianxin.contracts.results import RESULTS
from lianxin.contracts.results.value_added import SERVICE_OFFER
from lianxin.foundation.language import Text
from lianxin.foundation.money import format_amount

_NO_RESULTS: Mapping[str, pa.Table] = MappingProxyType({})
_PLACE = Text("{zh}：{about_zh}；本客户第 {place} 位推荐", "{en}: {about_en}; offer number {place} for this customer")
_FOUND = Text("依据{table_zh}：年节省 {saving}", "By {table_en}: {saving} saved a year")
_OUTAGE = Text(
    "按每年少停电 {hours} 小时、每千瓦时停电损失 {value} 估算",
    "from {hours} h of interruptions avoided a year, each kWh not supplied costing {value}",
)
_RESPONSE = Text(
    "按每年调用 {hours} 小时、每千瓦时补偿 {payment} 估算", "from {hours} h of calls a year paid {payment} per kWh"
)
_GAIN = Text(
    "客户年收益 {benefit}，价格 {price}（{years} 年），年净得 {gain}",
    "The customer gains {benefit} a year; price {price} for {years} years; {gain} a year are left",
)
_PRIOR = Text(
    "成交概率为先验估计：基准 {base:.0%}，经修正为 {probability:.0%}，非实测",
    "The probability is a prior: base {base:.0%}, adjusted to {probability:.0%}; not measured",
)
_SIGNALS: dict[Signal, Text] = {
    "advice": Text("有相应的节省建议", "other advice shows the saving"),
    "alert": Text("近期有用电异常", "a recent usage alert"),
    "key_account": Text("大客户（有专属经理）", "a key account with a named manager"),
}
_EXAMPLE = Text("价格与概率为示例（{source}）", "Prices and probabilities are examples ({source})")
_SOURCE = Text("价格与概率来源：{source}", "Source of prices and probabilities: {source}")
_NEEDED = Text("有容量的合同（agreement.capacity_kva）", "agreements with a capacity (agreement.capacity_kva)")


def results(
    given: AnalysisInput,
    *,
    catalogue: ServiceCatalogue | None = None,
    made: Mapping[str, pa.Table] = _NO_RESULTS,
) -> tuple[pa.Table, tuple[Note, ...]]:
    """service_offer: the best offers of each customer; ``made`` are other tables of the run, by name."""
    chosen = catalogue or packaged_catalogue()
    found = prospects(given, chosen, made)
    without = sum(item.capacity_kva is None for item in found)
    rows = [offer_row(item.customer_id, offer, chosen) for item in found for offer in offers(item, chosen)]
    missing = without if found else 0
    notes = (
        (Note(table=SERVICE_OFFER.name, column="" if not rows else "customer_id", missing=missing, needed=_NEEDED),)
        if without or not rows
        else ()
    )
    return contract_table(SERVICE_OFFER, rows), notes


def offer_row(customer_id: str, offer: Offer, catalogue: ServiceCatalogue) -> dict[str, Any]:
    """One row of service_offer."""
    return {
        "customer_id": customer_id,
        "service": offer.service.code,
        "price": offer.price,
        "expected_benefit": offer.expected_benefit,
        "supplier_margin": offer.supplier_margin,
        "probability": offer.probability,
        "reasons": rows_of(_reasons(offer, catalogue)),
    }


def _reasons(offer: Offer, catalogue: ServiceCatalogue) -> list[Reason]:
    service = offer.service
    return [
        reason(
            "offer_place",
            _PLACE,
            place=offer.place,
            zh=service.name.zh,
            en=service.name.en,
            about_zh=service.about.zh,
            about_en=service.about.en,
        ),
        *_basis(offer),
        reason(
            "customer_gain",
            _GAIN,
            gain=format_amount(offer.yearly_gain),
            benefit=format_amount(offer.expected_benefit),
            price=format_amount(offer.price),
            years=service.years,
        ),
        *(Reason(code=f"signal_{signal}", value="", text=_SIGNALS[signal]) for signal in offer.signals),
        reason("probability_prior", _PRIOR, probability=offer.probability, base=service.probability.base),
        reason("prices", _EXAMPLE if catalogue.illustrative else _SOURCE, source=catalogue.source),
    ]


def _basis(offer: Offer) -> list[Reason]:
    """What the benefit stands on."""
    rule = offer.service.benefit
    if isinstance(rule, OutageBenefit):
        return [reason("benefit_outages", _OUTAGE, hours=rule.hours_a_year, value=rule.value_per_kwh)]
    if isinstance(rule, ResponseBenefit):
        return [reason("benefit_response", _RESPONSE, hours=rule.hours_a_year, payment=rule.payment_per_kwh)]
    totals: dict[str, Decimal] = {}
    for item in offer.advice:
        totals[item.table] = totals.get(item.table, Decimal(0)) + item.annual_saving
    return [
        reason(
            f"benefit_{table}",
            _FOUND,
            saving=format_amount(saving),
            table_zh=RESULTS[table].title.zh,
            table_en=RESULTS[table].title.en.lower(),
        )
        for table, saving in totals.items()
    ]
