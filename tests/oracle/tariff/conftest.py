"""The reference library beside ours: one description of a rate, two engines."""

import importlib.util
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="session")
def sam():
    """benchmarks/pysam_reference.py; the tests skip where PySAM is not installed."""
    pytest.importorskip("PySAM.Utilityrate5")
    spec = importlib.util.spec_from_file_location("pysam_reference", _ROOT / "benchmarks" / "pysam_reference.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def shared_urdb():
    """The folder of URDB files and the 600 kW load; the tests skip aloud where it is absent."""
    folder = _ROOT.parent / "shared" / "data" / "urdb_tariffs"
    if not folder.is_dir():
        pytest.skip("shared/data/urdb_tariffs is absent")
    return folder
