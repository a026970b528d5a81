"""Vital signs in one line: `132/84 78 36,8 58,5 160`.

Grammar. Tokens are separated by spaces (also `;`, `·`, or a comma before a space) and read from left to
right; only a unit that follows can still move a number to another sign.

- Blood pressure: `132/84`, `132 / 84`, `132-84`, anywhere; `132/-` or `-/84` where one value is unknown.
  In centimetres of mercury (`13/8`) both are multiplied by ten, with a note. `ha 132 84` also works.
- Bare numbers fill the next empty slot of pulse, temperature, weight, height, waist, respiratory rate, in
  this order and never backwards, skipping slots whose limits (those of the form) they do not fit; `-` or
  `.` leaves a slot out. So after `132/84` the number 36,8 is the temperature, since no pulse has decimals.
- Labels, before a number with or without space, `:` or `=`: pulse `m mạch hr`, temperature `t nhiệt
  nhiệt độ nđ`, weight `c cân cân nặng cn w`, height `cao chiều cao cc h dài`, waist `vb bụng vòng bụng
  eo`, respiratory rate `nt thở nhịp thở rr`, blood pressure `ha huyết áp bp`; tone marks and case are
  free. A labelled value is taken whatever its size (the limits are checked by `forms.validate`), and bare
  numbers after a label of the first four go on with the slot after it.
- Units at a number decide like labels: `58,5kg`, `3200g`, `160cm`, `1,6m`, `1m60`, `36,8°C`, `37 độ`.
  `mmHg` and `lần/phút` are accepted where they fit.
- Slips that are put right, with a note: height in metres (`1,60` -> 160), temperature without its comma
  (`368` -> 36,8), weight in grams (`3200` -> 3,2).

Anything else, a second value for the same sign, and a number after an unknown word stay unread.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from forms.catalogue import form
from forms.model import Field, FieldType, Json
from forms.numbers import as_decimal, read_number, rounded, sentence, shown
from forms.text import Text, fold

SLOTS = ("pulse", "temperature", "weight", "height", "waist", "respiratory_rate")
KEYS = ("systolic", "diastolic", *SLOTS)

_PRESSURE = "blood_pressure"
_LABELS: Mapping[str, str] = {
    **dict.fromkeys(("ha", "huyet ap", "bp"), _PRESSURE),
    **dict.fromkeys(("m", "mach", "pulse", "hr", "nhip tim"), "pulse"),
    **dict.fromkeys(("t", "t0", "nhiet", "nhiet do", "nd", "temp"), "temperature"),
    **dict.fromkeys(("c", "can", "can nang", "cn", "w", "weight"), "weight"),
    **dict.fromkeys(("cao", "chieu cao", "cc", "h", "dai", "chieu dai", "height"), "height"),
    **dict.fromkeys(("vb", "bung", "vong bung", "eo", "vong eo", "waist"), "waist"),
    **dict.fromkeys(("nt", "tho", "nhip tho", "rr"), "respiratory_rate"),
}
_UNITS: Mapping[str, str] = {
    "kg": "kg",
    **dict.fromkeys(("g", "gr", "gam", "gram"), "g"),
    "cm": "cm",
    "m": "m",
    **dict.fromkeys(("c", "oc", "do"), "°C"),
    "mmhg": "mmHg",
}
_LABEL_LETTERS = frozenset({"m", "c"})  # units only where they touch the number; otherwise the next label
_LABEL_WRITTEN: Mapping[str, str] = {
    "pulse": "m",
    "temperature": "t",
    "weight": "c",
    "height": "cao",
    "waist": "vb",
    "respiratory_rate": "nt",
}
_FIELDS: Mapping[str, Field] = {key: form().field(f"exam.{key}") for key in KEYS}
_ADVANCING = SLOTS[:4]

_MARKS = "[\u0300-\u036f]*"
_LEXEME = re.compile(
    rf"""
      (?P<pressure>
          (?<![0-9.,/-])(?P<high>[0-9]{{1,3}}|-)[ ]?/(?:[ ]?(?P<low>[0-9]{{1,3}}|-))?(?![0-9/-])(?![.,][0-9])
        | (?<![0-9.,/-])(?P<dash_high>[0-9]{{2,3}})-(?P<dash_low>[0-9]{{2,3}})(?![0-9/-])(?![.,][0-9]))
    | (?P<metres>(?<![0-9.,])[012]m[0-9]{{1,2}}(?!\w))
    | (?P<rate>(?<![^\W\d_])(?:l(?:[aâầ]{_MARKS}n)?|nh[iị]{_MARKS}p|ck)[ ]?/[ ]?
          (?:ph(?:[uú]{_MARKS}t)?|p|min)(?!\w))
    | (?P<broken>[0-9][0-9.,]*[/-][0-9.,/-]*|[/-]+[0-9][0-9.,/-]*)
    | (?P<number>[0-9]+(?:[.,][0-9]+)*)
    | (?P<degree>[°º]\s?(?:[cC](?!\w))?)
    | (?P<word>(?<!\w)t0(?!\w)|(?<!\w)spo2(?!\w)|[^\W\d_](?:[^\W\d_]|[\u0300-\u036f])*)
    | (?P<skip>(?<!\S)[-.](?!\S))
    | (?P<gap>[\s;·:=]+|[.,](?=\s|$))
    | (?P<other>.)
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of the typed line: text[start:end]."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Chip:
    """One value that was read, where it stands, and what was put right on the way."""

    key: str
    value: Json
    span: Span
    note: Text | None = None


