"""Bugs: caught wherever they surface, written down without personal data, told once with a short code.

Hooks may run on any thread, so they only log and post a queued signal. A log line has the time, the code, the
exception's type and the places it passed; never its message, which may hold what was typed.
"""

from __future__ import annotations

import faulthandler
import hashlib
import re
import sys
import threading
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import TextIO

from PySide6.QtCore import QMessageLogContext, QObject, Qt, QtMsgType, Signal, Slot, qInstallMessageHandler

LOG_FILE = "crash.log"
FAULT_FILE = "fault.log"
_LARGEST_LOG = 256_000
_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_QT_NAME = re.compile(r"^[A-Za-z_][A-Za-z0-9_:~]{0,60}(?=[:( ])")

Report = tuple[str, str]
"""(code, one line for the log)."""


def _places(trace: TracebackType | None) -> list[str]:
    """file:line function, from the outside in; files without their folders."""
    frames = traceback.extract_tb(trace, limit=30)
    return [f"{Path(f.filename).parent.name}/{Path(f.filename).name}:{f.lineno} {f.name}" for f in frames]


def code_of(error: BaseException) -> str:
    """Six signs that are the same for the same fault: file, function and type, not line or message."""
    places = [place.partition(":")[0] + place.rpartition(" ")[2] for place in _places(error.__traceback__)]
    digest = hashlib.sha256("|".join([type(error).__name__, *places[-3:]]).encode()).digest()
    signs = "".join(_ALPHABET[b % len(_ALPHABET)] for b in digest[:6])
    return f"{signs[:3]}-{signs[3:]}"


@dataclass(frozen=True, slots=True)
class EarlierFault:
    """The program ended abruptly last time; `lines` is what the interpreter could still write."""

    lines: int


class CrashReporter(QObject):
    """Made before anything else of Qt. `where` gives the log folder once there is one.

    Signals:
        reported(str): code of a fault that was not told before.
    """

    reported = Signal(str)
    _caught = Signal(str)

    def __init__(self, where: Callable[[], Path | None]) -> None:
        super().__init__()
        self._where = where
        self._told: set[str] = set()
        self._lock = threading.Lock()
        self._fault_file: TextIO | None = None
        self._caught.connect(self._on_caught, Qt.ConnectionType.QueuedConnection)
        self._old_hooks = (sys.excepthook, threading.excepthook, sys.unraisablehook)

    def install(self) -> None:
        sys.excepthook = self._on_exception
        threading.excepthook = self._on_thread_exception
        sys.unraisablehook = self._on_unraisable
        qInstallMessageHandler(self._on_qt_message)

    def uninstall(self) -> None:
        sys.excepthook, threading.excepthook, sys.unraisablehook = self._old_hooks
        qInstallMessageHandler(None)
        if self._fault_file is not None:
            faulthandler.disable()
            self._fault_file.close()
            self._fault_file = None

    def watch_faults(self) -> EarlierFault | None:
        """Let the interpreter write hard faults into the log folder; tells whether one is there already."""
        folder = self._where()
        if folder is None or self._fault_file is not None:
            return None
        path = folder / FAULT_FILE
        earlier = None
        with suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
            if path.exists() and path.stat().st_size:
                earlier = EarlierFault(len(path.read_text("utf-8", "replace").splitlines()))
                self._write(f"fault of an earlier run, {earlier.lines} lines")
            self._fault_file = path.open("w", encoding="utf-8")
            faulthandler.enable(self._fault_file)
        return earlier

    def report(self, error: BaseException) -> str:
        """Write the fault down and tell it, once per code; any thread. Returns the code."""
        code = code_of(error)
        with self._lock:
            new = code not in self._told
            self._told.add(code)
        if new:
            self._write(
                f"{code} {type(error).__name__} at {' < '.join(reversed(_places(error.__traceback__)))}"
            )
            self._caught.emit(code)
        return code

    def _write(self, line: str) -> None:
        """Append to the log, or to stderr while there is no folder; a full disk loses only the line."""
        stamped = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ} {line}\n"
        folder = self._where()
        with suppress(OSError, ValueError):
            if folder is None:
                if sys.stderr is not None:
                    sys.stderr.write(stamped)
                return
            folder.mkdir(parents=True, exist_ok=True)
            path = folder / LOG_FILE
            if path.exists() and path.stat().st_size > _LARGEST_LOG:
                path.replace(path.with_suffix(".old.log"))
            with path.open("a", encoding="utf-8") as log:
                log.write(stamped)

    @Slot(str)
    def _on_caught(self, code: str) -> None:
        self.reported.emit(code)

    def _on_exception(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        self.report(error if error.__traceback__ is not None else error.with_traceback(trace))

    def _on_thread_exception(self, caught: threading.ExceptHookArgs) -> None:
        if caught.exc_value is not None:
            self.report(caught.exc_value)

    def _on_unraisable(self, caught: sys.UnraisableHookArgs) -> None:
        if caught.exc_value is not None:
            self.report(caught.exc_value)

    def _on_qt_message(self, kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
        """Qt's words may quote what a widget shows: only the function they begin with is kept."""
        if kind is QtMsgType.QtDebugMsg or kind is QtMsgType.QtInfoMsg:
            return
        found = _QT_NAME.match(message)
        name = found.group() if found else hashlib.sha256(message.encode()).hexdigest()[:8]
        with self._lock:
            new = name not in self._told
            self._told.add(name)
        if new:
            self._write(f"Qt {kind.name} {context.category or ''} {name}")
