#!/usr/bin/env python3
"""The developer's door: sets everything up on a bare machine, then does what is asked.

    python3 dev.py demo    demo station, portal on loopback; a window, or the scripted tour without a display
    python3 dev.py run     the program itself (arguments are passed on)
    python3 dev.py test    the whole suite        (arguments go to pytest)
    python3 dev.py lint    format, ruff, mypy, import rules
    python3 dev.py tour    drives the real windows and renews docs/screenshots
    python3 dev.py bench   the rows of docs/benchmarks.md, with their baselines
    python3 dev.py faults  the long kill and fault runs
    python3 dev.py build   the frozen program, and its self-test
    python3 dev.py lock    renews the locked dependencies

Standard library only. Needs Python 3.11 or newer; on Debian-like systems run it as root once, or install
the libraries it names.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
LOCK = ROOT / ".ci" / "dev.lock"
QT_LIBRARIES = (
    "libegl1", "libgl1", "libxkbcommon0", "libdbus-1-3", "libfontconfig1", "libfreetype6", "libglib2.0-0",
    "libx11-6", "libxkbcommon-x11-0", "libxcb-cursor0", "libxcb-icccm4", "libxcb-image0", "libxcb-keysyms1",
    "libxcb-render-util0", "libxcb-shape0", "libxcb-xinerama0",
)  # fmt: skip
QT_PROBE = "from PySide6 import QtWidgets, QtPrintSupport, QtSvg; QtWidgets.QApplication([])"


def say(text: str) -> None:
    print(f"· {text}", file=sys.stderr, flush=True)


def run(*command: str | Path, env: dict[str, str] | None = None) -> int:
    return subprocess.run([str(c) for c in command], cwd=ROOT, env=env, check=False).returncode


def require(*command: str | Path) -> None:
    code = run(*command)
    if code:
        sys.exit(code)


def make_environment() -> None:
    """`.venv` with exactly the locked packages; does nothing when it is up to date."""
    if sys.version_info < (3, 11):  # noqa: UP036 -- the one file an older Python may start
        sys.exit("Hồ sơ 831 needs Python 3.11 or newer / cần Python 3.11 trở lên.")
    stamp = VENV / "lock.sha256"
    wanted = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    if not PYTHON.exists():
        say("making .venv")
        if run(sys.executable, "-m", "venv", VENV):
            shutil.rmtree(VENV, ignore_errors=True)
            install_system_packages("python3-venv")
            require(sys.executable, "-m", "venv", VENV)
    say("installing the locked packages (a few minutes the first time)")
    pip = (PYTHON, "-m", "pip", "--disable-pip-version-check", "install", "-qq")
    require(*pip, "--require-hashes", "-r", LOCK)
    require(*pip, "--no-deps", "--no-build-isolation", "--no-index", "--editable", ROOT)
    stamp.write_text(wanted)


def install_system_packages(*names: str) -> None:
    missing = " ".join(names)
    apt = shutil.which("apt-get")
    if apt is None or os.name == "nt" or os.geteuid() != 0:
        sys.exit(f"Missing system packages; please install: {missing}")
    say(f"installing system packages: {missing}")
    run(apt, "-qq", "update")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    if run(apt, "-qq", "-y", "--no-install-recommends", "install", *names, env=quiet):
        sys.exit(f"Could not install: {missing}")


def make_qt_work() -> None:
    """Installs (as root) or names the libraries without which Qt does not start."""
    stamp = VENV / "qt.ok"
    if stamp.exists() or sys.platform != "linux":
        return
    probe = [str(PYTHON), "-c", QT_PROBE]
    platform = {**os.environ} if has_display() else {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    if subprocess.run(probe, env=platform, capture_output=True, check=False).returncode:
        install_system_packages(*QT_LIBRARIES)
        failed = subprocess.run(probe, env=platform, capture_output=True, text=True, check=False)
        if failed.returncode:
            sys.exit(f"Qt does not start:\n{failed.stderr}")
    stamp.touch()


def has_display() -> bool:
    return sys.platform in {"win32", "darwin"} or bool(
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    )


def demo(*arguments: str) -> int:
    if has_display():
        return run(PYTHON, "-m", "app", "demo", *arguments)
    return run(PYTHON, "-m", "tests.tour", "--out", "demo-output", *arguments)


def program(*arguments: str) -> int:
    return run(PYTHON, "-m", "app", *arguments)


def test(*arguments: str) -> int:
    parallel = () if any(a.startswith(("-n", "--pdb")) for a in arguments) else ("-n", "2")
    return run(PYTHON, "-m", "pytest", *parallel, *arguments)


def lint(*_: str) -> int:
    checks = (
        (BIN / "ruff", "format", "--check", "."),
        (BIN / "ruff", "check", "."),
        (PYTHON, "-m", "mypy"),
        (BIN / "lint-imports",),
    )
    return max([run(*check) for check in checks])


def tour(*arguments: str) -> int:
    return run(PYTHON, "-m", "tests.tour", "--out", "docs/screenshots", *arguments)


def bench(*arguments: str) -> int:
    return run(PYTHON, "-m", "tests.bench", *arguments)


def faults(*arguments: str) -> int:
    long_run = {**os.environ, "HOSO831_KILLS": "2000", "HYPOTHESIS_PROFILE": "long"}
    return run(PYTHON, "-m", "pytest", "tests/faults", "-p", "no:randomly", *arguments, env=long_run)


def build(*_: str) -> int:
    require(PYTHON, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN", "build.spec")
    frozen = ROOT / "dist" / "hoso831" / ("hoso831.exe" if os.name == "nt" else "hoso831")
    size = sum(f.stat().st_size for f in frozen.parent.rglob("*") if f.is_file() and not f.is_symlink())
    say(f"built {frozen.relative_to(ROOT)} ({size / 1e6:.0f} MB unpacked); running its self-test")
    return run(frozen, "self-test")


def lock(*_: str) -> int:
    command = [BIN / "uv", "pip", "compile", "--quiet", "--universal", "--python-version", "3.11"]
    command += ["--generate-hashes", "--no-emit-index-url", "--no-header", "--upgrade", "pyproject.toml"]
    require(*command, "--extra", "portal", "-o", ".ci/station.lock")
    return run(*command, "--extra", "portal", "--extra", "dev", "-o", LOCK)


COMMANDS = {
    "demo": demo, "run": program, "test": test, "lint": lint, "tour": tour, "bench": bench, "faults": faults,
    "build": build, "lock": lock,
}  # fmt: skip


def main() -> int:
    if len(sys.argv) < 2 or sys.argv[1] not in COMMANDS:
        print(__doc__)
        return 2
    make_environment()
    make_qt_work()
    if not has_display():
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    return COMMANDS[sys.argv[1]](*sys.argv[2:])


if __name__ == "__main__":
    sys.exit(main())
