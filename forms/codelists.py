"""Code lists: ICD-10, communes, ethnic groups and the other official lists, with search and lookup.

The data are the CSV files under `resources/codelists/`; `index.json` there names each list, its source
and its validity. A list is read when it is first asked for, so importing this module costs nothing.
The curated ICD-10 list can be extended by an imported full one: `forms.codelists_icd10`, then `extend`.
"""

from __future__ import annotations

import csv
import json
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.resources import files
from itertools import accumulate
from typing import Any

from forms.text import Language, Text, clean, fold

_WORD = re.compile(r"\w+")
_DOT_IN_CODE = re.compile(r"(?<=\d)\.(?=\d)")
_UNIT_LISTS = ("provinces", "communes", "citizen_id_provinces")
_UNIT_KIND_TYPED = re.compile(
    r"^(?:(tỉnh|thành phố|đặc khu|thị trấn|phường|xã)\s|(tp|tt|đk|[tpx])(\.\s?|\s))", re.IGNORECASE
)
_UNIT_KINDS = {
    "Tỉnh": "Province",
    "Thành phố": "City",
    "Quận": "District",
    "Huyện": "District",
    "Thị xã": "Town",
    "Xã": "Commune",
    "Phường": "Ward",
    "Thị trấn": "Township",
    "Đặc khu": "Special Zone",
}


@dataclass(frozen=True, slots=True)
class Code:
    """One entry of a code list.

    search: folded words: the Vietnamese name, a bar, then aliases, lay words, English name and code.
    weight: 0-100, how common the entry is at a commune station.
    attributes: further columns of the list, such as sex, primary, province_code; blank ones left out.
    """

    code: str
    name_vi: str
    name_en: str
    search: str
    weight: int = 0
    attributes: Mapping[str, str] = field(default_factory=dict, hash=False)

    def name(self, language: Language) -> str:
        return self.name_vi if language == "vi" else self.name_en

    @property
    def usable(self) -> bool:
        """False for a heading that needs a more specific code: known, but never offered."""
        return self.attributes.get("usable") != "no"


