"""Limits by age for part D: outside a soft range the program asks, it does not refuse. form-831 §7.1-7.4.

Vital signs of children: the normal range of the table, widened at each end by 30 % of its width.
Weight and height of children: windows between the ages of the table are interpolated; an age band takes
the lower limit of its first and the upper limit of its last month.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from itertools import pairwise

from forms.model import Range

ADULT = 216
ELDERLY = 720

_Row = tuple[int, int, float, float]  # from month, to month, low, high

_PULSE_NORMAL: tuple[_Row, ...] = (
    (0, 1, 100, 160),
    (1, 6, 90, 150),
    (6, 12, 80, 140),
    (12, 36, 80, 130),
    (36, 72, 80, 120),
    (72, 132, 70, 110),
    (132, 180, 60, 105),
    (180, ADULT, 60, 100),
)
_BREATHS_NORMAL: tuple[_Row, ...] = (
    (0, 1, 30, 50),
    (1, 6, 25, 40),
    (6, 72, 20, 30),
    (72, 132, 15, 30),
    (132, ADULT, 12, 20),
)
_SYSTOLIC_NORMAL: tuple[_Row, ...] = (
    (1, 12, 75, 100),
    (12, 72, 80, 110),
    (72, 156, 85, 120),
    (156, ADULT, 95, 140),
)
_DIASTOLIC_NORMAL: tuple[_Row, ...] = (
    (1, 12, 50, 70),
    (12, 72, 50, 80),
    (72, 156, 55, 80),
    (156, ADULT, 60, 90),
)
_Window = tuple[int, float, float]  # age in months, low, high
_WEIGHT_WINDOWS: tuple[_Window, ...] = (
    (0, 2.0, 5.0),
    (6, 5.0, 11.0),
    (12, 6.3, 13.5),
    (24, 8, 18),
    (36, 9.5, 22),
    (60, 12, 30),
    (84, 15, 40),
    (120, 19, 62),
    (156, 25, 85),
    (192, 32, 105),
)
_HEIGHT_WINDOWS: tuple[_Window, ...] = (
    (0, 43, 56),
    (6, 58, 75),
    (12, 66, 83),
    (24, 76, 98),
    (36, 83, 108),
    (60, 94, 126),
    (84, 105, 140),
    (120, 118, 160),
    (156, 132, 178),
    (192, 142, 190),
)
_BANDS = (0, 1, 2, 3, 4, 5, 6, 9, 12, 18, 24, 30, *range(36, 193, 12), ADULT)


def _widened(rows: Iterable[_Row]) -> tuple[Range, ...]:
    """Whole numbers, rounded outwards."""
    found = []
    for start, end, low, high in rows:
        margin = 0.3 * (high - low)
        found.append(Range(math.floor(low - margin), math.ceil(high + margin), start, end))
    return tuple(found)


def _interpolated(windows: tuple[_Window, ...]) -> tuple[Range, ...]:
    return tuple(
        Range(
            math.floor(_at(windows, start, 1) * 10) / 10,
            math.ceil(_at(windows, end, 2) * 10) / 10,
            start,
            end,
        )
        for start, end in pairwise(_BANDS)
    )


def _at(windows: tuple[_Window, ...], month: int, column: int) -> float:
    """Limit at an age; after the last age of the table it stays."""
    for earlier, later in pairwise(windows):
        if earlier[0] <= month <= later[0]:
            share = (month - earlier[0]) / (later[0] - earlier[0])
            return round(earlier[column] + share * (later[column] - earlier[column]), 6)
    return windows[-1][column]


PULSE = (*_widened(_PULSE_NORMAL), Range(45, 130, ADULT, ELDERLY), Range(45, 120, ELDERLY))
BREATHS = (*_widened(_BREATHS_NORMAL), Range(12, 28, ADULT))
SYSTOLIC = (*_widened(_SYSTOLIC_NORMAL), Range(85, 200, ADULT, ELDERLY), Range(90, 200, ELDERLY))
DIASTOLIC = (*_widened(_DIASTOLIC_NORMAL), Range(45, 120, ADULT))
TEMPERATURE = (Range(35.5, 39.5),)
WEIGHT = (*_interpolated(_WEIGHT_WINDOWS), Range(30, 130, ADULT))
HEIGHT = (*_interpolated(_HEIGHT_WINDOWS), Range(130, 195, ADULT))
BMI_HARD = (8.0, 70.0)
BMI = (Range(14, 40, ADULT),)
WAIST = (Range(50, 130, ADULT),)
