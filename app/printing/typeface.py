"""Fonts of the paper: which files, how wide a text is, and which characters can be drawn.

Source Serif Pro has all Vietnamese letters upright but not in its italics, so slanted text is the
upright face sheared by the italic angle; Times New Roman, which the ministry's own papers use, brings
its italics. Sizes are named for Source Serif, whose 12 pt is as wide and reads as large as the 13 pt of
Times that official papers are set in (measured on this form's own lines: 0.98 to 1.02).
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from pathlib import Path
from threading import Lock
from types import MappingProxyType

import font_source_serif_pro
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

SHEAR = 0.2126
"""tan 12°, the slope of both families' italics."""

_SUBSTITUTES = {"\u2011": "-", "\u2009": " ", "\u202f": " ", "\u00a0": " ", "\u00ad": "", "\ufeff": ""}
_MISSING = "\u25a0"


class Face(StrEnum):
    REGULAR = "regular"
    VALUE = "value"  # what was entered: a little stronger than the words of the form
    BOLD = "bold"
    SLANTED = "slanted"


@dataclass(frozen=True, slots=True)
class Style:
    face: Face
    size: float
    """Points of Source Serif; other families are scaled to read as large."""


@dataclass(frozen=True, slots=True)
class Typeface:
    """Fonts registered with reportlab, by face; `sheared` when slanted text is drawn by shearing."""

    fonts: Mapping[Face, TTFont]
    sheared: bool
    scale: float = 1.0
    drawing: Lock = field(default_factory=Lock, compare=False, repr=False)
    """Held while a document is written with these fonts."""

    def font_name(self, face: Face) -> str:
        return str(self.fonts[face].fontName)

    def width(self, text: str, style: Style) -> float:
        return float(self.fonts[style.face].stringWidth(text, style.size * self.scale))

    def drawable(self, text: str) -> str:
        """The text as it can be printed: NFC, single spaces, "■" for a character the face lacks."""
        composed = unicodedata.normalize("NFC", text)
        if composed.isascii() and composed.isprintable():
            return " ".join(composed.split())
        glyphs = self.fonts[Face.REGULAR].face.charToGlyph
        drawn = []
        for char in composed:
            known = _SUBSTITUTES.get(char, char)
            if known.isspace():
                drawn.append(" ")
            elif not known or ord(known) in glyphs:
                drawn.append(known)
            elif unicodedata.category(char) not in {"Cc", "Cf", "Mn"}:
                drawn.append(_MISSING)
        return " ".join("".join(drawn).split())


def preferred_typeface() -> Typeface:
    """Times New Roman where Windows has it, otherwise the bundled Source Serif Pro."""
    windows = os.environ.get("WINDIR", "")
    installed = times_new_roman(Path(windows) / "Fonts") if windows else None
    return installed or bundled_typeface()


@cache
def bundled_typeface() -> Typeface:
    files = font_source_serif_pro.font_files_ttf
    return _register(
        "SourceSerif",
        {
            Face.REGULAR: Path(files["SourceSerifPro"]),
            Face.VALUE: Path(files["SourceSerifProSemibold"]),
            Face.BOLD: Path(files["SourceSerifProBold"]),
        },
    )


@cache
def times_new_roman(folder: Path) -> Typeface | None:
    """Regular, bold and italic from a Windows font folder; None unless all are there."""
    regular, bold, italic = (folder / name for name in ("times.ttf", "timesbd.ttf", "timesi.ttf"))
    if not all(file.is_file() for file in (regular, bold, italic)):
        return None
    files = {Face.REGULAR: regular, Face.BOLD: bold, Face.SLANTED: italic}
    return _register(f"Times {folder}", files, scale=13 / 12)


def _register(family: str, files: Mapping[Face, Path], scale: float = 1.0) -> Typeface:
    """Register under names of our own; reportlab's registry is global, and equal names mean equal files."""
    fonts = {face: TTFont(f"{family}-{face}", str(file), asciiReadable=False) for face, file in files.items()}
    for font in fonts.values():
        pdfmetrics.registerFont(font)
    sheared = Face.SLANTED not in fonts
    fonts.setdefault(Face.SLANTED, fonts[Face.REGULAR])
    fonts.setdefault(Face.VALUE, fonts[Face.BOLD])
    return Typeface(MappingProxyType(fonts), sheared, scale)
