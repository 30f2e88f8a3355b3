"""Which reader a file needs: content decides first, the extension where content does not tell."""

from pathlib import Path

from lianxin.lake.source import Source, SourceOptions
from lianxin.lake.source_errors import UnknownFormat

KNOWN_EXTENSIONS = (".csv", ".tsv", ".txt", ".xlsx", ".parquet", ".xml")


def open_by_content(path: Path, *, table: str, options: SourceOptions) -> Source:
    """Open ``path`` with the reader that fits it."""
    raise UnknownFormat(path=path, detail=f" ({table}, {options})", known=KNOWN_EXTENSIONS)
