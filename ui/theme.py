"""The look, decided once: tokens, fonts, scale, palette (design.md). The style sheet is in `ui.stylesheet`.

Like font, palette and style, the theme in use belongs to the one QApplication and is kept as its property.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from importlib import resources

from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory

from ui.stylesheet import stylesheet

_PROPERTY = "hoso831.theme"
_FONTS_LOADED = "hoso831.fonts"
FAMILY = "Roboto"
_FACES = ("Roboto-Regular.ttf", "Roboto-Medium.ttf", "Roboto-Bold.ttf", "Roboto-Italic.ttf")

SCALES = (100, 115, 125, 150, 175)
"""Offered sizes of everything on screen, in percent."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """Colours by what they are for; values as #RRGGBB."""

    bg: str
    surface: str
    border: str
    border_strong: str
    """Outline of inputs: 3:1 against the surface, so an empty field can be seen."""
    text: str
    muted: str
    primary: str
    primary_strong: str
    primary_soft: str
    on_primary: str
    focus: str
    danger: str
    danger_soft: str
    warn: str
    warn_soft: str
    ok: str
    ok_soft: str
    info: str
    info_soft: str
    rail: str
    on_rail: str
    rail_active: str


LIGHT = Tokens(
    bg="#F4F7F8",
    surface="#FFFFFF",
    border="#D5DEE3",
    border_strong="#82949E",
    text="#16252D",
    muted="#52636D",
    primary="#0B6E69",
    primary_strong="#08544F",
    primary_soft="#E2F2F0",
    on_primary="#FFFFFF",
    focus="#E08A00",
    danger="#B3261E",
    danger_soft="#FCEBE9",
    warn="#8A5A00",
    warn_soft="#FFF3D6",
    ok="#1B6E33",
    ok_soft="#E4F4E8",
    info="#1D5A9E",
    info_soft="#E6F0FA",
    rail="#0D3B3E",
    on_rail="#DCEBEA",
    rail_active="#0B6E69",
)

CONTRAST = Tokens(
    bg="#FFFFFF",
    surface="#FFFFFF",
    border="#4A4A4A",
    border_strong="#000000",
    text="#000000",
    muted="#2B2B2B",
    primary="#003F3C",
    primary_strong="#002624",
    primary_soft="#C9ECE8",
    on_primary="#FFFFFF",
    focus="#B34700",
    danger="#8C0009",
    danger_soft="#FFE3E0",
    warn="#5C3B00",
    warn_soft="#FFEDBF",
    ok="#00441B",
    ok_soft="#D2F5DC",
    info="#00336B",
    info_soft="#D8E9FF",
    rail="#000000",
    on_rail="#FFFFFF",
    rail_active="#00504C",
)

TEXT_PAIRS = (
    ("text", "bg"),
    ("text", "surface"),
    ("text", "primary_soft"),
    ("text", "danger_soft"),
    ("text", "warn_soft"),
    ("text", "ok_soft"),
    ("text", "info_soft"),
    ("muted", "bg"),
    ("muted", "surface"),
    ("muted", "primary_soft"),
    ("primary", "surface"),
    ("primary", "bg"),
    ("primary_strong", "primary_soft"),
    ("on_primary", "primary"),
    ("on_primary", "primary_strong"),
    ("on_primary", "danger"),
    ("danger", "surface"),
    ("danger", "bg"),
    ("danger", "danger_soft"),
    ("warn", "surface"),
    ("warn", "bg"),
    ("warn", "warn_soft"),
    ("ok", "surface"),
    ("ok", "bg"),
    ("ok", "ok_soft"),
    ("info", "surface"),
    ("info", "bg"),
    ("info", "info_soft"),
    ("on_rail", "rail"),
    ("on_primary", "rail_active"),
)
"""Every (text, ground) pair a screen uses; tested to be at least 4.5:1."""


def contrast_ratio(first: str, second: str) -> float:
    """WCAG 2 contrast of two #RRGGBB colours, 1 to 21."""

    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    lighter, darker = sorted((luminance(first), luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@dataclass(frozen=True, slots=True)
class Theme:
    tokens: Tokens = LIGHT
    scale: int = 100
    """Percent, 100 to 175."""

    @property
    def high_contrast(self) -> bool:
        return self.tokens is CONTRAST

    def px(self, pixels: float) -> int:
        """A length of the 100 % design in pixels of this scale; never less than 1 for a visible line."""
        return max(1, round(pixels * self.scale / 100)) if pixels else 0

    def pt(self, points: float) -> float:
        return round(points * self.scale / 100, 2)

    def colour(self, token: str) -> QColor:
        return QColor(str(getattr(self.tokens, token)))

    def font(self, points: float = 10.5, *, medium: bool = False, bold: bool = False) -> QFont:
        """The interface font: body 10.5, label 9, section 12 medium, person's name 17 medium."""
        font = QFont(FAMILY)
        font.setPointSizeF(self.pt(points))
        if bold:
            font.setWeight(QFont.Weight.Bold)
        elif medium:
            font.setWeight(QFont.Weight.Medium)
        return font

    def values(self) -> dict[str, str]:
        """Token name -> colour, for the style sheet."""
        return {f.name: str(getattr(self.tokens, f.name)) for f in fields(self.tokens)}


def theme() -> Theme:
    """The theme of the running application."""
    app = QApplication.instance()
    current = app.property(_PROPERTY) if app is not None else None
    return current if isinstance(current, Theme) else Theme()


def apply_theme(app: QApplication, chosen: Theme) -> None:
    """Make `chosen` the look of everything built from now on; open windows are rebuilt by the caller."""
    _load_fonts(app)
    app.setProperty(_PROPERTY, chosen)
    if app.style().objectName() != "fusion" and not app.styleSheet():
        app.setStyle(QStyleFactory.create("Fusion"))
    app.setFont(chosen.font())
    app.setPalette(_palette(chosen))
    app.setStyleSheet(stylesheet(chosen.values(), chosen.px, chosen.pt))


def _load_fonts(app: QApplication) -> None:
    if app.property(_FONTS_LOADED):
        return
    folder = resources.files("font_roboto") / "files"
    for face in _FACES:
        QFontDatabase.addApplicationFontFromData((folder / face).read_bytes())
    app.setProperty(_FONTS_LOADED, True)


def _palette(chosen: Theme) -> QPalette:
    role = QPalette.ColorRole
    palette = QPalette()
    for target, token in (
        (role.Window, "bg"),
        (role.WindowText, "text"),
        (role.Base, "surface"),
        (role.AlternateBase, "bg"),
        (role.Text, "text"),
        (role.Button, "surface"),
        (role.ButtonText, "text"),
        (role.BrightText, "on_primary"),
        (role.ToolTipBase, "text"),
        (role.ToolTipText, "surface"),
        (role.PlaceholderText, "muted"),
        (role.Highlight, "primary"),
        (role.HighlightedText, "on_primary"),
        (role.Link, "info"),
        (role.LinkVisited, "info"),
        (role.Light, "surface"),
        (role.Midlight, "bg"),
        (role.Mid, "border"),
        (role.Dark, "border_strong"),
        (role.Accent, "primary"),
    ):
        palette.setColor(target, chosen.colour(token))
    for target in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, target, chosen.colour("muted"))
    return palette
