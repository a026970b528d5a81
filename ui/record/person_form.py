"""Part A of one person: entered for the first time or corrected. Autosaved like every entry screen."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QPushButton, QWidget

from app.domain.records import Draft, RecordKind, Saved
from app.errors import AppError, RuleViolation
from app.services import drafts, people
from forms.model import Context
from ui.entry.board import EntryBoard
from ui.entry.draft_keeper import DraftKeeper
from ui.entry.finish import NOT_SAVED_BY_FAULT, FinishBar, FinishGate, bind_finish
from ui.entry.form_state import FormState
from ui.entry.form_view import FormView
from ui.entry.head import FormHead
from ui.i18n import language, say, tr
from ui.keyboard import bind, with_key
from ui.pieces.buttons import primary_button, quiet_button
from ui.pieces.chip import Chip
from ui.pieces.labels import ElidedLabel, set_property
from ui.pieces.layouts import column
from ui.record.person_assist import PersonAssist
from ui.services import Services

_SLOW_MS = 300


class PersonForm(QWidget):
    """Signals:
    changed(): something was typed or chosen.
    saved(Saved): durable in the store.
    discarded(Draft): what was typed was thrown away.
    """

    changed = Signal()
    saved = Signal(object)
    discarded = Signal(object)

    def __init__(self, services: Services, title: str, keys_on: QWidget | None = None) -> None:
        """`keys_on`: where Ctrl+Enter and Ctrl+S work, if that is more than the form itself."""
        super().__init__()
        self._services = services
        part = services.ctx.form.part(RecordKind.PERSON)
        self.board = EntryBoard(part, parent=self)
        self.view = FormView(part, self.board)
        self.bar = FinishBar()
        self.gate = FinishGate(self.board, self.bar, self)
        self.keeper = DraftKeeper(services.runner, partial(drafts.save_draft, services.ctx), self)
        self._assist: PersonAssist | None = None
        self._new = False
        self._saving = False
        self._slow = QTimer(self)
        self._slow.setSingleShot(True)
        self._slow.setInterval(_SLOW_MS)
        self._slow.timeout.connect(self._on_slow)
        self._build(title)
        self._connect(keys_on or self)

    def _build(self, title: str) -> None:
        self.heading = ElidedLabel(title, "section")
        self.kept = Chip("", "neutral", "draft")
        self.kept.hide()
        self.hint = ElidedLabel(
            tr("Chữ nghiêng: điền sẵn, sửa được", "Italics: filled in for you, change what differs")
        )
        set_property(self.hint, "role", "previous")
        self.hint.hide()
        self.discard_button: QPushButton = quiet_button("", self.discard)
        self.finish_button: QPushButton = primary_button("", self.gate.ask)
        self.finish_button.setAutoDefault(True)
        self.head = FormHead(
            [self.heading], [self.kept, self.hint], [self.discard_button, self.finish_button]
        )
        box = column(self.head, self.bar, self.view, spacing=8)
        box.setStretch(2, 1)
        self.setLayout(box)

    def _connect(self, keys_on: QWidget) -> None:
        self.board.typed.connect(self._on_typed)
        self.board.edge_reached.connect(self._on_edge_reached)
        self.keeper.saved.connect(self._on_draft_saved)
        self.keeper.failed.connect(self._on_draft_failed)
        self.gate.passed.connect(self._on_gate_passed)
        bind_finish(keys_on, self._on_finish_key)
        bind(keys_on, "keep-draft", self._on_keep_draft)

    # Opening

    @property
    def state(self) -> FormState:
        return self.board.state

    @property
    def opened(self) -> bool:
        return self.board.bound

    def open(
        self,
        draft: Draft,
        *,
        acknowledged: Iterable[str] = (),
        filled: Iterable[str] = (),
    ) -> None:
        """`filled`: keys whose answers the program put there and nobody has looked at yet."""
        ctx = self._services.ctx
        state = FormState(
            form=ctx.form,
            part=self.board.part,
            draft=draft,
            context=Context(today=ctx.clock.now().date()),
            language=language(),
            acknowledged=acknowledged,
        )
        self._new = not draft.base_revision
        self._assist = PersonAssist(state, new=self._new)
        self._assist.filled.update({k: str(state.value(k)) for k in filled})
        self._end_saving()
        self.bar.clear()
        self.board.templates = self._assist.filled
        self.board.bind(state)
        self.hint.setVisible(bool(self._assist.filled))
        self.kept.setVisible(draft.updated_at is not None)
        if draft.updated_at is not None:
            self._show_kept(draft)
        self._name_buttons()
        self.keeper.start(self._snapshot)
        self.view.area.verticalScrollBar().setValue(0)

    def _name_buttons(self) -> None:
        words = tr("Đăng ký", "Register") if self._new else tr("Lưu thay đổi", "Save the changes")
        self.finish_button.setText(with_key(words, "finish"))
        self.discard_button.setText(
            tr("Bỏ, không đăng ký", "Discard") if self._new else tr("Bỏ thay đổi", "Discard the changes")
        )
        self._show_buttons()

    def _show_buttons(self) -> None:
        # A record that was only looked at has nothing to save.
        worth = self._new or bool(self.state.dirty_keys) or self.kept.isVisibleTo(self)
        self.finish_button.setVisible(worth)
        self.discard_button.setVisible(worth)

    @property
    def touched(self) -> bool:
        """Something was typed that is not finished."""
        return self.opened and bool(self.state.dirty_keys)

    # Keeping

    def _snapshot(self) -> Draft | None:
        return self.state.draft(self.board.current)

    def flush(self) -> None:
        self.keeper.save_now()

    def back(self) -> bool:
        if not self.bar.isHidden():
            self.gate.back_to_field()
            return True
        return False

    @Slot()
    def discard(self) -> None:
        if self._saving:
            return
        self.board.commit()
        draft = self.state.draft(self.board.current)
        self.keeper.stop()
        self.drop_draft(draft)
        self.discarded.emit(draft)

    def drop_draft(self, draft: Draft) -> None:
        work = partial(drafts.discard_draft, self._services.ctx, draft.id)
        self._services.runner.run(self, work).then(self._services.bridge.publish)

    @Slot()
    def _on_typed(self) -> None:
        if self._assist is not None and not self._saving:
            self._assist.follow()
        self.keeper.note_change()
        self._show_buttons()
        self.changed.emit()

    @Slot()
    def _on_keep_draft(self) -> None:
        self.keeper.note_change()
        self.keeper.save_now()

    @Slot(object)
    def _on_draft_saved(self, draft: Draft) -> None:
        if draft.id == self.state.draft().id:
            self.bar.clear_draft_problem()
            self._show_kept(draft)
            self._show_buttons()

    def _show_kept(self, draft: Draft) -> None:
        if draft.updated_at is not None:
            words = tr("Nháp lưu {time}", "Draft kept {time}", time=f"{draft.updated_at:%H:%M:%S}")
            self.kept.set(words, "neutral", "draft")
            self.kept.show()
            self.head.fit()

    def _on_draft_failed(self, problem: Exception) -> None:
        self.kept.set(tr("Nháp chưa lưu được", "Draft not kept"), "danger", "error")
        self.kept.show()
        if isinstance(problem, AppError):
            self.bar.show_draft_problem(say(problem.text))
        else:
            self._services.runner.failed.emit(problem)

    # Finishing

    @Slot()
    def _on_finish_key(self) -> None:
        if not self._saving and self.finish_button.isVisibleTo(self):
            self.gate.ask()

    @Slot(int)
    def _on_edge_reached(self, step: int) -> None:
        if step > 0 and self.finish_button.isVisibleTo(self):
            self.finish_button.setFocus(Qt.FocusReason.TabFocusReason)

    @Slot()
    def _on_gate_passed(self) -> None:
        draft, ctx = self.state.draft(), self._services.ctx
        self._saving = True
        self.keeper.stop()
        self.finish_button.setFocus(Qt.FocusReason.OtherFocusReason)
        self._slow.start()
        if self._new:
            work = partial(
                people.register_person, ctx, draft.answers, self.state.acknowledged, draft.person_id
            )
        else:
            work = partial(
                people.update_person,
                ctx,
                draft.record_id,
                draft.base_revision,
                draft.answers,
                self.state.acknowledged,
            )
        self._services.runner.run(self, work).then(self._on_saved, self._on_not_saved)

    @Slot()
    def _on_slow(self) -> None:
        self.view.setEnabled(False)
        self.bar.show_note(tr("Đang ghi…", "Saving…"))

    def _end_saving(self) -> None:
        self._saving = False
        self._slow.stop()
        self.view.setEnabled(True)

    @Slot(object)
    def _on_saved(self, saved: Saved) -> None:
        self._end_saving()
        self.bar.clear()
        self.saved.emit(saved)

    def _on_not_saved(self, problem: Exception) -> None:
        self._end_saving()
        self.keeper.start(self._snapshot)
        self.keeper.note_change()
        if isinstance(problem, RuleViolation):
            self.gate.reject(problem, problem.findings)
        elif isinstance(problem, AppError):
            self.gate.reject(problem)
        else:
            self.bar.show_problem(say(NOT_SAVED_BY_FAULT))
            self._services.runner.failed.emit(problem)
