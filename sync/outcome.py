"""What can come of one exchange with a receiver. Every failure is classified here once, by the channel.

The engine and the worker know nothing else: no status codes, no exceptions of the HTTP library.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from forms.text import Text


@dataclass(frozen=True, slots=True)
class Message:
    """One built request. The same bytes always travel under the same request id."""

    body: bytes
    request_id: str


class Scope(StrEnum):
    """Whom a `Retry` holds back."""

    LINK = "link"  # nothing reached the receiver: everything waits, this row is not suspected
    PORTAL = "portal"  # something answered in a way that concerns everybody: all wait, this row goes last
    ROW = "row"  # only this row waits, the others flow past it


@dataclass(frozen=True, slots=True)
class FieldError:
    """One field-level remark of the receiver about one message."""

    tag: str
    key: str
    """Field.key the tag comes from, "" if it comes from no field."""
    message: str


@dataclass(frozen=True, slots=True)
class Accepted:
    receipt: str
    code: str = "ACCEPTED"


@dataclass(frozen=True, slots=True)
class Duplicate:
    """The receiver already held exactly these bytes: as good as accepted."""

    receipt: str
    code: str = "ACCEPTED_DUPLICATE"


@dataclass(frozen=True, slots=True)
class Rejected:
    """The receiver understood the message and refuses it. Sending it again unchanged is useless."""

    code: str
    message: str
    """In the receiver's own words, with the field remarks; may hold personal data, so never logged."""
    findings: tuple[FieldError, ...] = ()


@dataclass(frozen=True, slots=True)
class Retry:
    """Certain that the message was not applied."""

    code: str
    why: Text
    scope: Scope = Scope.LINK
    after: float | None = None
    """Seconds the receiver asked us to wait; None leaves it to the engine's backoff."""


@dataclass(frozen=True, slots=True)
class AuthNeeded:
    """The token is not (or no longer) valid; the message was not applied."""

    code: str
    why: Text


@dataclass(frozen=True, slots=True)
class Blocked:
    """Station, account or address is refused as such: no row is at fault, sending more is useless."""

    code: str
    why: Text
    after: float | None = None


@dataclass(frozen=True, slots=True)
class Unknown:
    """The message was sent and its fate is not known: it must be sent again byte for byte."""

    code: str
    why: Text


@dataclass(frozen=True, slots=True)
class LoggedIn:
    valid_for: float | None = None
    """Seconds the login can be relied on; None until the receiver says otherwise."""


Outcome: TypeAlias = Accepted | Duplicate | Rejected | Retry | AuthNeeded | Blocked | Unknown
LoginOutcome: TypeAlias = LoggedIn | Retry | Blocked
