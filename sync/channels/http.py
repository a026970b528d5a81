"""One HTTP request, and exactly how far it got. The only user of requests; nothing of it leaves this module.

Connect errors mean that nothing was sent; anything later means that the request may have been applied. The
read limit is a stall limit (no byte for so long), not a total, so a slow 2G transfer is not cut.
No retries and no redirects: the engine decides. Bodies, headers and tokens are never logged.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

LARGEST_ANSWER = 1 << 20
"""Bytes of an answer that are read; a receipt is a few hundred."""
_CHUNK = 16 * 1024


@dataclass(frozen=True, slots=True)
class Timeouts:
    connect: float = 10.0
    stall: float = 30.0
    """Longest silence while sending or receiving, in seconds."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer arrived: its status at least. `body` is cut where `complete` is False."""

    status: int
    body: bytes
    complete: bool
    headers: Mapping[str, str] = field(default_factory=dict)
    """Names in lower case."""


class Trouble(StrEnum):
    OFFLINE = "OFFLINE"  # no connection: name, route, refused, timed out connecting
    TLS = "TLS"  # reached, but its certificate or protocol was not accepted
    ADDRESS = "ADDRESS"  # the configured address is none
    CLOSED = "CLOSED"  # this side closed it
    NO_ANSWER = "NO_ANSWER"  # sent; silence or a cut before any status


@dataclass(frozen=True, slots=True)
class NoReply:
    """No status came back. `sent`: bytes of the request may have reached the receiver."""

    trouble: Trouble
    sent: bool


class HttpLink:
    """A kept-alive session to one receiver. One thread sends; `close` may come from another."""

    def __init__(self, base_url: str, timeouts: Timeouts) -> None:
        self._base = base_url.strip().rstrip("/")
        self._timeouts = timeouts
        self._live = _LiveConnections()
        self._session = requests.Session()
        self._session.headers["User-Agent"] = "hoso831"
        if _is_loopback(self._base):
            self._session.trust_env = False  # a proxy of the machine must not be asked for a local portal
        adapter = _TrackingAdapter(self._live)
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, adapter)

    def post(self, path: str, body: bytes, content_type: str, *, token: str = "") -> Reply | NoReply:
        if self._live.closed():
            return NoReply(Trouble.CLOSED, sent=False)
        before = self._live.opened_so_far()
        try:
            response = self._session.post(
                self._base + path,
                data=io.BytesIO(body),  # written in blocks, so that the stall limit holds per block
                headers={"Content-Type": content_type, "Accept": "application/json"},
                auth=_Bearer(token),
                timeout=(self._timeouts.connect, self._timeouts.stall),
                allow_redirects=False,
                stream=True,
            )
            with response:
                return _read(response)
        except Exception as error:
            if self._live.closed():
                return NoReply(Trouble.CLOSED, sent=True)
            known = _no_reply(error, connected=before.any or self._live.opened_so_far() != before)
            if known is None:
                raise
            return known

    def close(self) -> None:
        """Cut whatever is on the wire; every later call returns at once."""
        self._live.close()
        self._session.close()


def _is_loopback(url: str) -> bool:
    try:
        return urlsplit(url).hostname in {"127.0.0.1", "localhost", "::1"}
    except ValueError:
        return False  # no address at all; sending says so


class _Bearer(AuthBase):
    """Also without a token: it keeps requests from looking into the user's .netrc."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._token:
            request.headers["Authorization"] = f"Bearer {self._token}"
        return request


def _read(response: requests.Response) -> Reply:
    headers = {name.lower(): value for name, value in response.headers.items()}
    body, complete = bytearray(), True
    try:
        for chunk in response.iter_content(_CHUNK):
            body += chunk
            if len(body) > LARGEST_ANSWER:
                complete = False
                break
    except (requests.RequestException, OSError, ValueError):
        complete = False
    return Reply(response.status_code, bytes(body[:LARGEST_ANSWER]), complete, headers)


def _no_reply(error: Exception, *, connected: bool) -> NoReply | None:
    """None for what the network cannot cause: a bug. `connected`: there was a usable connection."""
    match error:
        case (
            requests.exceptions.MissingSchema()
            | requests.exceptions.InvalidSchema()
            | requests.exceptions.InvalidURL()
        ):
            return NoReply(Trouble.ADDRESS, sent=False)
        case requests.exceptions.SSLError() if not connected:
            return NoReply(Trouble.TLS, sent=False)
        case requests.exceptions.ConnectTimeout() | requests.exceptions.ProxyError():
            return NoReply(Trouble.OFFLINE, sent=False)
        case requests.exceptions.ConnectionError() if _before_sending(error):
            return NoReply(Trouble.OFFLINE, sent=False)
        case requests.RequestException() | OSError():
            return NoReply(Trouble.NO_ANSWER, sent=True)
        case _:
            return None


def _before_sending(error: requests.exceptions.ConnectionError) -> bool:
    """urllib3 gives up connecting with MaxRetryError(NewConnectionError or NameResolutionError)."""
    cause = getattr(error.args[0], "reason", None) if error.args else None
    return type(cause).__name__ in {"NewConnectionError", "NameResolutionError", "ConnectTimeoutError"}


@dataclass(frozen=True, slots=True)
class _Opened:
    count: int
    any: bool
    """One is open right now."""


class _LiveConnections:
    """The open sockets of one session, so that another thread can cut them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open: set[HTTPConnection] = set()
        self._count = 0
        self._closed = False

    def closed(self) -> bool:
        return self._closed

    def opened_so_far(self) -> _Opened:
        with self._lock:
            return _Opened(self._count, bool(self._open))

    def opened(self, connection: HTTPConnection) -> None:
        with self._lock:
            self._open.add(connection)
            self._count += 1
            late = self._closed
        if late:
            _cut(connection)

    def ended(self, connection: HTTPConnection) -> None:
        with self._lock:
            self._open.discard(connection)

    def close(self) -> None:
        with self._lock:
            self._closed = True
            connections = list(self._open)
        for connection in connections:
            _cut(connection)


def _cut(connection: HTTPConnection) -> None:
    sock = getattr(connection, "sock", None)
    if sock is None:
        return
    try:
        sock.shutdown(2)  # SHUT_RDWR wakes the thread that waits in recv; close alone would not
    except OSError:
        return


class _TrackingAdapter(HTTPAdapter):
    """Opens connections that report themselves to `_LiveConnections`."""

    def __init__(self, live: _LiveConnections) -> None:
        self._tracked = _tracked_pools(live)
        super().__init__(pool_connections=1, pool_maxsize=1, max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = self._tracked


def _tracked_pools(live: _LiveConnections) -> dict[str, type[HTTPConnectionPool]]:
    class Plain(HTTPConnection):
        def connect(self) -> None:
            super().connect()
            live.opened(self)

        def close(self) -> None:
            live.ended(self)
            super().close()

    class Secure(HTTPSConnection):
        def connect(self) -> None:
            super().connect()
            live.opened(self)

        def close(self) -> None:
            live.ended(self)
            super().close()

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}
