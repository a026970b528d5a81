"""What follows from what was typed into part A of a new record. Filled in visibly, and editable."""

from __future__ import annotations

import re
from collections.abc import Mapping

from app.domain.station import Station
from forms.codelists import code_list
from forms.model import Json
from ui.entry.form_state import FormState

VIETNAM = "000"
_PROVINCE_OF = {"permanent_commune": "permanent_province", "current_commune": "current_province"}
_NAMES = ("full_name", "mother_name", "father_name", "caregiver_name")
_WATCHED = (*_PROVINCE_OF, *_NAMES, "permanent_address")
_WORD_START = re.compile(r"(?:^|(?<=[\s-]))\w")


def province_of(commune: Json) -> str:
    """Province code of a commune code, "" if the commune is not in the list."""
    found = code_list("communes").get(str(commune or ""))
    return found.attributes.get("province_code", "") if found is not None else ""


def capitalised(name: str) -> str:
    """Every word with a capital; the letter after an apostrophe (y'nhép) stays small."""
    return _WORD_START.sub(lambda match: match[0].upper(), name)


def defaults_for(station: Station, known: Mapping[str, Json]) -> dict[str, Json]:
    """Answers most residents of this station share; `known` answers win."""
    usual: dict[str, Json] = {"nationality": VIETNAM}
    if station.commune:
        province = province_of(station.commune)
        for commune, province_key in _PROVINCE_OF.items():
            usual[commune] = station.commune
            if province:
                usual[province_key] = province
    return {key: value for key, value in usual.items() if key not in known}


class PersonAssist:
    """Follows one state: the commune brings its province, the registered address is where one lives."""

    def __init__(self, state: FormState, *, new: bool) -> None:
        self._state = state
        self._new = new
        self._seen = {key: state.value(key) for key in _WATCHED}
        self.filled: dict[str, str] = {}
        """What was filled in and may still be a guess, by key."""

    def follow(self) -> None:
        """Call after every change."""
        state = self._state
        changed = [key for key in _WATCHED if state.value(key) != self._seen[key]]
        self._seen = {key: state.value(key) for key in _WATCHED}
        for key in changed:
            if key in _PROVINCE_OF:
                province = province_of(state.value(key))
                if province:
                    state.set_values({_PROVINCE_OF[key]: province}, focus=key, touch=False, join=True)
            elif key in _NAMES:
                self._capitalise(key)
        if self._new and changed:
            self._copy_address()

    def _capitalise(self, key: str) -> None:
        """`lò thị mẫu` is a quickly typed `Lò Thị Mẫu`; anything with a capital is left as it was typed."""
        name = self._state.value(key)
        if isinstance(name, str) and name.islower():
            capital = capitalised(name)
            self._seen[key] = capital
            self._state.set_values({key: capital}, focus=key, join=True)

    def _copy_address(self) -> None:
        state = self._state
        lives_there = state.value("permanent_commune") == state.value("current_commune")
        address = state.value("permanent_address")
        present = state.value("village")
        guessed = present is None or present == self.filled.get("village")
        if guessed and lives_there and isinstance(address, str):
            self.filled["village"] = address
            state.set_values({"village": address}, focus="permanent_address", touch=False, join=True)
