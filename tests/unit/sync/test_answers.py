"""Every answer the portal, a proxy or nobody can give, and what it means."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.text import Text
from sync.channels.http import NoReply, Reply, Trouble
from sync.channels.qd831.answers import for_former_station, login_outcome, send_outcome
from sync.outcome import (
    Accepted,
    AuthNeeded,
    Blocked,
    Duplicate,
    FieldError,
    LoggedIn,
    Outcome,
    Rejected,
    Retry,
    Scope,
    Unknown,
)

REQUEST = "HS831-x-1-abc"
PAGE = b"<html><body>Wi-Fi</body></html>"


def label_of(tag: str) -> tuple[str, str]:
    return ("systolic", "HA tối đa") if tag == "HUYETAPTT" else ("", tag)


def reply(
    status: int, answer: Any = None, *, raw: bytes = b"", complete: bool = True, **headers: str
) -> Reply:
    body = raw if answer is None else json.dumps(answer).encode()
    return Reply(status, body, complete, {name.replace("_", "-"): value for name, value in headers.items()})


def sent(answer: Reply | NoReply) -> Outcome:
    return send_outcome(answer, REQUEST, label_of)


def accepted(**data: Any) -> dict[str, Any]:
    return {"success": True, "code": "ACCEPTED", "data": {"tracking_id": "TN-1", **data}}


LOST = Unknown("NO_ANSWER", Text("vì", "because"))
REFUSED = {"success": False, "code": "VALIDATION_ERROR", "message": "Sai"}


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (reply(200, accepted()), Accepted("TN-1", "ACCEPTED")),
        (reply(200, accepted(request_id=REQUEST)), Accepted("TN-1", "ACCEPTED")),
        (reply(200, accepted(tracking_id=17)), Accepted("17", "ACCEPTED")),
        (reply(200, accepted(tracking_id=None)), Accepted("", "ACCEPTED")),
        (reply(200, {**accepted(), "code": "ACCEPTED_PENDING"}), Accepted("TN-1", "ACCEPTED_PENDING")),
        (reply(200, {**accepted(), "code": "ACCEPTED_DUPLICATE"}), Duplicate("TN-1")),
        (reply(200, raw=b"\xef\xbb\xbf" + json.dumps(accepted()).encode()), Accepted("TN-1", "ACCEPTED")),
        (reply(200, REFUSED), Rejected("VALIDATION_ERROR", "Sai")),
        (reply(422, REFUSED), Rejected("VALIDATION_ERROR", "Sai")),
        (reply(400, REFUSED), Rejected("VALIDATION_ERROR", "Sai")),
        (reply(422, {"detail": []}), Rejected("HTTP_422", "Cổng không nêu lý do")),
        (reply(409, {"code": "REQUEST_ID_CONFLICT", "message": "x"}), Rejected("REQUEST_ID_CONFLICT", "x")),
        (reply(413, raw=PAGE), Rejected("HTTP_413", "Bản tin lớn hơn mức cổng cho phép")),
        (reply(413, {"code": "TOO_LARGE", "message": "Lớn quá"}), Rejected("TOO_LARGE", "Lớn quá")),
    ],
)
def test_settled_answers(answer: Reply, expected: Outcome) -> None:
    assert sent(answer) == expected


@pytest.mark.parametrize(
    ("answer", "kind", "code"),
    [
        # cannot tell: the same bytes must go again
        (NoReply(Trouble.NO_ANSWER, sent=True), Unknown, "NO_ANSWER"),
        (NoReply(Trouble.CLOSED, sent=True), Unknown, "CLOSED"),
        (reply(200, raw=b'{"success":tr', complete=False), Unknown, "CUT"),
        (reply(200, raw=b'{"success":tr'), Unknown, "UNREADABLE"),
        (reply(200, raw=b""), Unknown, "UNREADABLE"),
        (reply(200, raw=b"\xff\xfe"), Unknown, "UNREADABLE"),
        (reply(200, raw=b"[" * 100_000), Unknown, "UNREADABLE"),
        (reply(200, ["ACCEPTED"]), Unknown, "UNREADABLE"),
        (reply(200, {"success": True, "code": "QUEUED"}), Unknown, "QUEUED"),
        (reply(200, {"success": True}), Unknown, "UNCLEAR"),
        (reply(200, {"success": "true", "code": "ACCEPTED"}), Unknown, "ACCEPTED"),
        (reply(200, {"code": "ACCEPTED"}), Unknown, "ACCEPTED"),
        (reply(200, accepted(request_id="another")), Unknown, "OTHER_REQUEST"),
        (reply(202, accepted()), Unknown, "HTTP_202"),
        (reply(500, {"success": False, "code": "INTERNAL_ERROR"}), Unknown, "HTTP_500"),
        (reply(502, raw=PAGE), Unknown, "HTTP_502"),
        (reply(504), Unknown, "HTTP_504"),
        # certainly not applied
        (NoReply(Trouble.OFFLINE, sent=False), Retry, "OFFLINE"),
        (NoReply(Trouble.TLS, sent=False), Retry, "TLS"),
        (NoReply(Trouble.CLOSED, sent=False), Retry, "CLOSED"),
        (NoReply(Trouble.ADDRESS, sent=False), Blocked, "ADDRESS"),
        (reply(401), AuthNeeded, "HTTP_401"),
        (reply(401, {"code": "UNAUTHORIZED"}), AuthNeeded, "UNAUTHORIZED"),
        (reply(403, {"code": "STATION_DISABLED"}), Blocked, "STATION_DISABLED"),
        (reply(404, {"detail": "Not Found"}), Blocked, "HTTP_404"),
        (reply(405, {"detail": "Method Not Allowed"}), Blocked, "HTTP_405"),
    ],
)
def test_kinds_and_codes(answer: Reply | NoReply, kind: type[Outcome], code: str) -> None:
    outcome = sent(answer)
    assert type(outcome) is kind
    assert outcome.code == code


@pytest.mark.parametrize(
    ("answer", "code", "scope", "after"),
    [
        (reply(200, raw=PAGE, content_type="text/html"), "CAPTIVE", Scope.PORTAL, None),
        (reply(200, raw=b"\n <!doctype html>"), "CAPTIVE", Scope.PORTAL, None),
        (reply(200, raw=b"<ht", complete=False), "CAPTIVE", Scope.PORTAL, None),
        (reply(302, raw=b""), "CAPTIVE", Scope.PORTAL, None),
        (reply(511, raw=PAGE), "CAPTIVE", Scope.PORTAL, None),
        (reply(407, raw=PAGE), "CAPTIVE", Scope.PORTAL, None),
        (reply(400, raw=PAGE), "HTTP_400", Scope.ROW, None),
        (reply(403, raw=PAGE), "HTTP_403", Scope.ROW, None),
        (reply(409, raw=PAGE), "HTTP_409", Scope.ROW, None),
        (reply(429, {"code": "RATE_LIMITED"}, retry_after="7"), "RATE_LIMITED", Scope.LINK, 7.0),
        (reply(429, retry_after="Wed, 21 Oct 2026 07:28:00 GMT"), "HTTP_429", Scope.LINK, None),
        (reply(408), "HTTP_408", Scope.LINK, None),
        (reply(503, retry_after="30"), "HTTP_503", Scope.LINK, 30.0),
    ],
)
def test_retries(answer: Reply, code: str, scope: Scope, after: float | None) -> None:
    outcome = sent(answer)
    assert isinstance(outcome, Retry)
    assert (outcome.code, outcome.scope, outcome.after) == (code, scope, after)


@pytest.mark.parametrize("status", [200, 403])
def test_a_foreign_sender_code_stops_the_batch(status: int) -> None:
    outcome = sent(reply(status, {"success": False, "code": "ORG_MISMATCH", "message": "Khác đơn vị"}))
    assert isinstance(outcome, Blocked)
    assert isinstance(for_former_station(outcome), Rejected)
    assert for_former_station(LOST) is LOST


@pytest.mark.parametrize(
    "errors",
    [
        [
            {"field": "HUYETAPTT", "message": "phải từ 40 đến 300"},
            {"field": "XYZ", "message": "thiếu"},
            7,
            {},
        ],
        {"HUYETAPTT": ["phải từ 40 đến 300"], "XYZ": "thiếu", "ABC": 5},
    ],
)
def test_field_remarks_are_led_back_to_fields(errors: Any) -> None:
    outcome = sent(reply(422, {**REFUSED, "errors": errors}))
    assert outcome == Rejected(
        "VALIDATION_ERROR",
        "Sai\nHA tối đa: phải từ 40 đến 300\nXYZ: thiếu",
        (FieldError("HUYETAPTT", "systolic", "phải từ 40 đến 300"), FieldError("XYZ", "", "thiếu")),
    )


def test_only_what_looks_like_a_code_becomes_one() -> None:
    outcome = sent(reply(422, {"success": False, "code": "Lò Thị Mẫu 038185000042", "message": "x"}))
    assert outcome.code == "HTTP_422"


# --- login


def logged_in(**answer: Any) -> Reply:
    return reply(200, {"success": True, "data": {"access_token": "t0ken", "expires_in": 10800}, **answer})


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (logged_in(), (LoggedIn(10800.0), "t0ken")),
        (logged_in(data={"access_token": "t"}, expires_in=60), (LoggedIn(60.0), "t")),
        (logged_in(data={"access_token": "t", "expires_in": "soon"}), (LoggedIn(None), "t")),
        (logged_in(data={"access_token": "t", "expires_in": True}), (LoggedIn(None), "t")),
    ],
)
def test_login(answer: Reply, expected: tuple[Any, str]) -> None:
    assert login_outcome(answer) == expected


@pytest.mark.parametrize(
    ("answer", "kind", "code", "after"),
    [
        (reply(401, {"code": "BAD_CREDENTIALS"}), Blocked, "BAD_CREDENTIALS", None),
        (reply(403, raw=PAGE), Blocked, "HTTP_403", None),
        (reply(429, {"code": "TOO_MANY_LOGINS"}, retry_after="60"), Blocked, "TOO_MANY_LOGINS", 60.0),
        (reply(400, {"code": "BAD_REQUEST", "message": "thiếu"}), Blocked, "BAD_REQUEST", None),
        (logged_in(success=False, code="LOCKED"), Blocked, "LOCKED", None),
        (logged_in(data={}), Blocked, "HTTP_200", None),
        (logged_in(data={"access_token": "xuống\ndòng"}), Blocked, "HTTP_200", None),
        (reply(404, raw=PAGE), Blocked, "HTTP_404", None),
        (reply(400, raw=PAGE), Retry, "HTTP_400", None),
        (reply(200, raw=PAGE), Retry, "CAPTIVE", None),
        (reply(302), Retry, "CAPTIVE", None),
        (reply(511, raw=PAGE), Retry, "CAPTIVE", None),
        (reply(200, raw=b'{"da', complete=False), Retry, "CUT", None),
        (reply(503, retry_after="9"), Retry, "HTTP_503", 9.0),
        (reply(500), Retry, "HTTP_500", None),
        (NoReply(Trouble.NO_ANSWER, sent=True), Retry, "NO_ANSWER", None),
        (NoReply(Trouble.OFFLINE, sent=False), Retry, "OFFLINE", None),
        (NoReply(Trouble.ADDRESS, sent=False), Blocked, "ADDRESS", None),
    ],
)
def test_refused_logins(
    answer: Reply | NoReply, kind: type[Retry | Blocked], code: str, after: float | None
) -> None:
    outcome, token = login_outcome(answer)
    assert isinstance(outcome, kind)
    assert (outcome.code, outcome.after, token) == (code, after, "")


def test_the_portals_words_about_the_account_are_shown() -> None:
    outcome, _ = login_outcome(reply(403, {"code": "STATION_DISABLED", "message": "Tài khoản bị khóa."}))
    assert isinstance(outcome, Blocked)
    assert outcome.why.vi.endswith("Cổng báo: Tài khoản bị khóa.")


JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(),
    lambda inner: (
        st.lists(inner) | st.dictionaries(st.sampled_from(["success", "code", "data", "errors"]), inner)
    ),
    max_leaves=10,
)


@given(st.integers(200, 599), JSON, st.booleans())
def test_no_answer_can_break_the_reading(status: int, answer: Any, complete: bool) -> None:
    given_reply = Reply(status, json.dumps(answer).encode(), complete)
    outcome = sent(given_reply)
    if isinstance(outcome, Accepted | Duplicate):
        assert status == 200
        assert complete
        assert answer["success"] is True
        assert answer["code"].startswith("ACCEPTED")
    login_outcome(given_reply)
