"""What the reports of a group lack, and the reader must know. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from worker.domain.metrics import Metric
from worker.domain.rows import Gap, Queue, QueueInterval
from worker.genesys.api.shapes import GuideExport
from worker.genesys.reporting.definitions import Definition
from worker.genesys.reporting.rows import unknown_queue_names
from worker.genesys.reporting.table import ReportTable


def partial_gaps(definition: Definition, export: GuideExport) -> Iterator[Gap]:
    """The source itself says that something is missing."""
    if export.partial:
        yield Gap("partial", f"The source says that the report {definition.name!r} is incomplete.")


def missing_queue_gaps(
    definition: Definition, table: ReportTable, intervals: Iterable[QueueInterval], queues: Iterable[Queue]
) -> Iterator[Gap]:
    """A queue without rows had no calls, or the file writes its name in another way: then we say so."""
    queue_ids = {row.queue_id for row in intervals}
    absent = [queue.name for queue in queues if queue.id not in queue_ids]
    unknown_names = (
        unknown_queue_names(table, {queue.name for queue in queues}) if absent and not definition.by_agent else []
    )
    by_letters = {_letters(name): name for name in unknown_names}
    for name in absent:
        letters = _letters(name)
        similar = by_letters.get(letters) if len(letters) >= _TELLING else None
        if similar:
            yield Gap("partial", f"The report {definition.name!r} has no row for {name!r}, but one for {similar!r}.")


_TELLING = 4
"""Fewer letters and digits than this say nothing about two names."""


def _letters(name: str) -> str:
    """What is left of a name whatever an export does to its signs, spaces and capitals."""
    return "".join(sign for sign in name.casefold() if sign.isalnum() and sign.isascii())


_NEEDS: tuple[tuple[Metric, tuple[frozenset[str], ...]], ...] = (
    (
        Metric.SERVICE_LEVEL,
        (frozenset({"serviceLevel"}), frozenset({"answeredInServiceLevel", "answered", "abandoned"})),
    ),
    (Metric.ABANDONMENT, (frozenset({"abandonmentRate"}), frozenset({"abandoned", "offered"}))),
    (
        Metric.OCCUPANCY,
        (frozenset({"occupancy"}), frozenset({"interactingSeconds", "communicatingSeconds", "idleSeconds"})),
    ),
    (Metric.ADHERENCE, (frozenset({"scheduledSeconds", "exceptionSeconds"}),)),
)
"""Which columns, all of one set in one definition, make a metric known."""


def missing_column_gaps(definitions: Iterable[Definition]) -> Iterator[Gap]:
    """A metric whose columns no definition has."""
    column_sets = [definition.column_ids for definition in definitions]
    for metric, ways in _NEEDS:
        if any(way <= columns for way in ways for columns in column_sets):
            continue
        name = metric.value.replace("_", " ")
        if metric is Metric.ADHERENCE and any("adherence" in columns for columns in column_sets):
            yield Gap(
                "percent_only", f"The reports give {name} by agent only, without seconds to add up.", metric.value
            )
        else:
            yield Gap("unavailable", f"No report of this group has the columns for {name}.", metric.value)
