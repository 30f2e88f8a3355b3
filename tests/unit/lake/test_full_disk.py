"""A full disk at any point of an import: one clear line, the tables as before, and the next import works."""

import errno
import os
import shutil
import subprocess
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq
import pytest

from lianxin.foundation.errors import DiskFull
from lianxin.lake.workspace import open_workspace
from lianxin.workflows import import_facts as workflow
from lianxin.workflows.import_facts import import_facts

HEADER = "usage_point_id,day,kwh\n"
BEFORE = HEADER + "U,2024-01-01,1\nU,2024-02-01,2\n"
CHANGE = HEADER + "U,2024-01-01,9\nU,2024-03-01,3\n"


def no_space(*_args, **_options):
    raise OSError(errno.ENOSPC, "No space left on device")


def no_space_as_duckdb_says_it(*_args, **_options):
    raise RuntimeError("IO Error: Could not write file: No space left on device")


def everything_below(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.name != ".lock")


@pytest.mark.parametrize(
    ("place", "attribute", "failure"),
    [
        (pq.ParquetWriter, "write_table", no_space),  # staging
        (workflow, "compare", no_space_as_duckdb_says_it),
        (workflow, "write_json", no_space),  # the record
        (workflow, "commit_changes", no_space),
        (Path, "replace", no_space),  # moving into place
    ],
)
def test_no_space_at_one_step_leaves_everything_as_before(importer, monkeypatch, place, attribute, failure):
    importer.text("daily_usage", BEFORE)
    there = everything_below(importer.workspace.root)
    with monkeypatch.context() as patched:
        patched.setattr(place, attribute, failure)
        with pytest.raises(DiskFull) as caught:
            importer.text("daily_usage", CHANGE)
    assert "\n" not in caught.value.message("zh")
    assert importer.rows("daily_usage", "kwh") == [(1.0,), (2.0,)]
    assert everything_below(importer.workspace.root) == there
    importer.text("daily_usage", CHANGE)
    assert importer.rows("daily_usage", "kwh") == [(9.0,), (2.0,), (3.0,)]


def test_no_space_after_some_files_were_moved_into_place(importer, monkeypatch):
    importer.text("daily_usage", BEFORE)
    there = everything_below(importer.workspace.root)
    move = Path.replace

    def move_once(self, target):
        if "day_month=2024-03" in str(target):
            no_space()
        return move(self, target)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", move_once)
        with pytest.raises(DiskFull):
            importer.text("daily_usage", CHANGE)
    (importer.workspace.facts.folder("daily_usage") / "day_month=2024-03").rmdir()  # an empty folder may stay
    assert everything_below(importer.workspace.root) == there
    assert importer.rows("daily_usage", "kwh") == [(1.0,), (2.0,)]


def test_another_fault_of_the_system_is_not_called_a_full_disk(importer, monkeypatch):
    def broken(*_args, **_options):
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(workflow, "commit_changes", broken)
    with pytest.raises(OSError, match="Input/output"):
        importer.text("daily_usage", BEFORE)


@pytest.fixture
def small_disk(tmp_path):
    """A disk of four megabytes; needs the right to mount."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = shutil.which("mount")
    if os.geteuid() != 0 or mount is None:
        pytest.skip("mounting a small disk needs root")
    if subprocess.run([mount, "-t", "tmpfs", "-o", "size=4m", "tmpfs", folder], capture_output=True).returncode:
        pytest.skip("this machine does not let a test mount a small disk")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


@pytest.mark.parametrize("free_kib", [0, 16, 64, 256, 700, 1400])
def test_a_disk_that_fills_up_during_an_import(small_disk, tmp_path, free_kib):
    (small_disk / "lianxin.toml").write_text("")
    workspace = open_workspace(small_disk)
    before, change = tmp_path / "before.csv", tmp_path / "change.csv"
    before.write_text(BEFORE)
    # about a megabyte that does not compress
    values = pl.select((pl.int_range(60_000).hash(seed=1) / 2**40).alias("kwh")).to_series()
    days = pl.date_range(pl.date(2020, 1, 1), pl.date(2020, 12, 31), eager=True)
    rows = pl.DataFrame({"day": days.sample(60_000, with_replacement=True, seed=1), "kwh": values})
    rows.with_row_index("usage_point_id").write_csv(change)
    import_facts(workspace=workspace, table_name="daily_usage", files=[before])
    usage = os.statvfs(small_disk)
    filler = small_disk / "filler"
    filler.write_bytes(b"\1" * max(0, usage.f_bavail * usage.f_frsize - free_kib * 1024))
    with pytest.raises(DiskFull):
        import_facts(workspace=workspace, table_name="daily_usage", files=[change])
    assert workspace.facts.rows("daily_usage") == 2
    assert not any(workspace.staging.iterdir())
    filler.unlink()
    report = import_facts(workspace=workspace, table_name="daily_usage", files=[change])
    assert (report.inserted, workspace.facts.rows("daily_usage")) == (60_000, 60_002)
