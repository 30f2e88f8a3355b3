"""``evaluate service_demand``: its options."""

from datetime import date
from pathlib import Path

import click
import pyarrow as pa
import pyarrow.parquet as pq

from lianxin.cli.options import Day, in_workspace, json_option, opened
from lianxin.cli.words import ProgressLine, give, give_json, say, terminal_language, words
from lianxin.foundation.errors import UnusableInput
from lianxin.foundation.language import Text

_NOT_EVALUATED = Text("未评估 {column}：需要 {needed}", "{column} was not evaluated: needed is {needed}")
_TRUTH = ("case_topic", "duplicate_group", "hot_issue", "person", "satisfaction_driver")


class NoTruth(UnusableInput):
    """``--planted`` needs what the demo's generator wrote."""

    text = Text(
        "在 {path} 中没有演示数据的真值；--planted 只用于 lianxin demo 生成的工作区。",
        "There is no truth of a demo in {path}; --planted is for a workspace that 'lianxin demo' made.",
    )


@click.command("service_demand", help=words("主题、重复来电与热点的准确程度", "topics, near-duplicates and hot issues"))
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="PREDICTIONS.parquet", help=words("逐例预测", "case by case")
)
@click.option("--as-of", type=Day(), help=words("截至日（默认今天）", "the day whose end is the view (default: today)"))
@click.option("--folds", type=click.IntRange(2), default=5, show_default=True, help=words("折数", "folds"))
@click.option("--planted", is_flag=True, help=words("对照演示数据的真值", "against the truth of the demo"))
@click.option(
    "--most-labelled",
    type=click.IntRange(10),
    default=6_000,
    show_default=True,
    help=words("最多评估的有标签工单数", "labelled cases at most"),
)
@click.option("--seed", type=int, default=1, show_default=True, help=words("随机种子", "seed of folds and simulation"))
@in_workspace
@json_option
def service_demand(
    out: Path | None,
    as_of: date | None,
    folds: int,
    most_labelled: int,
    seed: int,
    workspace: Path,
    *,
    planted: bool,
    as_json: bool,
) -> None:
    """Evaluate service demand."""
    from lianxin.workflows.evaluate import evaluate as run

    place = opened(workspace)
    truth = _truth(place.root / "truth") if planted else None
    with ProgressLine() as line:
        report = run(
            workspace=place,
            analysis="service_demand",
            as_of=as_of,
            out=out,
            options={"folds": folds, "seed": seed, "most_labelled": most_labelled, "planted": truth},
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


def _truth(folder: Path) -> dict[str, pa.Table]:
    """The demo's truth: NAME.parquet or a folder NAME of parts."""
    places = {name: [folder / f"{name}.parquet", folder / name] for name in _TRUTH}
    found = {name: next((place for place in both if place.exists()), None) for name, both in places.items()}
    tables = {name: pq.read_table(place) for name, place in found.items() if place is not None}
    if not tables:
        raise NoTruth(path=folder)
    return tables