@dataclass(frozen=True, slots=True)
class VitalsLine:
    values: dict[str, Json]
    chips: tuple[Chip, ...]
    unread: tuple[Span, ...]


def parse_vitals(text: str) -> VitalsLine:
    """Never raises. `values` is keyed by `Field.key`; chips are in the order of the line."""
    return _Reader(text).read()


def format_vitals(values: Mapping[str, Json]) -> str:
    """The shortest line that reads back as these values: bare numbers where they are clear, else labels.

    Keys other than `KEYS` and values that are no numbers are left out.
    """
    known = {key: value for key in KEYS if as_decimal(value := values.get(key)) is not None}
    pieces: list[str] = []
    wanted: dict[str, Json] = {key: known[key] for key in ("systolic", "diastolic") if key in known}
    if wanted:
        pieces.append("/".join(_shown(wanted.get(key)) for key in ("systolic", "diastolic")))
    for slot in SLOTS:
        if slot in known:
            wanted[slot] = known[slot]
            bare = _shown(known[slot])
            reads_back = parse_vitals(" ".join([*pieces, bare])).values == wanted
            pieces.append(bare if reads_back else _LABEL_WRITTEN[slot] + bare)
    return " ".join(pieces)


def _shown(value: Json) -> str:
    number = as_decimal(value)
    return "-" if number is None else shown(number)


@dataclass(frozen=True, slots=True)
class _Lexeme:
    kind: str
    match: re.Match[str]
    touches: bool
    """No gap between this lexeme and the one before."""

    @property
    def start(self) -> int:
        return self.match.start()

    @property
    def end(self) -> int:
        return self.match.end()

    @property
    def word(self) -> str:
        return fold(self.match[0])


def _lexemes(text: str) -> list[_Lexeme]:
    found: list[_Lexeme] = []
    touches = False
    for match in _LEXEME.finditer(text):
        kind = match.lastgroup or "other"
        if match["pressure"] is not None:
            kind = "pressure"
        if kind == "gap":
            touches = False
            continue
        found.append(_Lexeme(kind, match, touches))
        touches = True
    return found


