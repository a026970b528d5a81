"""Runs one command: exit 0 ok, 1 refused, 2 usage."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from app.cli import data, people, portal, selftest, station, window
from app.cli.output import Output, use_utf8
from app.cli.parser import Commands
from app.errors import AppError

OK, REFUSED, USAGE = 0, 1, 2


def main(argv: Sequence[str] | None = None) -> int:
    use_utf8()
    commands = Commands()
    for module in (station, people, data, portal, selftest, window):
        module.register(commands)
    arguments = commands.parser.parse_args(argv)
    english = getattr(arguments, "lang", None) or os.environ.get("HOSO831_LANG", "vi")
    out = Output(
        as_json=getattr(arguments, "json", False),
        language="en" if english == "en" else "vi",
        stdout=sys.stdout,
        stderr=sys.stderr,
    )
    run = getattr(arguments, "run", window.open_window)
    try:
        return int(run(arguments, out))
    except AppError as error:
        out.failure(error)
        return REFUSED
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader went away (`hoso831 forms | head`); the interpreter must not complain at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return REFUSED
