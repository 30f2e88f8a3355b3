"""``export``."""

import sys
from pathlib import Path

import click

from lianxin.cli.options import in_workspace, language_option, opened
from lianxin.cli.words import say, terminal_language, words
from lianxin.foundation.language import Language, Text

_DONE = Text("{rows} 行已写入 {out}", "{rows} rows written to {out}")


@click.command("export", help=words("导出一张结果表", "write a result of a run"))
@click.argument("result")
@click.option("--run", "run_id", metavar="RUN", help=words("运行编号（默认：最近成功的）", "run (default: the latest)"))
@click.option("--format", "file_format", type=click.Choice(["csv", "xlsx", "parquet"]), help=words("格式", "format"))
@click.option("--out", default="-", metavar="PATH|-", help=words("文件，或 - 表示标准输出", "file, or - for stdout"))
@in_workspace
@language_option
def export(
    result: str, run_id: str | None, file_format: str | None, out: str, workspace: Path, lang: Language | None
) -> None:
    """Export a result."""
    from lianxin.workflows.export import FORMATS, export_result

    suffix = Path(out).suffix.lstrip(".").lower()
    chosen = next((name for name in FORMATS if name == (file_format or suffix)), FORMATS[0])
    place = opened(workspace)
    target = Path(out) if out != "-" else sys.stdout if chosen == "csv" else sys.stdout.buffer
    rows = export_result(
        workspace=place,
        result=result,
        out=target,
        file_format=chosen,
        language=lang or place.settings.language,
        run_id=run_id,
    )
    sys.stdout.flush()
    say(_DONE.format(rows=rows, out=out).in_language(terminal_language()))


COMMANDS = (export,)
