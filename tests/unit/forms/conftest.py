"""Property tests count examples, not milliseconds: the machines that run them differ."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("hoso831", deadline=None)
settings.load_profile("hoso831")
