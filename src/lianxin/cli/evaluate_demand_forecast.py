"""``evaluate demand_forecast``: its options."""

from datetime import date
from pathlib import Path

import click

from lianxin.cli.options import Day, in_workspace, json_option, opened
from lianxin.cli.words import ProgressLine, give, give_json, say, terminal_language, words
from lianxin.foundation.language import Text

_NOTE = Text("说明（{missing}）：需要 {needed}", "Note ({missing}): needed is {needed}")


@click.command(
    "demand_forecast", help=words("负荷预测回测，与指定基准对照", "backtest load forecasts beside named baselines")
)
@click.option(
    "--from", "first", type=Day(), help=words("首个预测日（默认最后 28 天）", "first day (default: the last 28)")
)
@click.option("--to", "last", type=Day(), help=words("末个预测日", "last day"))
@click.option("--horizon", default="24h", show_default=True, help=words("预测期：24h、7d、1m、12m", "24h, 7d, 1m, 12m"))
@click.option(
    "--weather",
    type=click.Choice(["actual", "history"]),
    default="actual",
    show_default=True,
    help=words("真实气温，或仅以往气温", "the true temperature, or only what was known before"),
)
@click.option(
    "--quantiles", type=click.IntRange(1, 999), default=9, show_default=True, help=words("分位点数", "equal steps")
)
@click.option(
    "--target",
    type=click.Choice(["load", "daily_peak", "daily_valley"]),
    default="load",
    show_default=True,
    help=words("area_load，或 area_daily_peak 的日最大、最小", "area_load, or maximum, minimum of area_daily_peak"),
)
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="PREDICTIONS.parquet", help=words("逐点预测", "quantiles")
)
@click.option("--as-of", type=Day(), help=words("截至日（默认今天）", "the day whose end is the view (default: today)"))
@in_workspace
@json_option
def demand_forecast(  # one argument an option
    first: date | None,
    last: date | None,
    horizon: str,
    weather: str,
    quantiles: int,
    target: str,
    out: Path | None,
    as_of: date | None,
    workspace: Path,
    *,
    as_json: bool,
) -> None:
    """Evaluate the demand forecast."""
    from lianxin.workflows.evaluate import evaluate as run

    options = {"first": first, "last": last, "horizon": horizon, "weather": weather, "quantiles": quantiles}
    with ProgressLine() as line:
        report = run(
            workspace=opened(workspace),
            analysis="demand_forecast",
            as_of=as_of,
            out=out,
            options={**options, "target": target},
            on_progress=line.shares,
        )
    language = terminal_language()
    if as_json:
        give_json(report.as_json())
    else:
        give(report.as_text(language))
    for note in report.notes:
        say(_NOTE.format(missing=note.missing, needed=note.needed.in_language(language)).in_language(language))
