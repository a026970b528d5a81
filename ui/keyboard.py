"""Every key of the program in one table: shortcuts are bound from it, the F1 panel is generated from it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from forms.text import Text
from ui.i18n import say


class Scope(StrEnum):
    """Where an action works. A key may serve two scopes only if they are never active together."""

    WINDOW = "window"
    START = "start"
    LIST = "list"
    RECORD = "record"
    ENTRY = "entry"
    EXAM = "exam"


SCOPE_TITLES = {
    Scope.WINDOW: Text("Ở mọi nơi", "Everywhere"),
    Scope.START: Text("Khi mở chương trình", "At the start"),
    Scope.LIST: Text("Trong danh sách", "In a list"),
    Scope.RECORD: Text("Trong hồ sơ", "In a record"),
    Scope.ENTRY: Text("Khi nhập phiếu", "While entering a form"),
    Scope.EXAM: Text("Khi khám", "During an examination"),
}


def may_meet(first: Scope, second: Scope) -> bool:
    """Whether two scopes can be active together: before unlocking there is only START."""
    return first is second or Scope.START not in (first, second)


@dataclass(frozen=True, slots=True)
class Action:
    id: str
    label: Text
    keys: tuple[str, ...]
    """Portable key sequences; the first one is shown."""
    scope: Scope
    built_in: bool = False
    """Done by the editor or list itself; listed in the help, never bound as a shortcut."""


def _rail(number: int) -> Action:
    label = Text(f"Mục {number} của thanh bên", f"Item {number} of the side rail")
    return Action(f"rail-{number}", label, (f"Alt+{number}",), Scope.WINDOW)


def _tab(number: int) -> Action:
    label = Text(f"Thẻ {number} của hồ sơ", f"Tab {number} of the record")
    return Action(f"tab-{number}", label, (f"Ctrl+{number}",), Scope.RECORD)


ACTIONS: tuple[Action, ...] = (
    Action("help", Text("Các phím của màn hình này", "Keys of this screen"), ("F1",), Scope.WINDOW),
    Action("search", Text("Tìm người", "Find a person"), ("F2",), Scope.WINDOW),
    Action("send-now", Text("Gửi ngay lên cổng", "Send to the portal now"), ("F6",), Scope.WINDOW),
    Action("new-person", Text("Đăng ký người mới", "Register a new resident"), ("F8",), Scope.WINDOW),
    Action("privacy", Text("Che màn hình", "Privacy screen"), ("F12",), Scope.WINDOW),
    Action("back", Text("Quay lại, không mất gì", "Back, nothing is lost"), ("Esc",), Scope.WINDOW),
    *(_rail(n) for n in range(1, 9)),
    Action("start-next", Text("Tiếp tục", "Continue"), ("Ctrl+Return", "Ctrl+Enter"), Scope.START),
    Action("start-back", Text("Quay lại", "Back"), ("Esc",), Scope.START),
    Action(
        "list-move",
        Text("Lên, xuống một dòng", "One line up, down"),
        ("Up", "Down"),
        Scope.LIST,
        built_in=True,
    ),
    Action(
        "list-open",
        Text("Mở dòng đang chọn", "Open the selected line"),
        ("Return",),
        Scope.LIST,
        built_in=True,
    ),
    Action("list-copy", Text("Sao chép dòng", "Copy the line"), ("Ctrl+C",), Scope.LIST),
    Action("new-exam", Text("Khám mới", "New examination"), ("F4",), Scope.RECORD),
    Action("print", Text("In phiếu", "Print the form"), ("F9",), Scope.RECORD),
    *(_tab(n) for n in range(1, 7)),
    Action(
        "next-field",
        Text("Ô tiếp theo, theo thứ tự trên giấy", "Next field, in paper order"),
        ("Return",),
        Scope.ENTRY,
        built_in=True,
    ),
    Action("previous-field", Text("Ô trước", "Previous field"), ("Shift+Tab",), Scope.ENTRY, built_in=True),
    Action(
        "new-line",
        Text("Xuống dòng trong ô dài", "Line break in long text"),
        ("Shift+Return",),
        Scope.ENTRY,
        built_in=True,
    ),
    Action(
        "section",
        Text("Lên, xuống một mục", "One section up, down"),
        ("PgUp", "PgDown"),
        Scope.ENTRY,
        built_in=True,
    ),
    Action(
        "open-list", Text("Mở danh sách gợi ý", "Open the list"), ("Alt+Down",), Scope.ENTRY, built_in=True
    ),
    Action("undo", Text("Hoàn tác chữ vừa gõ", "Undo typing"), ("Ctrl+Z",), Scope.ENTRY, built_in=True),
    Action("finish", Text("Hoàn tất", "Finish"), ("Ctrl+Return", "Ctrl+Enter"), Scope.ENTRY),
    Action("keep-draft", Text("Lưu nháp ngay", "Keep the draft now"), ("Ctrl+S",), Scope.ENTRY),
    Action(
        "normal-here",
        Text("Ô này bình thường", "This field is normal"),
        ("Ctrl+M",),
        Scope.EXAM,
        built_in=True,
    ),
    Action(
        "main-diagnosis",
        Text("Đưa lên làm chẩn đoán chính", "Make it the main diagnosis"),
        ("Ctrl+Up",),
        Scope.EXAM,
        built_in=True,
    ),
    Action("all-normal", Text("Tất cả cơ quan bình thường", "All organs normal"), ("Ctrl+B",), Scope.EXAM),
)

_BY_ID = {a.id: a for a in ACTIONS}
_ACTION_ID = "hoso831.action"

TAKEN_ELSEWHERE = (
    "Ctrl+Shift", "Alt+Z", "Ctrl+Shift+F5", "Ctrl+Shift+F6", "Ctrl+Shift+F9",
    "Alt+F4", "Alt+Tab", "Alt+Space", "Ctrl+Esc", "Ctrl+Shift+Esc", "F10", "Ctrl+Alt+Delete", "Alt+Esc",
)  # fmt: skip
"""Keys of UniKey and of Windows; no action may use one."""


def action(action_id: str) -> Action:
    """KeyError for an id that is not in the table."""
    return _BY_ID[action_id]


def key_text(action_id: str) -> str:
    """The first key as people write it: "F9", "Ctrl+Enter"."""
    return keys_shown(action(action_id))[0]


def keys_shown(entry: Action) -> list[str]:
    shown = [k.replace("Return", "Enter") for k in entry.keys]
    return list(dict.fromkeys(shown))


def with_key(text: str, action_id: str) -> str:
    """Button text with its key: "In phiếu  F9"."""
    return f"{text}  {key_text(action_id)}"


def bind(widget: QWidget, action_id: str, slot: Callable[[], object]) -> QAction:
    """Make the action's keys call `slot` while `widget` is in scope; returns the QAction (to disable it).

    `slot` must be a bound method decorated with `@Slot()`. Actions of WINDOW and START work in the whole
    window, others only while the focus is inside `widget`.
    """
    entry = action(action_id)
    if entry.built_in:
        raise ValueError(f"{action_id} is done by the editor itself")
    bound = QAction(say(entry.label), widget)
    bound.setObjectName(f"{_ACTION_ID}.{action_id}")
    # Portable text: the native format reads key names through the translator, where Return is "Enter" too.
    bound.setShortcuts([QKeySequence(k, QKeySequence.SequenceFormat.PortableText) for k in entry.keys])
    bound.setShortcutContext(
        Qt.ShortcutContext.WindowShortcut
        if entry.scope in (Scope.WINDOW, Scope.START)
        else Qt.ShortcutContext.WidgetWithChildrenShortcut
    )
    bound.triggered.connect(slot)
    widget.addAction(bound)
    return bound


def bound_actions(root: QWidget) -> set[str]:
    """Ids of the actions that are bound and enabled in `root` and its visible children."""
    prefix = f"{_ACTION_ID}."
    found: set[str] = set()
    for bound in root.findChildren(QAction):
        owner = bound.parent()
        shown = owner is root or (isinstance(owner, QWidget) and owner.isVisibleTo(root))
        if bound.objectName().startswith(prefix) and bound.isEnabled() and shown:
            found.add(bound.objectName().removeprefix(prefix))
    return found


def help_rows(scopes: Iterable[Scope], available: set[str]) -> list[tuple[Scope, list[Action]]]:
    """What F1 shows: per scope the actions that work now, the most specific scope first."""
    wanted = list(dict.fromkeys(scopes))
    order = [s for s in reversed(list(Scope)) if s in wanted]
    rows = [(s, [a for a in ACTIONS if a.scope is s and (a.built_in or a.id in available)]) for s in order]
    return [(s, actions) for s, actions in rows if actions]
