"""The intake portal over HTTP: its contract with stations, and the operator's desk."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any, Self

import httpx
import pytest
from sqlalchemy.exc import IntegrityError

from app.domain.records import RecordKind, RecordStatus
from app.errors import EnvironmentProblem
from forms.catalogue import form
from sync.channels.qd831 import message
from sync.intake import Limits, create_app, serve
from tests.helpers.portal import OPERATOR_TOKEN, PASSWORD, STATION_CODE, USER, add_test_station
from tests.unit.sync.claims import (
    EXAM,
    EXAM_ID,
    PERSON,
    STATION,
    claim,
    exam_claim,
    person_claim,
    person_revision,
    revision,
)

LOGIN = "/api/xac-thuc/token"
SEND = "/api/ho-so-suc-khoe/qd-831-2017/tiep-nhan"
OPERATOR = {"Authorization": f"Bearer {OPERATOR_TOKEN}"}
FORM = form()


class Clock:
    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


async def _entered(context: Any) -> None:
    await context.__aenter__()


async def _left(context: Any) -> None:
    await context.__aexit__(None, None, None)


class Portal:
    """One station's view, over the ASGI interface."""

    def __init__(self, db_url: str, **given: Any) -> None:
        self.db_url = db_url
        self.time = Clock()
        self.token = ""
        self._app = create_app(db_url, OPERATOR_TOKEN, monotonic=self.time, **given)

    def __enter__(self) -> Self:
        self._runner = asyncio.Runner()
        self._lifespan = self._app.router.lifespan_context(self._app)
        self._runner.run(_entered(self._lifespan))
        transport = httpx.ASGITransport(self._app)
        self._client = httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1")
        return self

    def __exit__(self, *_: object) -> None:
        self._runner.run(self._client.aclose())
        self._runner.run(_left(self._lifespan))
        self._runner.close()

    def get(self, path: str, **given: Any) -> Any:
        return self._runner.run(self._client.get(path, **given))

    def post(self, path: str, **given: Any) -> Any:
        return self._runner.run(self._client.post(path, **given))

    def login(self, user: str = USER, password: str = PASSWORD) -> Any:
        answer = self.post(LOGIN, json={"username": user, "password": password})
        self.token = answer.json().get("data", {}).get("access_token", self.token)
        return answer

    def send(self, body: bytes, token: str | None = None) -> Any:
        headers = {"Authorization": f"Bearer {self.token if token is None else token}"}
        return self.post(SEND, content=body, headers={"Content-Type": "application/xml", **headers})

    def desk(self, path: str, **query: Any) -> Any:
        return self.get(f"/api/operator/{path}", params=query, headers=OPERATOR)


async def in_pieces() -> AsyncIterator[bytes]:
    """A body whose length is not announced."""
    for _ in range(2):
        yield b"x" * 600


def xml(given: Any) -> bytes:
    return message.build(given, STATION, FORM).body


@pytest.fixture
def db_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'portal.db'}"


@pytest.fixture
def portal(db_url: str) -> Iterator[Portal]:
    add_test_station(db_url)
    opened = Portal(db_url)
    with opened:
        opened.login()
        yield opened


def test_login_gives_a_token_for_three_hours(portal: Portal) -> None:
    answer = portal.login().json()
    assert answer["success"] is True
    assert answer["data"]["expires_in"] == 10_800
    assert len(answer["data"]["access_token"]) >= 32


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b'{"username": "tram.mau", "password": "sai"}', 401, "BAD_CREDENTIALS"),
        (b'{"username": "ai-do", "password": "sai"}', 401, "BAD_CREDENTIALS"),
        (b"{}", 400, "BAD_REQUEST"),
        (b"[]", 400, "BAD_REQUEST"),
        (b"\xff", 400, "BAD_REQUEST"),
        (b'{"username": 1, "password": null}', 400, "BAD_REQUEST"),
        (b'"' + b"x" * 5000, 413, "TOO_LARGE"),
    ],
)
def test_refused_logins(portal: Portal, body: bytes, status: int, code: str) -> None:
    answer = portal.post(LOGIN, content=body)
    assert (answer.status_code, answer.json()["code"], answer.json()["success"]) == (status, code, False)


