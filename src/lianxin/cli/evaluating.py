"""``evaluate``: one subcommand an analysis, since each has options of its own."""

from datetime import date
from pathlib import Path

import click

from lianxin.cli.evaluate_customer_quality import customer_quality
from lianxin.cli.evaluate_demand_forecast import demand_forecast
from lianxin.cli.evaluate_price_analysis import price_analysis
from lianxin.cli.evaluate_service_demand import service_demand
from lianxin.cli.options import Day, in_workspace, json_option, opened
from lianxin.cli.words import ProgressLine, give, give_json, say, terminal_language, words
from lianxin.foundation.language import Text

_NOT_EVALUATED = Text("未评估 {column}：需要 {needed}", "{column} was not evaluated: needed is {needed}")


@click.group(
    "evaluate", help=words("评估分析的准确程度，与指定基准对照", "backtest an analysis against named baselines")
)
def evaluate() -> None:
    """Hold the analyses."""


@evaluate.command(
    "value_added", help=words("在真实曲线上埋设的事件；基本电费决策", "planted events; demand-charge decisions")
)
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="PREDICTIONS.parquet", help=words("逐例预测", "case by case")
)
@click.option("--as-of", type=Day(), help=words("截至日（默认今天）", "the day whose end is the view (default: today)"))
@click.option(
    "--curves", type=click.IntRange(1), default=60, show_default=True, help=words("最多曲线数", "curves at most")
)
@click.option(
    "--per-curve", type=click.IntRange(1), default=2, show_default=True, help=words("每条埋设数", "events a curve")
)
@click.option("--seed", type=int, default=1, show_default=True, help=words("随机种子", "seed of what is planted"))
@in_workspace
@json_option
def value_added(
    out: Path | None, as_of: date | None, curves: int, per_curve: int, seed: int, workspace: Path, *, as_json: bool
) -> None:
    """Evaluate value-added services."""
    from lianxin.workflows.evaluate import evaluate as run

    with ProgressLine() as line:
        report = run(
            workspace=opened(workspace),
            analysis="value_added",
            as_of=as_of,
            out=out,
            options={"most_curves": curves, "per_curve": per_curve, "seed": seed},
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


evaluate.add_command(customer_quality)
evaluate.add_command(demand_forecast)
evaluate.add_command(price_analysis)
evaluate.add_command(service_demand)

COMMANDS = (evaluate,)
