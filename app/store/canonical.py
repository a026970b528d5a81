"""One text per value: what the journal stores and what its digests are computed over."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any

FIRST_DIGEST = "0" * 64


def dump(value: object) -> str:
    """JSON with sorted keys, no spaces, real characters. ValueError for what JSON cannot say (NaN)."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def load(text: str) -> Any:
    return json.loads(text)


def moment(value: datetime) -> str:
    """ISO with the offset of the station's clock; ValueError for a naive datetime."""
    if value.tzinfo is None:
        raise ValueError("a moment needs its UTC offset")
    return value.isoformat()


def digest(previous: str, row: tuple[object, ...]) -> str:
    """SHA-256 over a journal row and the digest of the row before it, lower-case hex."""
    return hashlib.sha256(dump([previous, *row]).encode()).hexdigest()
