"""The station folder: names of its files, the default place, and writes that are whole or not at all."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import platformdirs

_APP_NAME = "HoSo831"


def default_folder() -> Path:
    """Where the station's data lives unless `--store` says otherwise."""
    return Path(platformdirs.user_data_dir(_APP_NAME, appauthor=False)) / "station"


@dataclass(frozen=True, slots=True)
class Layout:
    """The files of one station folder. Nothing about a person is outside `database`."""

    folder: Path

    @property
    def database(self) -> Path:
        return self.folder / "station.db"

    @property
    def wal(self) -> Path:
        return self.folder / "station.db-wal"

    @property
    def shm(self) -> Path:
        return self.folder / "station.db-shm"

    @property
    def keys(self) -> Path:
        return self.folder / "keys.json"

    @property
    def keys_copy(self) -> Path:
        return self.folder / "keys.json.bak"

    @property
    def lock(self) -> Path:
        return self.folder / "station.lock"

    @property
    def backups(self) -> Path:
        return self.folder / "backups"

    @property
    def outgoing(self) -> Path:
        return self.folder / "outgoing"

    @property
    def logs(self) -> Path:
        return self.folder / "logs"

    @property
    def staging(self) -> Path:
        """Present only while a store is being made; what is in it was never handed to anybody."""
        return self.folder / ".new-store"

    @property
    def migrating(self) -> Path:
        """The copy a migration works on; never the only copy of anything."""
        return self.folder / "station.db.migrating"

    def holds_store(self) -> bool:
        return any(path.exists() for path in (self.database, self.keys, self.keys_copy))

    def make_folders(self) -> None:
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        for folder in (self.folder, self.backups, self.outgoing, self.logs):
            folder.mkdir(mode=0o700, exist_ok=True)


def make_private(path: Path) -> None:
    """An empty file that only its owner may read; an existing one keeps its content."""
    path.touch(mode=0o600)


def write_atomically(path: Path, content: bytes) -> None:
    """The file has the old or the new content, also after a power cut. Only its owner may read it."""
    temporary = path.with_name(path.name + ".tmp")
    try:
        make_private(temporary)
        with temporary.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sync_file(path: Path) -> None:
    with path.open("r+b") as stream:
        os.fsync(stream.fileno())


def sync_folder(folder: Path) -> None:
    """Make a rename durable. Windows has no such call and writes its directory entries itself."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
