"""What to do next: a pure decision step. No I/O, no clock, no randomness of its own.

`step(state, event, now, jitter)` gives the next state and one action. `now` is monotonic seconds from any
origin, `jitter` a random number in [0, 1). Rules (field-lessons §1.8, style §4.3):

- a row that failed waits by itself; the others flow past it;
- while the link is in doubt, rows that never failed go first, so that no row can stop the rest;
- three sends in a row without an answer mean the link is gone: everything waits, jittered and doubling up
  to half an hour, until something answers, somebody asks, or the network changes;
- what the portal asks for (Retry-After) is kept even when somebody asks to send now;
- a refused login stops the batch with its reason until settings change, somebody asks or half an hour passes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeAlias

from forms.text import Text
from sync.outcome import (
    Accepted,
    AuthNeeded,
    Blocked,
    Duplicate,
    LoggedIn,
    LoginOutcome,
    Outcome,
    Rejected,
    Retry,
    Scope,
    Unknown,
)

FIRST_DELAY = 2.0
LONGEST_DELAY = 1800.0
LONGEST_PACE = 3600.0
"""A portal may ask for at most this many seconds of silence; a longer wish is cut, not obeyed blindly."""
UNANSWERED_LIMIT = 3
TOKEN_RESERVE = 0.9
"""Share of a login's stated life after which it is renewed before it can expire on the way."""
IDLE_RECHECK = 300.0
"""Another process may have queued something without being able to wake this one."""
FOREIGN_RECHECK = 30.0
"""The same when rows are open that this program was not given: another one is sending them."""
NEVER = float("-inf")
NO_REASON = Text("", "")


class WaitReason(StrEnum):
    LINK = "link"  # the network or the portal is not there
    PACED = "paced"  # the portal asked for a pause
    ROWS = "rows"  # only single rows wait for their next try
    LOCAL = "local"  # the store could not be read or written


class Wake(StrEnum):
    SAVED = "saved"
    SEND_NOW = "send-now"
    NETWORK = "network"
    SETTINGS = "settings"


@dataclass(frozen=True, slots=True)
class Parked:
    """One row waiting for its next try."""

    seq: int
    failures: int
    due: float


@dataclass(frozen=True, slots=True)
class Halt:
    """Why the batch stopped, and when a stop ends by itself (monotonic; None: never)."""

    code: str
    why: Text
    until: float | None


@dataclass(frozen=True, slots=True)
class State:
    login_until: float = NEVER
    """Logged in while now < login_until; +inf when the receiver states no life time."""
    relogin_spent: bool = False
    """A 401 already led to one fresh login; the next one stops the batch."""
    link_failures: int = 0
    unanswered: int = 0
    """Sends in a row that nobody answered."""
    not_before: float = NEVER
    """Own backoff; asking to send now clears it."""
    paced_until: float = NEVER
    """The portal's wish; only new settings clear it."""
    wait_reason: WaitReason = WaitReason.LINK
    wait_why: Text = NO_REASON
    wait_code: str = ""
    halt: Halt | None = None
    parked: tuple[Parked, ...] = ()
    fresh_exhausted: bool = False
    """While the link is in doubt: nothing is left that never failed, so failed rows may be tried."""
    skipped: frozenset[int] = frozenset()
    """What the last `Send` left out; a row that was offered and not given is not ours to send any more."""
    drained: bool = False
    """The last look into the queue found nothing to send now."""

    @property
    def in_doubt(self) -> bool:
        return self.unanswered > 0 or self.link_failures > 0


# --- events


@dataclass(frozen=True, slots=True)
class Woken:
    by: Wake


@dataclass(frozen=True, slots=True)
class TimePassed:
    """The last action was carried out (a wait ran its time), nothing else happened."""


@dataclass(frozen=True, slots=True)
class LoginDone:
    outcome: LoginOutcome


@dataclass(frozen=True, slots=True)
class NothingToSend:
    """The queue gave no row for the last `Send`."""


@dataclass(frozen=True, slots=True)
class Answered:
    seq: int
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class NotSetUp:
    """There is no address, user or password for this channel yet."""

    why: Text


@dataclass(frozen=True, slots=True)
class LocalTrouble:
    """The store failed (disk full, locked), or our own code did."""

    code: str
    why: Text


Event: TypeAlias = Woken | TimePassed | LoginDone | NothingToSend | Answered | NotSetUp | LocalTrouble

