"""Language, size and contrast: what is kept, and what a damaged file does."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from ui.i18n import language
from ui.preferences import START_FILE, Preferences, keep_start, load_start, show_in
from ui.theme import theme


def test_a_choice_is_kept_and_read_back(tmp_path: Path) -> None:
    chosen = Preferences(language="en", scale=150, high_contrast=True)
    keep_start(tmp_path, chosen)
    assert load_start(tmp_path) == chosen
    assert [p.name for p in tmp_path.iterdir()] == [START_FILE]


def test_the_command_line_wins_over_what_was_kept(tmp_path: Path) -> None:
    keep_start(tmp_path, Preferences(language="en", scale=125))
    assert load_start(tmp_path, "vi") == Preferences(language="vi", scale=125)


@pytest.mark.parametrize(
    "content", ["", "{", "[1]", '{"scale": 9000, "language": "fr", "high_contrast": 1}', "null"]
)
def test_a_damaged_file_gives_the_usual_look(tmp_path: Path, content: str) -> None:
    (tmp_path / START_FILE).write_text(content)
    assert load_start(tmp_path) == Preferences()


def test_no_folder_no_file(tmp_path: Path) -> None:
    keep_start(tmp_path / "nowhere", Preferences())
    assert load_start(tmp_path / "nowhere") == Preferences()
    assert not (tmp_path / "nowhere").exists()


def test_a_choice_is_shown(qapp: QApplication) -> None:
    show_in(qapp, Preferences(language="en", scale=175, high_contrast=True))
    assert language() == "en"
    assert theme().scale == 175
    assert theme().high_contrast
