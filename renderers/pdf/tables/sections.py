"""What the full tables are: title, summary, columns and rows of each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from renderers.pdf.tables.forms import Form
from renderers.tables import agents, half_hours, queues
from renderers.tables.column import Column
from renderers.words import Words
from worker.domain.briefing.content import Briefing
from worker.domain.groups import Table
from worker.domain.metrics import Status


@dataclass(frozen=True, slots=True)
class Section:
    """A table with its title and summary. ``status`` returns the status of a row."""

    title: str
    summary: str
    columns: Sequence[Column[Any]]
    rows: Sequence[Any]
    status: Callable[[Any], Status]

    def visible_columns(self, form: Form) -> list[Column[Any]]:
        """Return the columns that the form has room for, without those that are empty in every row."""
        first, *figures = [column for column in self.columns if column.narrow or not form.stacked]
        return [first, *(column for column in figures if any(column.value(row) is not None for row in self.rows))]


def section(words: Words, briefing: Briefing, table: Table) -> Section:
    """Return a table of the briefing."""
    return _SECTIONS[table](words, briefing)


def _of_queues(words: Words, briefing: Briefing) -> Section:
    columns = queues.columns_of(words, briefing)
    title, summary = words.say("All queues"), words.queues_summary(briefing)
    return Section(title, summary, columns, briefing.queues, lambda line: line.service_level.status)


def _of_half_hours(words: Words, briefing: Briefing) -> Section:
    sentence, rows = words.half_hours_summary(briefing), half_hours.lines_of_all_media(briefing)
    title = words.say("All half-hours")
    summary = words.by_medium(f"{sentence.head} {sentence.detail}".strip(), briefing.medium)
    columns = half_hours.columns(
        words,
        offset_matters=half_hours.changes_offset(rows),
        has_media=bool(briefing.media),
        has_thin=half_hours.has_thin(rows),
    )
    return Section(title, summary, columns, rows, lambda line: line.status)


def _of_agents(words: Words, briefing: Briefing) -> Section:
    summary = words.agents_summary(briefing)
    return Section(
        words.say("All agents"), summary, agents.columns(words), briefing.agents, lambda line: line.adherence.status
    )


_SECTIONS: dict[Table, Callable[[Words, Briefing], Section]] = {
    "queues": _of_queues,
    "half_hours": _of_half_hours,
    "agents": _of_agents,
}