# --- actions


@dataclass(frozen=True, slots=True)
class Login:
    pass


@dataclass(frozen=True, slots=True)
class Send:
    """Claim the next row that is not in `skip`, and send it."""

    skip: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Wait:
    seconds: float
    reason: WaitReason
    code: str
    why: Text


@dataclass(frozen=True, slots=True)
class Idle:
    """Nothing waits. Look again when woken, or after `recheck_in` seconds."""

    recheck_in: float = IDLE_RECHECK


@dataclass(frozen=True, slots=True)
class Stop:
    """Sending makes no sense until somebody changes something, or `retry_in` seconds passed."""

    code: str
    why: Text
    retry_in: float | None


Action: TypeAlias = Login | Send | Wait | Idle | Stop


def backoff(failures: int, jitter: float) -> float:
    """Seconds before try number `failures` + 1: doubling from 2 s to 30 min, 50-100 % of it at random."""
    ceiling = min(LONGEST_DELAY, FIRST_DELAY * 2.0 ** min(max(failures, 1) - 1, 20))
    return ceiling * (0.5 + 0.5 * jitter)


def step(state: State, event: Event, now: float, jitter: float, *, unsent: bool) -> tuple[State, Action]:
    """Take in what happened and decide. `unsent` tells whether the outbox holds anything to send."""
    after = _absorb(replace(state, drained=False), event, now, jitter)
    return _decide(after, now, unsent=unsent)


def _absorb(state: State, event: Event, now: float, jitter: float) -> State:
    match event:
        case Woken(by):
            return _woken(state, by, now)
        case TimePassed():
            return state
        case LoginDone(outcome):
            return _login_done(state, outcome, now, jitter)
        case NothingToSend():
            return _queue_gave_nothing(state, now)
        case Answered(seq, outcome):
            return _answered(state, seq, outcome, now, jitter)
        case NotSetUp(why):
            return replace(State(), halt=Halt("NOT_SET_UP", why, None))
        case LocalTrouble(code, why):
            return _link_failed(state, now, jitter, code=code, why=why, reason=WaitReason.LOCAL)


def _queue_gave_nothing(state: State, now: float) -> State:
    parked = tuple(row for row in state.parked if row.seq in state.skipped)
    failed_may_go = state.in_doubt and any(row.due <= now for row in parked)
    return replace(state, parked=parked, fresh_exhausted=state.in_doubt, drained=not failed_may_go)


def _woken(state: State, by: Wake, now: float) -> State:
    match by:
        case Wake.SAVED:
            # A save is a chance to use a short window of signal, but a busy hour must not become a busy loop.
            return replace(state, link_failures=0, not_before=min(state.not_before, now + FIRST_DELAY))
        case Wake.SEND_NOW:
            return _unheld(replace(state, halt=None, relogin_spent=False))
        case Wake.NETWORK:
            return _unheld(state)
        case Wake.SETTINGS:
            return State()


def _unheld(state: State) -> State:
    parked = tuple(replace(row, due=NEVER) for row in state.parked)
    return replace(
        state, not_before=NEVER, link_failures=0, unanswered=0, parked=parked, fresh_exhausted=False
    )


def _login_done(state: State, outcome: LoginOutcome, now: float, jitter: float) -> State:
    match outcome:
        case LoggedIn(valid_for):
            until = float("inf") if valid_for is None else now + max(valid_for * TOKEN_RESERVE, 1.0)
            return replace(state, login_until=until, link_failures=0)
        case Retry():
            return _held(state, outcome, now, jitter)
        case Blocked():
            return _halted(state, outcome, now)


def _answered(state: State, seq: int, outcome: Outcome, now: float, jitter: float) -> State:
    match outcome:
        case Accepted() | Duplicate() | Rejected():
            return replace(
                _unparked(state, seq),
                link_failures=0,
                unanswered=0,
                relogin_spent=False,
                fresh_exhausted=False,
            )
        case Unknown(code, why):
            return _unanswered(state, seq, now, jitter, code=code, why=why)
        case Retry(code=code, why=why, scope=Scope.ROW):
            return _unanswered(state, seq, now, jitter, code=code, why=why)
        case Retry(scope=scope):
            held = _held(state, outcome, now, jitter)
            if scope is Scope.LINK:
                return held
            own = backoff(_failures(state, seq) + 1, jitter)
            return _parked(held, seq, max(held.not_before, held.paced_until) + own)
        case AuthNeeded(code, why):
            if state.relogin_spent:
                return _halted(state, Blocked(code, why), now)
            return replace(state, login_until=NEVER, relogin_spent=True)
        case Blocked():
            return _halted(state, outcome, now)


