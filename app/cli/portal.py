"""`sync`, `outbox`, `portal`."""

from __future__ import annotations

import argparse
import os
from typing import Any

from app import bootstrap
from app.cli.opening import opened
from app.cli.output import Output
from app.cli.parser import Commands
from app.domain.outbox import OutboxEntry, OutboxState
from app.errors import AppError
from app.services import syncing
from app.services.syncing import QD831
from forms.text import Text


def register(commands: Commands) -> None:
    sync = commands.add("sync", sync_command, "one sync run")
    sync.add_argument(
        "--once", action="store_true", help="send what is waiting, then stop (the only mode here)"
    )
    sync.add_argument("--channel", default=QD831, choices=(QD831,))
    sync.add_argument("--portal", metavar="URL", help="address for this run")
    outbox = commands.add("outbox", outbox_command, "the state of every queued revision")
    outbox.add_argument("--state", action="append", choices=[s.value for s in OutboxState], default=[])
    outbox.add_argument("--limit", type=int, default=100_000)
    portal = commands.add("portal", portal_command, "the intake portal (district LAN, training, tests)")
    portal.add_argument("--listen", default="127.0.0.1:8831", metavar="HOST:PORT")
    portal.add_argument("--db", default="sqlite:///portal.db", metavar="URL")
    portal.add_argument(
        "--station",
        action="append",
        default=[],
        metavar="CODE:USER",
        help="admit a station; its password comes from HOSO831_PORTAL_PASSWORD",
    )


def sync_command(arguments: argparse.Namespace, out: Output) -> int:
    with opened(arguments) as ctx:
        report = bootstrap.sync_once(ctx, portal=arguments.portal)
    counts = report.counts()
    reason = report.reason.get(out.language) if report.reason else None
    out.result(
        {**counts, "code": report.code, "reason": reason},
        out.say(
            "Cổng đã nhận {acknowledged}, từ chối {rejected}, không rõ {unknown}; còn {left} phiếu.",
            "Received {acknowledged}, rejected {rejected}, unknown {unknown}; {left} left.",
        ).format(**counts),
    )
    if report.reason:
        out.note(report.reason)
    return 0 if not report.left and not report.rejected else 1


def entry_json(entry: OutboxEntry) -> dict[str, Any]:
    return {
        "seq": entry.seq,
        "channel": entry.channel,
        "kind": entry.kind.value,
        "record_id": entry.record_id,
        "person_id": entry.person_id,
        "revision": entry.revision,
        "state": entry.state.value,
        "attempts": entry.attempts,
        "request_id": entry.request_id,
        "receipt": entry.receipt,
        "acknowledged_at": entry.acknowledged_at.isoformat() if entry.acknowledged_at else None,
        "code": entry.last_code,
        "message": entry.last_message,
        "queued_at": entry.queued_at.isoformat(),
    }


def outbox_command(arguments: argparse.Namespace, out: Output) -> int:
    states = [OutboxState(value) for value in arguments.state]
    with opened(arguments) as ctx:
        rows = syncing.entries(ctx, states, arguments.limit)
    out.result(
        [entry_json(row) for row in rows],
        [
            f"{r.seq:>6} {r.kind.value:<7} {r.record_id} #{r.revision} {r.state.value} {r.receipt}"
            for r in rows
        ],
    )
    return 0


def portal_command(arguments: argparse.Namespace, out: Output) -> int:
    host, _, port = arguments.listen.rpartition(":")
    if not host or not port.isdigit():
        raise AppError("bad-address", Text("--listen cần HOST:PORT.", "--listen takes HOST:PORT."))
    admitted = [tuple(text.split(":", 1)) for text in arguments.station]
    if any(len(pair) != 2 for pair in admitted):
        raise AppError("bad-station", Text("--station cần MÃ:TÊN.", "--station takes CODE:USER."))
    bootstrap.serve_portal(
        host,
        int(port),
        db_url=arguments.db,
        stations=[(code, user) for code, user in admitted],
        password=os.environ.get("HOSO831_PORTAL_PASSWORD", ""),
        operator_token=os.environ.get("HOSO831_OPERATOR_TOKEN", ""),
        announce=out.note,
    )
    return 0
