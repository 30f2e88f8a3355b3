"""大客户用能诊断: the energy report of one customer."""

from lianxin.foundation.language import Text
from lianxin.workflows.report.bills import rated_agreements
from lianxin.workflows.report.customer import Customer, read_customer
from lianxin.workflows.report.document import Document
from lianxin.workflows.report.names import organisation_name
from lianxin.workflows.report.sections.advice import advice
from lianxin.workflows.report.sections.alerts import alerts
from lianxin.workflows.report.sections.bill import bill
from lianxin.workflows.report.sections.changed import changed
from lianxin.workflows.report.sections.curves import curves
from lianxin.workflows.report.sections.energy import energy
from lianxin.workflows.report.sections.heat import heat
from lianxin.workflows.report.sections.highlights import highlights
from lianxin.workflows.report.sections.method import method
from lianxin.workflows.report.sections.offers import offers
from lianxin.workflows.report.sections.who import header, last_reading_day, who
from lianxin.workflows.report.source import ReportSource

_TITLE = Text("大客户用能诊断 · {who}", "Customer energy report · {who}")


def customer_report(source: ReportSource, customer_id: str) -> Document:
    """Figures, why they are so, what to do: in this order.

    Raises:
        UnknownCustomer: the run saw no customer of that number.

    """
    customer = read_customer(source, customer_id)
    rated = rated_agreements(customer)
    details = (
        curves(customer),
        heat(customer),
        energy(customer),
        changed(customer, rated),
        bill(customer, rated),
        advice(customer),
        alerts(customer),
    )
    settings = source.workspace.settings
    return Document(
        title=_TITLE.format(who=_who(customer)),
        supplier=settings.name,
        header=header(source, last_reading_day(customer)),
        currency=settings.currency,
        time_zone=settings.time_zone,
        sections=(
            who(customer),
            highlights(customer, details),
            *details,
            offers(customer),
            method(source),
        ),
    )


def _who(customer: Customer) -> str:
    name = organisation_name(customer.facts["name"], customer.facts["customer_class"])
    return f"{customer.customer_id} {name}" if name else customer.customer_id
