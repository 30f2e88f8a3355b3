"""Read a plain table of predictors: CSV (UTF-8 with or without BOM, or GB18030) or Parquet."""

from pathlib import Path

import polars as pl

from lianxin.foundation.errors import UnusableInput
from lianxin.foundation.language import Text


class TableUnreadable(UnusableInput):
    """The file is no CSV or Parquet that can be read."""

    text = Text("无法读取 {path}：{problem}", "{path} cannot be read: {problem}")


def read_predictors(path: Path) -> pl.DataFrame:
    """All rows, types inferred over the whole file; empty cells are missing.

    Raises:
        TableUnreadable: the file is missing, or not what its name says.

    """
    try:
        if path.suffix.lower() in {".parquet", ".pq"}:
            return pl.read_parquet(path)
        return pl.read_csv(
            _decoded(path), infer_schema_length=None, try_parse_dates=True, null_values=["", "NA", "NaN"]
        )
    except (OSError, UnicodeDecodeError, pl.exceptions.PolarsError) as error:
        raise TableUnreadable(path=path, problem=" ".join(str(error).split())[:200]) from error


def _decoded(path: Path) -> bytes:
    content = path.read_bytes()
    try:
        return content.decode("utf-8-sig").encode()
    except UnicodeDecodeError:
        return content.decode("gb18030").encode()
