"""A full disk gives a clear message and loses nothing: pretended everywhere, for real where Linux allows it.

The real one is a tmpfs in a mount namespace of the child, so no mount outlives the child, however it ends.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.full_disk import SCENARIOS, Disk

OWN_DISK = (
    "unshare",
    "--mount",
    "--propagation",
    "private",
    "sh",
    "-c",
    'mount -t tmpfs -o size=2m tmpfs "$0" && exec "$@"',
)


def own_disk(point: Path) -> tuple[str, ...]:
    """What to put before a command to give it a small disk at `point`; nothing where that is not allowed."""
    if sys.platform != "linux" or not shutil.which("unshare"):
        return ()
    trial = subprocess.run([*OWN_DISK, str(point), "true"], check=False, capture_output=True)
    return (*OWN_DISK, str(point)) if trial.returncode == 0 else ()


@pytest.mark.parametrize("scenario", list(SCENARIOS))
def test_pretended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, scenario: str) -> None:
    SCENARIOS[scenario](Disk(tmp_path, monkeypatch))


@pytest.mark.parametrize("scenario", list(SCENARIOS))
def test_on_a_disk_of_its_own(tmp_path: Path, scenario: str) -> None:
    before = own_disk(tmp_path)
    done = subprocess.run(
        [*before, sys.executable, "-m", "tests.faults.full_disk", scenario, str(tmp_path)],
        check=True,
        capture_output=True,
        text=True,
    )
    assert done.stdout == ("done, real\n" if before else "done, pretended\n")