class CodeList:
    """An immutable list of codes, searchable by code prefix and by folded words in any order."""

    def __init__(self, name: str, codes: Iterable[Code], *, title: Text, source: Text, version: str) -> None:
        self.name = name
        self.title = title
        self.source = source
        self.version = version
        self._by_code = {code.code: code for code in codes}

    def __len__(self) -> int:
        return len(self._by_code)

    def __iter__(self) -> Iterator[Code]:
        return iter(self._by_code.values())

    def __contains__(self, code: object) -> bool:
        return code in self._by_code

    def __getitem__(self, code: str) -> Code:
        return self._by_code[code]

    def get(self, code: str) -> Code | None:
        return self._by_code.get(code)

    def find(self, text: str, limit: int = 20) -> list[Code]:
        """Entries whose words begin with the typed words, best first; the commonest for blank text.

        Order: exact code, exact name, entries with a weight (whole words before beginnings of words,
        then weight, then name), then the rest (names that begin as typed, then the typed phrase, then
        words in any order). Where tone marks are typed, names written like that come first: "sỏi"
        gives stones before measles.
        """
        words = _words(text)
        if not words:
            return [] if clean(text) else [code for shelf in self._shelves for code in shelf.codes][:limit]
        found: dict[str, Code] = {}
        exact = self._by_compact.get("".join(words))
        if exact is not None and exact.usable:
            found[exact.code] = exact
        phrase = " ".join(words)
        longest_first = sorted(words, key=len, reverse=True)
        whole = [f" {word} " for word in longest_first]
        starts = [f" {word}" for word in longest_first]
        common, rare = (shelf if shelf.holds(starts) else _EMPTY for shelf in self._shelves)
        common.collect([f"\n {phrase} | "], found, limit)
        rare.collect([f"\n {phrase} | "], found, limit)
        common.collect(whole, found, limit)
        common.collect(starts, found, limit)
        rare.collect([f"\n {phrase}"], found, limit)
        rare.collect([f" {phrase}"], found, limit)
        rare.collect(whole, found, limit)
        rare.collect(starts, found, limit)
        return _as_typed_first(text, exact, list(found.values())[:limit])

    def resolve(self, typed: str) -> Code | None:
        """The one entry meant by a code, a name (tone marks and spaces are optional) or an alias."""
        text = clean(typed)
        exact = self._by_code.get(text) or self._by_code.get(text.upper())
        if exact is None and text.isascii() and text.isdigit():
            exact = self._by_code.get(text.zfill(self._code_width))
        return exact or self._by_name.get(text.casefold()) or self._by_name.get(_squeezed(text))

    @cached_property
    def _shelves(self) -> tuple[_Shelf, _Shelf]:
        """Entries with a weight and the others, each best first."""
        ordered = sorted(self, key=lambda code: (-code.weight, code.search, code.code))
        usable = [code for code in ordered if code.usable]
        split = sum(code.weight > 0 for code in usable)
        return _Shelf.of(usable[:split]), _Shelf.of(usable[split:])

    @cached_property
    def _by_compact(self) -> dict[str, Code]:
        return {code.code.replace(".", "").casefold(): code for code in self}

    @cached_property
    def _code_width(self) -> int:
        """Length of every code of this list, or 0 if they differ: spreadsheets drop leading zeros."""
        widths = {len(code.code) for code in self}
        return widths.pop() if len(widths) == 1 else 0

    @cached_property
    def _by_name(self) -> dict[str, Code]:
        """Name keys that mean one entry only; a Vietnamese name wins over an alias or an English name."""
        keys: dict[str, Code] = {}
        layers = (
            [(code.name_vi.casefold(), code) for code in self],
            [(_squeezed(code.name_vi), code) for code in self],
            [(_squeezed(alias), code) for code in self for alias in _aliases(code)],
            [(_squeezed(code.name_en), code) for code in self],
        )
        for layer in layers:
            meant: dict[str, set[str]] = {}
            for key, code in layer:
                meant.setdefault(key, set()).add(code.code)
            for key, code in layer:
                if len(meant[key]) == 1:
                    keys.setdefault(key, code)
        return keys


@dataclass(frozen=True, slots=True)
class _Shelf:
    """Search words of many entries as one text, a line each: one scan at C speed per keystroke."""

    text: str
    starts: list[int]
    codes: list[Code]

    @classmethod
    def of(cls, codes: list[Code]) -> _Shelf:
        lines = [f"\n {code.search} " for code in codes]
        return cls("".join(lines), [0, *accumulate(map(len, lines))], codes)

    def holds(self, patterns: list[str]) -> bool:
        return all(pattern in self.text for pattern in patterns)

    def collect(self, patterns: list[str], found: dict[str, Code], limit: int) -> None:
        """Adds the entries that contain all patterns to `found`, in order, until it holds `limit`."""
        first, *others = patterns
        hit = self.text.find(first)
        while hit >= 0 and len(found) < limit:
            line = bisect_right(self.starts, hit) - 1
            begin, end = self.starts[line], self.starts[line + 1]
            if all(self.text.find(pattern, begin, end) >= 0 for pattern in others):
                found.setdefault(self.codes[line].code, self.codes[line])
            hit = self.text.find(first, end)


_EMPTY = _Shelf.of([])


@dataclass(frozen=True, slots=True)
class EarlierUnit:
    """A commune before 1 July 2025 and the codes of the communes it went to, the main one first.

    share: "same" (unchanged area), "whole" (merged whole into one), "part" (split).
    """

    code: str
    name: Text
    district: Text
    province: Text
    share: str
    successors: tuple[str, ...]


_EXTENDED: dict[str, CodeList] = {}


def code_list(name: str) -> CodeList:
    """The list of that name (a key of `lists` in index.json), extended or as shipped; KeyError if none."""
    return _EXTENDED.get(name) or _shipped(name)


