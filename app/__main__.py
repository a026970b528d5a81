"""`hoso831` and `python -m app`."""

from __future__ import annotations

import sys
from multiprocessing import freeze_support

from app.cli.main import main as run_command


def main() -> int:
    freeze_support()
    return run_command()


if __name__ == "__main__":
    sys.exit(main())
