from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.ports import Context
from tests.helpers.station import station


@pytest.fixture
def ctx(tmp_path: Path) -> Iterator[Context]:
    with station(tmp_path / "station") as opened:
        yield opened
