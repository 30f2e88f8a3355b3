"""What we could do for the customer: service offers, without the supplier's own margin and odds."""

from lianxin.foundation.language import Text
from lianxin.tariff.lines import currency_words
from lianxin.workflows.report.customer import Customer
from lianxin.workflows.report.document import Card, Cards, Fact, Section
from lianxin.workflows.report.names import service
from lianxin.workflows.report.sections.advice import reasons_of
from lianxin.workflows.report.sections.missing import missing
from lianxin.workflows.report.source import Row

_KIND = Text("服务", "Service")
_INTERNAL = frozenset({"offer_place", "probability_prior"})
"""Reasons that tell how likely the customer is to buy: the supplier's own business."""
_TITLE = Text("可提供的服务", "Services on offer")


def offers(customer: Customer) -> Section:
    """One card a service, the largest expected benefit first."""
    rows = sorted(customer.results["service_offer"], key=lambda row: row["expected_benefit"] or 0, reverse=True)
    if not rows:
        return Section(key="offers", title=_TITLE, blocks=(missing(customer.source, "service_offer"),))
    cards = Cards(name=Text("服务", "Services"), items=tuple(_card(customer, row) for row in rows))
    return Section(key="offers", title=_TITLE, blocks=(cards,))


def _card(customer: Customer, row: Row) -> Card:
    unit = currency_words(customer.workspace.settings.currency)
    name, about = service(row["service"])
    told = {**row, "reasons": [item for item in row["reasons"] or [] if item["code"] not in _INTERNAL]}
    return Card(
        kind=_KIND,
        title=name,
        facts=(
            Fact(label=Text("价格", "Price"), value=row["price"], unit=unit, digits=2),
            Fact(label=Text("预期收益", "Expected benefit"), value=row["expected_benefit"], unit=unit, digits=2),
        ),
        reasons=(*([about] if about is not None else []), *reasons_of(told)),
    )
