"""Shared by every test: Qt without a display, in the product's look and language, and nothing left behind."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


def pytest_configure(config: pytest.Config) -> None:
    # The offscreen platform says so for every window; it says nothing about the product.
    config.addinivalue_line("qt_log_ignore", "This plugin does not support propagateSizeHints")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_teardown() -> None:
    """Windows that pytest-qt has closed are destroyed before the lanes and stores they ask for work."""
    if "PySide6.QtWidgets" in sys.modules:
        from PySide6.QtCore import QCoreApplication, QEvent

        if QCoreApplication.instance() is not None:
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture(autouse=True)
def product_look(request: pytest.FixtureRequest) -> Iterator[None]:
    """Tests that use Qt get theme, fonts and Vietnamese, and must not leave a window open."""
    if not {"qtbot", "qapp"} & set(request.fixturenames):
        yield
        return
    qapp = request.getfixturevalue("qapp")
    from ui.i18n import install_language, language
    from ui.pieces.focus_ring import FocusRing
    from ui.theme import Theme, apply_theme, theme

    if theme() != Theme() or not qapp.styleSheet():
        apply_theme(qapp, Theme())
    if language() != "vi" or qapp.property("hoso831.language") is None:
        install_language(qapp, "vi")
    FocusRing.install(qapp)
    yield
    left = [w for w in qapp.topLevelWidgets() if w.isVisible()]
    names = [type(w).__name__ for w in left]
    for widget in left:
        widget.close()
    assert not names, f"windows left open: {names}"
