"""The frame before the store is open: who we are at the left, one page of work at the right."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QFrame, QStackedWidget, QWidget

from forms.text import Language
from ui.bridge import NoticeKind
from ui.i18n import language, tr
from ui.keyboard import bind
from ui.pieces.banner import Banner
from ui.pieces.form_row import ChoiceRow
from ui.pieces.labels import icon_label, label
from ui.pieces.layouts import column, page, row, scrolled
from ui.theme import theme

_PAGE_WIDTH = 620


class StartPage(QWidget):
    """One page in the start window.

    Signals:
        next_requested(): the page's own way of saying "continue" (Ctrl+Enter does the same).
        back_requested(): go to where one came from.
    """

    next_requested = Signal()
    back_requested = Signal()

    def activate(self) -> None:
        """Put the focus where typing starts."""

    def confirm(self) -> None:
        """Ctrl+Enter."""
        self.next_requested.emit()


class StartWindow(QWidget):
    """Signals:
    language_chosen(str): rebuild in this language.
    closed(): the user closed the window.
    """

    language_chosen = Signal(str)
    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("ground", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setWindowTitle("Hồ sơ 831")
        self._leaving = False
        self.banner = Banner(closable=True)
        self._stack = QStackedWidget()
        work = column(self.banner, self._stack, spacing=12)
        work.setStretch(1, 1)
        holder = QWidget()
        holder.setLayout(page(work, _PAGE_WIDTH))
        whole = row(self._brand(), scrolled(holder), spacing=0)
        whole.setStretch(1, 1)
        self.setLayout(whole)
        bind(self, "start-next", self._on_next)
        bind(self, "start-back", self._on_back)
        self.resize(theme().px(1100), theme().px(700))

    def _brand(self) -> QFrame:
        brand = QFrame()
        brand.setProperty("ground", "rail")
        brand.setFixedWidth(theme().px(320))
        name = label("Hồ sơ 831", "on-rail-name")
        what = label(
            tr(
                "Hồ sơ sức khoẻ cá nhân\ncho trạm y tế xã",
                "Personal health records\nfor commune health stations",
            ),
            "on-rail",
        )
        promise = label(
            tr(
                "Lưu trên máy này, mã hoá, chạy cả khi mất mạng. Có mạng thì tự gửi lên cổng.",
                "Kept on this computer, encrypted, without a network too. Sent to the portal by itself.",
            ),
            "on-rail",
            wrap=True,
        )
        self.languages = ChoiceRow("", [("vi", "Tiếng Việt"), ("en", "English")], language())
        self.languages.chosen.connect(self.language_chosen)
        brand.setLayout(
            column(
                icon_label("logo", "on_rail", 56), name, what, None, promise, self.languages,
                spacing=12, margins=(24, 40, 24, 24),
            )
        )  # fmt: skip
        return brand

    @property
    def current_page(self) -> StartPage:
        shown = self._stack.currentWidget()
        if not isinstance(shown, StartPage):
            raise TypeError("the start window shows start pages only")
        return shown

    def show_page(self, shown: StartPage) -> None:
        """Bring a page to the front; it is added when it is new."""
        self.banner.clear()
        if self._stack.indexOf(shown) < 0:
            self._stack.addWidget(shown)
        self._stack.setCurrentWidget(shown)
        shown.activate()

    def show_text(self, text: str, kind: NoticeKind = NoticeKind.DANGER) -> None:
        self.banner.show_text(text, kind)

    def leave(self) -> None:
        """Close without meaning "the user closed the program"."""
        self._leaving = True
        self.close()

    @Slot()
    def _on_next(self) -> None:
        self.current_page.confirm()

    @Slot()
    def _on_back(self) -> None:
        self.current_page.back_requested.emit()

    def closeEvent(self, event: QCloseEvent) -> None:
        event.accept()
        if not self._leaving:
            self.closed.emit()


def show_language(code: str) -> Language:
    return "en" if code == "en" else "vi"
