"""Is the store well? Everything is read and compared; only `rebuild_index` changes anything."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any, TypeVar

from sqlcipher3 import dbapi2

from app.errors import EnvironmentProblem
from app.store import index
from app.store.connection import Access, Sql, open_raw
from app.store.folder import Layout
from app.store.keys import DamagedKeys, KeyFile
from app.store.migrations import HEAD
from app.store.problems import DAMAGE, classify, environment
from app.store.store import SqlStore
from forms.text import Language, Text

_COUNTED = (
    "person",
    "exam",
    "record",
    "revision",
    "outbox",
    "draft",
    "user",
    "person_identifier",
)
_UNREADABLE = {"unreadable": 1}
_Found = TypeVar("_Found")
_LOW_DISK = 200 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class DoctorReport:
    """Sizes are bytes. `healthy` is about the data; a full disk or a long WAL is only worth a look."""

    schema: str
    pages: tuple[str, ...]
    """What SQLCipher's page check complains about; empty when all pages are authentic."""
    structure: tuple[str, ...]
    """What SQLite's quick check complains about."""
    revisions: int
    """Journal rows whose chain was verified; 0 when it is broken."""
    chain: str
    """ "" or the sentence about where the journal does not fit."""
    projections: dict[str, int] = field(default_factory=dict)
    """Projection -> rows not as the answers say."""
    text_index: bool
    counters: dict[str, int] = field(default_factory=dict)
    """Channel -> difference between the running total of acknowledged rows and their count."""
    rebuilt: int | None
    """People and exams projected anew; None if that was not asked for."""
    counts: dict[str, int] = field(default_factory=dict)
    outbox: dict[str, dict[str, int]] = field(default_factory=dict)
    """Channel -> state -> rows."""
    keys: dict[str, str] = field(default_factory=dict)
    """File name -> ok, missing, damaged or other-store."""
    database_bytes: int
    wal_bytes: int
    free_bytes: int

    @property
    def healthy(self) -> bool:
        complaints = (self.pages, self.structure, self.chain, self.projections, self.counters)
        keys_sound = all(state == "ok" for state in self.keys.values())
        return not any(complaints) and self.text_index and keys_sound

    def as_dict(self) -> dict[str, Any]:
        return {"healthy": self.healthy, **asdict(self)}

    def lines(self, language: Language) -> Iterator[str]:
        return (text.get(language) for text in self.texts())

    def texts(self) -> Iterator[Text]:
        """The report as people read it: the verdict first."""
        yield (
            Text("Kho dữ liệu bình thường.", "The store is sound.")
            if self.healthy
            else Text("Kho dữ liệu có vấn đề, xem các dòng dưới.", "The store has problems, see below.")
        )
        yield _verdict("Trang mã hoá", "Encrypted pages", "; ".join(self.pages[:5]))
        yield _verdict("Cấu trúc tệp", "File structure", "; ".join(self.structure[:5]))
        yield _verdict("Sổ nhật ký", "Journal", self.chain, f"{self.revisions}")
        yield _verdict("Bảng tra cứu", "Projections", _pairs(self.projections))
        yield _verdict("Chỉ mục tìm kiếm", "Search index", "" if self.text_index else "lệch/mismatch")
        yield _verdict("Bộ đếm gửi", "Sending counters", _pairs(self.counters))
        faults = {name: state for name, state in self.keys.items() if state != "ok"}
        yield _verdict("Tệp khoá", "Key files", _pairs(faults))
        if self.rebuilt is not None:
            yield Text(f"Đã lập lại chỉ mục: {self.rebuilt} dòng.", f"Index rebuilt: {self.rebuilt} rows.")
        yield Text(f"Số dòng: {_pairs(self.counts)}", f"Rows: {_pairs(self.counts)}")
        for channel, states in self.outbox.items():
            yield Text(f"Hàng đợi {channel}: {_pairs(states)}", f"Outbox {channel}: {_pairs(states)}")
        yield Text(
            f"station.db {_megabytes(self.database_bytes)}, nhật ký ghi {_megabytes(self.wal_bytes)}, "
            f"ổ đĩa còn trống {_megabytes(self.free_bytes)}.",
            f"station.db {_megabytes(self.database_bytes)}, write-ahead log {_megabytes(self.wal_bytes)}, "
            f"free disk {_megabytes(self.free_bytes)}.",
        )
        if self.free_bytes < _LOW_DISK:
            yield Text(
                "Ổ đĩa sắp đầy, nên xoá bớt tệp không cần.", "The disk is nearly full; free some space."
            )