def test_guessing_passwords_is_slowed_down_and_ends(db_url: str) -> None:
    add_test_station(db_url)
    portal = Portal(db_url, limits=Limits(logins_per_minute=2))
    with portal:
        assert [portal.login(password="sai").status_code for _ in range(3)] == [401, 401, 429]
        paused = portal.login()
        assert (paused.status_code, paused.headers["retry-after"]) == (429, "31")
        portal.time.seconds = 31
        assert portal.login().status_code == 200


def test_a_disabled_station_cannot_log_in_nor_use_an_old_token(portal: Portal) -> None:
    add_test_station(portal.db_url, enabled=False)
    assert (portal.login().status_code, portal.login().json()["code"]) == (403, "STATION_DISABLED")
    assert portal.send(xml(person_claim())).status_code == 401, "its tokens ended"


def test_a_user_name_belongs_to_one_station(portal: Portal) -> None:
    with pytest.raises(IntegrityError):
        add_test_station(portal.db_url, code="38888")


@pytest.mark.parametrize("changes", [{"code": ""}, {"username": ""}, {"password": ""}, {"code": "x" * 21}])
def test_an_unusable_account_is_not_made(db_url: str, changes: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="station needs"):
        add_test_station(db_url, **changes)


# --- receiving


def test_first_time_again_and_with_other_content(portal: Portal) -> None:
    body = xml(exam_claim())
    first = portal.send(body)
    assert (first.status_code, first.json()["code"]) == (200, "ACCEPTED")
    again = portal.send(body)
    assert (again.status_code, again.json()["code"]) == (200, "ACCEPTED_DUPLICATE")
    assert again.json()["data"]["tracking_id"] == first.json()["data"]["tracking_id"]
    other = portal.send(body.replace("Lò Thị Mẫu".encode(), "Lò Thị Khác".encode()))
    assert (other.status_code, other.json()["code"]) == (409, "REQUEST_ID_CONFLICT")
    held = portal.desk("exams").json()["exams"]
    assert [exam["ma_lk"] for exam in held] == [EXAM_ID]
    assert portal.desk("receipts").json()["receipts"][0]["times_seen"] == 2


def test_each_exam_is_held_once_with_its_newest_content(portal: Portal) -> None:
    for number, pulse in ((1, 70), (2, 80), (3, 90)):
        portal.send(xml(exam_claim({**EXAM, "pulse": pulse}, revision=number)))
    (exam,) = portal.desk("exams").json()["exams"]
    assert (exam["content"]["MACH"], exam["revision"]) == ("90", 3)


def test_an_older_revision_that_arrives_late_is_accepted_and_changes_nothing(portal: Portal) -> None:
    portal.send(xml(exam_claim({**EXAM, "pulse": 80}, revision=2)))
    late = portal.send(xml(exam_claim({**EXAM, "pulse": 70}, revision=1)))
    assert late.json()["code"] == "ACCEPTED"
    (exam,) = portal.desk("exams").json()["exams"]
    assert exam["content"]["MACH"] == "80"


def test_an_exam_with_an_older_part_a_does_not_take_the_person_back(portal: Portal) -> None:
    newer = person_revision({**PERSON, "full_name": "Lò Thị Mới"}, revision=3)
    portal.send(xml(claim(newer)))
    portal.send(xml(exam_claim()))
    summary = portal.desk("summary").json()
    assert (summary["people"], summary["exams"]) == (1, 1)
    receipt = portal.desk("receipts").json()["receipts"][0]
    assert receipt["person_key"] == newer.person_id


