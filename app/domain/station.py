"""The station, its users and this device."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    HEAD = "head"
    STAFF = "staff"


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    id: str
    username: str
    display_name: str
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Station:
    code: str
    """Five-character facility code (QĐ 384/QĐ-BYT)."""
    name: str
    commune: str
    """Five-digit commune code."""
    health_department: str = ""
    """Printed in the head of the form, e.g. "Sở Y tế Thanh Hóa"."""
    demo: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelSettings:
    """Where a channel sends. The password stays in the encrypted store and is read separately."""

    name: str
    url: str
    user: str
