"""What the background does with a job."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from django.utils import timezone
from django_tasks import task

from lianxin.desk.decisions.writing_back import write_back
from lianxin.desk.gateway.work import run, scenario, shift_plan, take_in
from lianxin.desk.jobs.models import Job
from lianxin.foundation.errors import LianxinError
from lianxin.foundation.language import Text

_FAULT = Text("内部错误（{name}），详见服务器日志。", "An internal error ({name}); see the server's log.")
_CANCELLED = Text("已取消。", "Cancelled.")


class Cancelled(Exception):  # named for what happened
    """Somebody asked to stop."""


@task()
def carry_out(job_id: int) -> None:
    """Do a job; its state, progress and outcome stand in its row."""
    job = Job.objects.get(pk=job_id)
    if job.cancel_asked:
        _end(job, Job.State.CANCELLED, _CANCELLED)
        return
    job.state = Job.State.RUNNING
    job.save(update_fields=["state"])
    try:
        job.outcome = _work(job, _progress(job))
    except Cancelled:
        _end(job, Job.State.CANCELLED, _CANCELLED)
    except LianxinError as error:
        _end(job, Job.State.FAILED, Text(error.message("zh"), error.message("en")))
    except Exception as error:
        _end(job, Job.State.FAILED, _FAULT.format(name=type(error).__name__))
        raise
    else:
        job.share = 1.0
        _end(job, Job.State.DONE, Text("", ""))


def _work(job: Job, progress: Callable[[str, float], None]) -> dict[str, Any]:
    given = job.arguments
    if job.kind == Job.Kind.RUN:
        write_back()  # what people decided goes into the facts before they are read
        return run(given["analyses"], date.fromisoformat(given["as_of"]), progress)
    if job.kind == Job.Kind.WHAT_IF:
        return scenario(Path(given["file"]), progress)
    if job.kind == Job.Kind.PEAK_SHIFT:
        return shift_plan(Path(given["file"]), order=given["order"])
    files = [Path(file) for file in given["files"]]
    return take_in(given["table"], files, Path(given["mapping"]) if given.get("mapping") else None)


def _progress(job: Job) -> Callable[[str, float], None]:
    """Keep the step and share; a job that is to stop does so at its next step."""

    def tell(step: str, share: float) -> None:
        Job.objects.filter(pk=job.pk).update(step=step[:60], share=share)
        if Job.objects.filter(pk=job.pk, cancel_asked=True).exists():
            raise Cancelled

    return tell


def _end(job: Job, state: str, message: Text) -> None:
    job.state, job.message_zh, job.message_en = state, message.zh, message.en
    job.finished_at = timezone.now()
    job.save(update_fields=["state", "message_zh", "message_en", "finished_at", "outcome", "share"])
