"""What screens are given, built over a real encrypted station in a temporary folder."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QObject, QSize, Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from app.domain.records import Draft
from app.domain.station import Role, Station, User
from app.ports import Context, FormPrinter, PrintRequest
from app.services import people
from app.store import vault
from app.store.recovery import RecoveryKey
from forms.catalogue import form
from forms.model import Json
from forms.text import Text
from tests.helpers.station import CHEAP, STATION, SetClock, make_station
from ui.bridge import AppBridge
from ui.keyboard import Scope
from ui.screen import Screen
from ui.services import Backend, Link, NewStation, RecoverySheet, Services
from ui.shell.screens import ScreenMakers
from ui.tasks import TaskRunner

PDF = b"%PDF-1.4 recovery sheet of a synthetic station\n"


class NoPaper(FormPrinter):
    def render(self, request: PrintRequest) -> bytes:
        return PDF


@dataclass
class FakeStatus:
    link: str = Link.READY
    message: Text = field(
        default_factory=lambda: Text("Cổng đã nhận hết", "The portal has received everything")
    )
    code: str = ""
    next_try_in: float | None = None


@dataclass
class FakeSync:
    """Stands for the sync thread."""

    status: FakeStatus = field(default_factory=FakeStatus)
    calls: list[str] = field(default_factory=list)

    def wake(self) -> None:
        self.calls.append("wake")

    def send_now(self) -> None:
        self.calls.append("send_now")

    def settings_changed(self) -> None:
        self.calls.append("settings_changed")

    def stop(self, timeout: float = 5.0) -> bool:
        self.calls.append("stop")
        return True


@contextmanager
def services_over(ctx: Context, **changes: object) -> Iterator[Services]:
    """Services on their own lanes; everything is drained and closed afterwards, the store included."""
    runner, network = TaskRunner(), TaskRunner()
    bridge = AppBridge()
    given: dict[str, object] = {
        "ctx": ctx, "station": STATION, "runner": runner, "network": network, "bridge": bridge,
        "printer": NoPaper(), "sync": FakeSync(), **changes,
    }  # fmt: skip
    try:
        yield Services(**given)  # type: ignore[arg-type] # the fakes fit the protocols
    finally:
        for lane in (network, runner):
            assert lane.drain(10)
            lane.close()
            lane.deleteLater()
        bridge.deleteLater()
        ctx.store.close()


@contextmanager
def station_services(folder: Path, **changes: object) -> Iterator[Services]:
    with services_over(make_station(folder), **changes) as services:
        yield services


def register(ctx: Context, name: str, **answers: Json) -> str:
    """A synthetic resident; returns the person id."""
    known: dict[str, Json] = {"full_name": name, "sex": "female", "birth_date": "1985", **answers}
    findings = people.check_person(ctx, known)
    return people.register_person(ctx, known, [f.rule for f in findings]).record.id


class PlainRecord(Screen):
    """Stands for the record screen."""

    scopes = (Scope.RECORD,)

    def __init__(self, services: Services) -> None:
        super().__init__()
        self.opened: list[str] = []
        self.resumed: list[Draft] = []
        self.flushed = 0
        self.unsaved = False
        self.edit = QLineEdit()
        QVBoxLayout(self).addWidget(self.edit)

    def open_person(self, person_id: str) -> None:
        self.opened.append(person_id)

    def resume(self, draft: Draft) -> None:
        self.resumed.append(draft)

    def activate(self) -> None:
        self.edit.setFocus()

    def flush_drafts(self) -> None:
        self.flushed += 1

    def has_unsaved(self) -> bool:
        return self.unsaved


class PlainNewPerson(PlainRecord):
    """Stands for the registration screen."""

    person_saved = Signal(str)

    def __init__(self, services: Services, known: Mapping[str, Json]) -> None:
        super().__init__(services)
        self.known = dict(known)


PLAIN_MAKERS = ScreenMakers(record=PlainRecord, new_person=PlainNewPerson)


class VaultDoor:
    """The real vault with cheap keys, and a stop where a test wants to look at the waiting."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.clock = SetClock()
        self.go = threading.Event()
        self.go.set()
        self.demo_folder = folder.with_name("demo")

    @property
    def folder(self) -> Path:
        return self._folder

    def exists(self) -> bool:
        return any((self._folder / name).exists() for name in ("station.db", "keys.json", "keys.json.bak"))

    def usernames(self) -> tuple[str, ...]:
        return vault.list_usernames(self._folder)

    def prepare(self, new: NewStation) -> RecoverySheet:
        return RecoverySheet(text=RecoveryKey.generate().text, pdf=PDF)

    def create(self, new: NewStation, recovery_text: str) -> Context:
        assert self.go.wait(10)
        return self._make(self._folder, new, RecoveryKey.parse(recovery_text))

    def unlock(self, username: str, password: str) -> Context:
        assert self.go.wait(10)
        store, user = vault.unlock(self._folder, username, password, clock=self.clock)
        return self._context(store, user)

    def recover(self, recovery_text: str, username: str, new_password: str) -> Context:
        store, user = vault.unlock_with_recovery(
            self._folder, recovery_text, username=username, clock=self.clock
        )
        vault.set_password(store, user.username, new_password, cost=CHEAP)
        return self._context(store, user)

    def open_demo(self) -> Context:
        station = Station(code="DEMO1", name="Trạm mẫu", commune="14848", demo=True)
        new = NewStation(
            station=station, username="demo", display_name="Người xem thử", password="demo-831-mau"
        )
        return self._make(self.demo_folder, new, RecoveryKey.generate())

    def _make(self, folder: Path, new: NewStation, recovery: RecoveryKey) -> Context:
        user = User(id="user-1", username=new.username, display_name=new.display_name, role=Role.HEAD)
        ids = iter(f"00000000-0000-4000-8000-{n:012d}" for n in range(10_000))
        store, _ = vault.create_store(
            folder, password=new.password, user=user, station=new.station, clock=self.clock,
            new_id=ids.__next__, program_version="0.0.0", recovery=recovery, cost=CHEAP,
        )  # fmt: skip
        return self._context(store, user)

    def _context(self, store: object, user: User) -> Context:
        from app.clock import new_uuid

        return Context(store=store, form=form(), user=user, clock=self.clock, new_id=new_uuid)  # type: ignore[arg-type]


