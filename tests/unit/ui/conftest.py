"""Services over a real encrypted station."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.services import stations
from tests.helpers.screens import station_services
from ui.services import Services


@pytest.fixture
def services(qtbot: QtBot, tmp_path: Path) -> Iterator[Services]:
    """A station with a portal set up, nobody registered, and a fake sync thread."""
    from app.domain.station import ChannelSettings

    with station_services(tmp_path / "station") as made:
        channel = ChannelSettings(name="qd831", url="https://portal.example", user="tram")
        stations.set_channel(made.ctx, channel, "bí mật")
        yield made
