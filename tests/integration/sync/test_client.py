"""The channel against the real portal and a hostile wire: how far did the request get?"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.domain.station import ChannelSettings, Station
from forms.catalogue import form
from sync.channels.http import HttpLink, NoReply, Reply, Timeouts, Trouble
from sync.channels.qd831 import Qd831Channel
from sync.intake import Limits
from sync.intake.local import local_portal
from sync.outcome import (
    Accepted,
    AuthNeeded,
    Blocked,
    Duplicate,
    LoggedIn,
    Outcome,
    Rejected,
    Retry,
    Scope,
    Unknown,
)
from tests.helpers.portal import (
    LOGIN_PATH,
    PASSWORD,
    SEND_PATH,
    STATION_CODE,
    USER,
    Fault,
    RunningPortal,
    free_port,
    running_portal,
)
from tests.unit.sync.claims import EXAM, STATION, exam_claim

FORM = form()
QUICK = Timeouts(connect=2.0, stall=5.0)


def channel(
    url: str, *, user: str = USER, password: str = PASSWORD, station: Station = STATION
) -> Qd831Channel:
    settings = ChannelSettings(name="qd831", url=url, user=user)
    return Qd831Channel(settings=settings, password=password, station=station, form=FORM, timeouts=QUICK)


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[RunningPortal]:
    with running_portal(tmp_path) as running:
        yield running


@pytest.fixture
def ready(portal: RunningPortal) -> Iterator[Qd831Channel]:
    opened = channel(portal.url)
    assert opened.login() == LoggedIn(10_800.0)
    yield opened
    opened.close()


def test_accepted_and_then_a_duplicate(portal: RunningPortal, ready: Qd831Channel) -> None:
    message = ready.build(exam_claim())
    first = ready.send(message)
    assert isinstance(first, Accepted)
    assert ready.send(message) == Duplicate(first.receipt)
    assert [r["tracking_id"] for r in portal.receipts()] == [first.receipt]


def test_an_address_may_end_in_a_slash(portal: RunningPortal) -> None:
    opened = channel(portal.url + "/ ")
    assert isinstance(opened.login(), LoggedIn)
    opened.close()


def test_business_errors_come_back_with_the_form_s_own_words(ready: Qd831Channel) -> None:
    outcome = ready.send(ready.build(exam_claim({**EXAM, "systolic": 900})))
    assert isinstance(outcome, Rejected)
    assert outcome.code == "VALIDATION_ERROR"
    assert [f.key for f in outcome.findings] == ["systolic"]
    assert "HA: tối đa (tâm thu): phải từ 40 đến 300 mmHg" in outcome.message


def test_a_request_id_with_other_content_is_rejected(ready: Qd831Channel) -> None:
    message = ready.build(exam_claim())
    ready.send(message)
    changed = type(message)(message.body.replace(b"<MACH>78", b"<MACH>79"), message.request_id)
    outcome = ready.send(changed)
    assert isinstance(outcome, Rejected)
    assert outcome.code == "REQUEST_ID_CONFLICT"


def test_a_sender_code_of_another_unit_blocks(portal: RunningPortal) -> None:
    opened = channel(portal.url, station=Station(code="38888", name="Khác", commune="1"))
    opened.login()
    outcome = opened.send(opened.build(exam_claim()))
    assert isinstance(outcome, Blocked)
    assert outcome.code == "ORG_MISMATCH"
    assert portal.receipts() == []
    opened.close()


def test_a_message_larger_than_the_portal_takes(tmp_path: Path) -> None:
    with running_portal(tmp_path, limits=Limits(largest_message=2000)) as small:
        opened = channel(small.url)
        opened.login()
        outcome = opened.send(opened.build(exam_claim()))
        opened.close()
    assert isinstance(outcome, Rejected)
    assert outcome.code == "TOO_LARGE"


def test_without_login_authentication_is_needed(portal: RunningPortal) -> None:
    opened = channel(portal.url)
    assert isinstance(opened.send(opened.build(exam_claim())), AuthNeeded)
    opened.close()


@pytest.mark.parametrize(
    ("fault", "kind", "code"),
    [
        (Fault.DROP_BEFORE, Unknown, "NO_ANSWER"),
        (Fault.DROP_AFTER, Unknown, "NO_ANSWER"),
        (Fault.TRUNCATE_AFTER, Unknown, "CUT"),
        (Fault.CAPTIVE, Retry, "CAPTIVE"),
        (Fault.REDIRECT, Retry, "CAPTIVE"),
        (Fault.S401, AuthNeeded, "UNAUTHORIZED"),
        (Fault.S403, Blocked, "ORG_MISMATCH"),
        (Fault.S409, Rejected, "REQUEST_ID_CONFLICT"),
        (Fault.S413, Rejected, "TOO_LARGE"),
        (Fault.S429, Retry, "HTTP_429"),
        (Fault.S500, Unknown, "HTTP_500"),
        (Fault.S503, Retry, "HTTP_503"),
    ],
)
def test_faults_on_the_way(
    portal: RunningPortal, ready: Qd831Channel, fault: Fault, kind: type[Outcome], code: str
) -> None:
    portal.faults.next(fault)
    message = ready.build(exam_claim())
    outcome = ready.send(message)
    assert type(outcome) is kind
    assert outcome.code == code
    applied = fault in {Fault.DROP_AFTER, Fault.TRUNCATE_AFTER}
    assert len(portal.exams()) == (1 if applied else 0)
    if kind is not AuthNeeded:
        assert type(ready.send(message)) is (Duplicate if applied else Accepted)
    assert len(portal.exams()) == (0 if kind is AuthNeeded else 1)


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (Fault.S401, Blocked),
        (Fault.S403, Blocked),
        (Fault.S429, Blocked),
        (Fault.S500, Retry),
        (Fault.S503, Retry),
        (Fault.CAPTIVE, Retry),
        (Fault.REDIRECT, Retry),
        (Fault.DROP_BEFORE, Retry),
        (Fault.TRUNCATE_AFTER, Retry),
    ],
)
def test_faults_at_login(portal: RunningPortal, fault: Fault, kind: type[Retry | Blocked]) -> None:
    portal.faults.next(fault, path=LOGIN_PATH)
    opened = channel(portal.url)
    assert type(opened.login()) is kind
    assert isinstance(opened.login(), LoggedIn)
    opened.close()


def test_a_wrong_password_is_refused_with_a_reason_in_both_languages(portal: RunningPortal) -> None:
    opened = channel(portal.url, password="sai")
    outcome = opened.login()
    opened.close()
    assert isinstance(outcome, Blocked)
    assert outcome.code == "BAD_CREDENTIALS"
    assert "mật khẩu" in outcome.why.vi
    assert "password" in outcome.why.en


def test_nobody_listening_means_nothing_was_sent() -> None:
    opened = channel(f"http://127.0.0.1:{free_port()}")
    for outcome in (opened.login(), opened.send(opened.build(exam_claim()))):
        assert isinstance(outcome, Retry)
        assert (outcome.code, outcome.scope) == ("OFFLINE", Scope.LINK)
    opened.close()


@pytest.mark.parametrize(
    "url", ["", "cong-nhan-ho-so", "ftp://127.0.0.1/", "http://", "http://[::1", "127.0.0.1:80"]
)
def test_an_address_that_is_none(url: str) -> None:
    opened = channel(url)
    outcome = opened.login()
    opened.close()
    assert isinstance(outcome, Blocked)
    assert outcome.code == "ADDRESS"


def test_no_personal_data_in_addresses(portal: RunningPortal, ready: Qd831Channel) -> None:
    ready.send(ready.build(exam_claim()))
    assert set(portal.requests) == {LOGIN_PATH, SEND_PATH}


# --- how far a request got, on a wire that is no HTTP server


@contextmanager
def raw_server(*answers: bytes | None) -> Iterator[str]:
    """Reads a request per connection and answers with raw bytes; None keeps silent until the end."""
    listener = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def run() -> None:
        for answer in answers:
            connection, _ = listener.accept()
            with connection:
                received = b""
                while not received.endswith(b"noi dung"):
                    received += connection.recv(65536)
                if answer is None:
                    over.wait(20)
                else:
                    connection.sendall(answer)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        over.set()
        thread.join(20)
        listener.close()


def post(url: str, timeouts: Timeouts = QUICK) -> Reply | NoReply:
    link = HttpLink(url, timeouts)
    try:
        return link.post("/x", b"noi dung", "application/xml")
    finally:
        link.close()


def test_silence_after_sending_is_no_answer() -> None:
    with raw_server(None) as url:
        assert post(url, Timeouts(connect=2.0, stall=0.2)) == NoReply(Trouble.NO_ANSWER, sent=True)


def test_something_that_is_no_http_is_no_answer() -> None:
    with raw_server(b"SSH-2.0-x\r\n") as url:
        assert post(url) == NoReply(Trouble.NO_ANSWER, sent=True)


def test_a_body_shorter_than_announced_is_cut() -> None:
    with raw_server(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{}") as url:
        reply = post(url)
    assert isinstance(reply, Reply)
    assert (reply.status, reply.complete) == (200, False)


def test_an_endless_answer_is_not_read_to_its_end() -> None:
    with raw_server(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * (3 << 20)) as url:
        reply = post(url)
    assert isinstance(reply, Reply)
    assert (len(reply.body), reply.complete) == (1 << 20, False)


def test_a_broken_compression_is_cut() -> None:
    answer = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nabcd"
    with raw_server(answer) as url:
        reply = post(url)
    assert isinstance(reply, Reply)
    assert not reply.complete


def test_a_plain_server_behind_https_is_not_trusted_and_nothing_is_sent() -> None:
    listener = socket.create_server(("127.0.0.1", 0))

    def run() -> None:
        connection, _ = listener.accept()
        with connection:
            connection.recv(65536)
            connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    thread = threading.Thread(target=run)
    thread.start()
    try:
        assert post(f"https://127.0.0.1:{listener.getsockname()[1]}") == NoReply(Trouble.TLS, sent=False)
    finally:
        thread.join(20)
        listener.close()


def test_closing_ends_a_call_under_way_at_once(portal: RunningPortal, ready: Qd831Channel) -> None:
    portal.faults.next(Fault.HOLD_BEFORE)
    outcomes: list[Outcome] = []
    message = ready.build(exam_claim())
    thread = threading.Thread(target=lambda: outcomes.append(ready.send(message)))
    thread.start()
    assert portal.faults.entered.wait(10)
    ready.close()
    thread.join(5)
    assert not thread.is_alive()
    assert isinstance(outcomes[0], Unknown)
    assert outcomes[0].code == "CLOSED"
    after = ready.send(message)
    assert isinstance(after, Retry)
    assert after.code == "CLOSED"


def test_one_connection_serves_many_messages(portal: RunningPortal, ready: Qd831Channel) -> None:
    for number in range(1, 6):
        assert isinstance(
            ready.send(ready.build(exam_claim({**EXAM, "pulse": 60 + number}, revision=number))), Accepted
        )
    assert portal.connections == 1
    assert portal.station_code == STATION_CODE


def test_the_portal_inside_this_process(tmp_path: Path) -> None:
    with local_portal(tmp_path / "demo.db", STATION_CODE) as local:
        opened = channel(local.url, user=local.user, password=local.password)
        assert isinstance(opened.login(), LoggedIn)
        assert isinstance(opened.send(opened.build(exam_claim())), Accepted)
        opened.close()
