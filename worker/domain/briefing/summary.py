"""A briefing or notice in a few finished strings: what a card in a chat shows of it.

Made by `renderers.message.html`, carried in the parcel, laid out by the chat channels. Names in it are cleaned and cut;
they may still hold any markup, so a channel puts them where its receiver knows none. It names no agent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

UNTIL = "until {instant}"
CUT_SHORT = "The figures do not fit into this card."


@dataclass(frozen=True, slots=True)
class Point:
    """A head and what stands behind it; ``sign`` is the status as a shape (✓ ▲ ✕ ◐ ○)."""

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
    """From top to bottom; what is empty is not shown. A notice has a verdict only.

    ``until``: what stands behind a link that ends, with ``{instant}`` in it. ``cut_short``: what a card says that had
    no room for its figures.
    """

    group: str = ""
    day: str = ""
    corrected: str = ""
    verdict: Point = Point("", "")
    warnings: tuple[str, ...] = ()
    readings: tuple[ReadingLine, ...] = ()
    points: tuple[Point, ...] = ()
    until: str = UNTIL
    cut_short: str = CUT_SHORT

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Summary:
        """What `dataclasses.asdict` made of a summary, after a way through JSON."""
        return cls(
            **dict(plain)
            | {
                "verdict": Point(**plain["verdict"]),
                "warnings": tuple(plain["warnings"]),
                "readings": tuple(ReadingLine(**each) for each in plain["readings"]),
                "points": tuple(Point(**each) for each in plain["points"]),
            }
        )
