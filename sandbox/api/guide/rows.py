"""A report definition and the records → the rows of its file."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from sandbox.api.guide.definitions import AGENT_COLUMNS, PERCENTS, UNITS, Definition
from sandbox.figures import tables
from sandbox.figures.conversations import Tallies, add_up, count, service_level
from sandbox.figures.tables import AgentSums
from sandbox.organisation.model import Agent, Queue
from sandbox.records.instants import moment
from sandbox.scenario.file_options import FileOptions
from sandbox.site import Site
from sandbox.wire.files import figure, percent
from sandbox.wire.times import bucket_edges

Row = dict[str, Any]


def rows(site: Site, definition: Definition, queues: list[Queue], options: FileOptions) -> list[list[Any]]:
    """Return the cells in the order of the columns: a row per agent, per queue and half-hour, or per queue."""
    make_rows = _agent_rows if "agentName" in definition.ids else _queue_rows
    file_rows = make_rows(site, definition, queues, options)
    return [[_cell(column, row.get(column), options) for column in definition.ids] for row in file_rows]


def _cell(column: str, value: Any, options: FileOptions) -> Any:
    if column in UNITS:
        value = figure(value, UNITS[column], options)
    if column in PERCENTS:
        return percent(value, options)
    return round(value, 2) if isinstance(value, float) else value


def _agent_rows(site: Site, definition: Definition, queues: list[Queue], options: FileOptions) -> Iterator[Row]:
    agents, names = tables.agents_of(site, queues), {queue.id: queue.name for queue in queues}
    media = definition.filters.get("mediaType", ())
    tallies = tables.tallies_by_row(site, queues, list(definition.span), media, split_media=False, by_agent=True)
    sums = tables.agent_sums(site, agents, definition.span)
    for agent in agents:
        queue_names = "; ".join(names[queue_id] for queue_id in agent.queue_ids if queue_id in names)
        call_cells, agent_cells = _call_cells(tallies.get((agent.id, "", 0), {})), _agent_cells(sums[agent.id])
        yield {"agentName": agent.name, "queueName": queue_names, **call_cells, **agent_cells}
    if options.total_row:
        call_cells, agent_cells = _call_cells(add_up(tallies.values())), _agent_cells(tables.total(sums.values()))
        yield {"agentName": options.total_row, **call_cells, **agent_cells}


def _queue_rows(site: Site, definition: Definition, queues: list[Queue], options: FileOptions) -> Iterator[Row]:
    """Yield the rows of queues. A half-hour without any event has no row. A queue without any has a row of zeros."""
    by_time, by_media = "intervalStart" in definition.ids, "mediaType" in definition.ids
    edges = bucket_edges(definition.span, "PT30M", definition.zone) if by_time else list(definition.span)
    media = definition.filters.get("mediaType", ())
    tallies = tables.tallies_by_row(site, queues, edges, media, split_media=by_media, by_agent=False)
    agents = tables.agents_of(site, queues) if set(AGENT_COLUMNS) & set(definition.ids) else []
    for n, span in enumerate(pairwise(edges)):
        sums = tables.agent_sums(site, agents, span)
        start = moment(span[0], definition.zone).isoformat()
        for queue in queues:
            kinds = [kind for kind in queue.media if not media or kind in media] if by_media else [""]
            parts = {kind: tallies.get((queue.id, kind, n), {}) for kind in kinds}
            if options.media_sum and len(kinds) > 1:
                parts[options.sum_label(kinds)] = add_up(parts.values())
            agent_cells = _agent_cells(_members_total(site, queue, sums))
            for kind, part in parts.items():
                if part or not by_time:
                    names = {"intervalStart": start, "mediaType": kind, "queueName": queue.name}
                    yield {**names, **_call_cells(part), **agent_cells}
    if options.total_row:
        yield {"queueName": options.total_row, **_call_cells(add_up(tallies.values()))}


def _members_total(site: Site, queue: Queue, sums: dict[str, AgentSums]) -> AgentSums:
    agents: tuple[Agent, ...] = site.organisation.groups[queue.group].agents
    return tables.total(sums[agent.id] for agent in agents if agent.id in sums and queue.id in agent.queue_ids)


def _call_cells(tallies: Tallies) -> Row:
    offered, abandoned = count(tallies, "nOffered"), count(tallies, "tAbandon")
    in_time, answered_or_abandoned = service_level(tallies)
    return {
        "offered": offered,
        "answered": count(tallies, "tAnswered"),
        "answeredInServiceLevel": in_time,
        "abandoned": abandoned,
        "handled": count(tallies, "tHandle"),
        "serviceLevel": in_time / answered_or_abandoned if answered_or_abandoned else None,
        "abandonmentRate": abandoned / offered if offered else None,
        "averageHandleSeconds": _average(tallies, "tHandle"),
        "averageAnswerSeconds": _average(tallies, "tAnswered"),
    }


def _average(tallies: Tallies, metric: str) -> float | None:
    return tallies[metric].sum / tallies[metric].count / 1000 if metric in tallies else None


def _agent_cells(sums: AgentSums) -> Row:
    has_schedule = sums.planned is not None
    return {
        "occupancy": sums.occupancy,
        "interactingSeconds": sums.status.get("INTERACTING", 0) // 1000,
        "communicatingSeconds": sums.status.get("COMMUNICATING", 0) // 1000,
        "idleSeconds": sums.status.get("IDLE", 0) // 1000,
        "scheduledSeconds": (sums.planned or 0) // 1000 if has_schedule else None,
        "exceptionSeconds": sums.exception_ms // 1000 if has_schedule else None,
        "exceptionCount": sums.exceptions if has_schedule else None,
        "adherence": sums.adherence,
    }
