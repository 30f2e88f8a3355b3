"""The workbench over a small workspace that the tests make: four customers in two districts, with results of a run."""

import os
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest

# Before Django reads its settings: a workspace of its own, and the database beside it.
os.environ["LIANXIN_DESK_WORKSPACE"] = tempfile.mkdtemp(prefix="lianxin-desk-")
os.environ["DJANGO_SETTINGS_MODULE"] = "lianxin.desk.config.settings"
django = pytest.importorskip("django")
django.setup()

from lianxin.contracts.results import RESULTS  # noqa: E402
from lianxin.lake.result_store import append_result  # noqa: E402
from lianxin.lake.runs import RunRecord, save_run  # noqa: E402
from lianxin.lake.schemas import file_schema  # noqa: E402
from lianxin.lake.workspace import Workspace, open_workspace  # noqa: E402
from lianxin.workflows.import_facts import import_facts  # noqa: E402

PASSWORD = "correct-horse-9"  # noqa: S105  # of the tests' own users
RUN = "20260701T000000-abc123"

FACTS = {
    "district": "district_id,name,kind\nD1,城东,urban\nD2,城西,urban\n",
    "customer": (
        "customer_id,name,customer_class,district_id\n"
        "1001,东风机械有限公司,large_industrial,D1\n1002,王小明,residential,D1\n"
        "2001,西山水泥有限公司,large_industrial,D2\n2002,李大海,residential,D2\n"
    ),
    "customer_contact": "customer_id,contact_name,phone\n1002,王小明,13900001234\n",
    "agreement": "agreement_id,customer_id,plan_id\nA1,1001,p\nA2,1002,p\nA3,2001,p\nA4,2002,p\n",
    "usage_point": "usage_point_id,agreement_id,meter_no\nU1,A1,M-0001\nU3,A3,M-0003\n",
    "bill": (
        "bill_id,customer_id,agreement_id,billing_month,due_on,kwh,total_amount\n"
        "B1,1001,A1,2026-05,2026-06-20,1000,700.00\nB2,1001,A1,2026-06,2026-07-20,2000,1500.00\n"
        "B3,2001,A3,2026-06,2026-07-20,4000,2600.00\n"
    ),
    "case": (
        "case_id,channel,case_type,customer_id,district_id,opened_at,text\n"
        "C1,hotline,complaint,1001,D1,2026-06-01 08:00,停电\n"
    ),
}
TERMS = ("customer_id", "current_terms", "advised_terms", "expected_cost_current", "expected_cost_advised")
HIGH_PROFIT = {"code": "profit", "value": "1", "text_zh": "利润高", "text_en": "high profit"}
RESULT_ROWS = {
    "payment_term_advice": [
        dict(zip(TERMS, row, strict=True))
        for row in (
            ("1001", "postpaid", "deposit", 900, 400),
            ("2001", "postpaid", "prepaid", 300, 100),
            ("2002", "postpaid", "postpaid", 5, 5),
        )
    ],
    "customer_tier": [
        {"customer_id": "1001", "tier": "vip", "score": 91.5, "reasons": [HIGH_PROFIT]},
        {"customer_id": "2001", "tier": "core", "score": 70.25, "reasons": []},
    ],
    "credit_rating": [{"customer_id": "1001", "grade": "A", "probability_late": 0.02, "points": 600.0}],
}


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The workspace that every web test reads."""
    folder = tmp_path_factory.mktemp("served")
    (folder / "lianxin.toml").write_text('name = "东江供电"\n', encoding="utf-8")
    workspace = open_workspace(folder)
    sources = tmp_path_factory.mktemp("sources")
    for table, content in FACTS.items():
        file = sources / f"{table}.csv"
        file.write_text(content, encoding="utf-8")
        report = import_facts(workspace=workspace, table_name=table, files=[file])
        assert not report.rejected
    tables = {name: _append(workspace, name, rows) for name, rows in RESULT_ROWS.items()}
    record = RunRecord(
        run_id=RUN,
        analyses=["customer_quality"],
        as_of="2026-06-30",
        engine="duckdb",
        code_version="test",
        settings={},
        versions={},
        started_at="2026-07-01T00:00:00+00:00",
        status="done",
        tables=tables,
    )
    save_run(workspace.runs, record)
    return workspace


def _append(workspace: Workspace, name: str, rows: list[dict[str, object]]) -> int:
    table = RESULTS[name]
    whole = [{column: row.get(column) for column in table.columns} for row in rows]
    arrow = pa.Table.from_pylist(whole, schema=file_schema(table))
    return append_result(workspace.results, table, arrow.to_batches(), run_id=RUN, as_of=date(2026, 6, 30))


@pytest.fixture
def desk(db: None, served: Workspace, settings: object) -> Callable[..., object]:
    """Log somebody in: ``desk(role)`` or ``desk(role, districts=[...], language="en")``; returns a test client."""
    from django.test import Client

    from lianxin.desk.accounts.models import User

    settings.LIANXIN_WORKSPACE = Path(served.root)
    # the real hashes are slow on purpose
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

    def log_in(role: str, *, districts: list[str] | None = None, language: str = "zh") -> Client:
        name = f"{role}-{User.objects.count()}"
        user = User.objects.create_user(
            name, password=PASSWORD, role=role, districts=districts or [], language=language
        )
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        client.user = user
        return client

    return log_in
