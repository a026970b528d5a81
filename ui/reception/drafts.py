"""What this user began and did not finish, with the name of whom it is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.records import Draft, RecordKind
from app.errors import NotFound
from app.ports import Context
from app.services import drafts, people
from ui.i18n import tr
from ui.pieces.banner import EmptyState
from ui.pieces.buttons import TileButton
from ui.pieces.labels import ElidedLabel, icon_label
from ui.pieces.layouts import column, row
from ui.pieces.person_text import moment_text


@dataclass(frozen=True, slots=True)
class Unfinished:
    draft: Draft
    name: str
    """Full name as far as it is known."""

    @property
    def registers(self) -> bool:
        """A person who is not registered yet."""
        return self.draft.kind is RecordKind.PERSON and self.draft.base_revision == 0


def unfinished(ctx: Context) -> tuple[Unfinished, ...]:
    """This user's drafts, latest first."""
    return tuple(Unfinished(draft, _name(ctx, draft)) for draft in drafts.open_drafts(ctx))


def _name(ctx: Context, draft: Draft) -> str:
    typed = str(draft.answers.get("full_name") or draft.typed.get("full_name") or "")
    if draft.kind is RecordKind.PERSON and typed:
        return typed
    try:
        return people.open_person(ctx, draft.person_id).row.full_name
    except NotFound:
        return typed


def what_text(item: Unfinished) -> str:
    if item.registers:
        return tr("Đăng ký người mới", "New resident")
    if item.draft.kind is RecordKind.PERSON:
        return tr("Sửa hành chính", "Correcting part A")
    return (
        tr("Sửa lần khám", "Correcting an examination")
        if item.draft.base_revision
        else tr("Khám", "Examination")
    )


class _DraftButton(TileButton):
    """One unfinished piece of work; pressing it goes on with it."""

    resumed = Signal(object)

    def __init__(self, item: Unfinished, now: datetime) -> None:
        self._item = item
        name = item.name or tr("Chưa có tên", "No name yet")
        saved = item.draft.updated_at
        when = tr("nháp lưu {time}", "kept {time}", time=moment_text(saved, now)) if saved else ""
        detail = " · ".join(part for part in (what_text(item), when) if part)
        words = column(ElidedLabel(name, "strong"), ElidedLabel(detail, "label"), spacing=2)
        picture, arrow = icon_label("draft", "warn", 20), icon_label("right", "muted", 18)
        face = row(picture, words, arrow, spacing=12, margins=(12, 8, 8, 8))
        face.setStretch(1, 1)
        super().__init__(face, f"{name}, {detail}")
        self.clicked.connect(self._on_clicked)

    @Slot()
    def _on_clicked(self) -> None:
        self.resumed.emit(self._item)


class DraftList(QWidget):
    """Signals:
    resumed(Unfinished): go on with this one.
    """

    resumed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._empty = EmptyState(
            "check", tr("Không có gì đang dở", "Nothing unfinished"),
            tr("Phiếu bạn rời giữa chừng được giữ ở đây.", "A form you leave halfway is kept here."),
            width=220,
        )  # fmt: skip
        self._buttons: list[_DraftButton] = []
        self._box: QVBoxLayout = column(self._empty, spacing=8)
        self._box.addStretch(1)
        self.setLayout(self._box)

    def show_drafts(self, items: Sequence[Unfinished], now: datetime) -> None:
        for old in self._buttons:
            self._box.removeWidget(old)
            old.setParent(None)
            old.deleteLater()
        self._buttons = []
        self._empty.setVisible(not items)
        for place, item in enumerate(items):
            button = _DraftButton(item, now)
            button.resumed.connect(self.resumed)
            self._box.insertWidget(place, button)
            self._buttons.append(button)

    @property
    def count(self) -> int:
        return len(self._buttons)
