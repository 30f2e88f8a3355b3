"""What the frame of every page shows."""

from typing import Any

from django.http import HttpRequest

from lianxin.desk.accounts.models import User
from lianxin.desk.accounts.roles import Right
from lianxin.desk.gateway.runs import all_runs
from lianxin.desk.gateway.workspace import served_workspace
from lianxin.desk.shell.navigation import PLACES
from lianxin.foundation.errors import LianxinError


def shell(request: HttpRequest) -> dict[str, Any]:
    """Supplier, menu, and the run and day that the figures are of."""
    user = request.user
    if not isinstance(user, User):
        return {"language": getattr(request, "language", "zh")}
    try:
        workspace = served_workspace()
        runs = [run for run in all_runs() if run.status == "done"]
    except LianxinError:
        return {"language": user.language, "places": PLACES}
    latest = runs[0] if runs else None
    return {
        "language": user.language,
        "supplier": workspace.settings.name,
        "places": [place for place in PLACES if place.name != "system" or user.may(Right.ADMINISTER)],
        "latest_run": latest,
    }
