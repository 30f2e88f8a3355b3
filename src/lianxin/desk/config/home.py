"""Where the workbench keeps what is its own: WORKSPACE/desk, with the database and the secret key."""

import os
import secrets
from pathlib import Path

WORKSPACE_VARIABLE = "LIANXIN_DESK_WORKSPACE"
_SECRET_VARIABLE = "LIANXIN_SECRET_KEY"  # noqa: S105  # the name of a variable, no secret


def workspace_root() -> Path:
    """The workspace that is served: ``LIANXIN_DESK_WORKSPACE`` (``lianxin serve`` sets it), else the current folder."""
    return Path(os.environ.get(WORKSPACE_VARIABLE, ".")).resolve()


def desk_home() -> Path:
    """The workbench's own folder in the workspace, made where it is missing."""
    home = workspace_root() / "desk"
    home.mkdir(parents=True, exist_ok=True)
    return home


def secret_key() -> str:
    """``LIANXIN_SECRET_KEY``, the file that ``LIANXIN_SECRET_KEY_FILE`` names, else a key made at the first start."""
    if _SECRET_VARIABLE in os.environ:
        return os.environ[_SECRET_VARIABLE]
    named = os.environ.get(f"{_SECRET_VARIABLE}_FILE")
    path = Path(named) if named else desk_home() / "secret_key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50), encoding="ascii")
    return path.read_text(encoding="ascii").strip()
