"""What a workbook may go without, so that it can be sent."""

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
    """``tight``: packed as small as zip can. ``without``: (sheet, column header) pairs. ``agents_on_target``: kept."""

    tight: bool = False
    without: frozenset[tuple[str, str]] = frozenset()
    agents_on_target: bool = True

    def columns(self, sheet: str, columns: Sequence[Column[Row]]) -> tuple[Column[Row], ...]:
        """Those of a sheet's columns that stay."""
        return tuple(column for column in columns if (sheet, column.header) not in self.without)

    def agents(self, briefing: Briefing) -> tuple[AgentLine, ...]:
        """Those of the agents that stay."""
        if self.agents_on_target:
            return briefing.agents
        return tuple(line for line in briefing.agents if line.adherence.status is not Status.ON_TARGET)


WHOLE = Trim()
