"""What screens are given. Built by `app.bootstrap`; a test builds it from fakes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from app.domain.station import ChannelSettings, Station
from app.ports import Context, FormPrinter
from forms.text import Text
from ui.bridge import AppBridge
from ui.tasks import TaskRunner


class Link(StrEnum):
    """What the sync thread says of its channel; the values of `sync.status.LinkState`."""

    NOT_SET_UP = "not-set-up"
    READY = "ready"
    SENDING = "sending"
    WAITING = "waiting"
    OFFLINE = "offline"
    STOPPED = "stopped"


class SyncStatus(Protocol):
    """A frozen status of the sync thread (`sync.status.SyncStatus` fits as it is)."""

    @property
    def link(self) -> str:
        """A value of `Link`."""
        ...

    @property
    def message(self) -> Text: ...

    @property
    def code(self) -> str:
        """Of the last trouble, "" if none."""
        ...

    @property
    def next_try_in(self) -> float | None:
        """Seconds from the moment the status was made."""
        ...


class SyncHandle(Protocol):
    """The sync thread as the screens know it (`sync.worker.SyncWorker`). All but `stop` return at once."""

    @property
    def status(self) -> SyncStatus: ...

    def wake(self) -> None:
        """Something was saved: look at the outbox soon."""
        ...

    def send_now(self) -> None:
        """Skip the waiting time (not the pacing)."""
        ...

    def settings_changed(self) -> None:
        """Address, account or password changed."""
        ...

    def stop(self, timeout: float = 5.0) -> bool:
        """End the thread; False if it did not end in `timeout` seconds."""
        ...


PortalCheck = Callable[[ChannelSettings, str | None], None]
"""Log in to the portal with these settings (None: the stored password); an AppError says what is wrong."""

ChangePassword = Callable[[str, str], None]
"""(old, new) for the current user; AccessDenied when the old one is wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """Everything a screen may use. Use cases are imported from `app.services` and get `ctx`."""

    ctx: Context
    station: Station
    runner: TaskRunner
    bridge: AppBridge
    printer: FormPrinter
    network: TaskRunner | None = None
    """A second lane for calls that wait for a network, so that saving never waits for them."""
    sync: SyncHandle | None = None
    check_portal: PortalCheck | None = None
    change_password: ChangePassword | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Backend:
    """What bootstrap connects to an unlocked store."""

    printer: FormPrinter
    sync: SyncHandle | None = None
    check_portal: PortalCheck | None = None
    change_password: ChangePassword | None = None


Connect = Callable[[Context, AppBridge], Backend]
"""Start what runs beside the screens. Called in the database lane once the store is open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewStation:
    """What the wizard collected."""

    station: Station
    username: str
    display_name: str
    password: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoverySheet:
    """Made before the station, so that no station ever exists whose sheet nobody has."""

    text: str
    """The recovery key as printed: checksummed groups."""
    pdf: bytes
    """The sheet to print; never written anywhere but where the user says."""


class StoreDoor(Protocol):
    """The store as seen before it is open. Calls run in the database lane and may take a second.

    Failures are `AccessDenied` (wrong password or recovery key) and `EnvironmentProblem` (damaged, newer,
    missing keys, read-only, locked); neither changes a file.
    """

    @property
    def folder(self) -> Path: ...

    def exists(self) -> bool:
        """A station was created in this folder, whatever its state."""
        ...

    def usernames(self) -> tuple[str, ...]:
        """Who can unlock, as far as it is readable before unlocking; may be empty."""
        ...

    def prepare(self, new: NewStation) -> RecoverySheet:
        """A new recovery key and its sheet; touches no file."""
        ...

    def create(self, new: NewStation, recovery_text: str) -> Context:
        """Create the station with exactly this recovery key and open it."""
        ...

    def unlock(self, username: str, password: str) -> Context: ...

    def recover(self, recovery_text: str, username: str, new_password: str) -> Context:
        """Open with the recovery key and give `username` a new password."""
        ...

    def open_demo(self) -> Context:
        """A separate station with made-up residents, for trying out."""
        ...
