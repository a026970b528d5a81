"""What stands around the form's own lines: masthead, running head, foot, signatures, notices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from app.domain.station import Station
from app.printing.lines import LineFitter
from app.printing.placed import Dots, Item, Row, Rule, Run
from app.printing.typeface import Face, Style
from forms.codelists import code_list

AGENCY = Style(Face.REGULAR, 12)
AGENCY_NAME = Style(Face.BOLD, 12)
MOTTO = Style(Face.BOLD, 13)
PLACE = Style(Face.SLANTED, 12)
TITLE = Style(Face.BOLD, 17)
ISSUED = (Style(Face.SLANTED, 11.5), Style(Face.SLANTED, 11), Style(Face.SLANTED, 10.5))
"""The largest that fits on one line."""
SIGNER = Style(Face.BOLD, 12)
NOTE = Style(Face.SLANTED, 11.5)
SMALL = Style(Face.REGULAR, 9)
SMALL_BOLD = Style(Face.BOLD, 9)
RUNNING = Style(Face.REGULAR, 10)
RUNNING_VALUE = Style(Face.VALUE, 10)

_LEADING = 16.0
_LEFT_SHARE = 0.42
_SIGNING_ROOM = 56.0
_SMALLEST = 7.0
_DOTS = "…………"


@dataclass(slots=True)
class Masthead:
    fitter: LineFitter
    station: Station

    @property
    def station_name(self) -> str:
        """The station as the paper names it; dotted while the store has no name."""
        name = self.fitter.typeface.drawable(self.station.name)
        return name or f"Trạm Y tế xã {_DOTS}"

    def rows(self, *, number: str, title: str, issued: str, signed_on: date | None) -> list[Row]:
        return [self.head(number, signed_on), self.title(title, issued)]

    def head(self, number: str | None, signed_on: date | None) -> Row:
        """Station, national title, place and date. An empty number and a missing date are left to a pen;
        a number that is None is not asked for.
        """
        middle = self.fitter.left + _LEFT_SHARE * (self.fitter.right - self.fitter.left)
        left = self._agencies(self.fitter.left, middle, number)
        right = self._national_title(middle, self.fitter.right, signed_on)
        height = max(item.y for item in (*left, *right)) + 6
        return Row(height=height, items=(*left, *right), keep=True)

    def _agencies(self, left: float, right: float, number: str | None) -> list[Item]:
        department = self.fitter.typeface.drawable(self.station.health_department) or f"Sở Y tế {_DOTS}"
        named = self.station_name.upper()
        texts = [("BỘ Y TẾ", AGENCY)]
        room = right - left - 6
        texts += [(text, AGENCY) for text in self.fitter.wrapped([department.upper()], AGENCY, room, room)]
        texts += [(text, AGENCY_NAME) for text in self.fitter.wrapped([named], AGENCY_NAME, room, room)]
        items, y = self._centred(texts, left, left + room, 12.0)
        y += 5 - _LEADING
        third = room / 3
        items.append(Rule(left + third, y, third, 0, 0.8))
        if number is None:
            return items
        y += _LEADING + 1
        text = f"Số: {number or _DOTS}"
        width = self.fitter.width(text, AGENCY)
        items.append(Run(left + (room - width) / 2, y, text, AGENCY, width))
        return items

    def _national_title(self, left: float, right: float, signed_on: date | None) -> list[Item]:
        texts = [("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", AGENCY_NAME), ("Độc lập - Tự do - Hạnh phúc", MOTTO)]
        items, y = self._centred(texts, left, right, 12.0)
        motto = items[-1]
        y += 5 - _LEADING
        if isinstance(motto, Run):
            items.append(Rule(motto.x, y, motto.width, 0, 0.8))
        place = self._place() or _DOTS
        if signed_on is None:
            when = f"{place}, ngày …… tháng …… năm ………"
        else:
            when = f"{place}, ngày {signed_on:%d} tháng {signed_on:%m} năm {signed_on.year}"
        placed, _ = self._centred(
            [(text, PLACE) for text in self.fitter.wrapped([when], PLACE, right - left, right - left)],
            left,
            right,
            y + _LEADING + 5,
        )
        return [*items, *placed]

    def _place(self) -> str:
        commune = code_list("communes").get(self.station.commune)
        return commune.attributes.get("name", commune.name_vi) if commune else ""

    def title(self, title: str, note: str) -> Row:
        """The title of the paper and a line in italics, made smaller to stay one line."""
        left, right = self.fitter.left, self.fitter.right
        items, y = self._centred([(title, TITLE)], left, right, 16.0)
        style = next(s for s in ISSUED if self.fitter.width(note, s) <= right - left or s is ISSUED[-1])
        below, y = self._centred(
            [(text, style) for text in self.fitter.wrapped([note], style, right - left, right - left)],
            left,
            right,
            y + 2,
        )
        return Row(height=y - _LEADING + 8, items=(*items, *below), space=8)

    def _centred(
        self, texts: Sequence[tuple[str, Style]], left: float, right: float, y: float
    ) -> tuple[list[Item], float]:
        """Runs centred between two edges, the first baseline at `y`; and the baseline after the last."""
        items: list[Item] = []
        for text, style in texts:
            width = self.fitter.width(text, style)
            items.append(Run((left + right - width) / 2, y, text, style, width))
            y += _LEADING
        return items, y

    def signatures(self, signers: Sequence[tuple[str, str, str, str]]) -> Row:
        """Columns of (title, note, name, origin of the name) with room to sign, never split."""
        share = (self.fitter.right - self.fitter.left) / len(signers)
        items: list[Item] = []
        bottom = 0.0
        for number, (title, note, name, origin) in enumerate(signers):
            left = self.fitter.left + number * share
            right = left + share
            room = share - 10
            head = [
                (text, SIGNER)
                for line in title.replace("{station}", self.station_name.upper()).split("\n")
                for text in self.fitter.wrapped([line], SIGNER, room, room)
            ]
            placed, y = self._centred([*head, (note, NOTE)], left, right, 14.0)
            items.extend(placed)
            bottom = max(bottom, y + _SIGNING_ROOM)
            for text in self.fitter.wrapped([name], SIGNER, room, room) if name else ():
                width = self.fitter.width(text, SIGNER)
                items.append(Run(left + (share - width) / 2, y + _SIGNING_ROOM, text, SIGNER, width, origin))
                y += _LEADING
            bottom = max(bottom, y + _SIGNING_ROOM)
        return Row(height=bottom - _LEADING + 6, items=tuple(items), space=10)

    def notice(self, text: str) -> Row:
        """A framed sentence that nobody overlooks."""
        left, right = self.fitter.left, self.fitter.right
        room = right - left - 16
        lines = self.fitter.wrapped([text], SIGNER, room, room)
        items, y = self._centred([(line, SIGNER) for line in lines], left, right, 17.0)
        height = y - _LEADING + 8
        frame = [
            Rule(left, 0, right - left, 0, 1.2),
            Rule(left, height, right - left, 0, 1.2),
            Rule(left, 0, 0, height, 1.2),
            Rule(right, 0, 0, height, 1.2),
        ]
        return Row(height=height, items=(*frame, *items), space=6, keep=True)

    def running_head(self, *, name: str, birth_year: str, number: str, page: int, pages: int) -> Row:
        """Whose page this is, for sheets that come apart; to be written by hand where unknown."""
        left, right = self.fitter.left, self.fitter.right
        counter = f"Trang {page}/{pages}"
        width = self.fitter.width(counter, RUNNING)
        items: list[Item] = []
        fields = (("Họ và tên:", name, 0.0), ("Năm sinh:", birth_year, 40.0), ("Số:", number, 64.0))
        labels = [self.fitter.width(label, RUNNING) + 3 for label, _, _ in fields]
        rooms = [
            (self.fitter.width(value, RUNNING_VALUE) if value else room) + 12 for _, value, room in fields
        ]
        rooms[0] = right - width - 14 - left - sum(labels) - sum(rooms[1:])
        x = left
        for (label, value, _), label_width, room in zip(fields, labels, rooms, strict=True):
            items.append(Run(x, 10, label, RUNNING, label_width - 3))
            x += label_width
            if value:
                text, style = self._elided(value, room - 12, RUNNING_VALUE)
                items.append(Run(x, 10, text, style, self.fitter.width(text, style)))
            else:
                items.append(Dots(x, 11.2, room - 12))
            x += room
        items.append(Run(right - width, 10, counter, RUNNING, width))
        items.append(Rule(left, 15.5, right - left, 0, 0.5))
        return Row(height=24, items=tuple(items))

    def foot(self, *, marks: Sequence[str], text: str, page: int, pages: int) -> Row:
        """Where this paper came from; the first page has no running head and is numbered here."""
        left, right = self.fitter.left, self.fitter.right
        items: list[Item] = [Rule(left, 0, right - left, 0, 0.5)]
        x = left
        for mark in marks:
            width = self.fitter.width(mark, SMALL_BOLD)
            items.append(Run(x, 12, mark, SMALL_BOLD, width))
            x += width + 6
        counter = f"Trang {page}/{pages}" if page == 1 else ""
        width = self.fitter.width(counter, RUNNING)
        shown, style = self._elided(text, right - x - width - 10, SMALL)
        items.append(Run(x, 12, shown, style, self.fitter.width(shown, style)))
        if counter:
            items.append(Run(right - width, 12, counter, RUNNING, width))
        return Row(height=16, items=tuple(items))

    def _elided(self, text: str, room: float, largest: Style) -> tuple[str, Style]:
        """Made smaller, then shortened to fit. Only for what stands in full elsewhere on the paper."""
        size = largest.size
        width = self.fitter.typeface.width(text, largest)
        while size > _SMALLEST and width * size / largest.size > room + 0.01:
            size -= 0.5
        style = replace(largest, size=size)
        shown = text
        while shown and self.fitter.typeface.width(shown, style) > room + 0.01:
            text = text[:-1].rstrip()
            shown = text + "…" if text else ""
        return shown, style
