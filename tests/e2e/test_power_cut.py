"""The program dies in the middle of an examination; the nurse comes back."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def run(what: str, folder: Path) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "tests.e2e.power_cut_child", what, str(folder)],
        cwd=ROOT,
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        check=False,
        timeout=120,
    )


def test_what_was_typed_is_there_again_at_the_same_field(tmp_path: Path) -> None:
    died = run("type", tmp_path)
    assert died.returncode == 9, died.stderr.decode()
    back = run("return", tmp_path)
    assert back.returncode == 0, back.stderr.decode()
    assert back.stdout.decode() == "cardiovascular|132|Nhịp tim đều"
