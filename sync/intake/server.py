"""The HTTP face of the intake portal: the receiving side of transport B, and the operator's desk.

Log lines hold station codes, request ids, codes, sizes and durations; never content.
"""

from __future__ import annotations

import base64
import binascii
import json
import logging
import secrets
import socket
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any

import uvicorn
from fastapi import Depends, FastAPI, HTTPException, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, JSONResponse
from sqlalchemy import Engine
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import EnvironmentProblem
from forms.text import Text
from sync.intake.accounts import TOKEN_SECONDS, Accounts, RateLimit, StationAccount
from sync.intake.ledger import Desk, Ledger
from sync.intake.pages import HEADERS, operator_page
from sync.intake.reading import UnreadableMessageError, read_message
from sync.intake.schema import open_database

_log = logging.getLogger(__name__)
_Many = Annotated[int, Query(ge=1, le=1000)]


@dataclass(frozen=True, slots=True)
class Limits:
    largest_message: int = 10 * 1024 * 1024
    messages_per_minute: int = 6000
    """Per station."""
    logins_per_minute: int = 20
    """Failed ones, per user name."""


def create_app(
    db_url: str,
    operator_token: str,
    *,
    limits: Limits | None = None,
    clock: Callable[[], datetime] | None = None,
    monotonic: Callable[[], float] = time.monotonic,
) -> FastAPI:
    """The portal over one database. `operator_token` opens the operator's desk and must not be empty."""
    if not operator_token:
        raise ValueError("the operator's desk needs a token")
    engine = open_database(db_url)
    portal = _Portal(engine, limits or Limits(), clock or _utc_now, monotonic)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        engine.dispose()

    app = FastAPI(title="Hồ sơ 831: cổng tiếp nhận", docs_url=None, redoc_url=None, lifespan=lifespan)
    app.add_middleware(_LastResort)
    _add_station_routes(app, portal)
    _add_operator_routes(app, Desk(engine), operator_token)
    return app


def serve(
    *,
    db_url: str,
    operator_token: str,
    host: str = "127.0.0.1",
    port: int = 8831,
    limits: Limits | None = None,
) -> None:
    """Run until interrupted. Only this computer can reach it unless `host` says otherwise.

    EnvironmentProblem when the address is taken or the database does not open. Log lines go to stderr.
    """
    with _listening(host, port) as listener:
        app = create_app(db_url, operator_token, limits=limits)
        lines = logging.StreamHandler()
        lines.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
        logger = logging.getLogger("sync.intake")
        logger.addHandler(lines)
        logger.setLevel(logging.INFO)
        config = uvicorn.Config(app, access_log=False, log_level="warning", server_header=False)
        with suppress(KeyboardInterrupt):  # Ctrl+C is how an operator ends it; uvicorn has shut down by then
            uvicorn.Server(config).run(sockets=[listener])


def _listening(host: str, port: int) -> socket.socket:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=256)
    except OSError as error:
        raise EnvironmentProblem(
            "portal-address",
            Text(
                "Không mở được địa chỉ của cổng: địa chỉ sai hoặc một chương trình khác đang dùng. "
                "Chọn HOST:PORT khác sau --listen.",
                "The portal's address could not be opened: it is wrong, or another program uses it. "
                "Choose another HOST:PORT after --listen.",
            ),
        ) from error


# --- what stations call


