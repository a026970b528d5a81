"""What is being entered into one part of a form, without a screen.

Text becomes a typed value when an editor commits it; until then it is kept as typed text, so that a
draft never loses a half-written word. Findings come from `forms.validate` and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from app.domain.records import Draft
from forms import compute, values
from forms.model import Answers, Context, FieldType, Finding, FormDefinition, Json, Part, Severity
from forms.text import Language, Text
from forms.validate import applicable, validate

UNREADABLE = "entry.unreadable"
"""Rule id of a finding about text that is no value of its field."""

VITALS_LINE = "vitals_line"
"""Key under which the raw text of the vitals line travels in `Draft.typed`; no field has it."""

PICKED_TYPES = frozenset({FieldType.CHOICE, FieldType.YES_NO, FieldType.CODED, FieldType.DIAGNOSES})
"""Fields whose value is picked; loose text in their editor is a search, not a value."""

_UNDO_DEPTH = 200

Listener = Callable[[frozenset[str]], None]


@dataclass(frozen=True, slots=True)
class FinishCheck:
    """What stands between this record and being finished."""

    errors: tuple[Finding, ...]
    warnings: tuple[Finding, ...]
    """Not acknowledged yet."""

    @property
    def clear(self) -> bool:
        return not self.errors and not self.warnings


@dataclass(frozen=True, slots=True)
class _Step:
    """State of the changed fields before a change; `tag` lets one burst of typing be one step."""

    answers: Mapping[str, Json]
    typed: Mapping[str, str]
    keys: frozenset[str]
    focus: str
    tag: str


class FormState:
    """Typed draft of one part. Listeners get the keys whose value, findings or visibility may differ."""

    def __init__(
        self,
        *,
        form: FormDefinition,
        part: Part,
        draft: Draft,
        context: Context,
        language: Language,
        previous: Answers = MappingProxyType({}),
        acknowledged: Iterable[str] = (),
    ) -> None:
        self.form = form
        self.part = part
        self.context = context
        self.previous = previous
        self.language: Language = language
        self.fields = {field.key: field for field in part.fields()}
        self.generation = 0
        """Grows with every change and keystroke; a draft saved at a generation is complete up to it."""
        self._draft = draft
        self._answers: dict[str, Json] = {k: v for k, v in draft.answers.items() if v is not None}
        self._initial = dict(self._answers)
        self._typed: dict[str, str] = {}
        self._unreadable: dict[str, Text] = {}
        self._undo: list[_Step] = []
        self._touched: set[str] = set()
        self._revealed = False
        self._acknowledged: dict[str, tuple[Finding, Json] | None] = dict.fromkeys(acknowledged)
        self._listeners: list[Listener] = []
        self._findings: tuple[Finding, ...] = ()
        self._computed: Mapping[str, Json] = {}
        for key, text in draft.typed.items():
            self._restore(key, text)
        self._revalidate()

    # What a screen reads

    def value(self, key: str) -> Json:
        """The typed value; for a computed field the calculated one; None when unknown."""
        if key in self.fields and self.fields[key].computed:
            return self._computed.get(key)
        return self._answers.get(key)

    def text(self, key: str) -> str:
        """What stands in the field: typed text that is no value yet, otherwise the value as shown."""
        if key in self._typed:
            return self._typed[key]
        value = self.value(key)
        return self._shown(key, value)

    def pending_text(self, key: str) -> str:
        return self._typed.get(key, "")

    def previous_text(self, key: str) -> str:
        value = self.previous.get(key)
        return self._shown(key, value)

    @property
    def answers(self) -> Answers:
        return MappingProxyType(self._answers)

    @property
    def computed(self) -> Answers:
        return MappingProxyType(dict(self._computed))

    @property
    def dirty_keys(self) -> frozenset[str]:
        """Fields that differ from what the draft held when it was opened."""
        changed = {
            k for k in self._initial.keys() | self._answers if self._initial.get(k) != self._answers.get(k)
        }
        return frozenset(changed | self._typed.keys())

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All of them, errors first, whether or not the person has come to the field."""
        return self._findings

    def shown_findings(self, key: str) -> tuple[Finding, ...]:
        """Findings to show at a field: none before the person has been there or tried to finish."""
        if not self._revealed and key not in self._touched:
            return ()
        return tuple(f for f in self._findings if f.key == key)

    def is_acknowledged(self, finding: Finding) -> bool:
        if finding.rule not in self._acknowledged:
            return False
        seen = self._acknowledged[finding.rule]
        return seen is None or seen == (finding, self._answers.get(finding.key))

    @property
    def acknowledged(self) -> tuple[str, ...]:
        """Rule ids of present warnings that were confirmed, in the order of the form."""
        rules = [f.rule for f in self._findings if f.severity is Severity.WARNING and self.is_acknowledged(f)]
        return tuple(dict.fromkeys(rules))

    def hidden_reason(self, key: str) -> Text | None:
        """Why a field does not apply ("Nam giới"), None when it does. Unknown counts as applicable."""
        field = self.fields[key]
        if field.when is None or applicable(field, self._answers, self.context):
            return None
        return field.when.reason

    def order(self) -> tuple[str, ...]:
        """Keys of the fields that can be typed now, in paper order."""
        return tuple(k for k, f in self.fields.items() if not f.computed and self.hidden_reason(k) is None)

    def draft(self, focus: str = "") -> Draft:
        """The draft as it stands now, half-written text included."""
        known_focus = focus or self._draft.focus
        return replace(self._draft, answers=dict(self._answers), typed=dict(self._typed), focus=known_focus)

    # What an editor or a screen does

    def listen(self, listener: Listener) -> None:
        self._listeners.append(listener)

    def type_text(self, key: str, text: str) -> None:
        """A keystroke: kept for the draft, not judged yet."""
        self._typed[key] = text
        self.generation += 1

    def forget_typed(self, key: str) -> None:
        """The loose text of an editor is gone (picked from a list, or cleared)."""
        if self._typed.pop(key, None) is not None:
            self.generation += 1
            if self._unreadable.pop(key, None) is not None:
                self._changed(frozenset({key}))

    def hold_text(self, key: str, text: str, problem: Text) -> None:
        """Words left in a search that chose nothing: kept beside the value, and in the way of finishing."""
        self._typed[key] = text
        self._unreadable[key] = problem
        self._touched.add(key)
        self._changed(frozenset({key}))

    def set_text(self, key: str, text: str) -> None:
        """An editor was left: read its text into a value, or keep it and say what is wrong with it."""
        before = self._typed.get(key)
        if before is None and text == self.text(key):
            self._touch(key)
            return
        if (
            self.fields[key].type is FieldType.BLOOD_PRESSURE
            and "/" in text
            and self._set_pressure(key, text)
        ):
            return
        try:
            value = self._parse(key, text)
        except values.Unreadable as problem:
            self._apply({key: None}, focus=key, typed={key: text}, unreadable={key: problem.text})
            return
        if before is not None and value == self._answers.get(key) and key not in self._unreadable:
            self.forget_typed(key)
            self._touch(key)
            return
        self._apply({key: value}, focus=key)

    def set_value(self, key: str, value: Json) -> None:
        self.set_values({key: value}, focus=key)

    def set_values(
        self,
        changes: Mapping[str, Json],
        *,
        focus: str,
        tag: str = "",
        touch: bool = True,
        join: bool = False,
    ) -> None:
        """Several fields in one step of undo. Steps that follow each other with one `tag` are one step;
        `join`: what follows from the change before and is taken back together with it.
        """
        real = {k: v for k, v in changes.items() if self._answers.get(k) != v or k in self._typed}
        if real:
            self._apply(real, focus=focus, tag=tag, touch=touch, join=join)
        elif touch:
            self._touch(*changes)

    def touch(self, *keys: str) -> None:
        """The person has been at these fields: their findings may be shown."""
        self._touch(*keys)

    def undo(self) -> str | None:
        """Take the last change back; the key of the field to go to, None when there is nothing."""
        if not self._undo:
            return None
        step = self._undo.pop()
        for key in step.keys:
            self._answers.pop(key, None)
            self._typed.pop(key, None)
            self._unreadable.pop(key, None)
            if key in step.answers:
                self._answers[key] = step.answers[key]
            if key in step.typed:
                self._restore(key, step.typed[key])
        self._changed(step.keys)
        return step.focus

    @property
    def can_undo(self) -> bool:
        return bool(self._undo)

    def acknowledge(self, findings: Iterable[Finding]) -> None:
        """The person saw these warnings and says the values are right."""
        confirmed = [f for f in findings if f.severity is Severity.WARNING]
        for finding in confirmed:
            self._acknowledged[finding.rule] = (finding, self._answers.get(finding.key))
        self._changed(frozenset(f.key for f in confirmed))

    def finish_check(self) -> FinishCheck:
        """From now on every finding is shown; returns what is still in the way."""
        self._revealed = True
        errors = tuple(f for f in self._findings if f.severity is Severity.ERROR)
        warnings = tuple(
            f for f in self._findings if f.severity is Severity.WARNING and not self.is_acknowledged(f)
        )
        self._notify(frozenset(self.fields))
        return FinishCheck(errors, warnings)

    # Inside

    def _parse(self, key: str, text: str) -> Json:
        return values.parse(self.fields[key], text, self.context.today, lists=self.context.lists)

    def _shown(self, key: str, value: Json) -> str:
        if value is None:
            return ""
        return values.display(self.fields[key], value, self.language, lists=self.context.lists)

    def _set_pressure(self, key: str, text: str) -> bool:
        """`132/84` typed into either of the two fields fills both; False if it reads as no pressure."""
        group = self.fields[key].group
        pair = [k for k, f in self.fields.items() if group and f.group == group]
        try:
            systolic, diastolic = values.parse_blood_pressure(text)
        except values.Unreadable:
            return False
        if len(pair) != 2:
            return False
        self._apply({pair[0]: systolic, pair[1]: diastolic}, focus=key)
        return True

    def _restore(self, key: str, text: str) -> None:
        """Text from a draft: a value where it reads as one, otherwise kept as it was typed."""
        field = self.fields.get(key)
        if field is None or field.type in PICKED_TYPES:
            self._typed[key] = text
            return
        try:
            value = self._parse(key, text)
        except values.Unreadable as problem:
            self._answers.pop(key, None)
            self._typed[key] = text
            self._unreadable[key] = problem.text
            return
        self._put(key, value)

    def _put(self, key: str, value: Json) -> None:
        if value is None:
            self._answers.pop(key, None)
        else:
            self._answers[key] = value

    def _apply(
        self,
        changes: Mapping[str, Json],
        *,
        focus: str,
        tag: str = "",
        touch: bool = True,
        join: bool = False,
        typed: Mapping[str, str] = MappingProxyType({}),
        unreadable: Mapping[str, Text] = MappingProxyType({}),
    ) -> None:
        keys = frozenset(changes)
        self._remember(keys, focus=focus, tag=tag, join=join)
        for key, value in changes.items():
            self._put(key, value)
            self._typed.pop(key, None)
            self._unreadable.pop(key, None)
        self._typed.update(typed)
        self._unreadable.update(unreadable)
        if touch:
            self._touched |= keys
        self._changed(keys)

    def _remember(self, keys: frozenset[str], *, focus: str, tag: str, join: bool) -> None:
        if self._undo and (join or (tag and self._undo[-1].tag == tag)):
            last = self._undo[-1]
            fresh = keys - last.keys
            answers = {**last.answers, **{k: self._answers[k] for k in fresh if k in self._answers}}
            self._undo[-1] = replace(last, answers=answers, keys=last.keys | keys)
            return
        self._undo.append(
            _Step(
                answers={k: self._answers[k] for k in keys if k in self._answers},
                typed={k: self._typed[k] for k in keys if k in self._unreadable},
                keys=keys,
                focus=focus,
                tag=tag,
            )
        )
        del self._undo[:-_UNDO_DEPTH]

    def _touch(self, *keys: str) -> None:
        fresh = frozenset(keys) - self._touched
        if fresh:
            self._touched |= fresh
            self._notify(fresh)

    def _changed(self, keys: frozenset[str]) -> None:
        self.generation += 1
        before = {f.key for f in self._findings}
        hidden = {k: self.hidden_reason(k) is None for k in self.fields}
        self._revalidate()
        after = {f.key for f in self._findings}
        moved = {k for k, shown in hidden.items() if shown != (self.hidden_reason(k) is None)}
        calculated = {k for k, f in self.fields.items() if f.computed}
        self._notify(frozenset(keys | before | after | moved | calculated))

    def _revalidate(self) -> None:
        self._computed = compute.computed(self.form, self.part.prefix, self._answers, self.context)
        unreadable = [Finding(UNREADABLE, Severity.ERROR, k, text) for k, text in self._unreadable.items()]
        found = validate(self.form, self.part.prefix, {**self._answers, **self._computed}, self.context)
        kept = [f for f in found if f.key not in self._unreadable]
        self._findings = tuple(sorted([*unreadable, *kept], key=self._rank))

    def _rank(self, finding: Finding) -> tuple[int, int]:
        severity = list(Severity).index(finding.severity)
        keys = list(self.fields)
        return severity, keys.index(finding.key) if finding.key in self.fields else -1

    def _notify(self, keys: frozenset[str]) -> None:
        for listener in self._listeners:
            listener(keys)
