"""``demo``."""

from pathlib import Path

import click

from lianxin.cli.options import debug
from lianxin.cli.words import ProgressLine, say, terminal_language, words
from lianxin.foundation.language import Text

_DONE = Text(
    "演示供电企业已就绪：{folder}（{customers} 户，截至 {as_of}，导入 {rows} 行）。\n页面：{page}\n埋设的真值：{truth}",
    "The demo supplier is ready: {folder} ({customers} customers, as of {as_of}, {rows} rows imported).\n"
    "Page: {page}\nPlanted truth: {truth}",
)


@click.command("demo", help=words("建立演示供电企业，导入并分析", "build a demo supplier, import and analyse it"))
@click.option(
    "--customers",
    type=click.IntRange(200, 1_000_000),
    default=5_000,
    show_default=True,
    help=words("客户数", "number of customers"),
)
@click.option(
    "--dir",
    "folder",
    type=click.Path(path_type=Path),
    default=Path("demo-workspace"),
    show_default=True,
    help=words("工作区目录", "folder of the workspace"),
)
@click.option("--seed", type=int, default=1, show_default=True, help=words("随机种子", "seed of all that is random"))
@click.option("--serve/--no-serve", default=True, help=words("完成后启动工作台", "serve the workbench afterwards"))
@click.option(
    "--host", default="127.0.0.1", show_default=True, help=words("工作台监听地址", "address of the workbench")
)
@click.option(
    "--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help=words("工作台端口", "its port")
)
@debug
def demo(customers: int, folder: Path, seed: int, host: str, port: int, *, serve: bool) -> None:
    """Build the demo supplier."""
    from lianxin.cli.serving import serve_demo
    from lianxin.demo import DemoOptions
    from lianxin.workflows.demo import make_demo

    with ProgressLine() as line:
        report = make_demo(folder=folder, options=DemoOptions(customers=customers, seed=seed), on_progress=line.shares)
    language = terminal_language()
    rows = sum(done.inserted for done in report.imports)
    say(
        _DONE.format(
            folder=folder,
            customers=customers,
            as_of=report.manifest.as_of,
            rows=rows,
            page=report.pages[language],
            truth=folder / "truth",
        ).in_language(language)
    )
    if serve:
        serve_demo(report.workspace.root, host=host, port=port)


COMMANDS = (demo,)
