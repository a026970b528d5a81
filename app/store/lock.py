"""One program at a time: a lock that the operating system frees when its holder ends, however it ends."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from app.store.problems import problem

if sys.platform == "win32":
    import msvcrt

    def _take(handle: int) -> None:
        os.lseek(handle, 0, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)

    def _give_back(handle: int) -> None:
        os.lseek(handle, 0, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _take(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _give_back(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_UN)


class StoreLock:
    """Held from opening to closing. The file stays empty; its bytes are never written.

    Also excludes a second opening inside the same process: the lock belongs to the open file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._handle: int | None = None
        self._made_file = False

    def acquire(self) -> None:
        """EnvironmentProblem store-in-use when somebody else holds it."""
        missing = not self._path.exists()
        writable = missing or os.access(self._path, os.W_OK)
        flags = os.O_RDWR | os.O_CREAT if writable else os.O_RDONLY
        handle = os.open(
            self._path, flags | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOINHERIT", 0), 0o600
        )
        try:
            _take(handle)
        except OSError as error:
            os.close(handle)
            raise problem("store-in-use") from error
        self._handle = handle
        self._made_file = missing

    def release(self) -> None:
        if self._handle is None:
            return
        handle, self._handle = self._handle, None
        _give_back(handle)
        os.close(handle)

    def withdraw(self) -> None:
        """As `release`, for an opening that failed: a lock file that was not there before goes again."""
        self.release()
        if self._made_file:
            self._path.unlink(missing_ok=True)