def examine(store: SqlStore, *, rebuild_index: bool = False) -> DoctorReport:
    """Reads every page and every revision: seconds for a large store, so never on the GUI thread."""
    rebuilt = None
    if rebuild_index:
        with store.writing() as uow:
            rebuilt = index.rebuild(uow.sql)
            uow.commit()
    wal_bytes = _size(store.layout, wal=True)
    with store.writing() as uow:
        # The writer's turn keeps the file still while its pages are checked.
        text_index = index.text_index_fits(uow.sql)
        pages, structure = _page_checks(store)
    revisions, chain = _chain(store)
    return DoctorReport(
        schema=HEAD,
        pages=pages,
        structure=structure,
        revisions=revisions,
        chain=chain,
        projections=_readable(store, index.differences, _UNREADABLE),
        text_index=text_index,
        counters=_readable(store, _counters, _UNREADABLE),
        rebuilt=rebuilt,
        counts=_readable(store, _counts, {}),
        outbox=_readable(store, _outbox, {}),
        keys=_keys(store),
        database_bytes=_size(store.layout),
        wal_bytes=wal_bytes,
        free_bytes=shutil.disk_usage(store.folder).free,
    )


def _readable(store: SqlStore, read: Callable[[Sql], _Found], otherwise: _Found) -> _Found:
    """A damaged page spoils one answer of the report, not the report."""
    try:
        with store.reading() as uow:
            return read(uow.sql)
    except EnvironmentProblem as found:
        if found.code not in DAMAGE:
            raise
        return otherwise


def _page_checks(store: SqlStore) -> tuple[tuple[str, ...], tuple[str, ...]]:
    with environment():
        connection = open_raw(store.layout.database, store.database_key, Access.WRITE)
        try:
            # Pages still in the WAL are checked as they are read; settle them as far as readers allow.
            connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
            pages = [row[0] for row in connection.execute("PRAGMA cipher_integrity_check")]
            structure = _quick_check(connection)
        finally:
            connection.close()
    return tuple(pages), structure


def _quick_check(connection: Any) -> tuple[str, ...]:
    try:
        found = [row[0] for row in connection.execute("PRAGMA quick_check")]
    except dbapi2.Error as error:
        named = classify(error)
        if named is None or named.code not in DAMAGE:
            raise
        return (named.code,)
    return () if found == ["ok"] else tuple(found)


def _chain(store: SqlStore) -> tuple[int, str]:
    try:
        with store.reading() as uow:
            return uow.records.verify_chain(), ""
    except EnvironmentProblem as found:
        if found.code not in DAMAGE | {"chain-broken"}:
            raise
        return 0, found.text.vi


def _counts(sql: Sql) -> dict[str, int]:
    return {table: int(sql.value(f"SELECT count(*) FROM {table}")) for table in _COUNTED}


def _counters(sql: Sql) -> dict[str, int]:
    rows = sql.all(
        "SELECT name, acknowledged - (SELECT count(*) FROM outbox o WHERE o.channel = c.name "
        "AND o.state = 'acknowledged') FROM channel c"
    )
    return {name: off for name, off in rows if off}


def _outbox(sql: Sql) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    rows = sql.all(
        "SELECT channel, state, count(*) FROM outbox GROUP BY channel, state ORDER BY channel, state"
    )
    for channel, state, count in rows:
        found.setdefault(channel, {})[state] = count
    return found


def _keys(store: SqlStore) -> dict[str, str]:
    states = {}
    for path in (store.layout.keys, store.layout.keys_copy):
        if not path.exists():
            states[path.name] = "missing"
            continue
        try:
            keys = KeyFile.from_bytes(path.read_bytes())
        except DamagedKeys:
            states[path.name] = "damaged"
        else:
            states[path.name] = "ok" if keys.fits(store.database_key) else "other-store"
    return states


def _size(layout: Layout, *, wal: bool = False) -> int:
    path = layout.wal if wal else layout.database
    return path.stat().st_size if path.exists() else 0


def _verdict(vi: str, en: str, complaint: str, detail: str = "") -> Text:
    good = f"ok ({detail})" if detail else "ok"
    return Text(f"{vi}: {complaint or good}", f"{en}: {complaint or good}")


def _pairs(values: dict[str, Any]) -> str:
    return ", ".join(f"{name} {value}" for name, value in values.items())


def _megabytes(size: int) -> str:
    return f"{size / 1_048_576:.1f} MB"
