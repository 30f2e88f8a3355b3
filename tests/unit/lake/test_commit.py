"""What a killed import leaves is cleared by the next one; one import writes at a time."""

import threading
import time

import pytest

from lianxin.lake import locks
from lianxin.lake.commit import clear_leftovers
from lianxin.lake.locks import WorkspaceBusy, exclusive

HEADER = "usage_point_id,day,kwh\n"
KILLED = "20240101T000000-abcdef"


def leave_behind(importer, name=KILLED):
    """What an import leaves that is killed after moving its files and before its commit."""
    staging = importer.workspace.staging / name
    staging.mkdir(parents=True)
    orphan = importer.workspace.facts.folder("daily_usage") / "day_month=2024-01" / f"part-{name}-000.parquet"
    (committed,) = importer.workspace.facts.uris("daily_usage")
    orphan.write_bytes(b"half a file")
    (staging / "moved.txt").write_text(f"daily_usage\n{orphan.name}\n{committed.rsplit('/', 1)[-1]}")
    return staging, orphan


def test_files_that_no_version_refers_to_are_removed_and_others_stay(importer):
    importer.text("daily_usage", HEADER + "U,2024-01-01,1\n")
    staging, orphan = leave_behind(importer)
    assert importer.rows("daily_usage", "kwh") == [(1.0,)]  # the orphan is not read
    clear_leftovers(importer.workspace.staging, importer.workspace.facts)
    assert not staging.exists()
    assert not orphan.exists()
    assert importer.rows("daily_usage", "kwh") == [(1.0,)]


def test_the_next_import_clears_and_works(importer):
    importer.text("daily_usage", HEADER + "U,2024-01-01,1\n")
    staging, orphan = leave_behind(importer)
    importer.text("daily_usage", HEADER + "U,2024-01-01,2\n")
    assert importer.rows("daily_usage", "kwh") == [(2.0,)]
    assert not staging.exists()
    assert not orphan.exists()


def test_a_kill_before_the_list_of_moved_files_was_whole(importer):
    """Nothing was moved yet; the list stands under its own name only when it is whole."""
    importer.text("daily_usage", HEADER + "U,2024-01-01,1\n")
    staging = importer.workspace.staging / KILLED
    staging.mkdir(parents=True)
    (staging / "moved.txt.partial").write_text("daily_us")
    importer.text("daily_usage", HEADER + "U,2024-01-01,2\n")
    assert importer.rows("daily_usage", "kwh") == [(2.0,)]
    assert not staging.exists()


def test_the_scratch_folder_of_a_run_stays(importer):
    """A run is not stopped by the lock of imports."""
    scratch = importer.workspace.staging / "run-20240101T000000-abcdef"
    scratch.mkdir(parents=True)
    importer.text("daily_usage", HEADER + "U,2024-01-01,1\n")
    assert scratch.is_dir()


def test_a_table_whose_making_was_killed_is_made_again(importer):
    (importer.workspace.facts.folder("daily_usage") / "_delta_log").mkdir(parents=True)
    importer.text("daily_usage", HEADER + "U,2024-01-01,1\n")
    assert importer.rows("daily_usage", "kwh") == [(1.0,)]


def test_an_error_leaves_neither_staging_nor_quarantine(importer, monkeypatch):
    def fails(*_args, **_options):
        raise ZeroDivisionError

    monkeypatch.setattr("lianxin.workflows.import_facts.commit_changes", fails)
    with pytest.raises(ZeroDivisionError):
        importer.text("daily_usage", HEADER + "U,2024-01-01,1\nU,x,1\n")
    assert list(importer.workspace.staging.iterdir()) == []
    assert list(importer.workspace.quarantine.iterdir()) == []


def test_a_second_writer_waits_for_the_first(tmp_path):
    order = []

    def first():
        with exclusive(tmp_path / "lock", wait_seconds=5):
            entered.set()
            time.sleep(0.3)
            order.append("first")

    entered = threading.Event()
    thread = threading.Thread(target=first)
    thread.start()
    entered.wait()
    with exclusive(tmp_path / "lock", wait_seconds=5):
        order.append("second")
    thread.join()
    assert order == ["first", "second"]


def test_a_writer_gives_up_with_a_clear_line(tmp_path, monkeypatch):
    monkeypatch.setattr(locks.time, "sleep", lambda _seconds: None)
    with (
        exclusive(tmp_path / "lock", wait_seconds=5),
        pytest.raises(WorkspaceBusy, match="after 1 seconds") as caught,
        exclusive(tmp_path / "lock", wait_seconds=1),
    ):
        pass
    assert caught.value.exit_code == 2
