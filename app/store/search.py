"""Finding a person from what is typed, one keystroke at a time.

A few index queries, each cut off after the limit, give the candidates: whole words with the last or
another one as the given name, whole words, words as beginnings. The people touched last are always
candidates too, so that today's patients stand on top however common their name is. Ranking happens on
those few.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from app.store.connection import Sql
from app.store.projection import words

RECENT = 64
"""The people of so many last revisions always compete."""
MAX_WORDS = 12
_MAX_TYPED = 200
_MAX_WORD = 40
_YEAR_DIGITS = 4
_MIN_NUMBER = 4
"""Fewer digits of an identifier or telephone would match half the commune."""
_SPLIT_NUMBER = re.compile(r"[\d\s.\-/]+")
_JOINED_DIGITS = 8


@dataclass(frozen=True, slots=True)
class Word:
    """One typed word and the tokens that satisfy it.

    beginnings: tokens may start like this. whole: tokens that are this very word, itself or the birth year;
    none for longer numbers, which are looked for by their ends anyway.
    """

    text: str
    beginnings: tuple[str, ...]
    whole: tuple[str, ...]

    @classmethod
    def typed(cls, text: str) -> Word:
        beginnings, whole = [text], [text]
        if text.isascii() and text.isdigit() and len(text) <= _YEAR_DIGITS:
            beginnings.append(f"={text}")
            whole.append(f"={text}")
        if len(text) >= _MIN_NUMBER and any(sign.isdigit() for sign in text):
            beginnings += [f"#{text}", f"<{text[::-1]}"]
            if len(text) > _YEAR_DIGITS:
                whole = []
        return cls(text, tuple(beginnings), tuple(whole))

    @property
    def numeric(self) -> bool:
        return len(self.beginnings) > 1

    def expression(self) -> str:
        """For MATCH; a word has letters and digits only, so quoting it is enough."""
        return _any([f'"{beginning}"*' for beginning in self.beginnings])

    def exact(self) -> str:
        return _any([f'"{token}"' for token in self.whole]) if self.whole else self.expression()


def _any(alternatives: list[str]) -> str:
    return alternatives[0] if len(alternatives) == 1 else f"({' OR '.join(alternatives)})"


def read(text: str) -> tuple[Word, ...]:
    """The words of a query. A number typed in groups ("038 185 012345") is one word."""
    text = text[:_MAX_TYPED]
    typed = words(text)
    if _SPLIT_NUMBER.fullmatch(text) and sum(map(len, typed)) >= _JOINED_DIGITS:
        typed = ["".join(typed)]
    return tuple(Word.typed(word[:_MAX_WORD]) for word in dict.fromkeys(typed[:MAX_WORDS]))


_Found = dict[int, tuple[int, str]]
"""Row number -> (touched, tokens), the tokens as in the projection: a space before and after each."""


class Search:
    """Row numbers of people for a text, best first."""

    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    def best(self, text: str, limit: int) -> Sequence[int]:
        query = read(text)
        if not query:
            return []
        found = self._candidates(query, limit)
        whole = [tuple(f" {token} " for token in word.whole) for word in query if word.whole]
        given = [f" >{word.text} " for word in reversed(query) if not word.numeric]
        ranked = sorted(
            (_tier(whole, given, tokens), -touched, seq) for seq, (touched, tokens) in found.items()
        )
        return [seq for _, _, seq in ranked[:limit]]

    def _candidates(self, query: tuple[Word, ...], limit: int) -> _Found:
        """Everybody who can be among the best `limit`; every one matches all words."""
        exact = [word.exact() for word in query]
        found = self._matching(exact, limit)
        if len(found) > limit:
            # More whole-word matches than places: beginnings cannot win, the given name decides.
            found |= self._by_given_name(query, exact, limit)
        elif any(word.whole for word in query):
            found |= self._matching([word.expression() for word in query], limit)
        if len(found) > limit:
            found |= self._recent(query)
        return found

    def _by_given_name(self, query: tuple[Word, ...], exact: list[str], limit: int) -> _Found:
        """The last name word as the given name; if that leaves places, any other one."""
        places = [place for place, word in enumerate(query) if not word.numeric]
        found: _Found = {}
        for place in reversed(places):
            # The given name is one of the words too, so its marker takes the word's place.
            found |= self._matching([*exact[:place], f'">{query[place].text}"', *exact[place + 1 :]], limit)
            if len(found) > limit:
                break
        return found

    def _matching(self, conditions: Sequence[str], limit: int) -> _Found:
        """People for whom all conditions hold, one more than `limit` at most.

        In index order: asking for the latest first would make SQLite walk every match of a common word.
        """
        rows = self._sql.all(
            "SELECT p.seq, p.touched, p.tokens FROM (SELECT rowid AS seq FROM people_fts "
            "WHERE people_fts MATCH ? LIMIT ?) JOIN person p USING (seq)",
            " AND ".join(conditions),
            limit + 1,
        )
        return {seq: (touched, tokens) for seq, touched, tokens in rows}

    def _recent(self, query: tuple[Word, ...]) -> _Found:
        rows = self._sql.all(
            "SELECT p.seq, p.touched, p.tokens FROM person p WHERE p.active = 1 AND p.seq IN "
            "(SELECT person FROM revision ORDER BY seq DESC LIMIT ?)",
            RECENT,
        )
        for word in query:
            starts = [f" {beginning}" for beginning in word.beginnings]
            rows = [row for row in rows if any(start in row[2] for start in starts)]
        return {seq: (touched, tokens) for seq, touched, tokens in rows}


def _tier(whole: list[tuple[str, ...]], given: list[str], tokens: str) -> int:
    """0: whole words, the last name word being the given name, as names are written; 1: whole words, another
    one being the given name, as people are called; 2: whole words; 3: beginnings only. `given` is last first.
    """
    for alternatives in whole:
        if alternatives[0] not in tokens and alternatives[-1] not in tokens:
            return 3
    for place, name in enumerate(given):
        if name in tokens:
            return 0 if place == 0 else 1
    return 2
