"""Workspaces that hold little: an analysis makes what it can and notes the rest; it never falls over."""

from datetime import date

import pytest

from lianxin.contracts.results import BY_ANALYSIS
from lianxin.foundation.errors import DataInsufficient
from lianxin.workflows.run_analyses import ANALYSES, run_analyses

AS_OF = date(2026, 6, 30)
CUSTOMERS = "customer_id,customer_class\n1,large_industrial\n2,residential\n"
AGREEMENTS = "agreement_id,customer_id\nA1,1\nA2,2\n"
BILLS = "bill_id,customer_id,billing_month,total_amount\n" + "".join(
    f"B{customer}-{month},{customer},2026-{month:02d},{100 * customer + month}.50\n"
    for customer in (1, 2)
    for month in (1, 2, 3, 4, 5)
)
PAYMENTS = (
    "payment_id,bill_id,paid_on,amount\nP1,B1-1,2026-02-10,101.50\nP2,nowhere,2026-02-10,5\nP3,B2-1,2026-05-01,100\n"
)
CASES = "case_id,opened_at,text\nC1,2026-06-01 08:00,停电了\nC2,2026-06-02 09:00,\nC3,2026-06-03 10:00,？\n"
READINGS = "usage_point_id,start_at,minutes,kwh\n" + "".join(
    f"U1,2026-06-{day:02d}T{hour:02d}:00:00,60,{hour + 1}\n" for day in range(1, 9) for hour in range(24)
)
LOADS = "area_id,customer_class,start_at,minutes,kw\n" + "".join(
    f"X,all,2026-06-{day:02d}T{hour:02d}:00:00,60,{1000 + 10 * hour}\n" for day in range(1, 15) for hour in range(24)
)
HOLDINGS = {
    "nothing": {},
    "customers alone": {"customer": CUSTOMERS},
    "agreements without customers": {"agreement": AGREEMENTS},
    "bills alone": {"bill": BILLS},
    "bills, payments and customers": {"customer": CUSTOMERS, "bill": BILLS, "payment": PAYMENTS},
    "three cases": {"case": CASES},
    "a week of readings": {"interval_reading": READINGS},
    "two weeks of loads": {"area_load": LOADS},
    "one daily usage": {"daily_usage": "usage_point_id,day,kwh\nU1,2026-06-01,\nU1,2026-06-02,5\n"},
    "one flexible load": {"flexible_load": "customer_id,measure,kw\n1,shift,\n"},
    "one request": {"connection_request": "request_id\nR1\n"},
    "one survey answer": {"survey_response": "response_id,answered_on,question,score\nS1,2026-05-01,csat,4\n"},
}


@pytest.mark.parametrize("analysis", list(ANALYSES))
@pytest.mark.parametrize("held", list(HOLDINGS))
def test_an_analysis_makes_what_it_can_and_notes_the_rest(importer, held, analysis):
    for table, text in HOLDINGS[held].items():
        importer.text(table, text)
    try:
        report = run_analyses(workspace=importer.workspace, analyses=[analysis], as_of=AS_OF)
    except DataInsufficient:
        return
    made = set(report.record.tables)
    noted = {note.table for note in report.notes}
    tables = {table.name for table in BY_ANALYSIS[analysis]}
    assert tables <= made | noted, f"neither made nor noted: {sorted(tables - made - noted)}"
