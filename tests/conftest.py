"""What every test shares."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tactician.knowledge.cache import VARIABLE


@pytest.fixture(scope="session", autouse=True)
def _cache_of_the_tests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Checked rulebases are kept in a folder of this run, for commands it starts as well."""
    before = os.environ.get(VARIABLE)
    os.environ[VARIABLE] = str(tmp_path_factory.mktemp("cache"))
    yield
    if before is None:
        del os.environ[VARIABLE]
    else:
        os.environ[VARIABLE] = before


@pytest.fixture(scope="session")
def phase_weighs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A pack in which a pain counts less where it is felt before or after the task."""
    folder = tmp_path_factory.mktemp("phase")
    table = "{values: {before: 200, during: 1000, after: 700}, why: What is felt at the time counts most.}"
    (folder / "parameters.yaml").write_text(f"item_weights: {{pain.phase: {table}}}\n")
    return folder