def test_a_withdrawn_exam_stays_marked(portal: Portal) -> None:
    portal.send(xml(exam_claim()))
    withdrawn = revision(
        RecordKind.EXAM, EXAM, revision=2, status=RecordStatus.ENTERED_IN_ERROR, reason="nhầm người"
    )
    portal.send(xml(claim(withdrawn)))
    (exam,) = portal.desk("exams").json()["exams"]
    assert exam["withdrawn"] is True
    assert "MACH" not in exam["content"]


def test_another_stations_exam_is_another_exam(portal: Portal) -> None:
    portal.send(xml(exam_claim()))
    add_test_station(portal.db_url, code="38888", username="tram.khac")
    portal.login(user="tram.khac")
    foreign = portal.send(xml(exam_claim()))
    assert (foreign.status_code, foreign.json()["code"]) == (403, "ORG_MISMATCH")
    own = message.build(
        exam_claim({**EXAM, "pulse": 99}), type(STATION)(code="38888", name="B", commune="1"), FORM
    )
    assert portal.send(own.body).json()["code"] == "ACCEPTED"
    assert len(portal.desk("exams").json()["exams"]) == 2
    assert len(portal.desk("exams", station="38888").json()["exams"]) == 1


@pytest.mark.parametrize("token", ["", "sai"])
def test_without_a_valid_token_nothing_is_read(portal: Portal, token: str) -> None:
    answer = portal.send(b"<not xml", token=token)
    assert (answer.status_code, answer.json()["code"]) == (401, "UNAUTHORIZED")


def test_tokens_outlive_a_restart_of_the_portal(portal: Portal) -> None:
    again = Portal(portal.db_url)
    with again:
        assert again.send(xml(exam_claim()), token=portal.token).json()["code"] == "ACCEPTED"


def test_a_message_of_more_than_the_limit_is_refused(db_url: str) -> None:
    add_test_station(db_url)
    portal = Portal(db_url, limits=Limits(largest_message=1000))
    with portal:
        portal.login()
        headers = {"Authorization": f"Bearer {portal.token}"}
        announced = portal.post(SEND, content=b"x" * 1001, headers=headers)
        streamed = portal.post(SEND, content=in_pieces(), headers=headers)
    assert [announced.status_code, streamed.status_code] == [413, 413]


def test_a_station_that_sends_too_fast_is_told_to_wait(db_url: str) -> None:
    add_test_station(db_url)
    portal = Portal(db_url, limits=Limits(messages_per_minute=2))
    with portal:
        portal.login()
        assert [portal.send(xml(person_claim())).status_code for _ in range(3)] == [200, 200, 429]
        assert portal.send(xml(person_claim())).headers["retry-after"] == "31"
        portal.time.seconds = 31
        assert portal.send(xml(person_claim())).status_code == 200


def test_bad_data_is_refused_field_by_field_and_nothing_is_kept(portal: Portal) -> None:
    answer = portal.send(xml(exam_claim({**EXAM, "systolic": 900, "exam_date": "2026-11-22"})))
    assert answer.status_code == 422
    told = answer.json()
    assert (told["success"], told["code"]) == (False, "VALIDATION_ERROR")
    assert told["errors"] == [{"field": "HUYETAPTT", "message": "phải từ 40 đến 300 mmHg"}]
    summary = portal.desk("summary").json()
    assert (summary["receipts"], summary["people"], summary["exams"], summary["refusals"]) == (0, 0, 0, 1)


def test_broken_xml_is_refused_with_its_place(portal: Portal) -> None:
    answer = portal.send(b"<DATA><HEADER></DATA>")
    assert (answer.status_code, answer.json()["code"]) == (400, "MALFORMED_XML")
    assert "dòng 1" in answer.json()["message"]


