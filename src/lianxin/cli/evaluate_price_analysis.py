"""``evaluate price_analysis``."""

from datetime import date
from pathlib import Path

import click

from lianxin.cli.options import Day, in_workspace, json_option, opened
from lianxin.cli.words import ProgressLine, give, give_json, say, terminal_language, words
from lianxin.foundation.language import Text

_NOT_EVALUATED = Text("未评估 {column}：需要 {needed}", "{column} was not evaluated: needed is {needed}")


@click.command(
    "price_analysis", help=words("弹性、混价与账单复算", "elasticities, leaks of classes, bills computed again")
)
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="PREDICTIONS.parquet", help=words("逐例预测", "case by case")
)
@click.option("--as-of", type=Day(), help=words("截至日（默认今天）", "the day whose end is the view (default: today)"))
@click.option(
    "--suppliers",
    type=click.IntRange(2),
    default=200,
    show_default=True,
    help=words("模拟企业数", "simulated suppliers"),
)
@click.option(
    "--leaks",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="FILE",
    help=words("已知混价合同（CSV 或 Parquet，含 agreement_id）", "known leaks: CSV or Parquet with agreement_id"),
)
@click.option("--seed", type=int, default=1, show_default=True, help=words("随机种子", "seed of what is planted"))
@in_workspace
@json_option
def price_analysis(
    out: Path | None,
    as_of: date | None,
    suppliers: int,
    leaks: Path | None,
    seed: int,
    workspace: Path,
    *,
    as_json: bool,
) -> None:
    """Evaluate the price analysis."""
    from lianxin.workflows.evaluate import evaluate as run
    from lianxin.workflows.whatif import agreements_in

    with ProgressLine() as line:
        report = run(
            workspace=opened(workspace),
            analysis="price_analysis",
            as_of=as_of,
            out=out,
            options={
                "suppliers": suppliers,
                "seed": seed,
                "leaks": None if leaks is None else agreements_in(leaks),
            },
            on_progress=line.shares,
        )
    language = terminal_language()
    if as_json:
        give_json(report.as_json())
    else:
        give(report.as_text(language))
    for note in report.notes:
        values = {"column": note.column or note.table, "needed": note.needed.in_language(language)}
        say(_NOT_EVALUATED.format(**values).in_language(language))
