"""Numbers as typed (comma or point) and as shown (comma in Vietnamese); rounding half up, as people do."""

from __future__ import annotations

import math
import re
from decimal import ROUND_HALF_UP, Decimal

from forms.text import Language, Text

_TYPED = re.compile(r"[-+]?(?:[0-9]{1,9}(?:[.,][0-9]{0,9})?|[.,][0-9]{1,9})")


def read_number(typed: str) -> Decimal | None:
    """From `36,8`, `36.8`, `,5`, `160`; None for anything else. No thousands separators."""
    text = typed.strip()
    if not _TYPED.fullmatch(text):
        return None
    return Decimal(text.replace(",", "."))


def rounded(number: Decimal, decimals: int) -> int | float:
    """Half up to `decimals`; a whole number is an int, so that 160 is stored as it was typed."""
    result = number.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    whole = int(result)
    return whole if result == whole else float(result)


def as_decimal(value: object) -> Decimal | None:
    """A stored number exactly as written (36.8, not 36.799999…); None for what is not a finite number."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    if isinstance(value, int):
        return Decimal(value) if abs(value) < 10**9 else None
    return Decimal(repr(value)) if math.isfinite(value) and abs(value) < 1e9 else None


def shown(number: float | Decimal, language: Language = "vi") -> str:
    """Shortest exact form without exponent: "36,8" or "36.8"; "160"."""
    decimal = number if isinstance(number, Decimal) else Decimal(repr(number))
    text = f"{decimal:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.replace(".", ",") if language == "vi" else text


def sentence(vi: str, en: str, **values: float | Decimal | str) -> Text:
    """Both sentences with `{name}` filled in; numbers in the manner of each language."""

    def filled(template: str, language: Language) -> str:
        return template.format(
            **{name: v if isinstance(v, str) else shown(v, language) for name, v in values.items()}
        )

    return Text(filled(vi, "vi"), filled(en, "en"))