def test_a_bug_answers_500_without_telling_anything(
    portal: Portal, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("Lò Thị Mẫu 038185000042")

    monkeypatch.setattr("sync.intake.server.read_message", broken)
    answer = portal.send(xml(exam_claim()))
    assert (answer.status_code, answer.json()["code"]) == (500, "INTERNAL_ERROR")
    assert "RuntimeError at broken:" in caplog.text
    assert "038185000042" not in caplog.text + answer.text


def test_logs_hold_no_personal_data(portal: Portal, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        portal.send(xml(exam_claim()))
        portal.send(xml(exam_claim({**EXAM, "systolic": 900}, revision=2)))
        portal.login(password="mat-khau-sai")
    assert "code=ACCEPTED" in caplog.text
    assert "code=VALIDATION_ERROR" in caplog.text
    for secret in (
        "Mẫu,",
        "Lò Thị",
        "038185000042",
        "3800000042",
        "0900000042",
        "Tăng huyết áp",
        PASSWORD,
        "mat-khau-sai",
        portal.token,
    ):
        assert secret not in caplog.text


# --- the operator


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/api/operator/summary",
        "/api/operator/receipts",
        "/api/operator/exams",
        "/api/operator/requests/x",
    ],
)
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer sai"},
        {"Authorization": "Basic !!"},
        {"Authorization": "Basic YTpi"},
        {"Authorization": "Digest x"},
    ],
)
def test_the_desk_is_closed_without_its_token(portal: Portal, path: str, headers: dict[str, str]) -> None:
    answer = portal.get(path, headers=headers)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Basic")


def test_a_stations_token_does_not_open_the_desk(portal: Portal) -> None:
    assert portal.get("/", headers={"Authorization": f"Bearer {portal.token}"}).status_code == 401


def test_a_desk_without_a_token_is_not_built(db_url: str) -> None:
    with pytest.raises(ValueError, match="token"):
        create_app(db_url, "")


def test_the_desk_finds_a_request_with_its_message(portal: Portal) -> None:
    built = message.build(exam_claim(), STATION, FORM)
    portal.send(built.body)
    (entry,) = portal.desk(f"requests/{built.request_id}").json()["entries"]
    assert entry["accepted"] is True
    assert entry["message"] == built.body.decode()
    bad = message.build(exam_claim({**EXAM, "pulse": 999}, revision=2), STATION, FORM)
    portal.send(bad.body)
    (refused,) = portal.desk(f"requests/{bad.request_id}").json()["entries"]
    assert (refused["accepted"], refused["code"], refused["fields"]) == (False, "VALIDATION_ERROR", "MACH")
    assert portal.desk("requests/khong-co").status_code == 404


def test_the_desk_filters(portal: Portal) -> None:
    portal.send(xml(exam_claim()))
    assert (
        len(
            portal.desk("exams", day="2026-11-22", person=claim(person_revision()).revision.person_id).json()[
                "exams"
            ]
        )
        == 1
    )
    assert portal.desk("exams", day="2026-11-23").json()["exams"] == []
    today = portal.desk("receipts").json()["receipts"][0]["received_at"][:10]
    assert len(portal.desk("receipts", day=today, station=STATION_CODE).json()["receipts"]) == 1
    assert portal.desk("receipts", day="%").json()["receipts"] == []
    assert portal.desk("receipts", limit=0).status_code == 422


def test_the_page_is_plain_html_and_escapes_what_stations_say(portal: Portal) -> None:
    add_test_station(portal.db_url, name="<script>alert(1)</script>")
    portal.login()
    portal.send(xml(exam_claim()))
    page = portal.get("/", auth=("van-hanh", OPERATOR_TOKEN))
    assert page.status_code == 200
    assert '<html lang="vi">' in page.text
    assert '<th scope="col">' in page.text
    assert "<script>" not in page.text
    assert "&lt;script&gt;" in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "Lò Thị Mẫu" not in page.text


def test_an_address_in_use_and_a_database_that_does_not_open_are_told(db_url: str, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        with pytest.raises(EnvironmentProblem) as told:
            serve(db_url=db_url, operator_token="x", port=taken.getsockname()[1])
        assert told.value.code == "portal-address"
    for url in (f"sqlite:///{tmp_path / 'khong-co' / 'portal.db'}", "khong-phai-url", "postgresql+la://x"):
        with pytest.raises(EnvironmentProblem) as told:
            create_app(url, "x")
        assert told.value.code == "portal-database"
