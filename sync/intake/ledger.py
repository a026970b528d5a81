"""What the portal holds: receipts, raw messages, and each person and examination once, in its newest form.

`Ledger.receive` is one transaction: receipt and content are both there or neither is.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Table, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from sync.intake.reading import ReceivedExam, ReceivedMessage, as_json
from sync.intake.schema import exams, people, receipts, refusals, stations

_TRIES = 3


@dataclass(frozen=True, slots=True)
class Verdict:
    """`code` is ACCEPTED, ACCEPTED_DUPLICATE or REQUEST_ID_CONFLICT."""

    code: str
    tracking_id: str
    received_at: str


class Ledger:
    def __init__(self, engine: Engine, clock: Callable[[], datetime]) -> None:
        self._engine = engine
        self._clock = clock

    def known(self, station: str, request_id: str, body: bytes) -> Verdict | None:
        """The verdict about a request id that was used before, None for a new one."""
        with self._engine.begin() as connection:
            return self._known(connection, station, request_id, _hash(body))

    def receive(self, station: str, message: ReceivedMessage, body: bytes) -> Verdict:
        """Keep a checked message, or tell that it is already here. Returns once it is durable."""
        for attempt in range(_TRIES):
            try:
                with self._engine.begin() as connection:
                    return self._receive(connection, station, message, body)
            except IntegrityError:
                # Two connections may insert the same key at once (PostgreSQL); the loser looks again.
                if attempt == _TRIES - 1:
                    raise
        raise AssertionError("unreachable: the last attempt returns or raises")

    def refuse(self, station: str, request_id: str, code: str, fields: str) -> None:
        with self._engine.begin() as connection:
            connection.execute(
                insert(refusals).values(
                    station=station, request_id=request_id[:100], at=self._now(), code=code, fields=fields
                )
            )

    def _receive(
        self, connection: Connection, station: str, message: ReceivedMessage, body: bytes
    ) -> Verdict:
        content_hash = _hash(body)
        known = self._known(connection, station, message.request_id, content_hash)
        if known is not None:
            return known
        now = self._now()
        tracking_id = f"TN-{uuid.uuid4().hex}"
        connection.execute(
            insert(receipts).values(
                tracking_id=tracking_id,
                station=station,
                request_id=message.request_id,
                content_hash=content_hash,
                received_at=now,
                times_seen=1,
                last_seen_at=now,
                person_key=message.person_key,
                exam_count=len(message.exams),
                size=len(body),
                message=body,
            )
        )
        connection.execute(update(stations).where(stations.c.code == station).values(last_contact_at=now))
        kept = {"tracking_id": tracking_id, "updated_at": now}
        _keep_newest(
            connection,
            people,
            {"station": station, "person_key": message.person_key},
            {"revision": message.person_revision, "content": _dump(as_json(message.person)), **kept},
        )
        for exam in message.exams:
            _keep_newest(
                connection,
                exams,
                {"station": station, "ma_lk": exam.ma_lk},
                {**_exam_values(exam, message), **kept},
            )
        return Verdict("ACCEPTED", tracking_id, now)

    def _known(
        self, connection: Connection, station: str, request_id: str, content_hash: str
    ) -> Verdict | None:
        same = (receipts.c.station == station) & (receipts.c.request_id == request_id)
        row = connection.execute(
            select(receipts.c.tracking_id, receipts.c.content_hash, receipts.c.received_at).where(same)
        ).first()
        if row is None:
            return None
        if row.content_hash != content_hash:
            return Verdict("REQUEST_ID_CONFLICT", row.tracking_id, row.received_at)
        connection.execute(
            update(receipts)
            .where(same)
            .values(times_seen=receipts.c.times_seen + 1, last_seen_at=self._now())
        )
        return Verdict("ACCEPTED_DUPLICATE", row.tracking_id, row.received_at)

    def _now(self) -> str:
        return self._clock().isoformat()


class Desk:
    """What an operator may read."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def summary(self) -> dict[str, Any]:
        with self._engine.begin() as connection:
            counts = {
                table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
                for table in (receipts, people, exams, refusals)
            }
            last = connection.execute(select(func.max(receipts.c.received_at))).scalar_one()
            rows = connection.execute(
                select(
                    stations.c.code,
                    stations.c.name,
                    stations.c.enabled,
                    stations.c.last_contact_at,
                    func.count(receipts.c.tracking_id).label("receipts"),
                )
                .outerjoin(receipts, receipts.c.station == stations.c.code)
                .group_by(stations.c.code)
                .order_by(stations.c.code)
            ).all()
        listed = [dict(row._mapping) for row in rows]  # noqa: SLF001 - SQLAlchemy's public name for it
        return {**counts, "last_received_at": last or "", "stations": listed}

    def receipts(self, *, station: str = "", day: str = "", limit: int = 100) -> list[dict[str, Any]]:
        """Newest first, without the messages. `day`: the ISO date of receipt, UTC."""
        query = select(*[c for c in receipts.c if c.name != "message"]).order_by(
            receipts.c.received_at.desc(), receipts.c.tracking_id
        )
        if station:
            query = query.where(receipts.c.station == station)
        if day:
            query = query.where(receipts.c.received_at.startswith(day, autoescape=True))
        return self._rows(query.limit(limit))

    def exams(
        self, *, station: str = "", person: str = "", day: str = "", limit: int = 100
    ) -> list[dict[str, Any]]:
        """Newest examination first. `person`: the sender's id of a person; `day`: ISO date of examination."""
        query = select(exams).order_by(exams.c.exam_date.desc(), exams.c.ma_lk)
        for column, value in (
            (exams.c.station, station),
            (exams.c.person_key, person),
            (exams.c.exam_date, day),
        ):
            if value:
                query = query.where(column == value)
        return [_with_content(row) for row in self._rows(query.limit(limit))]

    def request(self, request_id: str) -> list[dict[str, Any]]:
        """Receipts with their raw messages, and refusals, of one request id; [] if it was never seen."""
        taken = self._rows(select(receipts).where(receipts.c.request_id == request_id))
        refused = self._rows(select(refusals).where(refusals.c.request_id == request_id))
        for row in taken:
            row["message"] = row["message"].decode("utf-8", "replace")
        return [
            *({"accepted": True, **row} for row in taken),
            *({"accepted": False, **row} for row in refused),
        ]

    def _rows(self, query: Any) -> list[dict[str, Any]]:
        with self._engine.begin() as connection:
            return [dict(row) for row in connection.execute(query).mappings()]


def _exam_values(exam: ReceivedExam, message: ReceivedMessage) -> dict[str, Any]:
    return {
        "person_key": message.person_key,
        "exam_date": exam.exam_date,
        "revision": message.exam_revision,
        "withdrawn": exam.withdrawn,
        "content": _dump(as_json(exam.content)),
    }


def _keep_newest(
    connection: Connection, table: Table, key: Mapping[str, str], values: Mapping[str, Any]
) -> None:
    """Insert or replace; an older revision that arrives late changes nothing."""
    same = [table.c[name] == value for name, value in key.items()]
    held = connection.execute(select(table.c.revision).where(*same).with_for_update()).first()
    if held is None:
        connection.execute(insert(table).values(**key, **values))
    elif values["revision"] == 0 or values["revision"] >= held.revision:
        connection.execute(update(table).where(*same).values(**values))


def _with_content(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "content": json.loads(row["content"])}


def _dump(content: Mapping[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, sort_keys=True)


def _hash(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()
