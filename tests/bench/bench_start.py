"""Start to the unlock window, and memory with it open, against a bare process with the same libraries."""

from __future__ import annotations

import statistics
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.bench.row import Row
from tests.helpers.station import make_station

ROOT = Path(__file__).resolve().parents[2]
ROUNDS = 5

END = """
spent = time.perf_counter() - began
import os, resource, sys
sys.stdout.write(f"{spent} {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}")
sys.stdout.flush()
os._exit(0)
"""
BARE = """
import time; began = time.perf_counter()
import sqlalchemy.orm, sqlcipher3
from PySide6.QtWidgets import QApplication, QLabel
app = QApplication([])
label = QLabel("Hồ sơ 831")
label.show()
app.processEvents()
"""
OURS = """
import time; began = time.perf_counter()
import sys
from functools import partial
from pathlib import Path
from app import bootstrap
from PySide6.QtWidgets import QApplication
from ui.app import Program, log_folder
from ui.crash import CrashReporter
door = bootstrap.StationDoor(Path(sys.argv[1]))
app = QApplication([])
crash = CrashReporter(partial(log_folder, door.folder))
program = Program(app, door=door, connect=None, makers=None, crash=crash)
program.start()
app.processEvents()
assert program.start_window.isVisible()
"""


def measure(script: str, folder: Path) -> tuple[float, float]:
    """(seconds, MB) of one process."""
    ended = subprocess.run(
        [sys.executable, "-c", script + END, str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    seconds, memory = ended.stdout.split()
    return float(seconds), float(memory)


def rows(folder: Path) -> Iterator[Row]:
    make_station(folder / "station").store.close()
    ours, bare = [], []
    for _ in range(ROUNDS):
        ours.append(measure(OURS, folder / "station"))
        bare.append(measure(BARE, folder / "station"))
    start, base = (statistics.median(s for s, _ in each) * 1000 for each in (ours, bare))
    memory, least = (statistics.median(m for _, m in each) for each in (ours, bare))
    yield Row("start to unlock window", start, "ms", base, "bare process, same libraries", "ratio ≤ 1.5")
    yield Row("memory with it open", memory, "MB", least, "bare process, same libraries", "ratio ≤ 1.5")
