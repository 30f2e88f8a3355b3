"""The documentation folder, and the page of a name in a language."""

from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parents[3] / "docs"


@pytest.fixture(scope="session")
def docs() -> Path:
    return DOCS
