"""Language, theme, icons and the keyboard table."""

from __future__ import annotations

import re
from itertools import combinations

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QFontInfo, QKeySequence
from PySide6.QtWidgets import QApplication, QLineEdit

from forms.text import Text
from ui import keyboard
from ui.i18n import count_text, decimal_text, install_language, say, size_text, tr
from ui.icons import ICONS, icon
from ui.stylesheet import stylesheet
from ui.theme import CONTRAST, LIGHT, SCALES, TEXT_PAIRS, Theme, apply_theme, contrast_ratio, theme


def test_vietnamese_first_and_english_on_request(qapp: QApplication) -> None:
    assert tr("Lưu {n} phiếu", "Save {n} forms", n=3) == "Lưu 3 phiếu"
    install_language(qapp, "en")
    assert tr("Lưu {n} phiếu", "Save {n} forms", n=3) == "Save 3 forms"
    assert say(Text("Đóng", "Close")) == "Close"


def test_qt_speaks_vietnamese_too(qapp: QApplication) -> None:
    assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "Huỷ"
    assert QCoreApplication.translate("QLineEdit", "&Paste") == "Dán"
    install_language(qapp, "en")
    assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "Cancel"


def test_numbers_as_people_write_them(qapp: QApplication) -> None:
    assert (count_text(1204), decimal_text(36.8), size_text(21_300)) == ("1.204", "36,8", "21 KB")
    install_language(qapp, "en")
    assert (count_text(1204), decimal_text(1036.8), size_text(1_400_000)) == ("1,204", "1,036.8", "1.4 MB")


@pytest.mark.parametrize("tokens", [LIGHT, CONTRAST], ids=["light", "contrast"])
@pytest.mark.parametrize(("ink", "ground"), TEXT_PAIRS)
def test_text_can_be_read_on_its_ground(tokens: object, ink: str, ground: str) -> None:
    assert contrast_ratio(getattr(tokens, ink), getattr(tokens, ground)) >= 4.5


@pytest.mark.parametrize("tokens", [LIGHT, CONTRAST], ids=["light", "contrast"])
def test_focus_and_input_outlines_stand_out(tokens: object) -> None:
    assert contrast_ratio(tokens.border_strong, tokens.surface) >= 3  # type: ignore[attr-defined]
    assert contrast_ratio(tokens.focus, tokens.surface) >= 2.5  # type: ignore[attr-defined]


def test_roboto_is_bundled_and_used(qapp: QApplication) -> None:
    assert QFontInfo(qapp.font()).family() == "Roboto"
    assert QFontInfo(theme().font(17, medium=True)).weight() == 500


@pytest.mark.parametrize("scale", SCALES)
def test_every_size_grows_with_the_scale(qapp: QApplication, scale: int) -> None:
    apply_theme(qapp, Theme(scale=scale))
    assert theme().px(32) == round(32 * scale / 100)
    assert qapp.font().pointSizeF() == pytest.approx(10.5 * scale / 100, abs=0.01)


def test_the_style_sheet_has_no_colour_of_its_own() -> None:
    marked = {name: f"token-{name}" for name in Theme().values()}
    assert not re.findall(r"#[0-9A-Fa-f]{3,6}\b", stylesheet(marked, int, lambda n: n))


def test_every_icon_exists(qapp: QApplication) -> None:
    for name in ICONS:
        assert not icon(name).pixmap(16, 16).isNull(), name


def test_no_key_means_two_things_at_once() -> None:
    for one, two in combinations(keyboard.ACTIONS, 2):
        assert one.id != two.id
        if one.built_in or two.built_in or not keyboard.may_meet(one.scope, two.scope):
            continue
        first = {QKeySequence(k).toString() for k in one.keys}
        second = {QKeySequence(k).toString() for k in two.keys}
        assert not first & second, (one.id, two.id)


def test_keys_are_real_and_not_unikeys_or_windows() -> None:
    taken = {QKeySequence(k).toString() for k in keyboard.TAKEN_ELSEWHERE}
    for entry in keyboard.ACTIONS:
        for key in entry.keys:
            shown = QKeySequence(key).toString()
            assert shown, (entry.id, key)
            assert shown not in taken, entry.id


def test_built_in_actions_are_not_bound(qtbot: object) -> None:
    with pytest.raises(ValueError, match="next-field"):
        keyboard.bind(QLineEdit(), "next-field", lambda: None)
