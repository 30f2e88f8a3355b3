"""From two files to a customer's report, as a person at a terminal does it; and what goes wrong, in both languages."""

import os
import re
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest

CUSTOMERS = "customer_id,name,customer_class\n4100001,云州恒瑞机械有限公司,large_industrial\n"
AGREEMENTS = (
    "agreement_id,customer_id,plan_id,voltage_level,capacity_kva,demand_basis\n"
    "HT1,4100001,cn-hunan-10kv-two-part,10kV,400,capacity\n"
)


def lianxin(*arguments: object, folder: Path, lang: str = "en") -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "LIANXIN_LANG": lang, "LIANXIN_WORKSPACE": str(folder)}
    return subprocess.run(
        [sys.executable, "-m", "lianxin", *map(str, arguments)], capture_output=True, text=True, env=environment
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with one customer and three months of hourly readings, not analysed yet."""
    folder = tmp_path_factory.mktemp("journey") / "supplier"
    assert lianxin("init", folder, folder=folder.parent).returncode == 0
    lines = ["usage_point_id,start_at,minutes,kwh"]
    for number in range(91):
        day = date(2026, 4, 1) + timedelta(days=number)
        lines += [f"JL1,{day}T{hour:02d}:00:00,60,{200 + 10 * hour}" for hour in range(24)]
    files = {
        "customer": CUSTOMERS,
        "agreement": AGREEMENTS,
        "usage_point": "usage_point_id,agreement_id\nJL1,HT1\n",
        "interval_reading": "\n".join(lines) + "\n",
    }
    for table, text in files.items():
        path = folder / f"{table}.csv"
        path.write_text(text, encoding="utf-8")
        done = lianxin("import", table, path, folder=folder)
        assert done.returncode == 0, done.stderr
    return folder


def test_a_report_before_any_run_says_what_to_run(folder: Path, tmp_path: Path) -> None:
    for lang, told in (("zh", "尚无成功的 value_added 运行"), ("en", "There is no successful run of value_added")):
        done = lianxin("report", "--format", "html", "--out", tmp_path / "r.html", folder=folder, lang=lang)
        assert done.returncode == 2
        assert told in done.stderr
        assert "lianxin run value_added" in done.stderr
        assert done.stdout == ""
    assert list(tmp_path.iterdir()) == []


def test_a_run_and_its_reports(folder: Path, tmp_path: Path) -> None:
    ran = lianxin("run", "value_added", "--as-of", "2026-06-30", folder=folder)
    assert ran.returncode == 0, ran.stderr
    for file_format, start in (("html", b"<!doctype html>"), ("pdf", b"%PDF-"), ("xlsx", b"PK")):
        out = tmp_path / f"report.{file_format}"
        done = lianxin("report", "--customer", "4100001", "--format", file_format, "--out", out, folder=folder)
        assert done.returncode == 0, done.stderr
        assert out.read_bytes().startswith(start)
        assert done.stdout == ""
    # 91 days × 24 hours; the mean of 200 … 430 is 315 kW
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert '<html lang="zh-CN">' in page
    assert "2026-06 用电 226,800 kWh" in page
    assert "23:00 最高，430 kW；00:00 最低，200 kW" in page
    assert "没有 2025-06 的读数" in page

    english = lianxin("report", "--customer", "4100001", "--out", "-", "--lang", "en", folder=folder)
    assert '<html lang="en">' in english.stdout
    assert not re.search(r"[\u4e00-\u9fff]", english.stdout.replace("云州恒瑞机械有限公司", ""))

    summary = lianxin("report", "value_added", "--out", tmp_path / "all.html", folder=folder)
    assert summary.returncode == 0, summary.stderr

    for lang, told in (("zh", "没有户号 4100009"), ("en", "There is no customer 4100009")):
        wrong = lianxin("report", "--customer", "4100009", "--out", tmp_path / "no.html", folder=folder, lang=lang)
        assert wrong.returncode == 2
        assert told in wrong.stderr
    assert not (tmp_path / "no.html").exists()

    unknown = lianxin("report", "--run", "never", "--out", tmp_path / "no.html", folder=folder)
    assert unknown.returncode == 2
