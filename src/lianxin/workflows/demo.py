"""``lianxin demo``: a supplier from nothing to a page of what was imported and found."""

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from lianxin.demo import DemoManifest, DemoOptions, build_demo
from lianxin.foundation.errors import UnusableInput
from lianxin.foundation.language import Text
from lianxin.lake.workspace import Workspace
from lianxin.workflows.import_facts import ImportReport, import_facts
from lianxin.workflows.initialise import initialise
from lianxin.workflows.overview_page import write_overview
from lianxin.workflows.run_analyses import RunReport, run_analyses

OnProgress = Callable[[str, float], None]

_MARK = "demo.txt"
_OWN = ("extracts", "truth", "lake", "plans", "quarantine", "imports", "runs", "templates", "policies", "desk")


class FolderTaken(UnusableInput):
    """The folder holds something that is not a demo supplier."""

    text = Text(
        "{path} 不是空目录，也不是此前生成的演示工作区。请用 --dir 另选目录。",
        "{path} is neither empty nor a demo supplier made before. Choose another folder with --dir.",
    )


class RowsRejected(UnusableInput):
    """The demo's own extracts broke a rule; that is a fault of the program."""

    exit_code = 1
    text = Text(
        "演示数据的 {table} 表有 {count} 行被拒收，见 {path}",
        "{count} rows of the demo's table {table} were rejected; see {path}",
    )


@dataclass(slots=True)
class DemoReport:
    """What was built, imported and found."""

    workspace: Workspace
    manifest: DemoManifest
    imports: list[ImportReport] = field(default_factory=list)
    run: RunReport | None = None
    pages: dict[str, Path] = field(default_factory=dict)


def make_demo(*, folder: Path, options: DemoOptions, on_progress: OnProgress | None = None) -> DemoReport:
    """Build the demo supplier in ``folder``, import it, run the analyses and write the pages.

    A demo supplier that is there already is made anew.

    Raises:
        FolderTaken: the folder holds something else.

    """
    tell = on_progress or (lambda _step, _share: None)
    _clear(folder)
    (folder / _MARK).write_text("lianxin demo\n", encoding="utf-8")
    workspace = initialise(folder)
    manifest = build_demo(folder, options=options, on_progress=lambda _stage, share: tell("build", share))
    report = DemoReport(workspace, manifest)
    for number, (table, written) in enumerate(manifest.tables.items()):
        tell("import", number / len(manifest.tables))
        report.imports.append(_import(workspace, table, written.files))
    tell("import", 1.0)
    tell("run", 0.0)
    report.run = run_analyses(workspace=workspace, analyses=[], as_of=manifest.as_of, on_progress=tell)
    tell("run", 1.0)
    report.pages = write_overview(workspace, folder / "pages", run=report.run.record)
    return report


def _import(workspace: Workspace, table: str, files: Sequence[Path]) -> ImportReport:
    done = import_facts(workspace=workspace, table_name=table, files=files)
    if done.rejected:
        raise RowsRejected(table=table, count=done.rejected, path=done.quarantine)
    return done


def _clear(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise FolderTaken(path=folder)
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        if not (folder / _MARK).is_file():
            raise FolderTaken(path=folder)
        for name in (*_OWN, "pages"):
            shutil.rmtree(folder / name, ignore_errors=True)
