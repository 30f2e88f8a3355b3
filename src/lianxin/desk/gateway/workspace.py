"""The workspace that is served."""

from pathlib import Path

from django.conf import settings

from lianxin.lake.workspace import Workspace, open_workspace


def served_workspace() -> Workspace:
    """The workspace of this process; its settings are read anew, so that an edit holds from the next request.

    Raises:
        WorkspaceNotFound: there is none.

    """
    return open_workspace(Path(settings.LIANXIN_WORKSPACE))
