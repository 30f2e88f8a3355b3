"""``report``."""

import sys
from pathlib import Path

import click

from lianxin.cli.options import in_workspace, language_option, opened
from lianxin.cli.words import say, terminal_language, words
from lianxin.foundation.language import Language, Text

_DONE = Text("报告已写入 {out}（{size} KiB）", "The report was written to {out} ({size} KiB)")


@click.command(
    "report", help=words("出报告：大客户用能诊断或运行汇总", "a customer's energy report, or the summary of a run")
)
@click.argument("analysis", required=False, default="value_added", metavar="[ANALYSIS]")
@click.option("--run", "run_id", metavar="RUN", help=words("运行编号（默认：最近成功的）", "run (default: the latest)"))
@click.option("--customer", "customer_id", metavar="ID", help=words("户号（不填：汇总）", "customer (none: a summary)"))
@click.option("--format", "file_format", type=click.Choice(["html", "pdf", "xlsx"]), help=words("格式", "format"))
@click.option("--out", required=True, metavar="PATH|-", help=words("文件，或 - 表示标准输出", "file, or - for stdout"))
@in_workspace
@language_option
def report(
    analysis: str,
    run_id: str | None,
    customer_id: str | None,
    file_format: str | None,
    out: str,
    workspace: Path,
    lang: Language | None,
) -> None:
    """Write a report."""
    from lianxin.workflows.report import FORMATS, write_report

    suffix = Path(out).suffix.lstrip(".").lower()
    chosen = next((name for name in FORMATS if name == (file_format or suffix)), FORMATS[0])
    place = opened(workspace)
    size = write_report(
        workspace=place,
        out=Path(out) if out != "-" else sys.stdout.buffer,
        file_format=chosen,
        language=lang or place.settings.language,
        analysis=analysis,
        run_id=run_id,
        customer_id=customer_id,
    )
    sys.stdout.flush()
    say(_DONE.format(out=out, size=-(-size // 1024)).in_language(terminal_language()))


COMMANDS = (report,)
