"""The wheel installs and imports with the core dependencies alone: no Spark, no tools."""

import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
UV = Path(sys.executable).with_name("uv")

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not UV.exists(), reason="uv stands in environments made by make")]


def run(*command: str | Path) -> str:
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, cwd="/")
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh environment with the wheel and the pins of requirements/run.txt."""
    folder = tmp_path_factory.mktemp("wheel")
    run(UV, "build", "--wheel", "--no-build-isolation", "--python", sys.executable, "--out-dir", folder, ROOT)
    venv.create(folder / "venv", with_pip=False)
    fresh = folder / "venv" / "bin" / "python"
    run(UV, "pip", "install", "--quiet", "--python", fresh, "--require-hashes", "-r", ROOT / "requirements/run.txt")
    run(UV, "pip", "install", "--quiet", "--python", fresh, "--no-deps", next(folder.glob("*.whl")))
    return fresh


def test_every_module_imports_without_the_extras(python: Path) -> None:
    script = (
        "import importlib, importlib.util, pkgutil, sys, lianxin\n"
        # the workbench is an extra: nothing else may need Django
        "sys.modules['django'] = None\n"
        "walked = pkgutil.walk_packages(lianxin.__path__, 'lianxin.', onerror=lambda name: None)\n"
        "names = [m.name for m in walked if not m.name.endswith('__main__')]\n"
        "names = [name for name in names if not name.startswith('lianxin.desk')]\n"
        "[importlib.import_module(name) for name in names]\n"
        "assert importlib.util.find_spec('pyspark') is None\n"
        "print(len(names), lianxin.__file__)\n"
    )
    number, file = run(python, "-W", "error::ImportWarning", "-c", script).split()
    assert int(number) > 50
    assert str(ROOT) not in file


def test_packaged_files_come_along(python: Path) -> None:
    command = python.with_name("lianxin")
    assert "lianxin" in run(command, "--version")
    assert "zhejiang" in run(command, "plans", "--json")


def test_the_workbench_comes_along_with_its_pages(python: Path, tmp_path: Path) -> None:
    command = python.with_name("lianxin")
    run(command, "init", tmp_path / "w")
    run(command, "user", "chen", "--role", "director", "--password", "long-enough-77", "-w", tmp_path / "w")
    script = (
        "import pathlib, lianxin.desk as d\n"
        "place = pathlib.Path(d.__file__).parent\n"
        "print((place / 'templates' / 'base.html').is_file(), (place / 'static' / 'lianxin' / 'desk.js').is_file())\n"
    )
    assert run(python, "-c", script).split() == ["True", "True"]


def test_asking_for_spark_without_it_says_how_to_get_it(python: Path, tmp_path: Path) -> None:
    command = python.with_name("lianxin")
    run(command, "init", tmp_path / "w")
    done = subprocess.run(
        [command, "run", "value_added", "--as-of", "2024-01-31", "--engine", "spark", "-w", tmp_path / "w"],
        capture_output=True,
        text=True,
    )
    assert (done.returncode, "lianxin[spark]" in done.stderr) == (2, True)
