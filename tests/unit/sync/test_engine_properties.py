"""The decision step under any history: no row can stop the others, and waits stay within their bounds."""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from forms.text import Text
from sync.engine import (
    LONGEST_PACE,
    Answered,
    Event,
    Idle,
    LocalTrouble,
    Login,
    LoginDone,
    NothingToSend,
    NotSetUp,
    Send,
    State,
    Stop,
    TimePassed,
    Wait,
    Wake,
    Woken,
    step,
)
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

WHY = Text("vì", "because")
ROUNDING = 1e-6
SEQS = st.integers(1, 6)
PAUSES = st.none() | st.floats(0, 1e7)
OUTCOMES: st.SearchStrategy[Outcome] = st.one_of(
    st.just(Accepted("r")),
    st.just(Duplicate("r")),
    st.just(Rejected("X", "vì")),
    st.just(Unknown("NO_ANSWER", WHY)),
    st.just(AuthNeeded("UNAUTHORIZED", WHY)),
    st.builds(Retry, st.just("R"), st.just(WHY), st.sampled_from(Scope), PAUSES),
    st.builds(Blocked, st.just("B"), st.just(WHY), PAUSES),
)
EVENTS: st.SearchStrategy[Event] = st.one_of(
    st.builds(Woken, st.sampled_from(Wake)),
    st.just(TimePassed()),
    st.builds(LoginDone, st.builds(LoggedIn, st.none() | st.floats(0, 1e5))),
    st.just(LoginDone(Retry("R", WHY))),
    st.just(LoginDone(Blocked("B", WHY))),
    st.just(NothingToSend()),
    st.builds(Answered, SEQS, OUTCOMES),
    st.just(NotSetUp(WHY)),
    st.just(LocalTrouble("disk-full", WHY)),
)
HISTORY = st.lists(st.tuples(EVENTS, st.floats(0, 4000), st.floats(0, 1, exclude_max=True), st.booleans()))


@given(HISTORY)
def test_every_action_is_lawful(history: list[tuple[Event, float, float, bool]]) -> None:
    state, now = State(), 0.0
    for event, gap, jitter, unsent in history:
        now += gap
        state, action = step(state, event, now, jitter, unsent=unsent)
        match action:
            case Wait(seconds, _, _, _):
                assert 0 < seconds <= LONGEST_PACE + 1 + ROUNDING
            case Stop(_, _, retry_in):
                assert retry_in is None or 0 < retry_in <= LONGEST_PACE + ROUNDING
            case Send(skip):
                assert unsent
                assert now < state.login_until
                assert now >= max(state.not_before, state.paced_until)
                assert {row.seq for row in state.parked if now < row.due} <= skip
            case Login():
                assert unsent
                assert now >= state.login_until
            case Idle(recheck_in):
                assert recheck_in > 0
        assert len({row.seq for row in state.parked}) == len(state.parked)


@dataclass
class World:
    """A portal that fails by plan, and a queue that gives what the outbox would give."""

    poison: dict[int, list[Outcome]]
    """Rows that get these answers for ever, in turn."""
    faults: list[Outcome]
    """What the first requests meet, whatever they carry; then the link is good."""
    open: set[int]
    settled: list[int] = field(default_factory=list)
    unknown: set[int] = field(default_factory=set)
    requests: int = 0

    def claim(self, skip: frozenset[int]) -> int | None:
        """As the outbox does it: unknown ones first, then in queue order."""
        for row in (*sorted(self.unknown), *sorted(self.open - self.unknown)):
            if row not in skip:
                return row
        return None

    def send(self, seq: int) -> Outcome:
        self.requests += 1
        if self.faults:
            outcome = self.faults.pop(0)
        elif seq in self.poison:
            turns = self.poison[seq]
            outcome = turns[self.requests % len(turns)]
        else:
            outcome = Accepted("r")
        match outcome:
            case Accepted() | Duplicate() | Rejected():
                self.open.discard(seq)
                self.unknown.discard(seq)
                self.settled.append(seq)
            case Unknown():
                self.unknown.add(seq)
        return outcome


BAD_ANSWERS: st.SearchStrategy[Outcome] = st.sampled_from(
    [
        Unknown("NO_ANSWER", WHY),
        Retry("F", WHY, Scope.ROW),
        Retry("C", WHY, Scope.PORTAL),
        Retry("C", WHY, Scope.PORTAL, 5.0),
    ]
)


def _run(world: World, draw_jitter: float, seconds: float, wanted: set[int]) -> float:
    """Simulated seconds until the wanted rows are settled, at most `seconds`."""
    state, now = State(), 0.0
    event: Event = TimePassed()
    while now < seconds and not wanted <= set(world.settled):
        state, action = step(state, event, now, draw_jitter, unsent=bool(world.open))
        match action:
            case Login():
                event = LoginDone(LoggedIn(10_800.0))
                now += 0.6
            case Send(skip):
                row = world.claim(skip)
                event = NothingToSend() if row is None else Answered(row, world.send(row))
                now += 0.6
            case Wait(pause, _, _, _):
                event = TimePassed()
                now += pause
            case Stop(_, _, retry_in):
                event = TimePassed()
                now += retry_in or 0.0
            case Idle(recheck_in):
                event = TimePassed()
                now += recheck_in
    return now


@given(
    poison=st.dictionaries(st.integers(1, 40), st.lists(BAD_ANSWERS, min_size=1, max_size=3), max_size=8),
    faults=st.lists(st.one_of(BAD_ANSWERS, st.just(Retry("OFFLINE", WHY))), max_size=12),
    jitter=st.floats(0, 1, exclude_max=True),
)
def test_good_rows_all_arrive_whatever_the_bad_ones_do(
    poison: dict[int, list[Outcome]], faults: list[Outcome], jitter: float
) -> None:
    rows = set(range(1, 41))
    world = World(poison, list(faults), set(rows))
    good = rows - set(poison)
    _run(world, jitter, 12 * 3600.0, good)
    assert good <= set(world.settled)
    assert len(world.settled) == len(set(world.settled)), "no settled row was sent again"


@given(jitter=st.floats(0, 1, exclude_max=True), dead=st.integers(0, 10))
def test_it_converges_soon_after_the_link_is_good_again(jitter: float, dead: int) -> None:
    rows = set(range(1, 11))
    world = World({}, [Unknown("NO_ANSWER", WHY)] * dead, set(rows))
    assert _run(world, jitter, 12 * 3600.0, rows) < 600
    assert set(world.settled) == rows
