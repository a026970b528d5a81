"""The real clock and id factory; tests inject their own."""

from __future__ import annotations

import uuid
from datetime import datetime


class SystemClock:
    def now(self) -> datetime:
        return datetime.now().astimezone()


def new_uuid() -> str:
    return str(uuid.uuid4())
