"""Visual acuity as stations write it (form-831 §7.5), read into one canonical notation.

Canonical text           read from                                          tenths
"0/10" … "20/10"         7/10 · 7 (bare 1-10, 12, 15, 20) · 0,7 · 0.7 · 1,0   0-20
"1/20", "1/50"           1/20 · 0,05 · 1/50 · 0,02                           0.5, 0.2
"ĐNT 3m", "ĐNT"          ĐNT 3m · dnt3 · đếm ngón tay 3 m (counting fingers)  none
"BBT"                    BBT · bóng bàn tay (hand movement)                   none
"ST(+)", "ST(-)"         ST+ · sáng tối (+) (light perception)                none
"KHT"                    KHT · không hợp tác (does not cooperate)             none
"""

from __future__ import annotations

import re
from decimal import Decimal

from forms.numbers import read_number, shown
from forms.text import clean, fold

_TENTHS = re.compile(r"([0-9]{1,2})\s*/\s*10")
_CANONICAL_TENTHS = re.compile(r"([0-9]|1[0-9]|20)/10")
_BELOW_ONE = re.compile(r"1\s*/\s*(20|50)")
_FINGERS = re.compile(r"(?:dnt|dem ngon tay)\s*(?:([0-9](?:[.,][0-9])?)\s*m?)?")
_CANONICAL_FINGERS = re.compile(r"ĐNT (0,5|[1-5])m")
_LIGHT = re.compile(r"(?:st|sang toi)\s*\(?\s*([-+])\s*\)?")
_BARE = frozenset({*range(1, 11), 12, 15, 20})
_FRACTIONS = {Decimal("0.5"): "1/20", Decimal("0.2"): "1/50"}
_WORDS = {"bbt": "BBT", "bong ban tay": "BBT", "kht": "KHT", "khong hop tac": "KHT"}
_ORDER = {"ST(-)": 0.0, "ST(+)": 0.01, "BBT": 0.02, "ĐNT": 0.03, "1/50": 0.2, "1/20": 0.5}


def read_acuity(typed: str) -> str | None:
    """The canonical notation, or None if the text is no visual acuity."""
    text = clean(typed)
    if match := _TENTHS.fullmatch(text):
        return f"{int(match[1])}/10" if int(match[1]) <= 20 else None
    if match := _BELOW_ONE.fullmatch(text):
        return f"1/{match[1]}"
    number = read_number(text)
    if number is not None:
        return _from_number(text, number)
    if match := _LIGHT.fullmatch(_light_words(text)):
        return f"ST({match[1]})"
    if match := _FINGERS.fullmatch(_decimals_kept(text)):
        return _fingers(match[1])
    return _WORDS.get(fold(text))


def _from_number(text: str, number: Decimal) -> str | None:
    """Bare digits are tenths; with a comma or point the number is a decimal (0,7 = 7/10, 1,0 = 10/10)."""
    if "," not in text and "." not in text:
        return f"{int(number)}/10" if number in _BARE else None
    tenths = number * 10
    if tenths in _FRACTIONS:
        return _FRACTIONS[tenths]
    if tenths == tenths.to_integral_value() and 1 <= tenths <= 20:
        return f"{int(tenths)}/10"
    return None


def _light_words(text: str) -> str:
    """Folded, with the sign kept: folding would drop the minus."""
    signed = text.replace("\u2212", "-").replace("\u2013", "-")
    sign = "-" if "-" in signed else "+" if "+" in signed else ""
    return f"{fold(signed.replace('-', ' ').replace('+', ' ').replace('(', ' ').replace(')', ' '))} {sign}"


def _decimals_kept(text: str) -> str:
    return re.sub(r"(?<=[0-9]) (?=[0-9])", ".", fold(text))


def _fingers(metres: str | None) -> str | None:
    if metres is None:
        return "ĐNT"
    distance = Decimal(metres.replace(",", "."))
    if distance != Decimal("0.5") and distance not in range(1, 6):
        return None
    return f"ĐNT {shown(distance)}m"


def tenths(value: str) -> float | None:
    """Numeric tenths (0-20) of a canonical notation; None for ĐNT, BBT, ST and KHT."""
    if match := _CANONICAL_TENTHS.fullmatch(value):
        return float(match[1])
    return {"1/20": 0.5, "1/50": 0.2}.get(value)


def rank(value: str) -> float | None:
    """Orders every notation from ST(-) to 20/10; None where no comparison is possible (KHT, unread text)."""
    if match := _CANONICAL_FINGERS.fullmatch(value):
        return 0.03 + float(match[1].replace(",", ".")) / 100
    number = tenths(value)
    return number if number is not None else _ORDER.get(value)


def worse_with_glasses(without: str, with_glasses: str) -> bool:
    """Glasses should not make the sight worse: then the two lines were probably swapped."""
    first, second = rank(without), rank(with_glasses)
    return first is not None and second is not None and second < first
