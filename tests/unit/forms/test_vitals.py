from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.catalogue import form
from forms.model import Json
from forms.vitals import KEYS, SLOTS, VitalsLine, format_vitals, parse_vitals

_ORDER = ("systolic", "diastolic", "pulse", "temperature", "weight", "height", "waist", "respiratory_rate")


def values(text: str) -> list[Json]:
    """In the order pressure, pulse, temperature, weight, height, waist, breaths; unknown ones left out."""
    found = parse_vitals(text).values
    return [found[key] for key in _ORDER if key in found]


def unread(text: str) -> list[str]:
    return [span.text for span in parse_vitals(text).unread]


FULL = {"systolic": 132, "diastolic": 84, "pulse": 78, "temperature": 36.8, "weight": 58.5, "height": 160}


@pytest.mark.parametrize(
    "text",
    [
        "132/84 78 36,8 58,5 160",
        "132/84  78 36.8 58.5 160",
        "132/84, 78, 36,8, 58,5, 160",
        "132/84 · 78 · 36,8 · 58,5 · 160",
        "78 36,8 132/84 58,5 160",
        "ha132/84 m78 t36,8 c58,5 cao160",
        "cao160 c58,5 t36,8 m78 ha132/84",
        "HA: 132/84; Mạch: 78; Nhiệt độ: 36,8; Cân nặng: 58,5; Chiều cao: 160",
        "huyết áp 132/84 mạch 78 lần/phút nhiệt độ 36,8°C cân nặng 58,5 kg chiều cao 160 cm",
        "HUYET AP 132 / 84 mmHg 78l/p 36,8 °C 58,5kg 1m60",
        "132-84 78 368 58,5 1,60",
        "ha 132 84 78 36,8 58,5 1.6",
    ],
)
def test_one_examination_typed_in_many_ways(text: str) -> None:
    line = parse_vitals(text)
    assert line.values == FULL
    assert not line.unread


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("132/84 36,8 58 160", [132, 84, 36.8, 58, 160]),
        ("132/84 - 36,8", [132, 84, 36.8]),
        ("132/84 . . 58", [132, 84, 58]),
        ("- - - 120", [120]),
        ("m78 - 58", [78, 58]),
        ("- m78", [78]),
        ("m - 36,8", [36.8]),
        ("c58,5 160", [58.5, 160]),
        ("vb80 78 37", [78, 37, 80]),
        ("nt18 vb80", [80, 18]),
        ("78 37 58 160 80 18", [78, 37, 58, 160, 80, 18]),
        ("20 lần/phút", [20]),
        ("m78 20 lần/phút", [78, 20]),
        ("58 kg 160 cm 80 cm", [58, 160, 80]),
        ("t 37 độ c58", [37, 58]),
        ("t° 37", [37]),
        ("t0: 36,8", [36.8]),
        ("132/-", [132]),
        ("-/84", [84]),
        ("132/- -/84", [132, 84]),
        ("ha132", [132]),
        ("ha 84 132", [84, 132]),
        ("1m6", [160]),
        ("1m06", [106]),
        ("cao 1,6m", [160]),
        ("3200g 50cm", [3.2, 50]),
        ("c3,25", [3.25]),
        ("m780", [780]),
        ("", []),
    ],
)
def test_slots_labels_units(text: str, found: list[Json]) -> None:
    assert values(text) == found
    assert not unread(text)


@pytest.mark.parametrize(
    ("text", "found", "note"),
    [
        ("13/8", [130, 80], "13/8 cmHg đọc là 130/80 mmHg."),
        ("1,60", [160], "1,6 đọc là 160 cm."),
        ("cao1,6", [160], "1,6 đọc là 160 cm."),
        ("78 368", [78, 36.8], "368 đọc là 36,8 °C."),
        ("t368", [36.8], "368 đọc là 36,8 °C."),
        ("3200", [3.2], "3200 đọc là 3,2 kg."),
        ("c12500", [12.5], "12500 đọc là 12,5 kg."),
    ],
)
def test_slips_put_right_are_told(text: str, found: list[Json], note: str) -> None:
    line = parse_vitals(text)
    assert values(text) == found
    assert [chip.note.vi for chip in line.chips if chip.note] == [note]
    assert all("was read as" in chip.note.en for chip in line.chips if chip.note)


