"""The window: without a command, and `demo`."""

from __future__ import annotations

import argparse

from app import bootstrap
from app.cli.opening import folder_of
from app.cli.output import Output
from app.cli.parser import Commands


def register(commands: Commands) -> None:
    commands.add("demo", demo, "the demo station in a window, with a portal on loopback")


def open_window(arguments: argparse.Namespace, out: Output) -> int:
    return bootstrap.run_window(folder_of(arguments), out.language)


def demo(arguments: argparse.Namespace, out: Output) -> int:
    return bootstrap.run_demo_window(getattr(arguments, "store", None), out.language)
