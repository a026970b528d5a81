"""The real intake portal on a loopback port, in a thread of the test, with faults on request.

    with running_portal(tmp_path) as portal:
        portal.faults.next(Fault.DROP_AFTER)
        ... send to portal.url as portal.user / portal.password ...
        portal.exams()

No sleeping and no polling: start waits for the server's own start-up event, the end joins its thread.
"""

from __future__ import annotations

import asyncio
import socket
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum, auto
from pathlib import Path
from typing import Any

import uvicorn
from argon2 import PasswordHasher
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sync.intake import Limits, add_station, create_app
from sync.intake.ledger import Desk
from sync.intake.schema import open_database

STATION_CODE = "38999"
STATION_NAME = "Trạm Y tế xã Mẫu"
USER = "tram.mau"
PASSWORD = "mat-khau-cong-mau"
OPERATOR_TOKEN = "ma-nguoi-van-hanh"
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
LOGIN_PATH = "/api/xac-thuc/token"
SEND_PATH = "/api/ho-so-suc-khoe/qd-831-2017/tiep-nhan"


class Fault(Enum):
    DROP_BEFORE = auto()  # the connection breaks before the portal applied anything
    DROP_AFTER = auto()  # applied, then the connection breaks without an answer
    TRUNCATE_AFTER = auto()  # applied, and the answer is cut in the middle
    CAPTIVE = auto()  # 200 with somebody else's sign-in page
    REDIRECT = auto()
    HOLD_BEFORE = auto()  # waits for `release` before applying
    HOLD_AFTER = auto()  # applies, then waits for `release` before answering
    S401 = 401
    S403 = 403
    S409 = 409
    S413 = 413
    S429 = 429
    S500 = 500
    S503 = 503


_CODES = {401: "UNAUTHORIZED", 403: "ORG_MISMATCH", 409: "REQUEST_ID_CONFLICT", 413: "TOO_LARGE"}


@dataclass
class Faults:
    """What happens to the next requests to one path, in order; nothing once the list is used up."""

    entered: threading.Event = field(default_factory=threading.Event)
    """Set when a held request has arrived."""
    release: threading.Event = field(default_factory=threading.Event)
    retry_after: str = "1"
    _planned: dict[str, deque[Fault]] = field(default_factory=dict)

    def next(self, *faults: Fault, path: str = SEND_PATH) -> None:
        self._planned.setdefault(path, deque()).extend(faults)

    def take(self, path: str) -> Fault | None:
        planned = self._planned.get(path)
        return planned.popleft() if planned else None


@dataclass
class RunningPortal:
    url: str
    port: int
    db_url: str
    faults: Faults
    requests: list[str]
    """Paths asked for, in order of arrival."""
    peers: set[int] = field(default_factory=set)
    """Ports requests came from."""
    user: str = USER
    password: str = PASSWORD
    station_code: str = STATION_CODE

    @property
    def connections(self) -> int:
        """How many connections brought requests so far."""
        return len(self.peers)

    def summary(self) -> dict[str, Any]:
        with self._desk() as desk:
            return desk.summary()

    def exams(self, **wanted: str) -> list[dict[str, Any]]:
        with self._desk() as desk:
            return desk.exams(limit=1000, **wanted)

    def receipts(self) -> list[dict[str, Any]]:
        with self._desk() as desk:
            return desk.receipts(limit=1000)

    def request(self, request_id: str) -> list[dict[str, Any]]:
        with self._desk() as desk:
            return desk.request(request_id)

    def add_station(self, **changes: Any) -> None:
        add_test_station(self.db_url, **changes)

    @contextmanager
    def _desk(self) -> Iterator[Desk]:
        engine = open_database(self.db_url)
        try:
            yield Desk(engine)
        finally:
            engine.dispose()


def add_test_station(db_url: str, **changes: Any) -> None:
    account = {"code": STATION_CODE, "name": STATION_NAME, "username": USER, "password": PASSWORD}
    add_station(db_url, **{**account, **changes}, hasher=CHEAP)


