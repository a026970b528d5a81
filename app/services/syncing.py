"""The true state of what is queued for a portal."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.outbox import OutboxEntry, OutboxState, OutboxTotals
from app.domain.records import ChangeKind, ChangeSet
from app.ports import Context

QD831 = "qd831"
"""The first channel; its settings decide whether it is enabled."""


def overview(ctx: Context) -> tuple[OutboxTotals, ...]:
    with ctx.store.reading() as uow:
        return tuple(uow.outbox.totals(channel) for channel in uow.settings.channels())


def entries(
    ctx: Context, states: Sequence[OutboxState] = (), limit: int = 500, channel: str = QD831
) -> tuple[OutboxEntry, ...]:
    with ctx.store.reading() as uow:
        return tuple(uow.outbox.entries(channel, states, limit))


def requeue(ctx: Context, seq: int) -> ChangeSet:
    """Send a rejected revision once more, unchanged."""
    with ctx.store.writing() as uow:
        uow.outbox.requeue(seq)
        uow.commit()
    return ChangeSet(frozenset({ChangeKind.OUTBOX}))
