"""``plan``: plans that the supplier carries out."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lianxin.cli.options import in_workspace, json_option, opened
from lianxin.cli.words import give, give_json, say, terminal_language, words

if TYPE_CHECKING:
    from lianxin.analyses.demand_forecast.peak_shift.config import Order


@click.group("plan", help=words("编制计划", "make plans"))
def plan() -> None:
    """Hold the plans."""


@plan.command(
    "peak_shift",
    help=words("为给定缺口编制错峰用电计划", "customers to call, when and with how much, so that a gap is closed"),
)
@click.option(
    "--gap",
    "gap_file",
    required=True,
    type=click.Path(path_type=Path),
    metavar="GAP.csv",
    help=words("缺口：start_at、minutes、gap_kw，可带 area_id", "start_at, minutes, gap_kw, and area_id or none"),
)
@click.option(
    "--margin", type=click.FloatRange(0, 1), help=words("裕度，占缺口的比例（默认 0）", "share beyond the gap (0)")
)
@click.option(
    "--order",
    type=click.Choice(["cost", "measure"]),
    help=words("按成本，或按措施先后（默认 cost）", "by cost, or earlier measures first (cost)"),
)
@click.option(
    "--notice-at",
    metavar="TIME",
    help=words("通知时间（默认首个时段前 24 小时）", "when customers are told (24 h before the first interval)"),
)
@click.option("--out", metavar="PATH|-", help=words("计划 CSV 的去处", "where the plan goes, as CSV"))
@in_workspace
@json_option
def peak_shift(
    gap_file: Path,
    margin: float | None,
    order: "Order | None",
    notice_at: str | None,
    out: str | None,
    workspace: Path,
    *,
    as_json: bool,
) -> None:
    """Plan calls for a gap."""
    from lianxin.analyses.demand_forecast.peak_shift.results import plan_notes
    from lianxin.workflows.plan_peak_shift import plan_peak_shift

    if out == "-" and as_json:
        raise click.UsageError(words("--out - 与 --json 不能同时使用", "--out - and --json cannot go together"))
    report = plan_peak_shift(
        workspace=opened(workspace), gap_file=gap_file, margin=margin, order=order, notice_at=notice_at
    )
    language = terminal_language()
    if out is not None:
        report.write(sys.stdout if out == "-" else Path(out))
    if as_json:
        give_json(report.as_json())
    elif out is None:
        give(report.as_text(language))
    if out is not None or as_json:
        say(report.summary(language))
    for note in plan_notes(report.plan):
        say(note.in_language(language))


COMMANDS = (plan,)