class _Portal:
    def __init__(
        self,
        engine: Engine,
        limits: Limits,
        clock: Callable[[], datetime],
        monotonic: Callable[[], float],
    ) -> None:
        self._engine = engine
        self._accounts = Accounts(engine, clock)
        self._ledger = Ledger(engine, clock)
        self.limits = limits
        self._failed_logins = RateLimit(limits.logins_per_minute, monotonic)
        self._messages = RateLimit(limits.messages_per_minute, monotonic)

    def login(self, body: bytes) -> JSONResponse:
        try:
            asked = json.loads(body)
            username, password = asked["username"], asked["password"]
        except (ValueError, KeyError, TypeError):
            return _no(400, "BAD_REQUEST", "Cần username và password dạng JSON")
        if not isinstance(username, str) or not isinstance(password, str):
            return _no(400, "BAD_REQUEST", "Cần username và password dạng JSON")
        pause = self._failed_logins.wait(username, take=False)
        if pause:
            return _no(429, "TOO_MANY_LOGINS", "Thử đăng nhập quá nhiều lần", retry_after=pause)
        found = self._accounts.login(username, password)
        if found is None:
            self._failed_logins.wait(username)
            _log.info("login refused")
            return _no(401, "BAD_CREDENTIALS", "Sai tài khoản hoặc mật khẩu")
        account, token = found
        if not token:
            _log.info("login refused station=%s disabled", account.code)
            return _no(403, "STATION_DISABLED", "Tài khoản của trạm đang bị khóa")
        _log.info("login station=%s", account.code)
        data = {"access_token": token, "token_type": "Bearer", "expires_in": TOKEN_SECONDS}
        return JSONResponse({"success": True, "code": "OK", "message": "Đăng nhập được", "data": data})

    def admit(self, token: str) -> StationAccount | JSONResponse:
        """Whose token it is, or the refusal."""
        with self._engine.begin() as connection:
            account = self._accounts.by_token(connection, token) if token else None
        if account is None:
            return _no(401, "UNAUTHORIZED", "Cần đăng nhập lại")
        if not account.enabled:
            return _no(403, "STATION_DISABLED", "Tài khoản của trạm đang bị khóa")
        pause = self._messages.wait(account.code)
        if pause:
            return _no(429, "RATE_LIMITED", "Gửi quá nhanh", retry_after=pause)
        return account

    def take(self, account: StationAccount, body: bytes) -> JSONResponse:
        started = time.monotonic()
        request_id, answer = self._judge(account, body)
        code = json.loads(bytes(answer.body))["code"]
        _log.info(
            "message station=%s request=%s code=%s bytes=%d ms=%d",
            account.code,
            request_id if request_id.isprintable() else "?",
            code,
            len(body),
            (time.monotonic() - started) * 1000,
        )
        return answer

    def _judge(self, account: StationAccount, body: bytes) -> tuple[str, JSONResponse]:
        try:
            message = read_message(body)
        except UnreadableMessageError as error:
            self._ledger.refuse(account.code, "", "MALFORMED_XML", "")
            return "", _no(400, "MALFORMED_XML", f"Không đọc được bản tin: {error}")
        request_id = message.request_id[:100]
        if message.sender_code and message.sender_code != account.code:
            self._ledger.refuse(account.code, request_id, "ORG_MISMATCH", "SENDER_CODE")
            return request_id, _no(403, "ORG_MISMATCH", "SENDER_CODE không phải đơn vị của tài khoản")
        if message.remarks:
            verdict = self._ledger.known(account.code, request_id, body)
            if verdict is None:
                fields = ",".join(dict.fromkeys(remark.field for remark in message.remarks))
                self._ledger.refuse(account.code, request_id, "VALIDATION_ERROR", fields)
                errors = [{"field": r.field, "message": r.message} for r in message.remarks]
                return request_id, _no(422, "VALIDATION_ERROR", "Bản tin có lỗi dữ liệu", errors=errors)
        else:
            verdict = self._ledger.receive(account.code, message, body)
        if verdict.code == "REQUEST_ID_CONFLICT":
            self._ledger.refuse(account.code, request_id, verdict.code, "REQUEST_ID")
            return request_id, _no(409, verdict.code, "REQUEST_ID đã dùng cho nội dung khác")
        data = {
            "tracking_id": verdict.tracking_id,
            "request_id": request_id,
            "received_at": verdict.received_at,
        }
        said = "Đã nhận từ trước" if verdict.code == "ACCEPTED_DUPLICATE" else "Đã nhận"
        return request_id, JSONResponse(
            {"success": True, "code": verdict.code, "message": said, "data": data}
        )


