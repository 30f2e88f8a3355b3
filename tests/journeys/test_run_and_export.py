"""Import, run, export, rate, demo: what a person types, and what the exit code says."""

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import openpyxl
import polars as pl
import pytest

LIANXIN = Path(sys.executable).with_name("lianxin")

READINGS = "usage_point_id,start_at,minutes,kwh,kvarh\n" + "\n".join(
    f"UP-1,2024-03-{day:02d} {hour:02d}:00,60,{10 + hour},{5 + hour / 2}" for day in range(1, 32) for hour in range(24)
)
# 31 days of 10 + 11 + … + 33 kWh
MARCH_KWH = 31 * sum(range(10, 34))

FLAT_PLAN = """
id = "test-flat"
name = { zh = "单一制", en = "single price" }
currency = "CNY"
time_zone = "Asia/Shanghai"
customer_classes = ["commercial"]
voltage_levels = ["380V"]
[[version]]
valid_from = 2024-01-01
source = "an example"
illustrative = true
energy = { flat = 0.50, peak = 0.80 }
[[version.periods]]
months = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]
days = "all"
peak = ["08:00-10:00"]
[[version.funds]]
code = "renewable"
per_kwh = 0.019
"""


def lianxin(*arguments: str | Path, language: str = "en") -> subprocess.CompletedProcess[str]:
    environment = {"PATH": "/usr/bin:/bin", "LIANXIN_LANG": language}
    command = [str(LIANXIN), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, env=environment)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with a month of hourly readings, analysed as of the end of March."""
    folder = tmp_path_factory.mktemp("place")
    (folder / "readings.csv").write_text(READINGS, encoding="utf-8")
    (folder / "flat.toml").write_text(FLAT_PLAN, encoding="utf-8")
    assert lianxin("init", folder / "w").returncode == 0
    assert lianxin("import", "interval_reading", folder / "readings.csv", "-w", folder / "w").returncode == 0
    assert lianxin("run", "value_added", "--as-of", "2024-03-31", "-w", folder / "w").returncode == 0
    return folder


def exported(place: Path, *more: str | Path) -> list[dict[str, str]]:
    done = lianxin("export", "load_profile", "-w", place / "w", *more)
    assert done.returncode == 0, done.stderr
    return list(csv.DictReader(io.StringIO(done.stdout)))


def test_the_exported_profile_holds_the_month_worked_by_hand(place: Path) -> None:
    (row,) = exported(place)
    assert (row["usage_point_id"], row["month"], float(row["kwh"])) == ("UP-1", "2024-03", MARCH_KWH)
    assert float(row["peak_kw"]) == 33.0
    # kvarh are half of kWh in every hour
    assert float(row["power_factor"]) == pytest.approx(1 / 1.25**0.5)
    assert json.loads(row["typical_workday"]) == list(range(10, 34))
    assert row["as_of"] == "2024-03-31"


def test_headers_are_translated_in_xlsx_only(place: Path, tmp_path: Path) -> None:
    out = tmp_path / "profile.xlsx"
    assert lianxin("export", "load_profile", "-w", place / "w", "--out", out, "--lang", "zh").returncode == 0
    sheet = openpyxl.load_workbook(out).active
    assert [cell.value for cell in sheet[1]][:3] == ["计量点编号", "月份", "有功电量 (kWh)"]
    parquet = tmp_path / "profile.parquet"
    assert lianxin("export", "load_profile", "-w", place / "w", "--out", parquet, "--lang", "zh").returncode == 0
    assert pl.read_parquet(parquet).columns[:3] == ["usage_point_id", "month", "kwh"]


def test_later_readings_change_nothing_as_of_an_earlier_day_and_a_run_can_be_repeated(
    place: Path, tmp_path: Path
) -> None:
    before = exported(place)
    first_run = before[0]["run_id"]
    later = tmp_path / "later.csv"
    later.write_text("usage_point_id,start_at,minutes,kwh\nUP-1,2024-04-01 00:00,60,999\n", encoding="utf-8")
    assert lianxin("import", "interval_reading", later, "-w", place / "w").returncode == 0
    assert lianxin("run", "value_added", "--as-of", "2024-03-31", "-w", place / "w").returncode == 0
    without_run = [{key: value for key, value in row.items() if key != "run_id"} for row in before]
    again = exported(place)
    assert [{key: value for key, value in row.items() if key != "run_id"} for row in again] == without_run
    repeated = lianxin("run", "--repeat", first_run, "--json", "-w", place / "w")
    assert repeated.returncode == 0, repeated.stderr
    run_id = json.loads(repeated.stdout)["run_id"]
    rows = exported(place, "--run", run_id)
    assert [{key: value for key, value in row.items() if key != "run_id"} for row in rows] == without_run


def test_what_could_not_be_made_stands_in_run_note_and_on_stderr(place: Path) -> None:
    done = lianxin("run", "value_added", "--as-of", "2024-03-31", "--json", "-w", place / "w")
    notes = json.loads(done.stdout)["notes"]
    assert {"share_peak", "kvarh_leading"} <= {note["column"] for note in notes}
    assert "load_profile.share_peak" in done.stderr
    listed = lianxin("export", "run_note", "-w", place / "w").stdout
    assert "share_peak" in listed


def test_a_run_without_any_data_exits_with_4_and_says_what_is_needed(tmp_path: Path) -> None:
    lianxin("init", tmp_path / "w")
    done = lianxin("run", "value_added", "--as-of", "2024-03-31", "-w", tmp_path / "w")
    assert (done.returncode, "interval_reading" in done.stderr) == (4, True)


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("export", "load_profiles"), "load_profile"),
        (("export", "load_profile", "--run", "nonsense"), "nonsense"),
        (("run", "nonsense", "--as-of", "2024-03-31"), "value_added"),
        (("run", "value_added", "--as-of", "2024-13-31"), "2024-13-31"),
        (("run", "value_added"), "--as-of"),
        (("rate", "--plan", "nonsense", "--readings", "readings.csv"), "nonsense"),
    ],
)
def test_unusable_arguments_exit_with_2_in_one_clear_message(
    place: Path, arguments: tuple[str, ...], word: str
) -> None:
    done = lianxin(*arguments, "-w", place / "w")
    assert (done.returncode, word in done.stderr, "Traceback" in done.stderr) == (2, True, False)
    assert done.stdout == ""


def test_without_a_workspace_the_message_says_init_in_the_language_of_the_terminal(tmp_path: Path) -> None:
    english, chinese = lianxin("status", "-w", tmp_path), lianxin("status", "-w", tmp_path, language="zh")
    assert (english.returncode, chinese.returncode) == (2, 2)
    assert ("lianxin init" in english.stderr, "找不到工作区" in chinese.stderr) == (True, True)


def test_rate_prints_one_bill_a_month_that_adds_up(place: Path) -> None:
    done = lianxin("rate", "--plan", place / "flat.toml", "--readings", place / "readings.csv", "--json", "-w", place)
    assert done.returncode == 0, done.stderr
    (bill,) = json.loads(done.stdout)
    # hours 8 and 9: 18 + 19 kWh a day; the rest flat
    peak_kwh, amounts = 31 * (18 + 19), {line["code"]: line["amount"] for line in bill["lines"]}
    assert bill["month"] == "2024-03"
    assert amounts["energy.peak"] == f"{peak_kwh * 0.8:.2f}"
    assert amounts["energy.flat"] == f"{(MARCH_KWH - peak_kwh) * 0.5:.2f}"
    assert amounts["fund.renewable"] == f"{MARCH_KWH * 0.019:.2f}"
    assert float(bill["total"]) == pytest.approx(sum(map(float, amounts.values())))


def test_rate_refuses_readings_with_a_bad_row(place: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_text("start_at,minutes,kwh\n2024-03-01 00:00,60,-5\n", encoding="utf-8")
    done = lianxin("rate", "--plan", place / "flat.toml", "--readings", bad, "-w", place)
    assert (done.returncode, "negative" in done.stderr) == (2, True)


@pytest.mark.slow
def test_the_demo_supplier_is_built_imported_and_shown(tmp_path: Path) -> None:
    done = lianxin("demo", "--customers", "200", "--seed", "3", "--dir", tmp_path / "demo", "--no-serve")
    assert done.returncode == 0, done.stderr
    looked = json.loads(lianxin("status", "--json", "-w", tmp_path / "demo").stdout)
    tables = {table["table"]: table for table in looked["tables"]}
    assert tables["customer"]["rows"] == 200
    assert all(not table["last_import"]["rejected"] for table in tables.values())
    assert all(not table["missing_parents"] for table in tables.values())
    assert list((tmp_path / "demo" / "truth").iterdir())
    for language, words in (("zh", "负荷特性"), ("en", "load profiles")):
        page = (tmp_path / "demo" / "pages" / f"overview.{language}.html").read_text(encoding="utf-8")
        assert words in page
        assert "<svg" in page
    taken = tmp_path / "other"
    taken.mkdir()
    (taken / "mine.txt").write_text("x", encoding="utf-8")
    refused = lianxin("demo", "--customers", "200", "--dir", taken, "--no-serve")
    assert (refused.returncode, (taken / "mine.txt").exists()) == (2, True)
