"""A whole working day through the real windows, and what it leaves on the disk."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pypdf
import pytest

from app.store import vault
from app.store.doctor import examine
from forms.text import fold
from tests.tour.day import PASSWORD, RESIDENT

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Ended:
    told: str
    station: Path
    out: Path
    around: Path
    """Home and temporary folder of the run, and the station."""


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Ended:
    around = tmp_path_factory.mktemp("day")
    out = tmp_path_factory.mktemp("out")
    for name in ("home", "tmp"):
        (around / name).mkdir()
    places = {
        "HOME": str(around / "home"), "XDG_DATA_HOME": str(around / "home" / "data"),
        "XDG_CACHE_HOME": str(around / "home" / "cache"), "XDG_CONFIG_HOME": str(around / "home" / "config"),
        "TMPDIR": str(around / "tmp"), "TEMP": str(around / "tmp"), "QT_QPA_PLATFORM": "offscreen",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "tests.tour", "--out", str(out), "--keep", str(around / "work")],
        cwd=ROOT,
        env=os.environ | places,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=240,
    )
    assert done.returncode == 0, done.stderr
    return Ended(done.stdout, around / "work" / "station", out, around)


def test_a_follow_up_takes_at_most_sixty_keys(day: Ended) -> None:
    keys = re.search(r"(\d+) keys", day.told)
    assert keys is not None
    assert int(keys[1]) <= 60


def test_the_printed_form_carries_what_was_typed(day: Ended) -> None:
    text = "".join(page.extract_text() for page in pypdf.PdfReader(day.out / "phieu-831.pdf").pages)
    for value in (RESIDENT[0], "05/09/1985", "132/84", "36,8", "58,5", "I10"):
        assert value in text


def test_everything_was_received_and_the_store_is_sound(day: Ended) -> None:
    store, _ = vault.unlock(day.station, "thu", PASSWORD)
    try:
        with store.reading() as uow:
            totals = uow.outbox.totals("qd831")
            assert (totals.unsent, totals.rejected) == (0, 0)
            assert totals.acknowledged == len(uow.outbox.entries("qd831", (), 100_000))
        assert examine(store).healthy
    finally:
        store.close()


def spellings() -> Iterator[bytes]:
    name, _, number = RESIDENT
    for text in (name, name.upper(), fold(name), number, "Tăng huyết áp vô căn"):
        for form in ("NFC", "NFD"):
            for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
                yield unicodedata.normalize(form, text).encode(encoding)


def test_nothing_on_the_disk_names_the_resident(day: Ended) -> None:
    """Store, WAL, drafts, logs, crash files, temporary and home folders; the portal keeps its own copy."""
    files = [p for p in day.around.rglob("*") if p.is_file() and not p.name.startswith("portal.db")]
    assert any(p.name == "station.db" for p in files)
    wanted = set(spellings())
    found = [(p.name, w) for p in files for content in [p.read_bytes()] for w in wanted if w in content]
    assert found == []


def test_the_window_program_ends_without_a_crash(tmp_path: Path) -> None:
    script = (
        "import sys\n"
        "from pathlib import Path\n"
        "from PySide6.QtCore import QTimer\n"
        "import ui.app\n"
        "from app import bootstrap\n"
        "started = ui.app.Program.start\n"
        "def start(self):\n"
        "    started(self)\n"
        "    QTimer.singleShot(0, self, self.quit)\n"
        "ui.app.Program.start = start\n"
        "sys.exit(bootstrap.run_window(Path(sys.argv[1])))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "station")],
        cwd=ROOT,
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert not (tmp_path / "station").exists()
