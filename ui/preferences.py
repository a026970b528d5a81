"""Language, size and contrast of the screens.

They belong to the user and live in the store. The last ones used are also kept in `screen.json` of the
station folder, because the unlock screen must already speak the right language in the right size. The file
holds no personal data.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QApplication

from forms.model import Json
from forms.text import Language
from ui.i18n import install_language
from ui.theme import CONTRAST, LIGHT, SCALES, Theme, apply_theme

START_FILE = "screen.json"
PREFERENCE = "screen"
"""Key of the user's preference in the store."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    language: Language = "vi"
    scale: int = 100
    high_contrast: bool = False

    def as_json(self) -> dict[str, Json]:
        return {"language": self.language, "scale": self.scale, "high_contrast": self.high_contrast}

    @classmethod
    def from_json(cls, value: object, otherwise: Preferences) -> Preferences:
        """What is missing or out of range is taken from `otherwise`."""
        if not isinstance(value, Mapping):
            return otherwise
        language = value.get("language")
        scale = value.get("scale")
        contrast = value.get("high_contrast")
        return cls(
            language=("en" if language == "en" else "vi") if language in ("vi", "en") else otherwise.language,
            scale=scale if isinstance(scale, int) and scale in SCALES else otherwise.scale,
            high_contrast=contrast if isinstance(contrast, bool) else otherwise.high_contrast,
        )


def show_in(app: QApplication, chosen: Preferences) -> None:
    """Apply to everything built from now on."""
    install_language(app, chosen.language)
    apply_theme(app, Theme(CONTRAST if chosen.high_contrast else LIGHT, chosen.scale))


def load_start(folder: Path, language: Language | None = None) -> Preferences:
    """For the screens before unlocking; `language` from the command line wins."""
    kept = Preferences()
    with suppress(OSError, ValueError):
        kept = Preferences.from_json(json.loads((folder / START_FILE).read_text("utf-8")), kept)
    if language is None:
        return kept
    return Preferences(language=language, scale=kept.scale, high_contrast=kept.high_contrast)


def keep_start(folder: Path, chosen: Preferences) -> None:
    """Remembered for the next start; a folder that cannot be written loses only this comfort."""
    target = folder / START_FILE
    with suppress(OSError):
        if folder.is_dir():
            partial = target.with_suffix(".part")
            partial.write_text(json.dumps(chosen.as_json()), "utf-8")
            partial.replace(target)
