"""What every test shares."""

from __future__ import annotations

import os
from collections.abc import Iterator

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