def _unanswered(state: State, seq: int, now: float, jitter: float, *, code: str, why: Text) -> State:
    parked = replace(
        _parked(state, seq, now + backoff(_failures(state, seq) + 1, jitter)),
        unanswered=state.unanswered + 1,
        fresh_exhausted=False,
        wait_code=code,
        wait_why=why,
    )
    if parked.unanswered < UNANSWERED_LIMIT:
        return parked
    return _link_failed(parked, now, jitter, code=code, why=why, reason=WaitReason.LINK)


def _held(state: State, retry: Retry, now: float, jitter: float) -> State:
    if retry.after is None:
        return _link_failed(state, now, jitter, code=retry.code, why=retry.why, reason=WaitReason.LINK)
    # A little more than asked for, differently on every machine, so that a district does not return at once.
    pause = min(max(retry.after, 0.0), LONGEST_PACE) + jitter
    return replace(
        state,
        paced_until=max(state.paced_until, now + pause),
        wait_reason=WaitReason.PACED,
        wait_code=retry.code,
        wait_why=retry.why,
        fresh_exhausted=False,
    )


def _link_failed(
    state: State, now: float, jitter: float, *, code: str, why: Text, reason: WaitReason
) -> State:
    failures = state.link_failures + 1
    return replace(
        state,
        link_failures=failures,
        not_before=now + backoff(failures, jitter),
        wait_reason=reason,
        wait_code=code,
        wait_why=why,
        fresh_exhausted=False,
    )


def _halted(state: State, blocked: Blocked, now: float) -> State:
    pause = LONGEST_DELAY if blocked.after is None else min(max(blocked.after, FIRST_DELAY), LONGEST_PACE)
    paced = state.paced_until if blocked.after is None else max(state.paced_until, now + pause)
    return replace(
        state,
        login_until=NEVER,
        relogin_spent=False,
        paced_until=paced,
        wait_reason=WaitReason.PACED,
        wait_code=blocked.code,
        wait_why=blocked.why,
        halt=Halt(blocked.code, blocked.why, now + pause),
    )


def _failures(state: State, seq: int) -> int:
    return next((row.failures for row in state.parked if row.seq == seq), 0)


def _parked(state: State, seq: int, due: float) -> State:
    others = _unparked(state, seq).parked
    return replace(state, parked=(*others, Parked(seq, _failures(state, seq) + 1, due)))


def _unparked(state: State, seq: int) -> State:
    return replace(state, parked=tuple(row for row in state.parked if row.seq != seq))


def _decide(state: State, now: float, *, unsent: bool) -> tuple[State, Action]:
    halt = state.halt
    if halt is not None:
        if halt.until is None:
            return state, Stop(halt.code, halt.why, None)
        if now < halt.until:
            return state, Stop(halt.code, halt.why, halt.until - now)
        state = replace(state, halt=None)
    resume = max(state.not_before, state.paced_until)
    in_trouble = state.wait_reason is WaitReason.LOCAL and now < resume  # then nobody knows what is unsent
    if not unsent and not in_trouble:
        return replace(state, parked=()), Idle()
    if now < resume:
        return state, Wait(resume - now, state.wait_reason, state.wait_code, state.wait_why)
    if state.drained:
        return state, _after_drained(state, now)
    if now >= state.login_until:
        return state, Login()
    skip = _skip(state, now)
    return replace(state, skipped=skip), Send(skip)


def _skip(state: State, now: float) -> frozenset[int]:
    """Rows that must not be tried now. In doubt, failed rows go one by one, the least failed first."""
    if not state.in_doubt:
        return frozenset(row.seq for row in state.parked if now < row.due)
    due = [row for row in state.parked if row.due <= now] if state.fresh_exhausted else []
    chosen = min(due, key=lambda row: (row.failures, row.due, row.seq), default=None)
    return frozenset(row.seq for row in state.parked if row != chosen)


def _after_drained(state: State, now: float) -> Action:
    if not state.parked:
        return Idle(FOREIGN_RECHECK)
    first = min(row.due for row in state.parked)
    return Wait(first - now, WaitReason.ROWS, state.wait_code, state.wait_why)
