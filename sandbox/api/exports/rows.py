"""An export's request and the records → the rows of its file.

The rows look like those of files in public code: times are local, in the form of en-us and without an offset, and a
row that adds up several queues lists them with semicolons between.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any, NamedTuple

from sandbox.api.exports.views import Column, RowFigures, View, duration
from sandbox.figures import tables
from sandbox.figures.conversations import Tallies, add_up
from sandbox.figures.tables import AgentSums
from sandbox.organisation.model import Agent, Queue
from sandbox.records.instants import Span, moment
from sandbox.scenario.file_options import FileOptions
from sandbox.site import Site
from sandbox.wire.files import figure, percent
from sandbox.wire.times import bucket_edges, read_zone


class ExportOrder(NamedTuple):
    """A request for an export, as it came and read."""

    body: dict[str, Any]
    view: View
    columns: tuple[Column, ...]
    span: Span
    queues: list[Queue]
    agents: list[Agent]

    def header(self) -> list[str]:
        """Return the first line of the file."""
        return [*self.view.leading, *(column.header for column in self.columns)]


class _Row(NamedTuple):
    ids: list[str]
    names: list[str]
    media: str
    figures: RowFigures


def rows(site: Site, order: ExportOrder, options: FileOptions) -> list[list[Any]]:
    """Return the cells of the file, in the order of its header."""
    body, zone = order.body, read_zone(order.body["timeZone"])
    edges = bucket_edges(order.span, body["period"] if order.view.detail else None, zone)
    make_rows = _queue_rows if order.view.subject == "queue" else _agent_rows
    duration_format = str(body.get("durationFormat") or ("Hhmmss" if body.get("hasFormatDurations") else ""))
    lines = []
    for span, row in make_rows(site, order, edges, options):
        if body.get("excludeEmptyRows") and not row.figures.tallies and not row.figures.agents.status:
            continue
        media = [row.media] if "Media Type" in order.view.leading else []
        interval = [f"{moment(edge, zone):%m/%d/%y %I:%M %p}" for edge in span]
        cells = [_cell(column, row.figures, duration_format, options) for column in order.columns]
        lines.append([*interval, "TRUE", "", *media, "; ".join(row.ids), "; ".join(row.names), *cells])
    return lines


def _cell(column: Column, figures: RowFigures, duration_format: str, options: FileOptions) -> Any:
    value = figure(column.value(figures), column.unit, options)
    if column.unit in ("share", "level", "target"):
        return percent(value, options)
    return value if column.unit == "count" else duration(value, duration_format)


def _queue_rows(site: Site, order: ExportOrder, edges: list[int], options: FileOptions) -> Iterator[tuple[Span, _Row]]:
    """Yield a row per queue with ``hasSplitFilters``, else one for all. ``hasSplitByMedia`` splits by media type.

    The platform adds a row for all queues only if ``hasSummaryRow`` asks for it. Other sums come from the options.
    """
    media = list((order.body["filter"] or {}).get("mediaTypes") or ())
    by_media = bool(order.body.get("hasSplitByMedia"))
    tallies = tables.tallies_by_row(site, order.queues, edges, media, split_media=by_media, by_agent=False)
    split = [[queue] for queue in order.queues] if order.body.get("hasSplitFilters") else []
    summary = [order.queues] if order.body.get("hasSummaryRow") or not split else []
    for n, span in enumerate(pairwise(edges)):
        for queues in [*split, *summary]:
            kinds = list(dict.fromkeys(kind for queue in queues for kind in queue.media if not media or kind in media))
            labels = kinds if by_media else [""]
            parts = {label: add_up(tallies.get((queue.id, label, n), {}) for queue in queues) for label in labels}
            for kind, part in parts.items():
                yield span, _queue_row(queues, [kind] if by_media else kinds, kind, part)
            if options.media_sum and len(parts) > 1:
                yield span, _queue_row(queues, kinds, options.sum_label(kinds), add_up(parts.values()))
    if options.total_row:
        figures = RowFigures(add_up(tallies.values()), AgentSums(), None)
        yield order.span, _Row([""], [options.total_row], "", figures)


def _queue_row(queues: list[Queue], kinds: list[str], label: str, tallies: Tallies) -> _Row:
    targets = {queue.target_for(kinds) for queue in queues}
    target = targets.pop() if len(targets) == 1 else None
    figures = RowFigures(tallies, AgentSums(), target)
    return _Row([queue.id for queue in queues], [queue.name for queue in queues], label, figures)


def _agent_rows(site: Site, order: ExportOrder, edges: list[int], options: FileOptions) -> Iterator[tuple[Span, _Row]]:
    tallies = tables.tallies_by_row(site, order.queues, edges, (), split_media=False, by_agent=True)
    for n, span in enumerate(pairwise(edges)):
        sums = tables.agent_sums(site, order.agents, span)
        for agent in order.agents:
            figures = RowFigures(tallies.get((agent.id, "", n), {}), sums[agent.id], None)
            yield span, _Row([agent.id], [agent.name], "", figures)
        if options.total_row:
            figures = RowFigures(add_up(tallies.values()), tables.total(sums.values()), None)
            yield span, _Row([""], [options.total_row], "", figures)
