"""The command line. `--store`, `--user`, `--json` and `--lang` go before or after the command."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

from app import __version__
from app.cli.output import Output

Run: TypeAlias = Callable[[argparse.Namespace, Output], int]


def common_options() -> argparse.ArgumentParser:
    common = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    common.add_argument(
        "--store", type=Path, metavar="DIR", help="station folder (default: user data folder)"
    )
    common.add_argument("--user", metavar="NAME", help="user name (default: the station's first user)")
    common.add_argument("--json", action="store_true", help="machine-readable answer on stdout")
    common.add_argument("--lang", choices=("vi", "en"), help="language of messages (default: vi)")
    return common


class Commands:
    """Adds commands named by one or two words ("doctor", "import records")."""

    def __init__(self) -> None:
        self._common = common_options()
        self.parser = argparse.ArgumentParser(
            prog="hoso831",
            description="Hồ sơ 831: offline-first health records of a commune health station. "
            "Without a command it opens the window.",
            epilog="The password comes from HOSO831_PASSWORD or a prompt, never from an argument.",
            parents=[self._common],
        )
        self.parser.add_argument("--version", action="version", version=f"hoso831 {__version__}")
        self._top = self.parser.add_subparsers(dest="command", metavar="COMMAND")
        self._groups: dict[str, Any] = {}  # argparse keeps the type of sub-parser actions private

    def add(self, words: str, run: Run, help_text: str) -> argparse.ArgumentParser:
        group, _, name = words.rpartition(" ")
        parent = self._group(group) if group else self._top
        parser: argparse.ArgumentParser = parent.add_parser(
            name, help=help_text, description=help_text, parents=[self._common]
        )
        parser.set_defaults(run=run)
        return parser

    def _group(self, name: str) -> Any:
        if name not in self._groups:
            parser = self._top.add_parser(name, help=f"{name} …", parents=[self._common])
            self._groups[name] = parser.add_subparsers(dest="what", metavar="WHAT", required=True)
        return self._groups[name]
