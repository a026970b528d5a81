"""The intake portal inside this process, on a free loopback port: demo station and self-test."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import uvicorn

from sync.intake.accounts import add_station
from sync.intake.server import create_app

_START_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class LocalPortal:
    url: str
    user: str
    password: str
    operator_token: str


class _Server(uvicorn.Server):
    """Tells a waiting thread when it listens, or that it gave up."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = threading.Event()

    async def startup(self, sockets: list[object] | None = None) -> None:  # type: ignore[override] # uvicorn names its socket type only in stubs
        try:
            await super().startup(sockets)  # type: ignore[arg-type] # as above
        finally:
            self.ready.set()

    @property
    def port(self) -> int:
        return int(self.servers[0].sockets[0].getsockname()[1])


@contextmanager
def local_portal(database: Path, station_code: str, station_name: str = "") -> Iterator[LocalPortal]:
    """Runs until the block ends; the station's account is made anew with a password of this run."""
    url = f"sqlite:///{database.as_posix()}"
    user, password, token = "tram", secrets.token_urlsafe(16), secrets.token_urlsafe(16)
    add_station(url, code=station_code, name=station_name or station_code, username=user, password=password)
    app = create_app(url, token)
    server = _Server(
        uvicorn.Config(app, host="127.0.0.1", port=0, access_log=False, log_config=None, server_header=False)
    )
    thread = threading.Thread(target=server.run, name="local-portal", daemon=True)
    thread.start()
    try:
        if not server.ready.wait(_START_SECONDS) or not server.started:
            raise RuntimeError("the local portal did not start")
        yield LocalPortal(f"http://127.0.0.1:{server.port}", user, password, token)
    finally:
        server.should_exit = True
        thread.join(_START_SECONDS)
