"""Gaps of a group's reports: what they lack and the reader must know. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from worker.domain.metrics import Metric
from worker.domain.rows import Gap, Queue, QueueInterval
from worker.genesys.api.shapes import GuideExport
from worker.genesys.reporting.definitions import Definition
from worker.genesys.tables.limits import shorten
from worker.genesys.tables.names import TELLING_LETTERS, letters_of, without_case

_LISTED = 8


def partial_gaps(definition: Definition, export: GuideExport) -> Iterator[Gap]:
    """Yield a gap if the source says that its file is incomplete."""
    if export.partial:
        yield Gap("partial", f"The source says that the report {definition.name!r} is incomplete.")


def missing_queue_gaps(
    definition: Definition, names: Collection[str], intervals: Iterable[QueueInterval], queues: Iterable[Queue]
) -> Iterator[Gap]:
    """Yield a gap for a queue that the file also, or only, has under a similar name, or for none of the group's queues.

    Another spelling in capitals or width is not added to the queue: a queue of another group may have that name.
    """
    queue_ids = {row.queue_id for row in intervals}
    by_letters = {letters_of(name): name for name in names}
    by_spelling = {without_case(name): name for name in names}
    if names and not queue_ids:
        other_names = ", ".join(repr(shorten(name)) for name in sorted(names)[:_LISTED])
        detail = f"The report {definition.name!r} has no row for any queue of the group, but rows for {other_names}."
        yield Gap("partial", detail)
        return
    for queue in queues:
        letters = letters_of(queue.name)
        respelled = by_spelling.get(without_case(queue.name))
        similar = respelled or (by_letters.get(letters) if len(letters) >= TELLING_LETTERS else None)
        if queue.id in queue_ids and respelled:
            yield Gap(
                "partial",
                f"The report {definition.name!r} has rows for {queue.name!r} and rows for {respelled!r}, which are not "
                "in the figures. Add that queue to the group, or filter it out of the report.",
            )
        elif queue.id not in queue_ids and similar:
            yield Gap(
                "partial", f"The report {definition.name!r} has no row for {queue.name!r}, but one for {similar!r}."
            )


def foreign_encoding_gaps(
    label: str, names: Collection[str], intervals: Iterable[QueueInterval], queues: Iterable[Queue]
) -> Iterator[Gap]:
    """Yield a gap if a text that is no UTF-8 lacks a queue with letters beyond ASCII, and has other such names."""
    queue_ids = {row.queue_id for row in intervals}
    missing_queues = [queue.name for queue in queues if queue.id not in queue_ids and not queue.name.isascii()]
    unknown_name = next((name for name in sorted(names) if not name.isascii()), None)
    if missing_queues and unknown_name:
        yield Gap(
            "partial",
            f"{label} is not in UTF-8, and was read as Windows-1252. It has no row for {missing_queues[0]!r}, but one "
            f"for {shorten(unknown_name)!r}. Have the report exported in UTF-8 or as XLSX.",
        )


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
"""The sets of columns that make a metric known, if one definition has all of a set."""


def pdf_alone_gaps(definitions: Collection[Definition]) -> Iterator[Gap]:
    """Yield a gap if every file is a PDF, so that there are no figures at all."""
    if all(definition.is_pdf for definition in definitions):
        names = ", ".join(repr(definition.name) for definition in definitions)
        yield Gap(
            "partial", f"The report {names} is a PDF, which gives no figures. It follows the briefing's own pages."
        )


def missing_column_gaps(definitions: Iterable[Definition]) -> Iterator[Gap]:
    """Yield a gap for each metric whose columns no definition has."""
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
