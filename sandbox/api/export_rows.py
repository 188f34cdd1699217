"""A reporting export's request and the records → the rows of its file, in the manner of files seen in public.

Times are local, as en-us writes them and without an offset; what did not happen is an empty cell; a row that adds
queues up lists them with semicolons.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any, NamedTuple

from sandbox import tables
from sandbox.api.views import Column, Subject, View, duration
from sandbox.figures import Tallies, Tally
from sandbox.instants import bounds, moment, read_zone
from sandbox.organisation import Agent, Queue
from sandbox.scenario import FilesEntry
from sandbox.sheets import percent
from sandbox.site import Site
from sandbox.spans import Span
from sandbox.tables import People


class Wanted(NamedTuple):
    """What is to be exported: the request as it came, read."""

    body: dict[str, Any]
    view: View
    columns: tuple[Column, ...]
    span: Span
    queues: list[Queue]
    agents: list[Agent]

    def header(self) -> list[str]:
        """The first line of the file."""
        return [*self.view.leading, *(column.header for column in self.columns)]


class _Line(NamedTuple):
    ids: list[str]
    names: list[str]
    media: str
    subject: Subject


def rows(site: Site, wanted: Wanted, style: FilesEntry) -> list[list[Any]]:
    """The cells of the file, in the order of its header."""
    zone = read_zone(wanted.body["timeZone"])
    marks = bounds(wanted.span, wanted.body["period"] if wanted.view.detail else None, zone)
    lines = _queue_lines(site, wanted, marks) if wanted.view.about == "queue" else _agent_lines(site, wanted, marks)
    form = str(wanted.body.get("durationFormat") or ("Hhmmss" if wanted.body.get("hasFormatDurations") else ""))
    found = []
    for span, line in lines:
        if wanted.body.get("excludeEmptyRows") and not line.subject.sums and not line.subject.people.status:
            continue
        media = [line.media] if "Media Type" in wanted.view.leading else []
        between = [f"{moment(at, zone):%m/%d/%y %I:%M %p}" for at in span]
        cells = [_cell(column, line.subject, form, style) for column in wanted.columns]
        found.append([*between, "TRUE", "", *media, "; ".join(line.ids), "; ".join(line.names), *cells])
    return found


def _cell(column: Column, subject: Subject, form: str, style: FilesEntry) -> Any:
    value = column.value(subject)
    if column.unit == "percent":
        return percent(value, style)
    return duration(value or None, form) if column.unit == "ms" else value or None


def _queue_lines(site: Site, wanted: Wanted, marks: list[int]) -> Iterator[tuple[Span, _Line]]:
    """A line per queue with ``hasSplitFilters``, else one for all; per media type with ``hasSplitByMedia``."""
    media = list((wanted.body["filter"] or {}).get("mediaTypes") or ())
    by_media = bool(wanted.body.get("hasSplitByMedia"))
    sums = tables.tallied(site, wanted.queues, marks, media, split_media=by_media, by_agent=False)
    split = [[queue] for queue in wanted.queues] if wanted.body.get("hasSplitFilters") else []
    whole = [wanted.queues] if wanted.body.get("hasSummaryRow") or not split else []
    for n, span in enumerate(pairwise(marks)):
        for queues in [*split, *whole]:
            kinds = dict.fromkeys(kind for queue in queues for kind in queue.media if not media or kind in media)
            for kind in kinds if by_media else [""]:
                added = _added([sums.get((queue.id, kind, n), {}) for queue in queues])
                targets = {queue.target for queue in queues}
                subject = Subject(added, People(), targets.pop() if len(targets) == 1 else None)
                yield span, _Line([queue.id for queue in queues], [queue.name for queue in queues], kind, subject)


def _added(several: list[Tallies]) -> Tallies:
    if len(several) == 1:
        return several[0]
    sums: Tallies = {}
    for tallies in several:
        for metric, one in tallies.items():
            known = sums.get(metric)
            least, most = (min(known.min, one.min), max(known.max, one.max)) if known else (one.min, one.max)
            before = known or Tally()
            sums[metric] = Tally(before.count + one.count, before.sum + one.sum, least, most)
    return sums


def _agent_lines(site: Site, wanted: Wanted, marks: list[int]) -> Iterator[tuple[Span, _Line]]:
    sums = tables.tallied(site, wanted.queues, marks, (), split_media=False, by_agent=True)
    for n, span in enumerate(pairwise(marks)):
        people = tables.people(site, wanted.agents, span)
        for agent in wanted.agents:
            subject = Subject(sums.get((agent.id, "", n), {}), people[agent.id], None)
            yield span, _Line([agent.id], [agent.name], "", subject)