class _Reader:
    """One pass over one line, left to right."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._lexemes = _lexemes(text)
        self._at = 0
        self._slot = 0
        self._chips: list[Chip] = []
        self._unread: list[Span] = []
        self._values: dict[str, Json] = {}

    def read(self) -> VitalsLine:
        while (lexeme := self._peek()) is not None:
            self._at += 1
            if lexeme.touches and self._unread and self._unread[-1].end == lexeme.start:
                self._refuse(lexeme.start, lexeme.end)
            elif lexeme.kind == "pressure":
                self._pressure(lexeme, lexeme.start)
            elif lexeme.kind == "metres":
                self._metres(lexeme, lexeme.start)
            elif lexeme.kind == "number":
                self._bare(lexeme)
            elif lexeme.kind == "word":
                self._word(lexeme)
            elif lexeme.kind == "skip":
                self._skip()
            else:
                self._refuse_with_number(lexeme, only_touching=True)
        return VitalsLine(self._values, tuple(self._chips), tuple(_merged(self._unread, self._text)))

    def _peek(self) -> _Lexeme | None:
        return self._lexemes[self._at] if self._at < len(self._lexemes) else None

    def _pressure(self, lexeme: _Lexeme, start: int) -> None:
        groups = ("high", "low") if lexeme.match["high"] is not None else ("dash_high", "dash_low")
        spans = [self._span(*lexeme.match.span(group)) for group in groups]
        numbers = [int(span.text) if span.text.isdigit() else None for span in spans]
        high, low = numbers
        dashed = groups[0] == "dash_high"
        if (dashed and not _likely(high, low)) or high is low is None or self._knows(high, low):
            self._refuse(start, lexeme.end)
            return
        self._take_pressure(high, low, spans)
        self._pressure_unit(lexeme)

    def _knows(self, high: int | None, low: int | None) -> bool:
        pairs = (("systolic", high), ("diastolic", low))
        return any(key in self._values for key, value in pairs if value is not None)

    def _pressure_unit(self, lexeme: _Lexeme) -> None:
        following = self._peek()
        unit, end = self._unit_after(lexeme)
        if following is not None and unit not in {"", "mmHg"}:
            self._refuse(following.start, end)

    def _take_pressure(self, high: int | None, low: int | None, spans: list[Span]) -> None:
        note = None
        if high is not None and low is not None and 5 <= high <= 30 and 3 <= low < high:
            note = sentence(
                "{high}/{low} cmHg đọc là {full_high}/{full_low} mmHg.",
                "{high}/{low} cmHg was read as {full_high}/{full_low} mmHg.",
                high=high,
                low=low,
                full_high=high * 10,
                full_low=low * 10,
            )
            high, low = high * 10, low * 10
        for key, value, span in zip(("systolic", "diastolic"), (high, low), spans, strict=True):
            if value is not None:
                self._keep(Chip(key, value, span, note))
                note = None

    def _metres(self, lexeme: _Lexeme, start: int) -> None:
        whole, _, part = lexeme.match[0].casefold().partition("m")
        centimetres = int(whole) * 100 + int(part.ljust(2, "0"))
        self._assign("height", centimetres, None, start, lexeme.end)

    def _bare(self, lexeme: _Lexeme) -> None:
        number = read_number(lexeme.match[0])
        unit, end = self._unit_after(lexeme)
        if number is None or unit == "?":
            self._refuse(lexeme.start, end)
            return
        if unit in _SLOTS_OF_UNIT:
            self._by_unit(number, unit, lexeme.start, end)
            return
        for place, slot in enumerate(SLOTS[self._slot :], self._slot):
            if slot in self._values:
                continue
            value, note = _converted(slot, number, unit, bare=True)
            if value is not None and _within_limits(slot, value):
                self._slot = place + 1
                self._assign(slot, value, note, lexeme.start, end)
                return
        self._refuse(lexeme.start, end)

    def _by_unit(self, number: Decimal, unit: str, start: int, end: int) -> None:
        for slot in _SLOTS_OF_UNIT[unit]:
            value, note = _converted(slot, number, unit, bare=False)
            if slot not in self._values and value is not None and _within_limits(slot, value):
                self._assign(slot, value, note, start, end)
                return
        self._refuse(start, end)

    def _word(self, lexeme: _Lexeme) -> None:
        label = self._label(lexeme)
        following = self._peek()
        if label is None or following is None or following.kind not in {*_MEASURES, "degree", "skip"}:
            if label is None:
                self._refuse_with_number(lexeme, only_touching=False)
            else:
                self._refuse(lexeme.start, self._lexemes[self._at - 1].end)
            return
        if following.kind in {"degree", "skip"}:
            self._at += 1
            following = self._peek() if following.kind == "degree" else None
            if following is None or following.kind != "number":
                return
        self._at += 1
        if label == _PRESSURE:
            self._labelled_pressure(following, lexeme.start)
        elif following.kind == "metres" and label == "height":
            self._metres(following, lexeme.start)
        else:
            self._labelled(label, following, lexeme.start)

    def _label(self, lexeme: _Lexeme) -> str | None:
        """The slot a word or a pair of words ("huyết áp") stands for; consumes the second word."""
        following = self._peek()
        if following is not None and following.kind == "word" and not following.touches:
            pair = _LABELS.get(f"{lexeme.word} {following.word}")
            if pair is not None:
                self._at += 1
                return pair
        return _LABELS.get(lexeme.word)

    def _labelled_pressure(self, lexeme: _Lexeme, start: int) -> None:
        if lexeme.kind == "pressure":
            self._pressure(lexeme, start)
            return
        first = self._whole(lexeme)
        if first is None or "systolic" in self._values or "diastolic" in self._values:
            self._refuse(start, lexeme.end)
            return
        spans = [self._span(lexeme.start, lexeme.end)]
        following = self._peek()
        second = self._whole(following) if following is not None else None
        if following is not None and second is not None and _likely(first, second):
            self._at += 1
            spans.append(self._span(following.start, following.end))
            self._pressure_unit(following)
        else:
            second = None
            spans.append(self._span(lexeme.end, lexeme.end))
        self._take_pressure(first, second, spans)

    def _labelled(self, slot: str, lexeme: _Lexeme, start: int) -> None:
        number = read_number(lexeme.match[0]) if lexeme.kind == "number" else None
        unit, end = self._unit_after(lexeme)
        value, note = (None, None) if number is None else _converted(slot, number, unit, bare=False)
        if value is None or unit == "?":
            self._refuse(start, end)
            return
        self._assign(slot, value, note, start, end)

    def _unit_after(self, lexeme: _Lexeme) -> tuple[str, int]:
        """(unit, end of number and unit); "?" for a unit that is none, consumed together with it."""
        following = self._peek()
        if following is None:
            return "", lexeme.end
        word = following.word if following.kind == "word" else ""
        unit = {"rate": "rate", "degree": "°C"}.get(following.kind) or _UNITS.get(word, "")
        if unit and (following.touches or word not in _LABEL_LETTERS):
            self._at += 1
            return unit, following.end
        if following.touches and following.kind in {"word", "other", "broken"}:
            self._at += 1
            return "?", following.end
        return "", lexeme.end

    @staticmethod
    def _whole(lexeme: _Lexeme) -> int | None:
        text = lexeme.match[0]
        return int(text) if lexeme.kind == "number" and text.isdigit() and len(text) <= 3 else None

    def _assign(self, slot: str, value: Json, note: Text | None, start: int, end: int) -> None:
        if slot in self._values:
            self._refuse(start, end)
            return
        self._keep(Chip(slot, value, self._span(start, end), note))
        if slot in _ADVANCING:
            self._slot = max(self._slot, SLOTS.index(slot) + 1)

    def _keep(self, chip: Chip) -> None:
        self._values[chip.key] = chip.value
        self._chips.append(chip)

    def _skip(self) -> None:
        while self._slot < len(SLOTS) and SLOTS[self._slot] in self._values:
            self._slot += 1
        self._slot += 1

    def _refuse_with_number(self, lexeme: _Lexeme, *, only_touching: bool) -> None:
        """A number after an unknown word is no vital sign: "đường huyết 5,6"."""
        following = self._peek()
        if (
            following is not None
            and following.kind in {"number", "metres"}
            and (following.touches or not only_touching)
        ):
            self._at += 1
            self._refuse(lexeme.start, lexeme.end)
            self._refuse(following.start, self._unit_after(following)[1])
            return
        self._refuse(lexeme.start, lexeme.end)

    def _refuse(self, start: int, end: int) -> None:
        self._unread.append(self._span(start, end))

    def _span(self, start: int, end: int) -> Span:
        start, end = (len(self._text), len(self._text)) if start < 0 else (start, end)
        return Span(start, end, self._text[start:end])


_MEASURES = frozenset({"number", "pressure", "metres"})
_SLOTS_OF_UNIT: Mapping[str, tuple[str, ...]] = {
    "kg": ("weight",),
    "g": ("weight",),
    "cm": ("height", "waist"),
    "m": ("height",),
    "°C": ("temperature",),
}


def _likely(high: int | None, low: int | None) -> bool:
    return high is not None and low is not None and 40 <= high <= 300 and 20 <= low < high


def _within_limits(slot: str, value: float) -> bool:
    hard = _FIELDS[slot].hard
    return hard is None or value in hard


def _converted(
    slot: str, number: Decimal, unit: str, *, bare: bool
) -> tuple[int | float | None, Text | None]:
    """(value in the field's unit, what was put right); (None, None) where the number cannot be meant."""
    field = _FIELDS[slot]
    whole = number == number.to_integral_value()
    if field.type is FieldType.INTEGER:
        return (int(number), None) if whole and unit in {"", "rate"} else (None, None)
    if slot == "temperature" and not unit and whole and 340 <= number <= 435:
        return _put_right(field, number, number / 10)
    if slot == "weight":
        return _weight(field, number, unit, bare=bare)
    if slot == "height" and (unit == "m" or (not unit and Decimal("0.3") <= number <= Decimal("2.3"))):
        return _put_right(field, number, number * 100, said=unit == "m")
    if unit and slot not in _SLOTS_OF_UNIT.get(unit, ()):
        return None, None
    return rounded(number, field.decimals), None


def _weight(
    field: Field, number: Decimal, unit: str, *, bare: bool
) -> tuple[int | float | None, Text | None]:
    if unit == "g" or (not unit and number >= 1000 and (number <= 7000 or not bare)):
        return _put_right(field, number, number / 1000, said=unit == "g")
    if unit not in {"", "kg"}:
        return None, None
    if bare and Decimal("1.2") <= number < 2 and number != number.to_integral_value():
        return None, None  # somebody's height in metres
    return rounded(number, field.decimals), None


def _put_right(
    field: Field, typed: Decimal, meant: Decimal, *, said: bool = False
) -> tuple[int | float, Text | None]:
    value = rounded(meant, field.decimals)
    if said:
        return value, None
    return value, sentence(
        "{typed} đọc là {value} {unit}.",
        "{typed} was read as {value} {unit}.",
        typed=typed,
        value=value,
        unit=field.unit,
    )


def _merged(spans: list[Span], text: str) -> list[Span]:
    """Touching pieces become one, in the order of the line."""
    merged: list[Span] = []
    for span in sorted(spans, key=lambda s: s.start):
        if merged and merged[-1].end >= span.start:
            start, end = merged[-1].start, max(span.end, merged[-1].end)
            merged[-1] = Span(start, end, text[start:end])
        else:
            merged.append(span)
    return merged
