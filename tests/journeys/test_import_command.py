"""From an empty folder to imported facts, by the command alone."""

import json

import pytest

USAGE = "usage_point_id,day,kwh\nU,2024-01-01,1\nU,2024-01-02,2\n"


def test_a_new_workspace_is_filled_and_looked_at(lianxin, tmp_path):
    made = lianxin("init", tmp_path / "new")
    assert (made.returncode, made.stdout) == (0, "")
    names = {path.name for path in (tmp_path / "new").iterdir()}
    assert {"lianxin.toml", "lake", "plans", "templates"} <= names
    assert len(list((tmp_path / "new" / "templates").rglob("*.xlsx"))) == 2 * 38
    (tmp_path / "usage.csv").write_text(USAGE)
    # the nearest lianxin.toml upwards
    done = lianxin("import", "daily_usage", tmp_path / "usage.csv", cwd=tmp_path / "new" / "plans")
    assert (done.returncode, done.stdout) == (0, "")
    assert "daily_usage: 2 rows read, 2 inserted, 0 corrected, 0 unchanged, 0 repeated, 0 rejected." in done.stderr
    looked = lianxin("status", "--json", "-w", tmp_path / "new")
    (table,) = json.loads(looked.stdout)["tables"]
    assert (table["table"], table["rows"], table["first"], table["last"]) == (
        "daily_usage",
        2,
        "2024-01-01",
        "2024-01-02",
    )
    assert table["missing_parents"] == {"usage_point_id": 2}


def test_json_alone_is_on_standard_output(lianxin, place, tmp_path):
    (tmp_path / "usage.csv").write_text(USAGE + "U,yesterday,1\n")
    done = lianxin("import", "daily_usage", tmp_path / "usage.csv", "--json", LIANXIN_WORKSPACE=str(place))
    report = json.loads(done.stdout)
    assert (done.returncode, report["inserted"], report["rejected"]) == (3, 2, 1)
    assert report["quarantine"] == f"quarantine/{report['import_id']}/daily_usage.csv"
    assert (place / report["quarantine"]).is_file()
    assert "The rejected rows stand in" in done.stderr
    assert json.loads((place / "imports" / f"{report['import_id']}.json").read_text()) == report


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["daily_usage", "missing.csv"], "missing.csv"),
        (["daily_usage", "usage.txt"], "lacks columns that table daily_usage needs: kwh"),
        (["no_such_table", "usage.csv"], "There is no table no_such_table"),
        (["daily_usage", "usage.csv", "--mapping", "usage.csv"], "Mapping file usage.csv is wrong"),
        (["daily_usage"], "Missing argument"),
        (["daily_usage", "usage.csv", "--no-such-option"], "No such option"),
        (["daily_usage", "usage.csv", "-w", "/"], "Run 'lianxin init' first"),
    ],
)
def test_what_cannot_be_used_ends_with_2_and_one_line(lianxin, place, tmp_path, arguments, said):
    (tmp_path / "usage.csv").write_text(USAGE)
    (tmp_path / "usage.txt").write_text("usage_point_id,day\nU,2024-01-01\n")
    place_option = [] if "-w" in arguments else ["-w", place]
    done = lianxin("import", *arguments, *place_option, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert not (place / "lake" / "facts").exists()


def test_messages_are_chinese_in_a_chinese_terminal(lianxin, place, tmp_path):
    (tmp_path / "usage.csv").write_text("usage_point_id,day\nU,2024-01-01\n")
    done = lianxin("import", "daily_usage", tmp_path / "usage.csv", "-w", place, LIANXIN_LANG="zh")
    assert done.stderr.startswith("文件 usage.csv 缺少 daily_usage 表需要的列：kwh (有功电量)。")
    assert done.stderr.count("\n") == 1


def test_a_run_without_facts_ends_with_4(lianxin, place):
    done = lianxin("run", "value_added", "--as-of", "2024-01-31", "-w", place)
    assert (done.returncode, done.stdout) == (4, "")
    assert "interval_reading" in done.stderr


def test_an_error_of_ours_ends_with_1_and_shows_its_traceback_only_when_asked(lianxin, place, tmp_path):
    (tmp_path / "usage.csv").write_text(USAGE)
    (place / "imports").write_text("no folder")  # as nobody would leave it
    done = lianxin("import", "daily_usage", tmp_path / "usage.csv", "-w", place)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "Run again with --debug" in done.stderr
    assert "Traceback" in lianxin("import", "daily_usage", tmp_path / "usage.csv", "-w", place, "--debug").stderr
    assert json.loads(lianxin("status", "--json", "-w", place).stdout)["tables"][0]["rows"] == 0


def test_status_of_an_empty_workspace(lianxin, place):
    done = lianxin("status", "-w", place)
    assert (done.returncode, done.stdout) == (0, "Nothing has been imported yet.\n")
