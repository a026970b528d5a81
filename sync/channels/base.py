"""The seam between the sync engine and a receiver. One adapter per receiver implements `Channel`."""

from __future__ import annotations

from typing import Protocol

from app.domain.outbox import Claim
from app.domain.station import ChannelSettings, Station
from sync.outcome import LoginOutcome, Message, Outcome


class Channel(Protocol):
    """One receiver, used by one thread; only `close` may be called from another."""

    def login(self) -> LoginOutcome:
        """Get whatever `send` needs. Never raises for anything the network or the receiver does."""
        ...

    def build(self, claim: Claim) -> Message:
        """The message for one row, a pure function of the claim and the station: building the same
        revision again gives the same bytes. An exception is a bug of ours.
        """
        ...

    def fits(self, message: Message) -> bool:
        """False for a message built under settings that no longer hold (another station code): one that
        certainly was not applied is then built anew.
        """
        ...

    def send(self, message: Message) -> Outcome:
        """Send once. Never raises for anything the network or the receiver does."""
        ...

    def close(self) -> None:
        """Release the connection; a call under way in another thread ends at once with its outcome."""
        ...


class ChannelFactory(Protocol):
    def __call__(self, settings: ChannelSettings, password: str, station: Station) -> Channel: ...
