"""The store against bare SQLCipher on the same file, in one run.

HOSO831_BENCH_EXAMS sets the size: 20,000 examinations by default, 200,000 in architecture §10.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

from app.clock import SystemClock, new_uuid
from app.domain.outbox import OutboxState
from app.domain.records import RecordKind, RecordStatus
from app.domain.station import ChannelSettings, Role, Station, User
from app.ports import NewRevision
from app.store import vault
from app.store.connection import Access, make_durable, open_raw
from app.store.keys import KdfCost
from app.store.search import read
from app.store.store import SqlStore
from forms.model import Json
from tests.bench.row import Row, p95, timed

PEOPLE = 20_000
KEYSTROKES = (
    "nguyễn thị hồng đào",
    "lo thi mau",
    "đào 85",
    "hong dao nguyen",
    "giang a pao 1990",
    "ban poong lo",
    "7654",
    "0381850",
)
_USER = User(id="bench", username="bench", display_name="Bench", role=Role.HEAD)
_PASSWORD = "bench-831-bench"
_FAMILIES = ("Lò", "Hà", "Vi", "Lương", "Ngân", "Thao", "Hơ", "Lâu", "Giàng", "Nguyễn", "Trần", "Đào")
_MIDDLES = ("Thị", "Văn", "A", "Đức", "Thị Hồng", "Thị Thuý", "Quốc")
_GIVENS = ("Mẫu", "Đào", "Hoa", "Pó", "Dế", "Páo", "Hùng", "Nam", "Sơn", "Mai", "Đức", "Nguyên", "Thủy")
_VILLAGES = ("Bản Poọng", "Bản Suối Lóng", "Bản Tân Hương", "Thôn 2", "Khu 1", "Bản Na Ón")


def person(rng: Random, number: int) -> dict[str, Json]:
    year = rng.randint(1930, 2025)
    return {
        "full_name": f"{rng.choice(_FAMILIES)} {rng.choice(_MIDDLES)} {rng.choice(_GIVENS)}",
        "sex": rng.choice(("female", "male")),
        "birth_date": str(year),
        "ethnicity": "03",
        "citizen_id": f"038{rng.choice('0123')}{year % 100:02d}{number:06d}",
        "insurance_number": f"38{rng.randrange(10**8):08d}",
        "mobile_phone": f"09{rng.randrange(10**8):08d}",
        "household_code": f"{1 + number // 4:06d}",
        "village": rng.choice(_VILLAGES),
        "permanent_commune": "14848",
        "mother_name": f"{rng.choice(_FAMILIES)} Thị {rng.choice(_GIVENS)}",
    }


def exam(rng: Random, number: int) -> dict[str, Json]:
    return {
        "exam_date": f"{2016 + number % 10}-{1 + number % 12:02d}-{1 + number % 28:02d}",
        "history_of_present_illness": "Đau đầu, chóng mặt khi thay đổi tư thế, ăn ngủ kém ba ngày nay.",
        "systolic": rng.randint(100, 180),
        "diastolic": rng.randint(60, 110),
        "pulse": rng.randint(60, 110),
        "temperature": 36.8,
        "weight": 58.5,
        "height": 160,
        "cardiovascular": "T1, T2 đều rõ, không nghe tiếng thổi bệnh lý",
        "respiratory": "Rì rào phế nang rõ hai bên, không ral",
        "diagnoses": [{"code": "I10", "text": "Tăng huyết áp vô căn (nguyên phát)"}],
        "advice": "Giảm muối, uống thuốc đều, đo huyết áp hằng tuần, hẹn khám lại sau một tháng.",
        "examiner": "Hà Văn Thử",
    }


def change(kind: RecordKind, record_id: str, person_id: str, answers: dict[str, Json]) -> NewRevision:
    return NewRevision(
        record_id=record_id,
        kind=kind,
        person_id=person_id,
        form_code="QD831",
        form_version="2017",
        status=RecordStatus.FINAL,
        base_revision=0,
        answers=answers,
        user_id=_USER.id,
    )


@contextmanager
def station(folder: Path) -> Iterator[SqlStore]:
    store, _ = vault.create_store(
        folder,
        password=_PASSWORD,
        user=_USER,
        station=Station(code="38T01", name="Bench", commune="14848"),
        clock=SystemClock(),
        new_id=new_uuid,
        program_version="bench",
        cost=KdfCost(time_cost=1, memory_kib=8, parallelism=1),
    )
    with store.writing() as uow:
        uow.settings.set_channel(ChannelSettings(name="qd831", url="http://127.0.0.1:9", user=""), "")
        uow.commit()
    try:
        yield store
    finally:
        store.close()


def fill(store: SqlStore, exams: int) -> float:
    """Records per second, saved one by one as always, 5,000 to a transaction."""
    rng = Random(831)  # noqa: S311 -- repeatable people, not secrets
    changes = [change(RecordKind.PERSON, f"p{n}", f"p{n}", person(rng, n)) for n in range(PEOPLE)]
    changes += [
        change(RecordKind.EXAM, f"e{n}", f"p{rng.randrange(PEOPLE)}", exam(rng, n)) for n in range(exams)
    ]
    begun = time.perf_counter()
    for start in range(0, len(changes), 5000):
        with store.writing() as uow:
            for each in changes[start : start + 5000]:
                uow.save(each)
            uow.commit()
    return len(changes) / (time.perf_counter() - begun)


def keystrokes() -> list[str]:
    return [text[: end + 1] for text in KEYSTROKES for end in range(len(text))]


def measure_search(store: SqlStore, bare: Any) -> Row:
    """p95 per keystroke; the baseline asks the full-text index alone for the rowids of one screenful."""

    def ours(text: str) -> None:
        with store.reading() as uow:
            uow.people.search(text, 20)

    def baseline(text: str) -> None:
        expression = " AND ".join(word.expression() for word in read(text))
        if expression:
            bare.execute(
                "SELECT rowid FROM people_fts WHERE people_fts MATCH ? LIMIT 20", (expression,)
            ).fetchall()

    mine, theirs = [], []
    for _ in range(6):
        for text in keystrokes():
            mine.append(timed(partial(ours, text)))
            theirs.append(timed(partial(baseline, text)))
    return Row(
        f"search, per keystroke, {PEOPLE} residents, p95",
        p95(mine),
        "ms",
        p95(theirs),
        "bare FTS5 query, rowids only",
        "≤ 3 x, ≤ 16 ms",
    )


def measure_save(store: SqlStore, bare: Any) -> Iterator[Row]:
    """The baseline commits one short row to a bare table, as durably. In turns of 50: a commit of another
    connection empties a connection's page cache, which happens to nobody who works alone.
    """
    rng = Random(1)  # noqa: S311 -- repeatable people, not secrets
    bare.execute("CREATE TABLE IF NOT EXISTS bare (n INTEGER PRIMARY KEY, t TEXT)")

    def ours(each: NewRevision) -> None:
        with store.writing() as uow:
            uow.save(each)
            uow.commit()

    mine, theirs = [], []
    for _ in range(6):
        for n in range(50):
            saved = change(RecordKind.EXAM, new_uuid(), f"p{rng.randrange(PEOPLE)}", exam(rng, n))
            mine.append(timed(partial(ours, saved)))
        theirs += [timed(lambda: bare.execute("INSERT INTO bare (t) VALUES ('one row')")) for _ in range(50)]
    against = "bare one-row commit, same file"
    yield Row("save an examination, durable, median", median(mine), "ms", median(theirs), against, "≤ 5 x")
    yield Row("save an examination, durable, slowest of 300", max(mine), "ms", bar="≤ 50 ms")


def measure_record(store: SqlStore, bare: Any) -> Row:
    """A person with 20 exams; the baseline reads the same answers from the journal as text."""
    with store.writing() as uow:
        rng = Random(2)  # noqa: S311 -- repeatable people, not secrets
        uow.save(change(RecordKind.PERSON, "busy", "busy", person(rng, 999_999)))
        for number in range(20):
            uow.save(change(RecordKind.EXAM, f"busy-{number}", "busy", exam(rng, number)))
        uow.commit()

    def ours() -> None:
        with store.reading() as uow:
            uow.people.row("busy")
            uow.records.get(RecordKind.PERSON, "busy")
            exams = uow.records.exams_of("busy")
            uow.drafts.of_person("busy")
            uow.outbox.states_of(["busy", *(e.id for e in exams)])

    statement = (
        "SELECT v.answers FROM exam e JOIN record r ON r.seq = e.seq JOIN revision v ON v.seq = r.head "
        "WHERE e.person = (SELECT seq FROM record WHERE id = 'busy')"
    )
    mine = [timed(ours) for _ in range(100)]
    theirs = [timed(lambda: bare.execute(statement).fetchall()) for _ in range(100)]
    return Row("read a record with 20 exams", median(mine), "ms", median(theirs), "its answers as text")


def measure_opening(folder: Path, key: bytes) -> Row:
    """Without the deliberate cost of the password; the baseline opens, keys and reads one table."""

    def ours() -> None:
        store, _ = vault.unlock(folder, _USER.username, _PASSWORD)
        store.close()

    def baseline() -> None:
        connection = open_raw(folder / "station.db", key, Access.WRITE)
        make_durable(connection)
        connection.execute("SELECT * FROM meta").fetchall()
        connection.close()

    mine, theirs = [timed(ours) for _ in range(15)], [timed(baseline) for _ in range(15)]
    return Row("open, check and close the store", median(mine), "ms", median(theirs), "bare connection")


def measure_outbox(store: SqlStore) -> Row:
    def ours() -> None:
        with store.reading() as uow:
            uow.outbox.totals("qd831")
            uow.outbox.claim("qd831")
            uow.outbox.entries("qd831", (OutboxState.REJECTED,))

    return Row(
        "outbox totals, next claim, inbox; nothing sent yet", median([timed(ours) for _ in range(30)]), "ms"
    )


def rows(folder: Path) -> Iterator[Row]:
    exams = int(os.environ.get("HOSO831_BENCH_EXAMS", "20000"))
    with station(folder / "station") as store:
        yield Row(f"save {PEOPLE} people, {exams} exams in large transactions", fill(store, exams), "/s")
        bare = open_raw(store.layout.database, store.database_key, Access.WRITE)
        make_durable(bare)
        yield measure_search(store, bare)
        yield from measure_save(store, bare)
        yield measure_record(store, bare)
        yield measure_outbox(store)
        bare.close()
        key = store.database_key
    yield measure_opening(folder / "station", key)
