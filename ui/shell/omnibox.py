"""The search box on top of every screen: results as you type, Enter opens, F8 registers what was typed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QListView, QWidget

from app.domain.people import SearchResult
from app.ports import Context
from app.services.searching import search_people
from forms.text import clean
from ui.i18n import tr
from ui.icons import pixmap
from ui.keyboard import key_text
from ui.pieces.data_table import RowIdRole
from ui.pieces.labels import icon_label, label
from ui.pieces.layouts import column, row
from ui.reception.people_model import PeopleModel
from ui.services import Services
from ui.shell.person_delegate import ROW_HEIGHT, PersonDelegate
from ui.theme import theme

DEBOUNCE_MS = 60
SHOWN_ROWS = 8
_SEARCH_LIMIT = 8
_MOVES = {
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_PageDown: SHOWN_ROWS,
    Qt.Key.Key_PageUp: -SHOWN_ROWS,
}


@dataclass(frozen=True, slots=True)
class _Found:
    asked: int
    """Number of the lookup; only the newest one is shown."""
    text: str
    result: SearchResult


def _look_up(ctx: Context, text: str, asked: int) -> _Found:
    return _Found(asked, text, search_people(ctx, text, _SEARCH_LIMIT))


class _Edit(QLineEdit):
    """Hands the keys that steer the result list to the omnibox; typing stays ordinary typing."""

    steered = Signal(int)
    opened = Signal()
    all_wanted = Signal()
    escaped = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setTextMargins(theme().px(26), 0, 0, 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        shown = pixmap("search", "muted", 18)
        QPainter(self).drawPixmap(theme().px(9), (self.height() - shown.height()) // 2, shown)

    def event(self, event: QEvent) -> bool:
        # While there is text, Esc is ours; only an empty box lets the window go back.
        ours = self.text() or self.property("open")
        if ours and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            if event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter):
                event.accept()
            return super().event(event)
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _MOVES:
            self.steered.emit(_MOVES[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            with_control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
            (self.all_wanted if with_control else self.opened).emit()
        elif key == Qt.Key.Key_Escape:
            self.escaped.emit()
        else:
            super().keyPressEvent(event)


class _Popup(QFrame):
    """Results under the box; never takes the focus."""

    def __init__(self, parent: QWidget, model: PeopleModel, delegate: PersonDelegate) -> None:
        super().__init__(parent)
        self.host = parent
        self.setProperty("ground", "popup")
        self.list = QListView()
        self.list.setModel(model)
        self.list.setItemDelegate(delegate)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setMouseTracking(True)
        self.list.setUniformItemSizes(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setAccessibleName(tr("Kết quả tìm", "Results"))
        self.nothing = label("", "strong")
        self.advice = label("", "muted", wrap=True)
        self.empty = QWidget()
        words = column(None, self.nothing, self.advice, None, spacing=4)
        empty = row(icon_label("search", "muted", 24), words, spacing=12, margins=(16, 16, 16, 16))
        empty.setStretch(1, 1)
        self.empty.setLayout(empty)
        self.footer = label("", "label")
        foot = row(self.footer, margins=(12, 6, 12, 6))
        self.setLayout(column(self.list, self.empty, foot, spacing=0, margins=1))
        self.hide()


class Omnibox(QWidget):
    """Looks people up in the database lane, at most one lookup behind the typing.

    Signals:
        person_chosen(str): open this person.
        registration_requested(str): register somebody; the text typed so far.
        all_requested(str): more people match than the popup shows.
        left(): Esc in the empty box; the screen gets the focus back.
    """

    person_chosen = Signal(str)
    registration_requested = Signal(str)
    all_requested = Signal(str)
    left = Signal()

    def __init__(self, services: Services, popup_parent: QWidget) -> None:
        super().__init__()
        self._services = services
        self._asked = 0
        self._result = SearchResult((), truncated=False)
        self._result_for = ""
        self._open_when_found = False
        self._model = PeopleModel(self)
        self._delegate = PersonDelegate(self)
        self._popup = _Popup(popup_parent, self._model, self._delegate)
        self.edit = _Edit()
        self.edit.setProperty("role", "omnibox")
        self.edit.setPlaceholderText(
            tr("Tên, năm sinh, thôn, số CCCD/BHYT…", "Name, birth year, village, citizen ID, insurance no.…")
        )
        self.edit.setAccessibleName(tr("Tìm người", "Find a person"))
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DEBOUNCE_MS)
        self._connect()
        self.setLayout(row(self.edit, label(key_text("search"), "key"), spacing=8))
        self.setFocusProxy(self.edit)

    def _connect(self) -> None:
        self._timer.timeout.connect(self._on_timeout)
        self.edit.textChanged.connect(self._on_text_changed)
        self.edit.steered.connect(self._on_steered)
        self.edit.opened.connect(self._on_open_requested)
        self.edit.all_wanted.connect(self.show_all)
        self.edit.escaped.connect(self._on_escaped)
        self.edit.installEventFilter(self)
        self._popup.list.clicked.connect(self._on_clicked)
        self._popup.host.installEventFilter(self)

    @property
    def popup_open(self) -> bool:
        return not self._popup.isHidden()

    @property
    def result(self) -> SearchResult:
        return self._result

    @property
    def text(self) -> str:
        return self.edit.text()

    def start(self) -> None:
        """F2: from anywhere into the box, old text selected so that typing replaces it."""
        self.edit.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.edit.selectAll()
        if self.edit.text():
            self._timer.start(0)

    def clear(self) -> None:
        self.edit.clear()
        self.close_popup()

    def close_popup(self) -> None:
        self._popup.hide()
        self.edit.setProperty("open", False)

    def refresh(self) -> None:
        """Data changed: look again if results are on screen."""
        if self.popup_open:
            self._look_up()

    # --- looking up

    @Slot(str)
    def _on_text_changed(self, text: str) -> None:
        self._open_when_found = False
        if not clean(text):
            self._timer.stop()
            self._asked += 1
            self.close_popup()
            return
        self._timer.start(DEBOUNCE_MS)

    @Slot()
    def _on_timeout(self) -> None:
        self._look_up()

    def _look_up(self) -> None:
        text = clean(self.edit.text())
        if not text:
            return
        self._asked += 1
        work = partial(_look_up, self._services.ctx, text, self._asked)
        self._services.runner.run(self, work).then(self._on_found)

    @Slot(object)
    def _on_found(self, found: _Found) -> None:
        if found.asked != self._asked:
            return  # typed on since: a newer lookup is under way
        self._result, self._result_for = found.result, found.text
        self._delegate.query = found.text
        self._model.show_rows(found.result.rows)
        if found.result.rows:
            self._popup.list.setCurrentIndex(self._model.index(0, 0))
        if self._open_when_found:
            self._open_when_found = False
            self._open_current()
        elif self.edit.hasFocus():
            self._show_popup()

    def _show_popup(self) -> None:
        popup, rows = self._popup, len(self._result.rows)
        popup.list.setVisible(rows > 0)
        popup.empty.setVisible(rows == 0)
        popup.nothing.setText(
            tr("Không có ai khớp “{text}”", "Nobody matches “{text}”", text=self._result_for)
        )
        popup.advice.setText(
            tr(
                "Thử bớt chữ, chỉ gõ tên và năm sinh, hoặc 4 số cuối CCCD. Bấm {key} để đăng ký người mới.",
                "Try fewer words, just name and birth year, or the last 4 digits of the ID. {key} registers.",
                key=key_text("new-person"),
            )
        )
        popup.footer.setText(self._footer())
        popup.footer.setVisible(rows > 0)
        self._place()
        popup.show()
        popup.raise_()
        self.edit.setProperty("open", True)

    def _footer(self) -> str:
        keys = tr(
            "↑ ↓ chọn · Enter mở · {f8} người mới",
            "↑ ↓ choose · Enter opens · {f8} new",
            f8=key_text("new-person"),
        )
        if not self._result.truncated:
            return keys
        more = tr(
            "Còn nhiều người khớp: gõ thêm, hoặc Ctrl+Enter xem tất cả",
            "More match: type on, or Ctrl+Enter shows all",
        )
        return f"{keys}   —   {more}"

    def _place(self) -> None:
        host = self._popup.host
        look = theme()
        corner = self.edit.mapTo(host, QPoint(0, self.edit.height() + look.px(4)))
        shown = len(self._result.rows)
        list_height = shown * look.px(ROW_HEIGHT) + 2
        self._popup.list.setFixedHeight(list_height)
        self._popup.setFixedWidth(self.edit.width())
        self._popup.adjustSize()
        self._popup.move(corner)

    # --- steering

    @Slot(int)
    def _on_steered(self, by: int) -> None:
        rows = self._model.rowCount()
        if not self.edit.text():
            self.left.emit()
        elif not self.popup_open:
            self._look_up()
        elif rows:
            current = self._popup.list.currentIndex().row()
            self._popup.list.setCurrentIndex(self._model.index(max(0, min(rows - 1, current + by)), 0))

    @Slot()
    def _on_open_requested(self) -> None:
        if clean(self.edit.text()) == self._result_for and not self._timer.isActive():
            self._open_current()
        elif clean(self.edit.text()):
            # Enter came before the results: open when they are there.
            self._timer.stop()
            self._open_when_found = True
            self._look_up()

    def _open_current(self) -> None:
        index = self._popup.list.currentIndex()
        if self._result.rows and index.isValid():
            self._choose(str(index.data(RowIdRole)))
        elif not self._result.rows:
            self._show_popup()

    @Slot("QModelIndex")
    def _on_clicked(self, index: object) -> None:
        self._choose(str(index.data(RowIdRole)))  # type: ignore[attr-defined] # a QModelIndex

    def _choose(self, person_id: str) -> None:
        self.clear()
        self._result_for = ""
        self.person_chosen.emit(person_id)

    @Slot()
    def _on_escaped(self) -> None:
        if self.popup_open:
            self.close_popup()
        elif self.edit.text():
            self.edit.clear()
        else:
            self.left.emit()

    @Slot()
    def show_all(self) -> None:
        """Ctrl+Enter: everybody who matches, as a table."""
        text = clean(self.edit.text())
        if text:
            self.close_popup()
            self.all_requested.emit(text)

    def request_registration(self) -> None:
        text = clean(self.edit.text())
        self.clear()
        self.registration_requested.emit(text)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if watched is self.edit and kind == QEvent.Type.FocusOut:
            self.close_popup()
        elif watched is self._popup.host and kind == QEvent.Type.Resize and self.popup_open:
            self._place()
        return super().eventFilter(watched, event)
