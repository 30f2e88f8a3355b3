"""Uploaded files, kept under plain names until they are imported."""

import re
from collections.abc import Sequence
from pathlib import Path

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from lianxin.desk.config.home import desk_home
from lianxin.foundation.errors import UnusableInput
from lianxin.foundation.language import Text

SUFFIXES = frozenset({".csv", ".txt", ".tsv", ".xlsx", ".parquet", ".xml"})


class WrongKind(UnusableInput):
    """The ending of a file's name is none that can be imported."""

    text = Text("不支持的文件类型 {suffix}；可用：{known}", "Files {suffix} cannot be taken; use {known}")


def keep_uploads(files: Sequence[UploadedFile], suffixes: frozenset[str] = SUFFIXES) -> list[Path]:
    """Write uploads to a folder of their own.

    Raises:
        WrongKind: an ending that cannot be imported; nothing is kept.

    """
    names = [re.sub(r"[^\w.-]", "_", Path(str(file.name)).name)[-80:] for file in files]
    for name in names:
        if Path(name).suffix.lower() not in suffixes:
            raise WrongKind(suffix=Path(name).suffix or "–", known=sorted(suffixes))
    folder = desk_home() / "uploads" / f"{timezone.now():%Y%m%dT%H%M%S%f}"
    folder.mkdir(parents=True)
    for name, file in zip(names, files, strict=True):
        with (folder / name).open("wb") as out:
            for chunk in file.chunks():
                out.write(chunk)
    return [folder / name for name in names]
