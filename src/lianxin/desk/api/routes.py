"""The programming interface under /api/: results, customers, cases, decisions, runs and imports."""

import hashlib
import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import File, NinjaAPI, Query, Router, Status, UploadedFile
from ninja.errors import ValidationError

from lianxin.contracts.facts import FACTS
from lianxin.contracts.results import RESULTS
from lianxin.desk.accounts.roles import Right
from lianxin.desk.api.access import Bearer, NotAllowed, NotThere, demand, scope_of, user_of
from lianxin.desk.api.plain import plain_row
from lianxin.desk.api.schemas import (
    CaseOut,
    ColumnOut,
    CustomerOut,
    CustomersOut,
    DecisionIn,
    DecisionOut,
    JobOut,
    PageOut,
    Refusal,
    RunIn,
    RunOut,
    TableOut,
)
from lianxin.desk.data.uploads import keep_uploads
from lianxin.desk.decisions.models import Decision
from lianxin.desk.decisions.operations import decide
from lianxin.desk.gateway.cases import case_view
from lianxin.desk.gateway.customers import CUSTOMERS, customer_view, find_customers
from lianxin.desk.gateway.lists import list_page
from lianxin.desk.gateway.proposals import KINDS, find_proposal
from lianxin.desk.gateway.reading import result
from lianxin.desk.gateway.runs import all_runs, analysis_of, latest_with
from lianxin.desk.gateway.work import known_analyses
from lianxin.desk.gateway.workspace import served_workspace
from lianxin.desk.jobs.models import Job
from lianxin.desk.jobs.operations import start_import, start_run
from lianxin.desk.tables.address import read_address
from lianxin.foundation.errors import LianxinError, UnusableInput

api = NinjaAPI(
    title="Lianxin", version="1", docs_url=None, auth=Bearer(), urls_namespace="api", description=__doc__ or ""
)
router = Router()
_REFUSED = {404: Refusal, 403: Refusal, 422: Refusal}


@api.exception_handler(LianxinError)
def _refused(request: HttpRequest, error: LianxinError) -> HttpResponse:
    """Anticipated errors in both languages, with the code that fits."""
    status = 404 if isinstance(error, NotThere) else 403 if isinstance(error, NotAllowed) else 422
    said = {"message_zh": error.message("zh"), "message_en": error.message("en")}
    return api.create_response(request, said, status=status)


