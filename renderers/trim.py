"""What to leave out of a workbook so that the message is small enough."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from worker.domain.briefing.content import AgentLine, Briefing
from worker.domain.metrics import Status

if TYPE_CHECKING:
    from renderers.tables.column import Column

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Trim:
    """``tight``: compress as far as zip can. ``dropped_columns``: pairs of sheet and column header."""

    tight: bool = False
    dropped_columns: frozenset[tuple[str, str]] = frozenset()
    agents_on_target: bool = True

    def columns(self, sheet: str, columns: Sequence[Column[Row]]) -> tuple[Column[Row], ...]:
        """Return the columns of a sheet that stay."""
        return tuple(column for column in columns if (sheet, column.header) not in self.dropped_columns)

    def agents(self, briefing: Briefing) -> tuple[AgentLine, ...]:
        """Return the agents that stay."""
        if self.agents_on_target:
            return briefing.agents
        return tuple(line for line in briefing.agents if line.adherence.status is not Status.ON_TARGET)


WHOLE = Trim()
