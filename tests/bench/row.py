"""One line of the benchmark table."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    name: str
    ours: float
    unit: str
    baseline: float = 0.0
    """0 where the bar is absolute."""
    against: str = ""
    bar: str = ""

    def shown(self, value: float) -> str:
        return f"{value:.3g} {self.unit}" if value < 1000 else f"{value:.0f} {self.unit}"


def timed(action: Callable[[], object]) -> float:
    """Milliseconds."""
    start = time.perf_counter()
    action()
    return (time.perf_counter() - start) * 1000


def median(action: Callable[[], object], times: int = 30) -> float:
    return statistics.median(timed(action) for _ in range(times))


def p95(values: list[float]) -> float:
    return sorted(values)[int(len(values) * 0.95)]