@api.exception_handler(ValidationError)
def _malformed(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """A request that does not fit its description: which part, and what is wrong with it."""
    parts = ["/".join(str(place) for place in item["loc"]) + ": " + str(item["msg"]) for item in error.errors]
    said = {
        "message_zh": f"请求不符合接口说明：{'；'.join(parts)}",
        "message_en": f"The request does not fit: {'; '.join(parts)}",
    }
    return api.create_response(request, said, status=422)


@router.get("/runs", response=list[RunOut])
def runs(request: HttpRequest) -> list[Any]:
    """Every run, the newest first."""
    del request
    return list(all_runs())


@router.get("/results", response=list[TableOut])
def results(request: HttpRequest) -> list[TableOut]:
    """Every result table, its columns, and the run that last made it."""
    del request
    return [_table(name) for name in RESULTS]


def _table(name: str) -> TableOut:
    table, run = RESULTS[name], latest_with(name)
    columns = [
        ColumnOut(
            name=field.name,
            kind=field.kind.value,
            unit=field.unit,
            key=field.key,
            title_zh=field.title.zh,
            title_en=field.title.en,
        )
        for field in table.fields
    ]
    return TableOut(
        name=name,
        analysis=analysis_of(name),
        title_zh=table.title.zh,
        title_en=table.title.en,
        run_id=run.run_id if run else None,
        rows=run.tables[name] if run else 0,
        columns=columns,
    )


@router.get("/results/{table}", response={200: PageOut, **_REFUSED})
def result_page(
    request: HttpRequest,
    response: HttpResponse,
    table: str,
    page: int = Query(1, ge=1, le=1_000_000),
    size: int = Query(50, ge=1, le=200),
    sort: str = Query("", max_length=80, description="a column; -column orders downwards"),
) -> Any:
    """One page of the latest run's rows; filters as in the workbench's addresses (f.COLUMN=…, f.COLUMN.from=…)."""
    run = latest_with(table) if table in RESULTS else None
    if run is None:
        raise NotThere(what=table)
    workspace = served_workspace()
    parameters = {**request.GET.dict(), "page": str(page), "size": str(size), "sort": sort}
    tag = _tag(run.run_id, parameters, request)
    if request.headers.get("If-None-Match") == tag:
        return HttpResponse(status=304, headers={"ETag": tag})
    query = read_address(RESULTS[table], parameters, any_size=True).query
    found = list_page(workspace, result(workspace, table, run.run_id), query, scope_of(request))
    response["ETag"] = tag
    return PageOut(
        run_id=run.run_id,
        as_of=run.as_of,
        page=found.page,
        pages=found.pages,
        total=found.total,
        rows=[plain_row(row) for row in found.rows],
    )


def _tag(run_id: str, parameters: dict[str, str], request: HttpRequest) -> str:
    """The same run, question and districts have the same answer."""
    asked = json.dumps([run_id, sorted(parameters.items()), sorted(user_of(request).districts)])
    return f'"{hashlib.sha256(asked.encode()).hexdigest()[:32]}"'


@router.get("/customers", response=CustomersOut)
def customers(
    request: HttpRequest,
    q: str = Query("", max_length=80, description="number, name or meter"),
    page: int = Query(1, ge=1, le=1_000_000),
    size: int = Query(50, ge=1, le=200),
) -> CustomersOut:
    """Search customers; names of persons are masked."""
    query = read_address(CUSTOMERS, {**request.GET.dict(), "page": str(page), "size": str(size)}, any_size=True).query
    found = find_customers(query, q, scope_of(request), personal=user_of(request).may(Right.PERSONAL))
    rows = [plain_row(row) for row in found.rows]
    return CustomersOut(page=found.page, pages=found.pages, total=found.total, rows=rows)


@router.get("/customers/{customer_id}", response={200: CustomerOut, **_REFUSED})
def customer(request: HttpRequest, customer_id: str) -> CustomerOut:
    """One customer with its agreements, usage points and the rows of every result that concern it."""
    view = customer_view(customer_id, scope_of(request))
    if view is None:
        raise NotThere(what=customer_id)
    return CustomerOut(
        customer=plain_row({**view.customer, "name": view.name}),
        agreements=[plain_row(row) for row in view.agreements],
        usage_points=[plain_row(row) for row in view.usage_points],
        results={name: [plain_row(row) for row in rows] for name, rows in view.results.items()},
    )


@router.get("/cases/{case_id}", response={200: CaseOut, **_REFUSED})
def case(request: HttpRequest, case_id: str) -> CaseOut:
    """One case with its course, topic and promises."""
    view = case_view(case_id, scope_of(request))
    if view is None:
        raise NotThere(what=case_id)
    hidden = set() if user_of(request).may(Right.PERSONAL) else {"subject", "text"}
    return CaseOut(
        case={name: value for name, value in plain_row(view.case).items() if name not in hidden},
        events=[plain_row(row) for row in view.events],
        topic=plain_row(view.topic) if view.topic else None,
        promises=[plain_row(row) for row in view.promises],
        alike=view.alike,
    )


@router.get("/decisions", response=list[DecisionOut])
def decisions(request: HttpRequest, page: int = Query(1, ge=1, le=100_000)) -> list[DecisionOut]:
    """Decisions that the user may see, the newest first, 100 a page."""
    scope = scope_of(request)
    found = Decision.objects.select_related("decided_by")[(page - 1) * 100 : page * 100]
    return [_decision(one) for one in found if scope.everything or find_proposal(KINDS[one.result], one.key, scope)]


@router.post("/decisions", response={201: DecisionOut, **_REFUSED})
def make_decision(request: HttpRequest, given: DecisionIn) -> Any:
    """Decide on a proposal, as in the inbox: the role must decide such proposals, four eyes hold."""
    user = demand(request, write=True)
    key = json.dumps(given.key, ensure_ascii=False, sort_keys=True)
    proposal = find_proposal(KINDS[given.result], key, scope_of(request)) if given.result in KINDS else None
    if proposal is None:
        raise NotThere(what=given.result)
    made = decide(
        proposal=proposal,
        user=user,
        action=given.action,
        value=given.value,
        reason=given.reason,
        due_on=given.due_on,
    )
    return Status(201, _decision(made))


def _decision(one: Decision) -> DecisionOut:
    return DecisionOut(
        id=one.pk,
        result=one.result,
        key=json.loads(one.key),
        action=one.action,
        value=one.value,
        reason=one.reason,
        state=one.state,
        decided_by=one.decided_by.username,
        decided_on=one.decided_at.date(),
    )


@router.post("/runs", response={202: JobOut, **_REFUSED})
def ask_run(request: HttpRequest, given: RunIn) -> Any:
    """Queue a run; ask /jobs/ID how far it is."""
    user = demand(request, right=Right.RUN, write=True)
    unknown = [name for name in given.analyses if name not in known_analyses()]
    if unknown:
        raise UnusableInput(detail=", ".join(unknown))
    return Status(202, _job(start_run(user=user, analyses=given.analyses, as_of=given.as_of)))


@router.post("/imports/{table}", response={202: JobOut, **_REFUSED})
def ask_import(request: HttpRequest, table: str, file: UploadedFile = File(...)) -> Any:  # noqa: B008  # ninja's way
    """Queue the import of a file."""
    user = demand(request, right=Right.IMPORT, write=True)
    if table not in FACTS:
        raise NotThere(what=table)
    return Status(202, _job(start_import(user=user, table=table, files=keep_uploads([file]), mapping=None)))


@router.get("/jobs/{job_id}", response={200: JobOut, **_REFUSED})
def job(request: HttpRequest, job_id: int) -> JobOut:
    """How far a job is."""
    del request
    found = Job.objects.filter(pk=job_id).first() if abs(job_id) < 2**63 else None
    if found is None:
        raise NotThere(what=str(job_id))
    return _job(found)


def _job(one: Job) -> JobOut:
    return JobOut(
        id=one.pk,
        kind=one.kind,
        state=one.state,
        step=one.step,
        share=one.share,
        outcome={name: value for name, value in one.outcome.items() if name != "quarantine"},
        message_zh=one.message_zh,
        message_en=one.message_en,
    )


api.add_router("", router)
