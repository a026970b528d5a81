from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.store.making import Made, make, person


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Made]:
    """An open store in a folder of its own."""
    made = make(tmp_path / "tram")
    yield made
    made.store.close()


@pytest.fixture
def closed(tmp_path: Path) -> Made:
    """A store with one person, closed."""
    made = make(tmp_path / "tram")
    made.save(person())
    made.store.close()
    return made