@cache
def _shipped(name: str) -> CodeList:
    about = _index()["lists"][name]
    return CodeList(
        name,
        [_code_from_row(name, row) for row in _rows(about["file"])],
        title=Text(**about["title"]),
        source=Text(**about["source"]),
        version=about["version"],
    )


def list_names() -> tuple[str, ...]:
    return tuple(_index()["lists"])


def extend(name: str, extra: Iterable[Code]) -> None:
    """Put a station's imported codes beside the shipped ones, in place of what was put there before.

    One process serves one station, so the list in use belongs to the process like the shipped one.
    """
    _EXTENDED.pop(name, None)
    imported = list(extra)
    if imported:
        _EXTENDED[name] = merge(_shipped(name), imported)


def resolve(name: str, typed: str) -> Code | None:
    """`CodeList.resolve` of a shipped list: "H'Mông", "Mèo" and "08" are one ethnic group.

    Administrative units are also found by what is left without the words for their kinds: "TP. Huế",
    and "xã Long Thành, tỉnh Đồng Nai", a ward and a city since 2026.
    """
    codes = code_list(name)
    bare = [_UNIT_KIND_TYPED.sub("", clean(part), count=1) for part in typed.split(",")]
    found = codes.resolve(typed)
    return codes.resolve(", ".join(bare)) if found is None and name in _UNIT_LISTS else found


def make_code(
    code: str,
    name_vi: str,
    name_en: str,
    *,
    extra: str = "",
    weight: int = 0,
    attributes: Mapping[str, str] | None = None,
) -> Code:
    """A `Code` with its search words: `extra` holds abbreviations, lay words, aliases."""
    name = _words(name_vi)
    further = dict.fromkeys(_words(f"{extra} {name_en} {code}"))
    search = " ".join([*name, "|", *(word for word in further if word not in name)])
    return Code(code, name_vi, name_en, search, weight, attributes or {})


def merge(base: CodeList, extra: Iterable[Code], *, version: str = "") -> CodeList:
    """`base` extended and overridden by `extra`.

    An entry in both takes name and attributes from `extra` where given, and keeps the search words and
    the weight that make it quick to find.
    """
    merged = {code.code: code for code in base}
    for code in extra:
        known = merged.get(code.code)
        merged[code.code] = code if known is None else _merged(known, code)
    codes = merged.values()
    return CodeList(base.name, codes, title=base.title, source=base.source, version=version or base.version)


def commune_label(code: str, language: Language) -> str:
    """As "Xã Tam Chung, Tỉnh Thanh Hóa"; an earlier unit with its district; an unknown code as it is."""
    commune = code_list("communes").get(code)
    if commune is not None:
        province = code_list("provinces")[commune.attributes["province_code"]]
        return f"{commune.name(language)}, {province.name(language)}"
    earlier = earlier_unit(code)
    if earlier is None:
        return code
    units = dict.fromkeys((earlier.name, earlier.district, earlier.province))
    return ", ".join(unit.get(language) for unit in units)


def current_communes(old_code: str) -> tuple[Code, ...]:
    """The communes a code from before 1 July 2025 stands for now, the main one first; () if unknown.

    The island districts, which had no communes, are known by their three-digit district code. A code
    that only exists since the reform gives that commune itself.
    """
    communes = code_list("communes")
    earlier = earlier_unit(old_code)
    codes = earlier.successors if earlier is not None else (old_code,)
    return tuple(commune for code in codes if (commune := communes.get(code)) is not None)


def earlier_unit(code: str) -> EarlierUnit | None:
    return _earlier_units().get(code)


