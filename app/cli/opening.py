"""Opening the station that a command works on."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app import bootstrap
from app.errors import AppError
from app.ports import Context
from forms.text import Text


def folder_of(arguments: argparse.Namespace) -> Path:
    chosen: Path | None = getattr(arguments, "store", None)
    return chosen or bootstrap.default_folder()


def secret(variable: str, prompt: Text) -> str:
    """From the environment, otherwise asked on the terminal; never an argument (others can see those)."""
    value = os.environ.get(variable)
    if value is not None:
        return value
    if not sys.stdin.isatty():
        raise AppError(
            "password-missing",
            Text(
                f"Chưa có mật khẩu. Đặt biến {variable} hoặc chạy lệnh trong cửa sổ dòng lệnh.",
                f"No password. Set {variable} or run the command in a terminal.",
            ),
        )
    return getpass.getpass(f"{prompt.vi}: ")


@contextmanager
def opened(arguments: argparse.Namespace) -> Iterator[Context]:
    """The unlocked station; closed again whatever happens."""
    password = secret("HOSO831_PASSWORD", Text("Mật khẩu", "Password"))
    ctx = bootstrap.open_station(folder_of(arguments), getattr(arguments, "user", None), password)
    try:
        yield ctx
    finally:
        ctx.store.close()
