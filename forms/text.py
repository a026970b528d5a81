"""Vietnamese text: one stored form, and folded keys for searching and comparing.

Facts behind the folding (vn-reference §9): "đ" has no Unicode decomposition, official lists differ in
tone placement ("Hoà"/"Hòa"), keyboards deliver composed and decomposed text, and names are typed with
four different apostrophes.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

Language = Literal["vi", "en"]

_D_STROKE = str.maketrans({"đ": "d", "Đ": "D", "ð": "d", "Ð": "D"})
_INVISIBLE: dict[int, None] = dict.fromkeys(
    (
        *map(ord, "\u200b\u200c\u200d\u200e\u200f\ufeff\u00ad"),  # zero width, direction marks, soft hyphen
        *range(0x202A, 0x202F),  # direction overrides can make a name read backwards
        *range(0x2060, 0x206A),
        *(c for c in range(0x20) if chr(c) not in "\t\n\v\f\r\x1c\x1d\x1e\x1f"),  # control characters
        *(c for c in range(0x7F, 0xA0) if c != 0x85),
        *range(0xD800, 0xE000),  # half of a pair: cannot be written as UTF-8
    )
)
_APOSTROPHES = re.compile("['\u2018\u2019\u02bc`\u00b4]")
_SEPARATORS = re.compile(r"[-.,;/_]")
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence or label in both languages; `{name}` placeholders are filled by `format`."""

    vi: str
    en: str

    def get(self, language: Language) -> str:
        return self.vi if language == "vi" else self.en

    def format(self, **values: object) -> Text:
        return Text(self.vi.format(**values), self.en.format(**values))


def clean(text: str) -> str:
    """The form in which text is stored: NFC, no invisible characters, single spaces, trimmed."""
    composed = unicodedata.normalize("NFC", text.translate(_INVISIBLE))
    return _SPACES.sub(" ", composed).strip()


def clean_lines(text: str) -> str:
    """As `clean`, but keeps line breaks (long text)."""
    lines = [clean(line) for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    return "\n".join(lines).strip()


def fold(text: str) -> str:
    """Search key: no marks, no case, đ→d, apostrophes dropped, separators as spaces.

    "Nguyễn Đình Hoà", "NGUYỄN ĐÌNH HÒA" and their decomposed forms give "nguyen dinh hoa";
    "H'Mông" and "Hmông" give "hmong".
    """
    decomposed = unicodedata.normalize("NFKD", text.translate(_INVISIBLE)).translate(_D_STROKE)
    bare = "".join(c for c in decomposed if unicodedata.category(c) != "Mn").casefold()
    bare = _SEPARATORS.sub(" ", _APOSTROPHES.sub("", bare))
    return _SPACES.sub(" ", bare).strip()
