"""Which services to offer one customer: price, benefit, margin, probability, and their order."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from lianxin.analyses.value_added.offers.config import (
    AdviceBenefit,
    AdvicePrice,
    BenefitPrice,
    CapacityPrice,
    OutageBenefit,
    ResponseBenefit,
    Service,
    ServiceCatalogue,
    Signal,
)
from lianxin.contracts.voltage import normalise_voltage
from lianxin.foundation.money import round_to_cent

_RESIDENTIAL = "residential"


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """A saving that other advice found for one of the customer's agreements; ``measure`` of efficiency advice."""

    table: str
    measure: str | None
    annual_saving: Decimal
    cost: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prospect:
    """A customer as the offers see it."""

    customer_id: str
    customer_class: str | None
    capacity_kva: Decimal | None
    voltage_level: str | None = None
    advice: tuple[Advice, ...] = ()
    alerts: int = 0
    key_account: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One offer. ``price`` for ``service.years``; ``expected_benefit`` a year, before the price; ``place`` from 1."""

    service: Service
    price: Decimal
    expected_benefit: Decimal
    supplier_margin: Decimal
    probability: float
    signals: tuple[Signal, ...]
    advice: tuple[Advice, ...] = field(default=())
    place: int = 0

    @property
    def yearly_gain(self) -> Decimal:
        """What the customer keeps a year: benefit less the price spread over its years."""
        return self.expected_benefit - self.price / self.service.years

    def worth(self, benefit_weight: Decimal) -> Decimal:
        """Expected margin and weighted gain of the customer a year: the order of offers."""
        margin = self.supplier_margin / self.service.years
        return Decimal(str(self.probability)) * (margin + benefit_weight * self.yearly_gain)


def offers(prospect: Prospect, catalogue: ServiceCatalogue) -> list[Offer]:
    """The offers by which the customer gains, best first, at most ``most_offers``."""
    made = sorted(
        _made(prospect, catalogue.service), key=lambda item: (-item.worth(catalogue.benefit_weight), item.service.code)
    )
    return [replace(item, place=place) for place, item in enumerate(made[: catalogue.most_offers], start=1)]


def _made(prospect: Prospect, services: Iterable[Service]) -> Iterator[Offer]:
    for service in services:
        if not _may_have(prospect, service):
            continue
        found = _advice(prospect, service)
        benefit = _benefit(prospect, service, found)
        price = _price(prospect, service, benefit, found)
        if price is None or benefit <= 0:
            continue
        signals = tuple(_signals(prospect, service, found))
        offer = Offer(
            service=service,
            price=price,
            expected_benefit=round_to_cent(benefit),
            supplier_margin=round_to_cent(price * (1 - service.cost_share)),
            probability=acceptance(service, signals),
            signals=signals,
            advice=found,
        )
        # nobody is offered what costs more than it brings
        if offer.yearly_gain > 0:
            yield offer


def _may_have(prospect: Prospect, service: Service) -> bool:
    allowed = service.customer_classes
    suits = prospect.customer_class in allowed if allowed else prospect.customer_class != _RESIDENTIAL
    return suits and prospect.capacity_kva is not None and prospect.capacity_kva >= service.min_capacity_kva


def _advice(prospect: Prospect, service: Service) -> tuple[Advice, ...]:
    """The advice on which the service stands."""
    rule = service.benefit
    if not isinstance(rule, AdviceBenefit):
        return ()
    return tuple(
        item
        for item in prospect.advice
        if item.table in rule.tables
        and item.annual_saving > 0
        and (item.table != "efficiency_advice" or not rule.measures or item.measure in rule.measures)
    )


def _benefit(prospect: Prospect, service: Service, found: tuple[Advice, ...]) -> Decimal:
    rule, capacity = service.benefit, prospect.capacity_kva or Decimal(0)
    match rule:
        case AdviceBenefit():
            return sum((item.annual_saving for item in found), Decimal(0)) * rule.realised_share
        case OutageBenefit():
            return capacity * rule.load_share * rule.hours_a_year * rule.value_per_kwh
        case ResponseBenefit():
            return capacity * rule.load_share * rule.hours_a_year * rule.payment_per_kwh


def _price(prospect: Prospect, service: Service, benefit: Decimal, found: tuple[Advice, ...]) -> Decimal | None:
    rule = service.price
    match rule:
        case CapacityPrice():
            amount = rule.base + rule.per_kva * (prospect.capacity_kva or Decimal(0))
            return round_to_cent(amount * voltage_multiple(rule.voltage_multiples, prospect.voltage_level))
        case AdvicePrice():
            cost = sum((item.cost for item in found), Decimal(0))
            return round_to_cent(cost * rule.multiple) if cost > 0 else None
        case BenefitPrice():
            return round_to_cent(max(rule.minimum, rule.share * benefit))


def voltage_multiple(multiples: Mapping[str, Decimal], voltage_level: str | None) -> Decimal:
    """The multiple of a voltage level, however it is written; 1 where none is set."""
    level = normalise_voltage(voltage_level) if voltage_level else None
    return multiples.get(level or "", Decimal(1))


def _signals(prospect: Prospect, service: Service, found: tuple[Advice, ...]) -> Iterator[Signal]:
    if found:
        yield "advice"
    if prospect.alerts and service.probability.alert != 1:
        yield "alert"
    if prospect.key_account:
        yield "key_account"


def acceptance(service: Service, signals: Iterable[Signal]) -> float:
    """Prior probability: the odds of the base times those of each signal."""
    odds = service.probability.base / (1 - service.probability.base)
    for signal in signals:
        odds *= getattr(service.probability, signal)
    return odds / (1 + odds)
