"""keys.json and its duplicate: reading whichever is sound, writing both."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from app.store import messages
from app.store.folder import Layout, write_atomically
from app.store.keys import DamagedKeys, KeyFile
from forms.text import Text


@dataclass(frozen=True, slots=True)
class Loaded:
    keys: KeyFile
    from_duplicate: bool

    @property
    def notes(self) -> tuple[Text, ...]:
        return (messages.KEYS_DUPLICATE_USED,) if self.from_duplicate else ()


def load(layout: Layout) -> Loaded:
    """EnvironmentProblem keys-missing, keys-damaged, store-missing or database-missing. Writes nothing."""
    if not layout.holds_store():
        raise messages.store_missing()
    damaged = False
    for path in (layout.keys, layout.keys_copy):
        if not path.exists():
            continue
        try:
            loaded = Loaded(KeyFile.from_bytes(path.read_bytes()), path == layout.keys_copy)
        except DamagedKeys:
            damaged = True
            continue
        if not layout.database.exists():
            raise messages.database_missing()
        return loaded
    raise messages.keys_damaged() if damaged else messages.keys_missing()


def save(layout: Layout, keys: KeyFile) -> None:
    for path in (layout.keys, layout.keys_copy):
        write_atomically(path, keys.to_bytes())


def repair(layout: Layout, loaded: Loaded) -> None:
    """After a successful opening both files hold what opened it. An unreadable one is set aside, not lost."""
    content = loaded.keys.to_bytes()
    for path in (layout.keys, layout.keys_copy):
        if path.exists():
            present = path.read_bytes()
            if present == content:
                continue
            if not _sound(present):
                path.replace(_aside(path))
        write_atomically(path, content)


def _sound(content: bytes) -> bool:
    try:
        KeyFile.from_bytes(content)
    except DamagedKeys:
        return False
    return True


def _aside(path: Path) -> Path:
    return path.with_name(path.name + ".damaged")
