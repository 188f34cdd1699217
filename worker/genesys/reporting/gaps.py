"""Gaps of a group's reports: what they lack and the reader must know. Pure."""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Iterable, Iterator

from worker.domain.gap_texts import GapText
from worker.domain.metrics import Metric
from worker.domain.rows import Gap, Queue, QueueInterval, gap
from worker.genesys.api.shapes import GuideExport
from worker.genesys.reporting.definitions import Definition
from worker.genesys.tables.limits import shorten
from worker.genesys.tables.names import TELLING_LETTERS, letters_of, without_case
from worker.genesys.tables.totals import has_total_word

_LISTED = 8
_ADDITION = re.compile(r"\s*(?:\([^()]*\)|\[[^\[\]]*\]|#\w+)\s*$")
"""An id behind a name: ``Support (42)``, ``Support [a1b2]`` or ``Support #42``."""


def partial_gaps(definition: Definition, export: GuideExport) -> Iterator[Gap]:
    """Yield a gap if the source says that its file is incomplete."""
    if export.partial:
        yield gap("partial", GapText.REPORT_INCOMPLETE, report=definition.name)


def missing_queue_gaps(
    definition: Definition, names: Collection[str], intervals: Iterable[QueueInterval], queues: Iterable[Queue]
) -> Iterator[Gap]:
    """Yield a gap for a queue that the file also, or only, has under a similar name, or for none of the group's queues.

    Another spelling in capitals or width is not added to the queue: a queue of another group may have that name.
    """
    queue_ids = {row.queue_id for row in intervals}
    by_letters = {letters_of(spelling): name for name in names for spelling in (_without_addition(name), name)}
    unfiltered = [name for name in sorted(names) if name not in definition.queue_names and not has_total_word(name)]
    by_spelling = {without_case(name): name for name in names}
    if names and not queue_ids:
        other_names = "', '".join(shorten(name) for name in sorted(names)[:_LISTED])
        yield gap("partial", GapText.OTHER_QUEUES, report=definition.name, queues=other_names)
        return
    for queue in queues:
        letters = letters_of(queue.name)
        respelled = by_spelling.get(without_case(queue.name))
        similar = respelled or (by_letters.get(letters) if len(letters) >= TELLING_LETTERS else None)
        if queue.id in queue_ids and respelled:
            yield gap("partial", GapText.QUEUE_SPELT_TWICE, report=definition.name, queue=queue.name, other=respelled)
        elif queue.id not in queue_ids and similar:
            yield gap(
                "partial", GapText.QUEUE_SPELT_DIFFERENTLY, report=definition.name, queue=queue.name, other=similar
            )
        elif queue.id not in queue_ids and queue.name in definition.queue_names and unfiltered:
            yield gap(
                "partial",
                GapText.QUEUE_NOT_FILTERED,
                report=definition.name,
                queue=queue.name,
                other=shorten(unfiltered[0]),
            )


def _without_addition(name: str) -> str:
    """Return a name without what an export adds: an id in brackets, or the entities of a web page."""
    return _ADDITION.sub("", html.unescape(name))


def foreign_encoding_gaps(
    label: str, names: Collection[str], intervals: Iterable[QueueInterval], queues: Iterable[Queue]
) -> Iterator[Gap]:
    """Yield a gap if a text that is no UTF-8 lacks a queue with letters beyond ASCII, and has other such names."""
    queue_ids = {row.queue_id for row in intervals}
    missing_queues = [queue.name for queue in queues if queue.id not in queue_ids and not queue.name.isascii()]
    unknown_name = next((name for name in sorted(names) if not name.isascii()), None)
    if missing_queues and unknown_name:
        yield gap(
            "partial",
            GapText.FOREIGN_ENCODING,
            file=label,
            queue=missing_queues[0],
            other=shorten(unknown_name),
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
        names = "', '".join(definition.name for definition in definitions)
        yield gap("partial", GapText.PDF_ALONE, reports=names)


def missing_column_gaps(definitions: Iterable[Definition]) -> Iterator[Gap]:
    """Yield a gap for each metric whose columns no definition has."""
    column_sets = [definition.column_ids for definition in definitions]
    for metric, ways in _NEEDS:
        if any(way <= columns for way in ways for columns in column_sets):
            continue
        name = metric.value.replace("_", " ")
        if metric is Metric.ADHERENCE and any("adherence" in columns for columns in column_sets):
            yield gap("percent_only", GapText.ADHERENCE_BY_AGENT, metric.value, figure=name)
        else:
            yield gap("unavailable", GapText.COLUMNS_MISSING, metric.value, figure=name)
