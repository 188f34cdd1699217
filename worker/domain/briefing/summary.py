"""A briefing or notice as a few finished strings, for a card in a chat.

`renderers.message.html` makes it, the outgoing message carries it, and the chat channels lay it out. Names in it are
cleaned and shortened but may still hold markup, so a channel puts them where its receiver reads plain text. It names no
agent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

LINK_EXPIRY = "until {instant}"
CUT_SHORT = "The figures do not fit into this card."


@dataclass(frozen=True, slots=True)
class Point:
    """A headline with its detail. ``sign`` is the status as a shape (✓ ▲ ✕ ◐ ○)."""

    sign: str
    head: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class ReadingLine:
    """One metric: ``Service level``, ``78.4%``, ``goal ≥ 80%``, ``✕``, ``missed``, ``Tue 20 ▼ 3.1 pts worse``."""

    name: str
    value: str
    goal: str
    sign: str
    status: str
    change: str = ""


@dataclass(frozen=True, slots=True)
class Summary:
    """The parts of a card from top to bottom. Empty parts are not shown. A notice has no readings.

    ``until``: the text after a link that expires, with ``{instant}`` in it. ``cut_short``: the text of a card that has
    no room for its figures.
    """

    group: str = ""
    day: str = ""
    corrected: str = ""
    verdict: Point = Point("", "")
    warnings: tuple[str, ...] = ()
    readings: tuple[ReadingLine, ...] = ()
    points: tuple[Point, ...] = ()
    until: str = LINK_EXPIRY
    cut_short: str = CUT_SHORT

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Summary:
        """Build a summary from the dict of `dataclasses.asdict`, also after a round trip through JSON."""
        return cls(
            **dict(plain)
            | {
                "verdict": Point(**plain["verdict"]),
                "warnings": tuple(plain["warnings"]),
                "readings": tuple(ReadingLine(**reading) for reading in plain["readings"]),
                "points": tuple(Point(**point) for point in plain["points"]),
            }
        )
