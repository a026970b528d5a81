"""The shipped administrative units against the official and a second independent table.

The comparison files stay outside the repository; without them these tests are skipped. Every known
difference is listed here with its reason, so a new one fails.
"""

from __future__ import annotations

import csv
import json
import unicodedata
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from forms.codelists import code_list, current_communes, earlier_unit
from forms.text import clean, fold

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
NSO = DATA / "nso_old_new_commune_2025-07.csv"
JULY_2026 = DATA / "vn_provinces_2026.json"

needs_nso = pytest.mark.skipif(not NSO.is_file(), reason=f"no {NSO.name} beside the repository")
needs_json = pytest.mark.skipif(not JULY_2026.is_file(), reason=f"no {JULY_2026.name} beside the repository")


def codes(listed: str) -> set[str]:
    return set(listed.split())


# Resolutions 30/2026/QH16 and 237/NQ-UBTVQH16, in force since 30 April 2026: xã -> phường.
WARDS_SINCE_2026 = codes("25270 25357 25363 26116 26170 26248 26326 26368 26425 26485")

# Wrong earlier codes in the NSO table: Mỹ Hưng 01651 is printed as 01615, Phú Thịnh 02482 as 02485, and
# the main part of Đặng Xá 00556 as 00553.
MISPRINTED_IN_NSO = {"01615", "02485", "00553", "00556"}
MISSING_IN_NSO = {"01651", "02482"}
ISLAND_DISTRICTS = {"318", "471", "498", "536", "755"}

# Earlier names that the two sources spell differently (Kan Hồ / Can Hồ, A Vương / Avương, Phường 4 /
# Phường IV) or give another kind (Tiên Sơn, Hòa Tân Đông), besides the misprinted codes.
EARLIER_NAMES_SPELT_OTHERWISE = codes(
    "03469 04603 13369 19780 20440 20443 20452 20455 20458 20461 22108 22111 22267 23344 23464 23710"
    " 23851 24100 24889 24973 25099 25117 25462 26119 30055"
)


@cache
def nso_rows() -> list[list[str]]:
    with NSO.open(encoding="utf-8-sig", newline="") as stream:
        rows = [[clean(cell) for cell in row] for row in csv.reader(stream)]
    return [row for row in rows if len(row) > 7 and row[2].isdigit()]


def nso_successors() -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for row in nso_rows():
        if row[4]:
            found[row[4]].add(row[2])
    return dict(found)


@cache
def units_of_july_2026() -> list[dict[str, Any]]:
    units: list[dict[str, Any]] = json.loads(JULY_2026.read_text(encoding="utf-8"))
    return units


def squeezed(name: str) -> str:
    return fold(name).replace(" ", "")


def letters(name: str) -> list[str]:
    """Letters and marks of a name, wherever the marks stand."""
    return sorted(unicodedata.normalize("NFD", name))


@needs_nso
def test_new_communes_equal_the_nso_table() -> None:
    official = {row[2]: row for row in nso_rows()}
    ours = {commune.code: commune for commune in code_list("communes")}
    assert ours.keys() == official.keys()
    assert len(ours) == 3321
    other_name = {code for code, row in official.items() if fold(row[1]) != fold(ours[code].name_vi)}
    assert other_name == WARDS_SINCE_2026
    for code, row in official.items():
        assert f"({ours[code].attributes['province_code']})" in row[0]
    spelt_otherwise = {code for code, row in official.items() if row[1] != ours[code].name_vi} - other_name
    assert len(spelt_otherwise) == 10  # tone placement 7, apostrophe 2, "Xa Ea Kly" once


@needs_nso
def test_successors_equal_the_nso_table() -> None:
    official = nso_successors()
    assert len(official) == 10033
    differing = {
        code for code, news in official.items() if {unit.code for unit in current_communes(code)} != news
    }
    assert differing == MISPRINTED_IN_NSO


@needs_nso
def test_every_earlier_unit_is_known_and_nothing_else() -> None:
    ours = {row["old_code"] for row in change_rows()}
    assert ours - nso_successors().keys() == MISSING_IN_NSO | ISLAND_DISTRICTS
    assert nso_successors().keys() <= ours
    assert len(ours) == 10040


@needs_nso
def test_split_units_equal_the_nso_table() -> None:
    split = {code for code, news in nso_successors().items() if len(news) > 1}
    ours = {row["old_code"] for row in change_rows() if row["share"] == "part"}
    assert (split ^ ours) == {"01615", "02485", "00556"} <= MISPRINTED_IN_NSO
    assert len(ours) == 440


@needs_nso
def test_earlier_names_districts_and_provinces_equal_the_nso_table() -> None:
    other_name, other_district, other_province = set(), set(), set()
    for row in nso_rows():
        if not row[4] or row[4] in MISPRINTED_IN_NSO:
            continue
        unit, change = earlier_unit(row[4]), changes_by_code()[row[4]][0]
        assert unit is not None
        if fold(unit.name.vi) != fold(row[3]):
            other_name.add(row[4])
        if f"({change['old_district_code']})" not in row[6]:
            other_district.add(row[6])
        if squeezed(unit.district.vi) != squeezed(row[6].rpartition(" (")[0]):
            other_district.add(row[6])
        if f"({change['old_province_code']})" not in row[7]:
            other_province.add(row[4])
    assert other_district == {"Huyện Phú Quý (602)"}  # ours: Phú Quí
    assert other_province == {"27691", "30781"}  # Tân An is not in Tiền Giang, nor Hà Tiên in An Giang
    assert other_name == EARLIER_NAMES_SPELT_OTHERWISE


@needs_json
def test_current_units_equal_the_july_2026_table() -> None:
    theirs = {ward["Code"]: ward["FullName"] for unit in units_of_july_2026() for ward in unit["Wards"]}
    ours = {commune.code: commune for commune in code_list("communes")}
    assert ours.keys() - theirs.keys() == {"06970"}  # Xã Ba Chẽ, as in the NSO table
    assert theirs.keys() - ours.keys() == {"06978"}  # the same commune
    both = ours.keys() & theirs.keys()
    assert {code for code in both if fold(ours[code].name_vi) != fold(theirs[code])} == set()
    spelt_otherwise = {code for code in both if clean(theirs[code]) != ours[code].name_vi}
    marks_moved = {code for code in both if letters(theirs[code]) == letters(ours[code].name_vi)}
    assert len(spelt_otherwise) == 191  # "Hoà" for "Hòa" and the like, and "xã" for "Xã" once
    assert spelt_otherwise - marks_moved == {"06325"}
    province_of = {ward["Code"]: unit["Code"] for unit in units_of_july_2026() for ward in unit["Wards"]}
    assert {code for code in both if ours[code].attributes["province_code"] != province_of[code]} == set()


@needs_json
def test_provinces_equal_the_july_2026_table() -> None:
    theirs = {unit["Code"]: fold(unit["FullName"]) for unit in units_of_july_2026()}
    assert {unit.code: fold(unit.name_vi) for unit in code_list("provinces")} == theirs


@cache
def change_rows() -> list[dict[str, str]]:
    path = Path(__file__).resolve().parents[2] / "resources" / "codelists" / "commune_changes.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@cache
def changes_by_code() -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in change_rows():
        found[row["old_code"]].append(row)
    return found
