"""The recovery key as people write it: eight groups of five signs, each group proving itself.

160 random bits in Crockford's base 32 (no I, L, O, U). The fifth sign of a group is a check over GF(32)
that depends on the group's place: every mistyped sign, every swap of neighbours and every swapped pair
of groups is found, and the group that is wrong can be named.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, field
from typing import Self

from app.errors import AppError
from forms.text import Text

GROUPS = 8
_DATA_SIGNS = 4
_GROUP_SIGNS = _DATA_SIGNS + 1
_SECRET_BYTES = GROUPS * _DATA_SIGNS * 5 // 8
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LOOKALIKES = str.maketrans({"O": "0", "I": "1", "L": "1"})
_IRREDUCIBLE = 0b100101  # x^5 + x^2 + 1
_SEPARATOR = re.compile(r"[\s\-\u2010-\u2015.,;:_/]+")


class RecoveryMistyped(AppError):
    """What was typed cannot be a recovery key. `groups` are the wrong groups, counted from 1."""

    def __init__(self, code: str, text: Text, groups: tuple[int, ...] = ()) -> None:
        super().__init__(code, text)
        self.groups = groups


def _double(value: int) -> int:
    value <<= 1
    return value ^ _IRREDUCIBLE if value & 0b100000 else value


def _check_sign(place: int, values: list[int]) -> int:
    """Horner evaluation at x = 2 over GF(32); `place` counts from 0."""
    total = place + 1
    for value in values:
        total = _double(total) ^ value
    return _double(total)


@dataclass(frozen=True, slots=True)
class RecoveryKey:
    """160 bits that open the store without a password. Shown once, kept on paper."""

    secret: bytes = field(repr=False)

    @classmethod
    def generate(cls) -> Self:
        return cls(secrets.token_bytes(_SECRET_BYTES))

    @property
    def text(self) -> str:
        """`7Q2MX-…`: eight groups joined by hyphens, upper case."""
        number = int.from_bytes(self.secret, "big")
        signs = GROUPS * _DATA_SIGNS
        values = [(number >> (5 * (signs - 1 - i))) & 31 for i in range(signs)]
        groups = []
        for place in range(GROUPS):
            data = values[place * _DATA_SIGNS : (place + 1) * _DATA_SIGNS]
            groups.append("".join(_ALPHABET[v] for v in [*data, _check_sign(place, data)]))
        return "-".join(groups)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Any case, any spacing; O reads as 0, I and L as 1. RecoveryMistyped names the wrong groups."""
        typed = text.strip().upper().translate(_LOOKALIKES)
        groups = _split(typed)
        wrong = tuple(place + 1 for place, group in enumerate(groups) if not _fits(place, group))
        if wrong:
            raise _wrong_groups(wrong)
        number = 0
        for group in groups:
            for sign in group[:_DATA_SIGNS]:
                number = number << 5 | _ALPHABET.index(sign)
        return cls(number.to_bytes(_SECRET_BYTES, "big"))


def _split(typed: str) -> list[str]:
    """Eight groups: as separated by the writer if they are eight, otherwise cut every five signs."""
    written = [group for group in _SEPARATOR.split(typed) if group]
    if len(written) == GROUPS:
        return written
    signs = "".join(written)
    if len(signs) != GROUPS * _GROUP_SIGNS:
        raise RecoveryMistyped(
            "recovery-length",
            Text(
                f"Mã khôi phục gồm {GROUPS} nhóm, mỗi nhóm {_GROUP_SIGNS} ký tự; vừa gõ {len(signs)} trên "
                f"{GROUPS * _GROUP_SIGNS} ký tự. Xem phiếu khôi phục rồi gõ lại.",
                f"The recovery key has {GROUPS} groups of {_GROUP_SIGNS} signs; {len(signs)} of "
                f"{GROUPS * _GROUP_SIGNS} signs were typed. Look at the recovery sheet and type it again.",
            ),
        )
    return [signs[i : i + _GROUP_SIGNS] for i in range(0, len(signs), _GROUP_SIGNS)]


def _fits(place: int, group: str) -> bool:
    if len(group) != _GROUP_SIGNS or any(sign not in _ALPHABET for sign in group):
        return False
    values = [_ALPHABET.index(sign) for sign in group]
    return values[-1] == _check_sign(place, values[:-1])


def _wrong_groups(wrong: tuple[int, ...]) -> RecoveryMistyped:
    places = ", ".join(map(str, wrong))
    plural = "s" if len(wrong) > 1 else ""
    return RecoveryMistyped(
        "recovery-mistyped",
        Text(
            f"Nhóm thứ {places} của mã khôi phục chưa đúng. Xem phiếu khôi phục rồi gõ lại nhóm đó.",
            f"Group{plural} {places} of the recovery key {'are' if plural else 'is'} not right. "
            "Look at the recovery sheet and type it again.",
        ),
        wrong,
    )