@dataclass
class FakeConnect:
    """What bootstrap would connect; keeps what it made."""

    sync: FakeSync = field(default_factory=FakeSync)
    contexts: list[Context] = field(default_factory=list)

    def __call__(self, ctx: Context, bridge: AppBridge) -> Backend:
        self.contexts.append(ctx)
        return Backend(printer=NoPaper(), sync=self.sync)  # type: ignore[arg-type] # a protocol of properties


class FakePaper:
    """Takes paper and answers dialogs."""

    def __init__(self, answer: Path | None = None, *, printer: bool = True) -> None:
        self.answer = answer
        self.printer = printer
        self.printed: list[bytes] = []

    def choose_file(self, parent: QWidget, suggested: Path) -> Path | None:
        return self.answer

    def send_to_printer(self, parent: QWidget, pdf: bytes) -> bool:
        if self.printer:
            self.printed.append(pdf)
        return self.printer


def shown(widget: QWidget, size: QSize = QSize(1366, 768)) -> QWidget:  # noqa: B008 # a constant
    widget.resize(size)
    widget.show()
    widget.activateWindow()
    return widget


def texts(root: QObject) -> str:
    """Everything readable in the visible labels and buttons of a widget."""
    found = []
    for widget in root.findChildren(QWidget):
        text = getattr(widget, "text", "")
        if widget.isVisible():
            found.append(text() if callable(text) else text)
    return "\n".join(found)
