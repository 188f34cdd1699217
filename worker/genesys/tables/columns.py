"""The columns that are looked for in a table: what they hold, in which unit, and under which headers."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "instant", "count", "percent", "seconds", "milliseconds"]
Scale = Literal["fraction", "percent"]
BlankMeaning = Literal["zero", "unknown"]
DurationUnit = Literal["seconds", "milliseconds", "minutes"]


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column that is looked for in a file, by any of its headers. A file without a ``required`` one is refused.

    ``may_exceed_one``: a ratio above 100 % can be true, as with more abandons than offers in a half-hour.
    """

    id: str
    kind: Kind
    headers: tuple[str, ...]
    required: bool = True
    may_exceed_one: bool = False

    @property
    def largest(self) -> float:
        """The largest number that a cell can hold: a percentage, even with ten abandons for each offer, is bounded."""
        if self.kind != "percent":
            return math.inf
        return 1000.0 if self.may_exceed_one else 100.1

    @property
    def largest_fraction(self) -> float:
        """The largest fraction of a column of percentages."""
        return 10.0 if self.may_exceed_one else 1.0

    @property
    def is_figure(self) -> bool:
        """Whether the column holds numbers."""
        return self.kind not in ("text", "instant")


@dataclass(frozen=True, slots=True)
class Statements:
    """What a report definition states about its file.

    The scale of percentages, the meaning of blank cells, and the unit of durations where no header states one.
    """

    scale: Scale | None = None
    blank: BlankMeaning | None = None
    durations: DurationUnit | None = None
