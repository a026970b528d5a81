"""The decision step, case by case: what happened -> what is done next."""

from __future__ import annotations

from dataclasses import replace

import pytest

from forms.text import Text
from sync.engine import (
    FIRST_DELAY,
    FOREIGN_RECHECK,
    IDLE_RECHECK,
    LONGEST_DELAY,
    LONGEST_PACE,
    Action,
    Answered,
    Event,
    Idle,
    LocalTrouble,
    Login,
    LoginDone,
    NothingToSend,
    NotSetUp,
    Parked,
    Send,
    State,
    Stop,
    TimePassed,
    Wait,
    WaitReason,
    Wake,
    Woken,
    backoff,
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
LOGGED_IN = State(login_until=float("inf"))
NOW = 1000.0
OFFLINE = Retry("OFFLINE", WHY)
LOST = Unknown("NO_ANSWER", WHY)
CAPTIVE = Retry("CAPTIVE", WHY, Scope.PORTAL)
FILTERED = Retry("HTTP_400", WHY, Scope.ROW)


class Drive:
    """Feeds events one after the other, with the time and jitter a test chooses."""

    def __init__(self, state: State = LOGGED_IN, *, jitter: float = 1.0, unsent: bool = True) -> None:
        self.state = state
        self.now = NOW
        self.jitter = jitter
        self.unsent = unsent

    def __call__(self, event: Event, *, after: float = 0.0) -> Action:
        self.now += after
        self.state, action = step(self.state, event, self.now, self.jitter, unsent=self.unsent)
        return action

    def answer(self, seq: int, outcome: Outcome, *, after: float = 0.0) -> Action:
        return self(Answered(seq, outcome), after=after)


# --- the ordinary run


def test_logs_in_only_when_something_waits() -> None:
    assert Drive(State(), unsent=False)(TimePassed()) == Idle(IDLE_RECHECK)
    assert Drive(State())(TimePassed()) == Login()


def test_sends_one_after_the_other_until_the_queue_is_empty() -> None:
    drive = Drive(State())
    assert drive(Woken(Wake.SAVED)) == Login()
    assert drive(LoginDone(LoggedIn(10_800.0))) == Send()
    for seq, outcome in enumerate((Accepted("r"), Duplicate("r"), Rejected("X", "vì"))):
        assert drive.answer(seq, outcome) == Send()
    drive.unsent = False
    assert drive(NothingToSend()) == Idle(IDLE_RECHECK)


def test_rows_another_program_is_sending_are_looked_at_again_soon() -> None:
    assert Drive()(NothingToSend()) == Idle(FOREIGN_RECHECK)


def test_login_is_renewed_before_it_can_expire() -> None:
    drive = Drive(State())
    drive(LoginDone(LoggedIn(100.0)))
    assert drive.answer(1, Accepted("r"), after=89.0) == Send()
    assert drive.answer(2, Accepted("r"), after=2.0) == Login()


def test_login_without_stated_life_is_kept() -> None:
    drive = Drive(State())
    drive(LoginDone(LoggedIn(None)))
    assert drive.answer(1, Accepted("r"), after=1e9) == Send()


def test_an_empty_outbox_forgets_its_waiting_rows() -> None:
    drive = Drive()
    drive.answer(1, LOST)
    drive.unsent = False
    assert drive(TimePassed()) == Idle()
    assert drive.state.parked == ()


# --- rows that fail by themselves


@pytest.mark.parametrize("outcome", [LOST, FILTERED])
def test_a_failed_row_waits_and_the_next_one_goes(outcome: Outcome) -> None:
    drive = Drive()
    assert drive.answer(7, outcome) == Send(frozenset({7}))
    assert drive.answer(8, Accepted("r")) == Send(frozenset({7})), "not due yet"
    assert drive.answer(9, Accepted("r"), after=FIRST_DELAY) == Send(), "due again"


def test_a_row_that_fails_again_waits_longer() -> None:
    drive = Drive()
    delays = []
    for _ in range(12):
        drive.answer(7, LOST)
        delays.append(drive.state.parked[0].due - drive.now)
        drive.answer(8, Accepted("r"), after=LONGEST_DELAY)
    assert delays == sorted(delays)
    assert delays[:3] == [2.0, 4.0, 8.0]
    assert delays[-1] == LONGEST_DELAY


def test_a_settled_row_is_forgotten() -> None:
    drive = Drive()
    drive.answer(7, LOST)
    drive.answer(7, Duplicate("r"), after=5.0)
    assert drive.state.parked == ()


def test_when_only_failed_rows_are_left_it_waits_for_the_first() -> None:
    drive = Drive()
    drive.answer(7, LOST)
    drive.answer(8, Accepted("r"))
    assert drive(NothingToSend()) == Wait(FIRST_DELAY, WaitReason.ROWS, "NO_ANSWER", WHY)
    assert drive(TimePassed(), after=FIRST_DELAY) == Send()


def test_a_row_that_was_offered_and_not_given_is_forgotten() -> None:
    drive = Drive()
    drive.answer(7, LOST)
    drive.answer(8, Accepted("r"), after=10.0)
    assert drive(NothingToSend()) == Idle(FOREIGN_RECHECK), "another program settled it"
    assert drive.state.parked == ()


def test_three_sends_without_an_answer_mean_the_link_is_gone() -> None:
    drive = Drive()
    assert isinstance(drive.answer(1, LOST), Send)
    assert isinstance(drive.answer(2, LOST), Send)
    assert drive.answer(3, LOST) == Wait(FIRST_DELAY, WaitReason.LINK, "NO_ANSWER", WHY)
    assert drive(TimePassed(), after=2.0) == Send(frozenset({1, 2, 3})), "one that never failed goes first"
    assert drive.answer(4, LOST) == Wait(2 * FIRST_DELAY, WaitReason.LINK, "NO_ANSWER", WHY)


def test_failed_rows_are_tried_when_no_other_is_left() -> None:
    drive = Drive()
    for seq in (1, 2, 3):
        drive.answer(seq, LOST)
    assert drive(TimePassed(), after=10.0) == Send(frozenset({1, 2, 3}))
    assert drive(NothingToSend()) == Send(frozenset({2, 3})), "the link is in doubt: one at a time"
    assert drive.answer(1, Accepted("r")) == Send(), "it is not: all that are due"


def test_in_doubt_the_least_failed_row_goes_first() -> None:
    drive = Drive()
    drive.answer(1, LOST)
    drive.answer(2, LOST)
    drive.answer(1, CAPTIVE)
    drive(TimePassed(), after=100.0)
    assert drive(NothingToSend()) == Send(frozenset({1})), "row 2 failed once, row 1 twice"
    assert drive(NothingToSend()) == Send(), "row 2 is gone, so row 1 is next"
    assert drive(NothingToSend()) == Idle(FOREIGN_RECHECK)


def test_one_answer_clears_all_doubt() -> None:
    drive = Drive()
    for seq in (1, 2, 3):
        drive.answer(seq, LOST)
    drive(TimePassed(), after=10.0)
    assert drive.answer(4, Rejected("X", "vì")) == Send(), "rows that failed are due and may go"
    assert not drive.state.in_doubt


# --- the link


@pytest.mark.parametrize("jitter", [0.0, 0.5, 1.0])
def test_backoff_doubles_with_jitter_up_to_half_an_hour(jitter: float) -> None:
    delays = [backoff(n, jitter) for n in range(30)]
    share = 0.5 + 0.5 * jitter
    assert delays[:4] == [2 * share, 2 * share, 4 * share, 8 * share]
    assert delays[-1] == LONGEST_DELAY * share


def test_no_connection_holds_everything_without_blaming_the_row() -> None:
    drive = Drive()
    assert drive.answer(1, OFFLINE) == Wait(2.0, WaitReason.LINK, "OFFLINE", WHY)
    assert drive.state.parked == ()
    assert drive(TimePassed(), after=2.0) == Send()
    assert drive.answer(1, OFFLINE) == Wait(4.0, WaitReason.LINK, "OFFLINE", WHY)


def test_a_sign_in_page_holds_everything_and_the_row_goes_last() -> None:
    drive = Drive()
    assert drive.answer(1, CAPTIVE) == Wait(2.0, WaitReason.LINK, "CAPTIVE", WHY)
    assert drive(TimePassed(), after=2.0) == Send(frozenset({1}))


def test_login_without_connection_backs_off() -> None:
    drive = Drive(State())
    assert drive(LoginDone(OFFLINE)) == Wait(2.0, WaitReason.LINK, "OFFLINE", WHY)
    assert drive(TimePassed(), after=2.0) == Login()


def test_a_save_uses_a_short_window_of_signal_but_does_not_spin() -> None:
    drive = Drive()
    for _ in range(10):
        drive.answer(1, OFFLINE, after=LONGEST_DELAY)
    assert drive(Woken(Wake.SAVED)) == Wait(FIRST_DELAY, WaitReason.LINK, "OFFLINE", WHY)
    assert drive.answer(1, OFFLINE, after=2.0) == Wait(2.0, WaitReason.LINK, "OFFLINE", WHY)


@pytest.mark.parametrize("wake", [Wake.SEND_NOW, Wake.NETWORK])
def test_asking_and_a_new_network_end_all_waiting(wake: Wake) -> None:
    drive = Drive()
    for seq in (1, 2, 3, 4):
        drive.answer(seq, LOST)
    assert drive(Woken(wake)) == Send()


@pytest.mark.parametrize("unsent", [True, False])
def test_local_trouble_is_told_whatever_the_last_count_was(unsent: bool) -> None:
    drive = Drive(unsent=unsent)
    assert isinstance(drive(LocalTrouble("disk-full", WHY)), Wait)


def test_local_trouble_is_retried_with_backoff() -> None:
    drive = Drive()
    assert drive(LocalTrouble("disk-full", WHY)) == Wait(2.0, WaitReason.LOCAL, "disk-full", WHY)
    assert drive(TimePassed(), after=2.0) == Send()


# --- what the portal asks for


def test_retry_after_is_kept_even_when_somebody_asks_to_send_now() -> None:
    drive = Drive(jitter=0.0)
    slow = Retry("RATE_LIMITED", WHY, Scope.LINK, after=30.0)
    assert drive.answer(1, slow) == Wait(30.0, WaitReason.PACED, "RATE_LIMITED", WHY)
    assert drive(Woken(Wake.SEND_NOW), after=10.0) == Wait(20.0, WaitReason.PACED, "RATE_LIMITED", WHY)
    assert drive(TimePassed(), after=20.0) == Send()


def test_machines_do_not_return_all_at_once() -> None:
    slow = Retry("RATE_LIMITED", WHY, Scope.LINK, after=30.0)
    assert Drive(jitter=0.5).answer(1, slow) == Wait(30.5, WaitReason.PACED, "RATE_LIMITED", WHY)


@pytest.mark.parametrize(("asked", "kept"), [(-5.0, 0.5), (1e9, LONGEST_PACE + 0.5)])
def test_an_absurd_pause_is_not_obeyed(asked: float, kept: float) -> None:
    action = Drive(jitter=0.5).answer(1, Retry("X", WHY, Scope.LINK, after=asked))
    assert action == Wait(kept, WaitReason.PACED, "X", WHY)


def test_new_settings_clear_the_pause_too() -> None:
    drive = Drive()
    drive.answer(1, Retry("RATE_LIMITED", WHY, Scope.LINK, after=900.0))
    assert drive(Woken(Wake.SETTINGS)) == Login()
    assert drive.state == State()


# --- login refused


def test_a_401_leads_to_one_login_and_the_second_stops_the_batch() -> None:
    drive = Drive()
    needed = AuthNeeded("UNAUTHORIZED", WHY)
    assert drive.answer(1, needed) == Login()
    assert drive(LoginDone(LoggedIn(10_800.0))) == Send()
    assert drive.answer(1, needed) == Stop("UNAUTHORIZED", WHY, LONGEST_DELAY)
    assert drive(TimePassed(), after=LONGEST_DELAY) == Login(), "half an hour later it tries again"


def test_an_answer_between_two_401_allows_another_login() -> None:
    drive = Drive()
    needed = AuthNeeded("UNAUTHORIZED", WHY)
    drive.answer(1, needed)
    drive(LoginDone(LoggedIn(10_800.0)))
    drive.answer(1, Accepted("r"))
    assert drive.answer(2, needed) == Login()


def test_refused_login_stops_with_its_reason() -> None:
    drive = Drive(State())
    assert drive(LoginDone(Blocked("BAD_CREDENTIALS", WHY))) == Stop("BAD_CREDENTIALS", WHY, LONGEST_DELAY)
    assert drive(Woken(Wake.SAVED)) == Stop("BAD_CREDENTIALS", WHY, LONGEST_DELAY), "saving does not retry"
    assert drive(Woken(Wake.NETWORK)) == Stop("BAD_CREDENTIALS", WHY, LONGEST_DELAY)
    assert drive(Woken(Wake.SEND_NOW)) == Login(), "asking does"


def test_a_refused_station_stops_the_batch() -> None:
    drive = Drive()
    assert drive.answer(1, Blocked("ORG_MISMATCH", WHY)) == Stop("ORG_MISMATCH", WHY, LONGEST_DELAY)
    assert drive(Woken(Wake.SETTINGS)) == Login()


def test_login_paused_by_the_portal_is_not_tried_sooner() -> None:
    drive = Drive(State())
    paused = Blocked("TOO_MANY_LOGINS", WHY, after=60.0)
    assert drive(LoginDone(paused)) == Stop("TOO_MANY_LOGINS", WHY, 60.0)
    assert drive(Woken(Wake.SEND_NOW), after=10.0) == Wait(50.0, WaitReason.PACED, "TOO_MANY_LOGINS", WHY)


def test_without_settings_it_stops_until_there_are_some() -> None:
    drive = Drive()
    assert drive(NotSetUp(WHY)) == Stop("NOT_SET_UP", WHY, None)
    assert drive(TimePassed(), after=1e9) == Stop("NOT_SET_UP", WHY, None)
    assert drive(Woken(Wake.SETTINGS)) == Login()


def test_state_is_never_changed_in_place() -> None:
    before = replace(LOGGED_IN, parked=(Parked(1, 1, NOW),))
    copy = replace(before)
    step(before, Answered(1, LOST), NOW, 0.5, unsent=True)
    assert before == copy
