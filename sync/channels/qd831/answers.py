"""What the portal's answers mean (interop §5.1, transport B). Pure; the only place that knows status codes.

| answer to a message                                   | outcome                                       |
|--|--|
| 200, success true, code ACCEPTED…                     | Accepted; Duplicate for ACCEPTED_DUPLICATE     |
| 200, success false; 400, 422 and other 4xx with JSON  | Rejected with the portal's code and words      |
| 200 with HTML, 3xx, 511                               | Retry: something else answered (sign-in page)  |
| 200 cut, empty, unreadable or contradictory; other 2xx | Unknown                                       |
| 401                                                   | AuthNeeded                                     |
| 403 with JSON (ORG_MISMATCH, disabled)                | Blocked: the station as such is refused        |
| 404, 405, 410 with JSON                               | Blocked: no portal at this address             |
| 409, 413                                              | Rejected: the same bytes can never pass        |
| 408, 429, 503                                         | Retry after what the portal asks for           |
| other 4xx without JSON                                | Retry of this row: a filter on the way         |
| 500, 502, 504 and other 5xx                           | Unknown: it may have been applied              |
| no connection                                         | Retry                                          |
| sent, no answer                                       | Unknown                                        |
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from forms.text import Text, clean
from sync.channels.http import NoReply, Reply, Trouble
from sync.outcome import (
    Accepted,
    AuthNeeded,
    Blocked,
    Duplicate,
    FieldError,
    LoggedIn,
    LoginOutcome,
    Outcome,
    Rejected,
    Retry,
    Scope,
    Unknown,
)

_CODE = re.compile(r"[A-Z0-9_.-]{1,40}")
_LONGEST_WORDS = 2000
ORG_MISMATCH = "ORG_MISMATCH"


def login_outcome(reply: Reply | NoReply) -> tuple[LoginOutcome, str]:
    """The outcome and the token ("" without one)."""
    if isinstance(reply, NoReply):
        return _unsent(reply), ""
    answer = _json(reply)
    token = _login_token(answer) if reply.status == 200 else ""
    if token:
        return LoggedIn(_lifetime(answer)), token
    return _login_refusal(reply, answer), ""


def send_outcome(
    reply: Reply | NoReply, request_id: str, label_of: Callable[[str], tuple[str, str]]
) -> Outcome:
    """`label_of`: tag -> (Field.key, the label people know it by); ("", tag) for a tag of no field."""
    if isinstance(reply, NoReply):
        return Unknown(reply.trouble.value, _NO_ANSWER) if reply.sent else _unsent(reply)
    answer = _json(reply)
    status = reply.status
    if status == 200:
        return _on_200(reply, answer, request_id, label_of)
    if 200 < status < 300:
        return Unknown(f"HTTP_{status}", _UNCLEAR)
    if 300 <= status < 400 or status == 511:
        return Retry("CAPTIVE", _CAPTIVE, Scope.PORTAL)
    if status < 500:
        return _on_4xx(reply, answer, label_of)
    if status == 503:
        return Retry("HTTP_503", _BUSY, Scope.LINK, _retry_after(reply))
    return Unknown(f"HTTP_{status}", _PORTAL_FAILED)


def for_former_station(outcome: Outcome) -> Outcome:
    """The answer to a message under an earlier station code: the message is at fault, not the station.

    It can only be one whose outcome was unknown, so it may not be changed; a person decides to send it anew.
    """
    if isinstance(outcome, Blocked) and outcome.code == ORG_MISMATCH:
        return Rejected(ORG_MISMATCH, _FORMER_STATION.vi)
    return outcome


def _unsent(reply: NoReply) -> Retry | Blocked:
    why = _TROUBLE[reply.trouble]
    if reply.trouble is Trouble.ADDRESS:
        return Blocked(reply.trouble.value, why)
    return Retry(reply.trouble.value, why)


def _on_200(
    reply: Reply,
    answer: Mapping[str, Any] | None,
    request_id: str,
    label_of: Callable[[str], tuple[str, str]],
) -> Outcome:
    if answer is None:
        if _looks_like_a_page(reply):
            return Retry("CAPTIVE", _CAPTIVE, Scope.PORTAL)
        return Unknown("CUT" if not reply.complete else "UNREADABLE", _CUT)
    code = _code(answer, "UNCLEAR")
    if answer.get("success") is False:
        return _refusal(reply, answer, label_of, code=_code(answer, "REJECTED"))
    data = _part(answer, "data")
    echoed = data.get("request_id")
    if answer.get("success") is not True or not code.startswith("ACCEPTED"):
        return Unknown(code, _UNCLEAR)
    if isinstance(echoed, str) and echoed != request_id:
        return Unknown("OTHER_REQUEST", _UNCLEAR)
    receipt = data.get("tracking_id")
    words = str(receipt) if isinstance(receipt, str | int) else ""
    return Duplicate(words, code) if code == "ACCEPTED_DUPLICATE" else Accepted(words, code)


def _on_4xx(
    reply: Reply, answer: Mapping[str, Any] | None, label_of: Callable[[str], tuple[str, str]]
) -> Outcome:
    code = _code(answer, f"HTTP_{reply.status}")
    match reply.status:
        case 401:
            return AuthNeeded(code, _LOGGED_OUT)
        case 408 | 429:
            return Retry(code, _PAUSE, Scope.LINK, _retry_after(reply))
        case 407:
            return Retry("CAPTIVE", _CAPTIVE, Scope.PORTAL)
        case 413:
            return Rejected(code, _words(answer) or _TOO_LARGE.vi)
    if answer is None:
        return Retry(code, _FILTERED, Scope.ROW)
    match reply.status:
        case 404 | 405 | 410:
            return Blocked(code, _NO_PORTAL)
    return _refusal(reply, answer, label_of, code=code)


def _refusal(
    reply: Reply, answer: Mapping[str, Any], label_of: Callable[[str], tuple[str, str]], *, code: str
) -> Outcome:
    if code == ORG_MISMATCH:
        return Blocked(code, _WRONG_STATION)
    if reply.status == 403:
        return Blocked(code, _with_words(_STATION_REFUSED, answer))
    findings = tuple(_findings(answer, label_of))
    lines = [_words(answer), *(f"{label_of(f.tag)[1]}: {f.message}" for f in findings)]
    said = "\n".join(line for line in lines if line)
    return Rejected(code, said or _UNEXPLAINED.vi, findings)


def _login_refusal(reply: Reply, answer: Mapping[str, Any] | None) -> LoginOutcome:
    status = reply.status
    code = _code(answer, f"HTTP_{status}")
    if status in {401, 403}:
        return Blocked(code, _with_words(_LOGIN_REFUSED, answer))
    if status == 429:
        return Blocked(code, _LOGIN_PAUSE, _retry_after(reply))
    if status == 200 and answer is None and not _looks_like_a_page(reply):
        return Retry("CUT", _CUT)
    if answer is None and (status < 400 or status in {407, 511}):
        return Retry("CAPTIVE", _CAPTIVE)
    if status >= 500 or status == 408:
        return Retry(code, _BUSY, after=_retry_after(reply))
    if status in {404, 405, 410}:
        return Blocked(code, _NO_PORTAL)
    if answer is None:
        return Retry(code, _FILTERED)
    return Blocked(code, _with_words(_LOGIN_REFUSED, answer))


# --- reading


def _json(reply: Reply) -> Mapping[str, Any] | None:
    """The answer's object; None when it is cut, not JSON, or not an object."""
    if not reply.complete:
        return None
    try:
        answer = json.loads(reply.body.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return None
    return answer if isinstance(answer, dict) else None


def _looks_like_a_page(reply: Reply) -> bool:
    kind = reply.headers.get("content-type", "").lower()
    return "html" in kind or reply.body.lstrip()[:1] == b"<"


def _part(answer: Mapping[str, Any] | None, name: str) -> Mapping[str, Any]:
    value = answer.get(name) if answer else None
    return value if isinstance(value, dict) else {}


def _login_token(answer: Mapping[str, Any] | None) -> str:
    token = _part(answer, "data").get("access_token")
    usable = isinstance(token, str) and token.isascii() and token.isprintable()
    return str(token) if usable and answer is not None and answer.get("success") is not False else ""


def _lifetime(answer: Mapping[str, Any] | None) -> float | None:
    for holder in (_part(answer, "data"), answer or {}):
        seconds = holder.get("expires_in")
        if isinstance(seconds, int | float) and not isinstance(seconds, bool) and seconds > 0:
            return float(seconds)
    return None


def _code(answer: Mapping[str, Any] | None, default: str) -> str:
    """The portal's code if it looks like one; codes are logged, so nothing else may pass."""
    code = answer.get("code") if answer else None
    return code if isinstance(code, str) and _CODE.fullmatch(code) else default


def _words(answer: Mapping[str, Any] | None) -> str:
    message = answer.get("message") if answer else None
    return clean(message)[:_LONGEST_WORDS] if isinstance(message, str) else ""


def _with_words(text: Text, answer: Mapping[str, Any] | None) -> Text:
    said = _words(answer)[:200].rstrip(".")
    return Text(f"{text.vi} Cổng báo: {said}.", f"{text.en} The portal says: {said}.") if said else text


def _findings(answer: Mapping[str, Any], label_of: Callable[[str], tuple[str, str]]) -> list[FieldError]:
    """`[{"field": tag, "message": …}]` or `{tag: […]}`; unreadable entries are left out."""
    errors = answer.get("errors")
    if isinstance(errors, dict):
        errors = [{"field": tag, "message": said} for tag, said in errors.items()]
    found = []
    for error in errors if isinstance(errors, list) else []:
        if not isinstance(error, dict):
            continue
        tag, said = error.get("field"), error.get("message")
        said = "; ".join(map(str, said)) if isinstance(said, list) else said
        if isinstance(tag, str) and isinstance(said, str):
            found.append(FieldError(clean(tag)[:80], label_of(tag)[0], clean(said)[:500]))
    return found


def _retry_after(reply: Reply) -> float | None:
    """Seconds only: a date would need a clock that can be trusted."""
    wanted = reply.headers.get("retry-after", "").strip()
    return float(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 9 else None


_OFFLINE = Text(
    "Chưa có mạng hoặc cổng không trả lời. Hồ sơ được giữ trên máy và sẽ tự gửi khi có mạng.",
    "No network, or the portal does not answer. Records are kept here and go by themselves once it does.",
)
_NO_ANSWER = Text(
    "Đã gửi nhưng chưa nhận được trả lời của cổng. Máy sẽ tự gửi lại đúng bản tin đó.",
    "Sent, but the portal's answer did not arrive. The very same message is sent again by itself.",
)
_TROUBLE: Mapping[Trouble, Text] = {
    Trouble.OFFLINE: _OFFLINE,
    Trouble.CLOSED: _OFFLINE,
    Trouble.NO_ANSWER: _OFFLINE,
    Trouble.TLS: Text(
        "Không kiểm tra được chứng thư của cổng. Xem lại ngày giờ của máy và địa chỉ cổng.",
        "The portal's certificate could not be verified. Check this computer's date and the portal address.",
    ),
    Trouble.ADDRESS: Text(
        "Địa chỉ cổng không đúng dạng. Sửa trong phần Quản trị.",
        "The portal's address is not valid. Correct it in the administration screen.",
    ),
}
_CAPTIVE = Text(
    "Mạng đang dùng đòi đăng nhập (Wi-Fi công cộng). Mở trình duyệt để đăng nhập mạng; hồ sơ vẫn trên máy.",
    "This network asks for a sign-in (public Wi-Fi). Open a browser to sign in; records are kept here.",
)
_CUT = Text(
    "Trả lời của cổng bị đứt giữa chừng. Máy sẽ tự gửi lại đúng bản tin đó.",
    "The portal's answer was cut. The very same message is sent again by itself.",
)
_UNCLEAR = Text(
    "Cổng trả lời không rõ đã nhận hay chưa. Máy sẽ tự gửi lại đúng bản tin đó.",
    "The portal's answer does not say whether it received the message. The same one is sent again by itself.",
)
_PORTAL_FAILED = Text(
    "Cổng gặp lỗi khi nhận. Máy sẽ tự gửi lại đúng bản tin đó.",
    "The portal failed while receiving. The very same message is sent again by itself.",
)
_BUSY = Text("Cổng đang bận hoặc bảo trì. Máy sẽ tự thử lại.", "The portal is busy or under maintenance.")
_PAUSE = Text("Cổng đề nghị gửi chậm lại. Máy sẽ tự gửi tiếp.", "The portal asks to slow down.")
_LOGGED_OUT = Text(
    "Cổng không nhận phiên đăng nhập của trạm. Xem lại tài khoản và mật khẩu cổng.",
    "The portal does not accept the station's login. Check the portal account and password.",
)
_FILTERED = Text(
    "Một thiết bị trên đường truyền chặn bản tin. Máy sẽ tự thử lại.",
    "Something on the way blocks the message. It is tried again by itself.",
)
_NO_PORTAL = Text(
    "Không thấy cổng nhận hồ sơ ở địa chỉ này. Xem lại địa chỉ cổng trong phần Quản trị.",
    "There is no portal at this address. Check the portal's address in the administration screen.",
)
_WRONG_STATION = Text(
    "Tài khoản cổng thuộc đơn vị khác với mã trạm trong hồ sơ. Xem lại mã trạm và tài khoản cổng.",
    "The portal account belongs to another unit than the station code. Check station code and account.",
)
_FORMER_STATION = Text(
    "Phiếu này đã được gửi với mã trạm cũ và cổng không nhận mã đó nữa. Chọn gửi lại để gửi với mã trạm mới.",
    "Sent under the former station code, which the portal no longer takes. Send it again to use the new one.",
)
_STATION_REFUSED = Text(
    "Cổng không cho trạm này gửi. Hồ sơ vẫn an toàn trên máy. Liên hệ nơi quản lý cổng.",
    "The portal does not let this station send. Records are safe here. Contact whoever runs the portal.",
)
_LOGIN_REFUSED = Text(
    "Cổng không cho đăng nhập. Xem lại tài khoản và mật khẩu cổng trong phần Quản trị.",
    "The portal refused the login. Check the portal account and password in the administration screen.",
)
_LOGIN_PAUSE = Text(
    "Cổng tạm khóa đăng nhập vì thử quá nhiều lần. Máy sẽ tự thử lại sau.",
    "The portal paused logins after too many tries. It is tried again later by itself.",
)
_TOO_LARGE = Text("Bản tin lớn hơn mức cổng cho phép", "The message is larger than the portal allows")
_UNEXPLAINED = Text("Cổng không nêu lý do", "The portal gave no reason")
