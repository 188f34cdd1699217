"""Media types as files write them, and the media of one queue's rows: those of the order, sums, and unknown words."""

from __future__ import annotations

import enum
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from worker.domain.gap_texts import GapText
from worker.domain.rows import Gap, gap
from worker.genesys.source import Order
from worker.genesys.tables.limits import shorten
from worker.genesys.tables.placed_row import Place, PlacedRow
from worker.genesys.tables.table import Table
from worker.genesys.tables.totals import Amounts, has_total_word, is_sum

ALL_MEDIA = "all"
"""The medium of a row that does not tell its own, if the order is for several."""

_MEDIA = frozenset(
    ["voice", "chat", "email", "callback", "message", "video", "cobrowse", "screenshare", "internalmessage"]
)
"""The platform's media types (Genesys Cloud API, MediaType)."""

_SPELLINGS = {
    "call": "voice",
    "calls": "voice",
    "chats": "chat",
    "emails": "email",
    "callbacks": "callback",
    "messages": "message",
    "internal message": "internalmessage",
    "screen share": "screenshare",
}


class Label(enum.Enum):
    """What a file's word for a medium is."""

    MEDIUM = "a medium"
    SUM = "perhaps a sum of media"
    UNKNOWN = "an unknown word"


def medium_of(text: str) -> str:
    """Return the platform's name of a medium, or the text in small letters."""
    word = text.casefold()
    return _SPELLINGS.get(word, word)


def label_of(text: str, media: Collection[str]) -> Label:
    """Return what a word for a medium is. ``media`` are those of the order."""
    medium = medium_of(text)
    if medium in _MEDIA or medium in media:
        return Label.MEDIUM
    return Label.SUM if has_total_word(medium) or "," in medium or "+" in medium else Label.UNKNOWN


def joined_media(text: str) -> set[str]:
    """Return the media of a row that lists several, such as ``voice; chat``."""
    return {medium_of(part.strip()) for part in text.replace(",", ";").replace("+", ";").split(";") if part.strip()}


class MediaRows:
    """The rows of one queue, sorted into media of the order, sums, and unknown words."""

    def __init__(
        self, table: Table, order: Order, placed: Mapping[Place, PlacedRow], amounts: Mapping[Place, Amounts]
    ) -> None:
        self._table = table
        self._order = order
        self._placed = placed
        self._amounts = amounts
        labels = {placed_row.medium: label_of(placed_row.medium, order.media) for placed_row in placed.values()}
        media_labels = [label for label, kind in labels.items() if kind is Label.MEDIUM]
        unknown = [label for label, kind in labels.items() if kind is Label.UNKNOWN]
        self._unknown = [label for label in unknown if not self._is_sum(label, media_labels)]
        parts = [*media_labels, *self._unknown]
        sums = [label for label, kind in labels.items() if kind is Label.SUM]
        self._single_label = sums[0] if len(sums) == 1 and not parts else None
        self._media_labels = media_labels
        if self._single_label is None:
            self._refuse_odd_sums(sums, parts)

    def rows(self) -> Iterator[PlacedRow]:
        """Yield the rows of the order's media, or those of the only label, which is for all of them."""
        for placed_row in self._placed.values():
            if placed_row.medium == self._single_label:
                yield replace(placed_row, medium=self._medium_of_only(placed_row))
            elif placed_row.medium in self._media_labels and medium_of(placed_row.medium) in self._order.media:
                yield replace(placed_row, medium=medium_of(placed_row.medium))

    def gaps(self) -> Iterator[Gap]:
        """Yield a gap for each unknown word, with the contacts that are not in the figures."""
        for label in self._unknown:
            rows = [place for place, placed_row in self._placed.items() if placed_row.medium == label]
            contacts = round(sum(self._amounts[place].get("offered") or 0.0 for place in rows))
            name = self._placed[rows[0]].row.text("queueName") or rows[0][0]
            yield gap(
                "partial",
                GapText.MEDIUM_UNKNOWN_CONTACTS if contacts else GapText.MEDIUM_UNKNOWN,
                file=self._table.label,
                queue=shorten(name),
                medium=shorten(label),
                rows=len(rows),
                contacts=contacts,
            )

    def _medium_of_only(self, placed_row: PlacedRow) -> str:
        media = joined_media(placed_row.medium)
        foreign = media - set(self._order.media) if len(media) > 1 else set()
        if foreign:
            raise self._table.refuse(
                placed_row.row,
                f"the row adds up {shorten(placed_row.medium)!r}, which the group does not all take",
                "Have the report give a row for each medium.",
            )
        return self._order.media[0] if len(self._order.media) == 1 else ALL_MEDIA

    def _refuse_odd_sums(self, labels: Iterable[str], parts: Sequence[str]) -> None:
        for label in labels:
            if not self._is_sum(label, parts):
                placed_row = next(row for row in self._placed.values() if row.medium == label)
                raise self._table.refuse(
                    placed_row.row,
                    f"the row of {placed_row.row.text('queueName')!r} for the media {shorten(label)!r} is not the sum "
                    "of the other rows",
                    "Leave rows of sums out of the report, or name the medium in every row.",
                )

    def _is_sum(self, label: str, parts: Sequence[str]) -> bool:
        """Return whether each row with this label adds up the rows of the parts in its half-hour."""
        part_labels = {medium_of(part) for part in parts}
        rows = [place for place, placed_row in self._placed.items() if placed_row.medium == label]
        counted = [place for place in rows if any(self._amounts[place].values())]
        if not parts or not counted:
            return not counted and bool(parts)
        return all(
            is_sum(
                self._amounts[place],
                [self._amounts[part] for part in self._placed if part[1] in part_labels and part[2] == place[2]],
            )
            for place in counted
        )