@contextmanager
def running_portal(
    folder: Path, *, port: int = 0, limits: Limits | None = None, station: bool = True
) -> Iterator[RunningPortal]:
    """A portal over `folder`/portal.db; the same folder again is the same portal after a restart."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    bound = listener.getsockname()[1]
    db_url = f"sqlite:///{folder / 'portal.db'}"
    portal = RunningPortal(f"http://127.0.0.1:{bound}", bound, db_url, Faults(), [])
    if station:
        portal.add_station()
    app = _FaultyApp(create_app(db_url, OPERATOR_TOKEN, limits=limits), portal)
    server = _Server(app)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="portal")
    thread.start()
    try:
        server.wait_until_ready(thread)
        yield portal
    finally:
        portal.faults.release.set()
        server.should_exit = True
        thread.join(30)
        listener.close()
        assert not thread.is_alive(), "the portal did not stop"


def free_port() -> int:
    """A loopback port nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class _Server(uvicorn.Server):
    def __init__(self, app: ASGIApp) -> None:
        super().__init__(
            uvicorn.Config(
                app, lifespan="on", log_config=None, access_log=False, ws="none", timeout_graceful_shutdown=2
            )
        )
        self._settled = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        try:
            await super().startup(sockets=sockets)
        finally:
            self._settled.set()

    def wait_until_ready(self, thread: threading.Thread) -> None:
        assert self._settled.wait(30), "the portal did not start"
        assert self.started, "the portal failed while starting"
        assert thread.is_alive()


class _FaultyApp:
    """Outermost, so that it holds the server's own `send` and can break the connection itself."""

    def __init__(self, app: ASGIApp, portal: RunningPortal) -> None:
        self._app = app
        self._portal = portal

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path = scope["path"]
        self._portal.requests.append(path)
        self._portal.peers.add(scope["client"][1])
        fault = self._portal.faults.take(path)
        if fault is None:
            await self._app(scope, receive, send)
        else:
            await self._with_fault(fault, scope, receive, send)

    async def _with_fault(self, fault: Fault, scope: Scope, receive: Receive, send: Send) -> None:
        match fault:
            case Fault.DROP_BEFORE:
                await _whole_body(receive)
                await _break(send, receive)
            case Fault.DROP_AFTER:
                await self._app(scope, receive, _nowhere)
                await _break(send, receive)
            case Fault.TRUNCATE_AFTER:
                await self._truncated(scope, receive, send)
            case Fault.CAPTIVE:
                await _answer(send, receive, 200, b"<html><body>Dang nhap Wi-Fi</body></html>", "text/html")
            case Fault.REDIRECT:
                await _answer(send, receive, 302, b"", "text/html", (b"location", b"http://127.0.0.1:9/wifi"))
            case Fault.HOLD_BEFORE:
                await self._held()
                await self._app(scope, receive, send)
            case Fault.HOLD_AFTER:
                kept: list[Message] = []
                await self._app(scope, receive, _keep(kept))
                await self._held()
                for message in kept:
                    await send(message)
            case _:
                code = _CODES.get(fault.value, f"HTTP_{fault.value}")
                body = f'{{"success":false,"code":"{code}","message":"Lỗi thử"}}'.encode()
                wait = (b"retry-after", self._portal.faults.retry_after.encode())
                extra = (wait,) if fault.value in {429, 503} and wait[1] else ()
                await _answer(send, receive, fault.value, body, "application/json", *extra)

    async def _truncated(self, scope: Scope, receive: Receive, send: Send) -> None:
        kept: list[Message] = []
        await self._app(scope, receive, _keep(kept))
        await send(kept[0])
        body = kept[1]["body"]
        await send({"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True})
        await _break(send, receive, gently=True)

    async def _held(self) -> None:
        self._portal.faults.entered.set()
        await asyncio.to_thread(self._portal.faults.release.wait, 60)


async def _nowhere(_: Message) -> None:
    return


def _keep(kept: list[Message]) -> Send:
    async def keep(message: Message) -> None:
        kept.append(message)

    return keep


async def _whole_body(receive: Receive) -> None:
    while (await receive()).get("more_body"):
        pass


async def _break(send: Send, receive: Receive, *, gently: bool = False) -> None:
    transport = send.__self__.transport  # type: ignore[attr-defined] # uvicorn's cycle owns the connection
    if gently:
        transport.close()
    else:
        transport.abort()
    while (await receive())["type"] != "http.disconnect":
        pass


async def _answer(
    send: Send, receive: Receive, status: int, body: bytes, kind: str, *headers: tuple[bytes, bytes]
) -> None:
    await _whole_body(receive)
    fixed = ((b"content-type", kind.encode()), (b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": status, "headers": [*fixed, *headers]})
    await send({"type": "http.response.body", "body": body})
