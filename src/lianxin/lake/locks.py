"""One writer at a time: a lock that the operating system drops when its process ends, however it ends."""

import errno
import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lianxin.foundation.errors import DiskFull, UnusableInput
from lianxin.foundation.language import Text

_RETRY_SECONDS = 0.1


class WorkspaceBusy(UnusableInput):
    """Another import or run is writing."""

    text = Text(
        "另一个导入正在写入此工作区；等待 {seconds} 秒后放弃。请稍后重试。",
        "Another import is writing to this workspace; gave up after {seconds} seconds. Try again later.",
    )


@contextmanager
def exclusive(path: Path, *, wait_seconds: float) -> Iterator[None]:
    """Hold the lock file ``path``.

    Raises:
        WorkspaceBusy: it was not free within ``wait_seconds``.

    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        waited = 0.0
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except OSError as error:
                if error.errno not in (errno.EAGAIN, errno.EACCES):
                    raise
                if waited >= wait_seconds:
                    raise WorkspaceBusy(seconds=int(wait_seconds)) from error
                time.sleep(_RETRY_SECONDS)
                waited += _RETRY_SECONDS
        yield


@contextmanager
def full_disk_named(path: Path) -> Iterator[None]:
    """Turn every way in which a library says that the disk is full into DiskFull."""
    try:
        yield
    except Exception as error:
        full = isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)
        if full or "no space left on device" in str(error).lower():
            raise DiskFull(path=path) from error
        raise
