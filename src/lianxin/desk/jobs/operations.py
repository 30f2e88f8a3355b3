"""Ask for long work, and ask it to stop."""

from datetime import date
from pathlib import Path

from django.db import transaction

from lianxin.desk.accounts.models import User
from lianxin.desk.jobs.models import Job
from lianxin.desk.jobs.tasks import carry_out


def start_run(*, user: User, analyses: list[str], as_of: date) -> Job:
    """Queue a run."""
    return _queue(Job(kind=Job.Kind.RUN, asked_by=user, arguments={"analyses": analyses, "as_of": as_of.isoformat()}))


def start_import(*, user: User, table: str, files: list[Path], mapping: Path | None) -> Job:
    """Queue an import of files that were uploaded."""
    arguments = {"table": table, "files": [str(file) for file in files], "mapping": str(mapping) if mapping else ""}
    return _queue(Job(kind=Job.Kind.IMPORT, asked_by=user, arguments=arguments))


def start_what_if(*, user: User, file: Path) -> Job:
    """Queue a scenario."""
    return _queue(Job(kind=Job.Kind.WHAT_IF, asked_by=user, arguments={"file": str(file)}))


def start_peak_shift(*, user: User, file: Path, order: str) -> Job:
    """Queue a plan for a gap."""
    return _queue(Job(kind=Job.Kind.PEAK_SHIFT, asked_by=user, arguments={"file": str(file), "order": order}))


def cancel(job: Job) -> None:
    """Ask a job to stop at its next step."""
    Job.objects.filter(pk=job.pk).update(cancel_asked=True)


def _queue(job: Job) -> Job:
    job.save()
    transaction.on_commit(lambda: carry_out.enqueue(job.pk))
    return job