@pytest.mark.parametrize(
    ("text", "found", "left"),
    [
        ("abc 78", [], ["abc", "78"]),
        ("spo2 98 78", [78], ["spo2", "98"]),
        ("đường huyết 5,6 78", [78], ["đường", "huyết", "5,6"]),
        ("đm 5,6mmol 78", [78], ["đm", "5,6mmol"]),
        ("98% 78", [78], ["98%"]),
        ("22/11/2026 78", [78], ["22/11/2026"]),
        ("2026-11-22", [], ["2026-11-22"]),
        ("132/84/70", [], ["132/84/70"]),
        ("84-132", [], ["84-132"]),
        ("1.234,5", [], ["1.234,5"]),
        ("m78 m80", [78], ["m80"]),
        ("m78,5", [], ["m78,5"]),
        ("m78kg", [], ["m78kg"]),
        ("t78m", [], ["t78m"]),
        ("c1m60", [], ["c1m60"]),
        ("132/84 140/90", [132, 84], ["140/90"]),
        ("132/84 ha90", [132, 84], ["ha90"]),
        ("132/84 1m60 1m70", [132, 84, 160], ["1m70"]),
        ("ha abc", [], ["ha", "abc"]),
        ("ha36,8", [], ["ha36,8"]),
        ("mạch", [], ["mạch"]),
        ("chiều cao", [], ["chiều cao"]),
        ("132/84abc", [132, 84], ["abc"]),
        ("132/84 kg", [132, 84], ["kg"]),
        ("ha 132 84kg", [132, 84], ["kg"]),
        ("78m36 37", [37], ["78m36"]),
        ("~78", [], ["~78"]),
        ("999999", [], ["999999"]),
        ("-/- 78", [78], ["-/-"]),
        ("78 78 kg 78 kg", [78, 78], ["78 kg"]),
    ],
)
def test_the_rest_stays_highlighted(text: str, found: list[Json], left: list[str]) -> None:
    assert values(text) == found
    assert unread(text) == left


def test_decomposed_letters_read_alike() -> None:
    assert values("ma\u0323ch 78 la\u0302\u0300n/phu\u0301t 20 nhi\u0323p/phu\u0301t") == [78, 20]


def test_chips_show_where_each_value_stands() -> None:
    text = "132/84  mạch 78"
    assert [(chip.key, chip.span.text) for chip in parse_vitals(text).chips] == [
        ("systolic", "132"),
        ("diastolic", "84"),
        ("pulse", "mạch 78"),
    ]
    check_spans(text, parse_vitals(text))


def check_spans(text: str, line: VitalsLine) -> None:
    for span in (*line.unread, *(chip.span for chip in line.chips)):
        assert text[span.start : span.end] == span.text
    taken = sorted((s.start, s.end) for s in (*line.unread, *(c.span for c in line.chips)) if s.text)
    assert all(first[1] <= second[0] for first, second in pairwise(taken))
    assert {chip.key: chip.value for chip in line.chips} == line.values
    assert len(line.chips) == len(line.values)


def _within_limits(key: str) -> st.SearchStrategy[Json]:
    field = form().field(f"exam.{key}")
    assert field.hard is not None
    scale = 10**field.decimals
    steps = st.integers(int(field.hard.low * scale), int(field.hard.high * scale))
    return steps.map(lambda n: n // scale if n % scale == 0 else n / scale)


VALUES = st.fixed_dictionaries({}, optional={key: _within_limits(key) for key in KEYS})


@given(VALUES)
def test_any_set_of_values_can_be_written_and_read(found: dict[str, Json]) -> None:
    text = format_vitals(found)
    line = parse_vitals(text)
    assert line.values == found
    assert not line.unread
    check_spans(text, line)


def test_the_usual_line_needs_no_labels() -> None:
    assert format_vitals(FULL) == "132/84 78 36,8 58,5 160"
    assert format_vitals({"weight": 58.5, "diastolic": 84}) == "-/84 58,5"
    assert format_vitals({"weight": 58}) == "c58"
    assert format_vitals({"pulse": None, "bmi": 22.9, "height": "160"}) == ""


@given(VALUES)
def test_every_beginning_of_a_line_can_be_read(found: dict[str, Json]) -> None:
    text = format_vitals(found)
    for length in range(len(text)):
        check_spans(text[:length], parse_vitals(text[:length]))


PIECES = st.sampled_from(
    [
        "132/84",
        "13/8",
        "78",
        "36,8",
        "160",
        "-",
        ".",
        "m",
        "mạch",
        "ha",
        "t",
        "°C",
        "kg",
        "cm",
        "1m60",
        "g",
        "/",
        "l/p",
        "spo2",
        "nhịp",
        "thở",
        "vb",
        "3200",
        ":",
        "=",
        ",",
        "%",
        "độ",
        "²",
        "huyết",
        "áp",
        "--",
        "12/",
        "\x85",
        "-",
        "368",
        "1,6",
        "lần/phút",
    ]
)


@given(st.one_of(st.text(), st.lists(PIECES).map(" ".join), st.lists(PIECES).map("".join)))
def test_never_raises_and_accounts_for_every_piece(text: str) -> None:
    check_spans(text, parse_vitals(text))


def test_slots_are_fields_of_the_form() -> None:
    keys = {field.key for field in form().part("exam").fields()}
    assert set(SLOTS) < set(KEYS) < keys
