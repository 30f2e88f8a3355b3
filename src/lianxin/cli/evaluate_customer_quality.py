"""``evaluate customer_quality``: late bills, late customers and events of the workspace, or a plain table."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lianxin.cli.options import Day, in_workspace, json_option, opened
from lianxin.cli.words import ProgressLine, give, give_json, terminal_language, words
from lianxin.foundation.errors import UnusableInput
from lianxin.foundation.language import Text

if TYPE_CHECKING:
    from lianxin.workflows.evaluate import EvaluationReport

_ANALYSIS = "customer_quality"


class TableNeedsNames(UnusableInput):
    """A plain table needs the names of its key and label."""

    text = Text("--table 还需要 --key 与 --label", "--table needs --key and --label too")


class Days(click.ParamType[tuple[date, ...]]):
    """Dates YYYY-MM-DD, with commas between."""

    name = "date,…"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[date, ...]:
        """Parse the dates."""
        if isinstance(value, tuple):
            return value
        return tuple(Day().convert(part.strip(), param, ctx) for part in str(value).split(",") if part.strip())


@click.command(
    _ANALYSIS,
    help=words("信用评级与客户事件：滚动时点或交叉验证", "credit rating and customer events: rolling origin or folds"),
)
@click.option(
    "--target",
    help=words("late_bill、late_customer（默认）或 event:类型", "late_bill, late_customer (default) or event:KIND"),
)
@click.option("--cutoffs", type=Days(), default=(), help=words("时点，逗号分隔", "cut-off days, with commas between"))
@click.option("--folds", type=click.IntRange(2, 50), default=5, show_default=True, help=words("折数", "folds"))
@click.option(
    "--table",
    "table",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help=words(
        "普通预测表（csv、parquet），不需要工作区", "a plain table of predictors (csv, parquet); needs no workspace"
    ),
)
@click.option("--key", help=words("预测表的主键列", "key column of the table"))
@click.option("--label", help=words("预测表的标签列（两个值）", "label column of the table (two values)"))
@click.option("--seed", type=int, default=1, show_default=True, help=words("分折的随机种子", "seed of the folds"))
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="PREDICTIONS.parquet", help=words("逐例预测", "case by case")
)
@click.option("--as-of", type=Day(), help=words("截至日（默认今天）", "the day whose end is the view (default: today)"))
@in_workspace
@json_option
def customer_quality(
    target: str | None,
    cutoffs: tuple[date, ...],
    folds: int,
    table: Path | None,
    key: str | None,
    label: str | None,
    seed: int,
    out: Path | None,
    as_of: date | None,
    workspace: Path,
    *,
    as_json: bool,
) -> None:
    """Evaluate customer quality."""
    if table is not None:
        if not key or not label:
            raise TableNeedsNames
        report = _of_table(table, key=key, label=label, folds=folds, seed=seed, out=out, as_of=as_of)
    else:
        from lianxin.workflows.evaluate import evaluate as run

        with ProgressLine() as line:
            report = run(
                workspace=opened(workspace),
                analysis=_ANALYSIS,
                as_of=as_of,
                out=out,
                options={"target": target or "late_customer", "cutoffs": cutoffs, "folds": folds, "seed": seed},
                on_progress=line.shares,
            )
    if as_json:
        give_json(report.as_json())
    else:
        give(report.as_text(terminal_language()))


def _of_table(
    path: Path, *, key: str, label: str, folds: int, seed: int, out: Path | None, as_of: date | None
) -> "EvaluationReport":
    import pyarrow.parquet as pq

    from lianxin.analyses.customer_quality.evaluate import evaluate_plain
    from lianxin.cli.predictor_file import read_predictors
    from lianxin.workflows.evaluate import EvaluationReport

    found = evaluate_plain(read_predictors(path), key=key, label=label, folds=folds, seed=seed)
    if out is not None:
        pq.write_table(found.predictions, out)
    day = as_of or datetime.now(UTC).astimezone().date()
    return EvaluationReport(analysis=_ANALYSIS, as_of=day, model_card=found.model_card, notes=found.notes)
