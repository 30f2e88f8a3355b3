"""``import``."""

from pathlib import Path

import click

from lianxin.cli.options import in_workspace, json_option, opened
from lianxin.cli.words import ProgressLine, give_json, say, terminal_language, words
from lianxin.foundation.errors import EXIT_DONE, EXIT_ROWS_REJECTED
from lianxin.foundation.language import Text

_DONE = Text(
    "{table}：读入 {read} 行，新增 {inserted}，更正 {corrected}，未变 {unchanged}，重复 {repeated}，拒收 {rejected}。",
    "{table}: {read} rows read, {inserted} inserted, {corrected} corrected, {unchanged} unchanged, "
    "{repeated} repeated, {rejected} rejected.",
)
_REJECTED = Text("拒收的行见 {path}", "The rejected rows stand in {path}")
_IGNORED = Text("{file} 中未使用的列：{columns}", "Columns of {file} that were not used: {columns}")
_SKIPPED = Text("跳过 {count} 行（空行或 where 未选中）", "{count} rows skipped (blank, or not selected by where)")
_LEFT_OUT = Text("未存入 {count} 项：{reason}", "{count} left out: {reason}")
_NO_MULTIPLIER = Text(
    "{count} 个计量点没有倍率（文件与 usage_point 表中均无），按 1 计算",
    "{count} usage points have no multiplier, neither in the file nor in usage_point; 1 was taken",
)


@click.command("import", help=words("校验文件并按主键新增或更正", "validate, then insert or correct by key"))
@click.argument("table")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--mapping", type=click.Path(path_type=Path), help=words("映射文件 MAP.toml", "a mapping file MAP.toml"))
@in_workspace
@json_option
@click.pass_context
def import_(
    context: click.Context, table: str, files: tuple[Path, ...], mapping: Path | None, workspace: Path, *, as_json: bool
) -> None:
    """Import files into a table."""
    from dataclasses import asdict

    from lianxin.lake.readers import LEFT_OUT
    from lianxin.workflows.import_facts import import_facts

    with ProgressLine() as line:
        report = import_facts(
            workspace=opened(workspace),
            table_name=table,
            files=files,
            mapping_file=mapping,
            on_progress=line.amounts,
        )
    language = terminal_language()
    values = asdict(report)
    if as_json:
        give_json(values)
    say(_DONE.format(**values).in_language(language))
    for file, columns in report.ignored_columns.items():
        if columns:
            say(_IGNORED.format(file=file, columns=", ".join(columns)).in_language(language))
    if report.skipped:
        say(_SKIPPED.format(count=report.skipped).in_language(language))
    for reason, count in report.left_out.items():
        say(_LEFT_OUT.format(count=count, reason=LEFT_OUT[reason].in_language(language)).in_language(language))
    if report.without_multiplier:
        say(_NO_MULTIPLIER.format(count=report.without_multiplier).in_language(language))
    if report.quarantine:
        say(_REJECTED.format(path=report.quarantine).in_language(language))
    context.exit(EXIT_ROWS_REJECTED if report.rejected else EXIT_DONE)


COMMANDS = (import_,)