def _add_station_routes(app: FastAPI, portal: _Portal) -> None:
    @app.post("/api/xac-thuc/token")
    async def token(request: Request) -> JSONResponse:
        body = await _body(request, 4096)
        if body is None:
            return _no(413, "TOO_LARGE", "Yêu cầu quá lớn")
        return await run_in_threadpool(portal.login, body)

    @app.post("/api/ho-so-suc-khoe/qd-831-2017/tiep-nhan")
    async def take(request: Request) -> JSONResponse:
        scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
        admitted = await run_in_threadpool(portal.admit, bearer if scheme.lower() == "bearer" else "")
        if isinstance(admitted, JSONResponse):
            return admitted
        body = await _body(request, portal.limits.largest_message)
        if body is None:
            return _no(413, "TOO_LARGE", "Bản tin lớn hơn mức cho phép")
        return await run_in_threadpool(portal.take, admitted, body)


async def _body(request: Request, largest: int) -> bytes | None:
    """The whole body, or None as soon as it is larger than allowed."""
    announced = request.headers.get("content-length", "0")
    if announced.isdigit() and int(announced) > largest:
        return None
    parts = bytearray()
    async for chunk in request.stream():
        parts += chunk
        if len(parts) > largest:
            return None
    return bytes(parts)


def _no(
    status: int,
    code: str,
    message: str,
    *,
    errors: list[dict[str, str]] | None = None,
    retry_after: float = 0.0,
) -> JSONResponse:
    content: dict[str, Any] = {"success": False, "code": code, "message": message}
    if errors:
        content["errors"] = errors
    headers = {"Retry-After": str(int(retry_after) + 1)} if retry_after else None
    return JSONResponse(content, status, headers)


# --- what the operator calls


def _add_operator_routes(app: FastAPI, desk: Desk, operator_token: str) -> None:
    def operator(request: Request) -> None:
        if not secrets.compare_digest(_operator_secret(request).encode(), operator_token.encode()):
            raise HTTPException(
                401, "Cần mã của người vận hành", {"WWW-Authenticate": 'Basic realm="portal"'}
            )

    guard = [Depends(operator)]

    @app.get("/api/operator/summary", dependencies=guard)
    def summary() -> dict[str, Any]:
        return desk.summary()

    @app.get("/api/operator/receipts", dependencies=guard)
    def receipts(station: str = "", day: str = "", limit: _Many = 100) -> dict[str, Any]:
        return {"receipts": desk.receipts(station=station, day=day, limit=limit)}

    @app.get("/api/operator/exams", dependencies=guard)
    def exams(station: str = "", person: str = "", day: str = "", limit: _Many = 100) -> dict[str, Any]:
        return {"exams": desk.exams(station=station, person=person, day=day, limit=limit)}

    @app.get("/api/operator/requests/{request_id}", dependencies=guard)
    def request(request_id: str) -> dict[str, Any]:
        found = desk.request(request_id)
        if not found:
            raise HTTPException(404, "Chưa thấy mã bản tin này")
        return {"request_id": request_id, "entries": found}

    @app.get("/", dependencies=guard, include_in_schema=False)
    def page() -> HTMLResponse:
        return HTMLResponse(operator_page(desk.summary(), desk.receipts(limit=50)), headers=HEADERS)


def _operator_secret(request: Request) -> str:
    """From `Bearer`, or the password of `Basic` so that a browser can ask for it; never from the address."""
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return given
    if scheme.lower() != "basic":
        return ""
    try:
        return base64.b64decode(given, validate=True).decode().partition(":")[2]
    except (binascii.Error, ValueError):
        return ""


class _LastResort:
    """A bug answers 500 and is logged by type and place; its message could quote a record."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def watch(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, watch)
        except Exception as error:
            if scope["type"] != "http" or started:
                raise
            last = error.__traceback__
            while last is not None and last.tb_next is not None:
                last = last.tb_next
            place = f"{last.tb_frame.f_code.co_name}:{last.tb_lineno}" if last else "?"
            _log.error("request failed: %s at %s", type(error).__name__, place)
            await _no(500, "INTERNAL_ERROR", "Cổng gặp lỗi")(scope, receive, send)


def _utc_now() -> datetime:
    return datetime.now(UTC)