@cache
def _earlier_units() -> dict[str, EarlierUnit]:
    rows: dict[str, list[dict[str, str]]] = {}
    for row in _rows(_index()["tables"]["commune_changes"]["file"]):
        rows.setdefault(row["old_code"], []).append(row)
    return {
        code: EarlierUnit(
            code=code,
            name=_unit_name(parts[0]["old_kind"], parts[0]["old_name"]),
            district=_unit(parts[0]["old_district"]),
            province=_unit(parts[0]["old_province"]),
            share=parts[0]["share"],
            successors=tuple(part["new_code"] for part in parts),
        )
        for code, parts in rows.items()
    }


@cache
def _index() -> Any:
    return json.loads(_read("index.json"))


def _read(file: str) -> str:
    return files("resources").joinpath("codelists", file).read_text(encoding="utf-8")


def _rows(file: str) -> Iterator[dict[str, str]]:
    return csv.DictReader(_read(file).splitlines())


def _code_from_row(list_name: str, row: dict[str, str]) -> Code:
    """Columns code, name or name_vi, and as the list has them name_en, search, aliases, weight, kind."""
    extra = f"{row.get('search', '')} {row.get('aliases', '')}"
    own = {"code", "name", "name_vi", "name_en", "search", "weight"}
    attributes = {column: value for column, value in row.items() if value and column not in own}
    if "kind" in row:
        return _unit_from_row(list_name, row, attributes)
    name_vi = row.get("name_vi") or row["name"]
    weight = int(row.get("weight") or 0)
    return make_code(row["code"], name_vi, row["name_en"], extra=extra, weight=weight, attributes=attributes)


def _unit_from_row(list_name: str, row: dict[str, str], attributes: dict[str, str]) -> Code:
    """An administrative unit, also known by its bare name and, a commune, together with its province."""
    kind, bare = row["kind"], row["name"]
    name = _unit_name(kind, bare)
    aliases = [alias for alias in (bare, row.get("aliases", "")) if alias]
    words = [*_words(bare), "|", _folded(kind), *_words("; ".join(aliases)), _folded(_UNIT_KINDS[kind])]
    if list_name == "communes":
        province = code_list("provinces")[row["province_code"]]
        aliases += [f"{name.vi}, {province.name_vi}", f"{bare}, {province.attributes['name']}"]
        words.append(_folded(province.name_vi))
    attributes |= {"name": bare, "aliases": ";".join(aliases)}
    return Code(row["code"], name.vi, name.en, " ".join([*words, row["code"]]), 0, attributes)


def _unit_name(kind: str, name: str) -> Text:
    return Text(f"{kind} {name}", f"{name} {_UNIT_KINDS[kind]}")


@cache
def _unit(full_name: str) -> Text:
    kind = next(kind for kind in _UNIT_KINDS if full_name.startswith(f"{kind} "))
    return _unit_name(kind, full_name.removeprefix(f"{kind} "))


def _merged(known: Code, code: Code) -> Code:
    words = code.search.split()
    words += [word for word in known.search.split() if word not in words]
    # A row imported without a name carries its English name or its code instead.
    name_vi = known.name_vi if code.name_vi in {"", code.code, code.name_en} else code.name_vi
    name_en = known.name_en if code.name_en in {"", code.code, code.name_vi} else code.name_en
    attributes = {**known.attributes, **code.attributes}
    return Code(code.code, name_vi, name_en, " ".join(words), max(known.weight, code.weight), attributes)


def _words(text: str) -> list[str]:
    """Folded words; the dot of "E11.9" is dropped, so that a code is one word."""
    return _WORD.findall(fold(_DOT_IN_CODE.sub("", text)))


@cache
def _folded(text: str) -> str:
    return " ".join(_words(text))


def _squeezed(text: str) -> str:
    return "".join(_words(text))


def _aliases(code: Code) -> list[str]:
    return [alias for alias in code.attributes.get("aliases", "").split(";") if alias]


def _as_typed_first(text: str, exact: Code | None, found: list[Code]) -> list[Code]:
    typed = clean(text).casefold()
    if typed.isascii():
        return found
    return sorted(found, key=lambda code: code is not exact and typed not in code.name_vi.casefold())
