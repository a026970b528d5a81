"""Part D on one screen: vital signs, findings and conclusion of a follow-up fit a small one unscrolled."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from forms.model import Answers, Part, Section
from forms.text import Text
from ui.entry.board import EntryBoard
from ui.entry.editors.diagnoses import DiagnosesEditor, entries_of
from ui.entry.grid import FlowLayout, GridLayout12
from ui.entry.sheet import Sheet, SheetSection
from ui.entry.vitals_line import VitalsPanel
from ui.i18n import say, tr
from ui.keyboard import key_text
from ui.pieces.buttons import link_button, secondary_button
from ui.pieces.labels import label
from ui.pieces.layouts import row
from ui.theme import theme

EYE_CELL = 84


class ExamSheet(QWidget):
    """Signals:
    all_normal_requested(): the button beside Ctrl+B was pressed.
    """

    all_normal_requested = Signal()

    def __init__(self, part: Part, board: EntryBoard) -> None:
        super().__init__()
        self.part = part
        self.board = board
        self._sections = {s.id: s for s in part.sections}
        self._read_only = False
        self.sheet = Sheet()
        self.vitals = VitalsPanel(board)
        self.normal_button: QPushButton = secondary_button(
            tr("Tất cả bình thường", "All normal"), self.all_normal_requested.emit
        )
        self.normal_button.setProperty("density", "compact")
        self.template_note = label("", "label", wrap=True)
        self.tests_button: QPushButton = link_button(
            tr("Ghi kết quả xét nghiệm, siêu âm", "Record test results"), self.open_tests, "add"
        )
        self.tests_button.setProperty("density", "compact")
        self._no_tests = label(tr("Không có kết quả nào", "No results"), "muted")
        self._no_tests.hide()
        self._tests = self._grid("exam.tests", span=6)
        self._build()
        board.refreshed.connect(self._on_refreshed)

    def _build(self) -> None:
        self._add("exam.history", self._single("history_of_present_illness"), Text("Bệnh sử", "History"))
        self._add("exam.vitals", self.vitals, Text("Sinh tồn, nhân trắc", "Vital signs"))
        self._add("exam.acuity", self._acuity())
        self._add("exam.general", self._grid("exam.general", span=6))
        organs = self._add("exam.organs", self._grid("exam.organs", span=6))
        organs.add_action(self.normal_button)
        self._normal_key = label(key_text("all-normal"), "label")
        organs.add_action(self._normal_key)
        organs.add_action(self.template_note)
        tests = QWidget()
        box = QVBoxLayout(tests)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addLayout(row(self.tests_button, self._no_tests, None, spacing=0))
        box.addWidget(self._tests)
        self._tests.hide()
        self._add("exam.tests", tests, Text("Cận lâm sàng", "Tests"))
        self._add("exam.conclusion", self._conclusion(), Text("Chẩn đoán/ Kết luận", "Diagnosis"))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.sheet)
        outer.addStretch(1)

    def _section(self, section_id: str) -> Section:
        return self._sections[section_id]

    def _add(self, section_id: str, content: QWidget, short: Text | None = None) -> SheetSection:
        section = self._section(section_id)
        made = SheetSection(section.number, say(short or section.title), content)
        made.setToolTip(say(section.title))
        self.sheet.add(made)
        return made

    def _single(self, key: str) -> QWidget:
        block = self.board.block(key, mode="inline", compact=True, label_width=0)
        block.hide_caption()
        return block

    def _grid(self, section_id: str, *, span: int) -> QWidget:
        holder = QWidget()
        grid = GridLayout12(narrow_below=640, across=16, down=1)
        for field in self._section(section_id).fields:
            grid.add(self.board.block(field.key, mode="inline", compact=True), span)
        holder.setLayout(grid)
        return holder

    def _acuity(self) -> QWidget:
        holder = QWidget()
        grid = GridLayout12(narrow_below=760, across=16, down=2)
        fields = self._section("exam.acuity").fields
        for first, second in zip(fields[::2], fields[1::2], strict=True):
            words = say(first.label).removesuffix(f": {say(first.short or first.label)}")
            cells = [self.board.block(f.key, mode="cell", compact=True) for f in (first, second)]
            for cell in cells:
                cell.editor.setFixedWidth(theme().px(EYE_CELL))
            line = QWidget()
            caption = label(words, "label")
            caption.setMinimumWidth(theme().px(112))
            caption.setFixedHeight(theme().px(28))
            flow = FlowLayout(across=8, down=2)
            for widget in (caption, *cells):
                flow.addWidget(widget)
            line.setLayout(flow)
            grid.add(line, 6)
        holder.setLayout(grid)
        return holder

    def _conclusion(self) -> QWidget:
        """4 at the left, 5 and 6 at the right, as they are written one after the other."""
        holder = QWidget()
        grid = GridLayout12(narrow_below=640, across=16, down=2)
        diagnoses = self.board.block("diagnoses", mode="inline", compact=True, label_width=0)
        diagnoses.hide_caption()
        grid.add(diagnoses, 6)
        right = QWidget()
        box = QVBoxLayout(right)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(theme().px(2))
        for section_id in ("exam.advice", "exam.examiner"):
            section = self._section(section_id)
            block = self.board.block(section.fields[0].key, mode="inline", compact=True)
            block.caption.setText(f"{section.number}  {say(section.title)}")
            box.addWidget(block)
        grid.add(right, 6)
        holder.setLayout(grid)
        return holder

    def open(self, previous: Answers, on: str, *, read_only: bool) -> None:
        """Call after the board was bound to another record."""
        self._read_only = read_only
        self.vitals.open(previous, on, read_only=read_only)
        diagnoses = self.board.editor("diagnoses")
        if isinstance(diagnoses, DiagnosesEditor):
            diagnoses.suggest(entries_of(previous.get("diagnoses")))
        self.show_tests(any(self.board.state.text(f.key) for f in self._section("exam.tests").fields))
        self._no_tests.setVisible(read_only and not self.tests_shown)
        self.tests_button.setVisible(not read_only and not self.tests_shown)
        self._normal_key.setVisible(not read_only)
        self._show_templates()
        self.normal_button.setVisible(not read_only)

    @Slot()
    def open_tests(self) -> None:
        """Show the four test results and go to the first."""
        self.show_tests(True)
        self.board.go_to(self._section("exam.tests").fields[0].key)

    def show_tests(self, shown: bool) -> None:
        self._tests.setVisible(shown)
        self.tests_button.setVisible(not shown)

    @property
    def tests_shown(self) -> bool:
        return not self._tests.isHidden()

    def chain_tab_order(self) -> None:
        self.board.chain_tab_order()
        last = self.board.editor(self._section("exam.organs").fields[-1].key)
        after = self.board.editor("diagnoses")
        if last is not None and after is not None:
            QWidget.setTabOrder(last.focusProxy() or last, self.tests_button)

    @Slot()
    def _on_refreshed(self) -> None:
        state = self.board.state
        if not self.tests_shown and any(state.text(f.key) for f in self._section("exam.tests").fields):
            self.show_tests(True)
        self._show_templates()

    def _show_templates(self) -> None:
        state = self.board.state
        used = sum(1 for key, words in self.board.templates.items() if state.value(key) == words)
        if not used:
            self.template_note.clear()
        elif self._read_only:
            self.template_note.setText(tr("{n} câu mẫu", "{n} template sentences", n=used))
        else:
            words = tr("{n} câu mẫu: sửa nếu khác", "{n} template sentences: change what differs", n=used)
            self.template_note.setText(words)
