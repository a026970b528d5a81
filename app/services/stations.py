"""The station's own settings."""

from __future__ import annotations

from app.domain.records import ChangeKind, ChangeSet
from app.domain.station import ChannelSettings, Station, User
from app.ports import Context
from forms.model import Json

_SETTINGS = ChangeSet(frozenset({ChangeKind.SETTINGS}))


def station(ctx: Context) -> Station:
    with ctx.store.reading() as uow:
        return uow.settings.station()


def set_station(ctx: Context, changed: Station) -> ChangeSet:
    with ctx.store.writing() as uow:
        uow.settings.set_station(changed)
        uow.commit()
    return _SETTINGS


def users(ctx: Context) -> tuple[User, ...]:
    with ctx.store.reading() as uow:
        return tuple(uow.users.all())


def channel(ctx: Context, name: str) -> ChannelSettings | None:
    with ctx.store.reading() as uow:
        return uow.settings.channel(name)


def set_channel(ctx: Context, settings: ChannelSettings, password: str | None) -> ChangeSet:
    """Set where a channel sends; None keeps the password. Queues every record it has not queued yet."""
    with ctx.store.writing() as uow:
        uow.settings.set_channel(settings, password)
        uow.commit()
    return _SETTINGS | ChangeSet(frozenset({ChangeKind.OUTBOX}))


def preference(ctx: Context, key: str) -> Json:
    """A setting of this user (language, scale, contrast), or None."""
    with ctx.store.reading() as uow:
        return uow.settings.get(f"preference/{ctx.user.id}/{key}")


def set_preference(ctx: Context, key: str, value: Json) -> ChangeSet:
    with ctx.store.writing() as uow:
        uow.settings.put(f"preference/{ctx.user.id}/{key}", value)
        uow.commit()
    return _SETTINGS
