"""A report definition and the records → the rows of its file."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from sandbox import tables
from sandbox.api.definitions import OF_PEOPLE, PERCENTS, Definition
from sandbox.figures import Tallies, count, service_level
from sandbox.instants import bounds, moment
from sandbox.organisation import Agent, Queue
from sandbox.scenario import FilesEntry
from sandbox.sheets import percent
from sandbox.site import Site
from sandbox.tables import People

Row = dict[str, Any]


def rows(site: Site, wanted: Definition, queues: list[Queue], style: FilesEntry) -> list[list[Any]]:
    """The cells, in the order of the columns: one row per agent, per queue and half-hour, or per queue."""
    found = _agents(site, wanted, queues) if "agentName" in wanted.ids else _queues(site, wanted, queues)
    return [[_cell(column, row.get(column), style) for column in wanted.ids] for row in found]


def _cell(column: str, value: Any, style: FilesEntry) -> Any:
    if column in PERCENTS:
        return percent(value, style)
    return round(value, 2) if isinstance(value, float) else value


def _agents(site: Site, wanted: Definition, queues: list[Queue]) -> Iterator[Row]:
    agents, names = tables.serving(site, queues), {queue.id: queue.name for queue in queues}
    media = wanted.filters.get("mediaType", ())
    sums = tables.tallied(site, queues, list(wanted.span), media, split_media=False, by_agent=True)
    people = tables.people(site, agents, wanted.span)
    for agent in agents:
        served = "; ".join(names[queue_id] for queue_id in agent.queue_ids if queue_id in names)
        own = _of_people(people[agent.id])
        yield {"agentName": agent.name, "queueName": served, **_of_calls(sums.get((agent.id, "", 0), {})), **own}


def _queues(site: Site, wanted: Definition, queues: list[Queue]) -> Iterator[Row]:
    """Half-hours without any event are left out; a queue without any is a row of zeros."""
    by_time, by_media = "intervalStart" in wanted.ids, "mediaType" in wanted.ids
    marks = bounds(wanted.span, "PT30M", wanted.zone) if by_time else list(wanted.span)
    media = wanted.filters.get("mediaType", ())
    sums = tables.tallied(site, queues, marks, media, split_media=by_media, by_agent=False)
    for n, span in enumerate(pairwise(marks)):
        people = tables.people(site, tables.serving(site, queues), span) if set(OF_PEOPLE) & set(wanted.ids) else {}
        for queue in queues:
            for kind in [one for one in queue.media if not media or one in media] if by_media else [""]:
                found = sums.get((queue.id, kind, n), {})
                if found or not by_time:
                    members = _of_people(_members(site, queue, people))
                    start = moment(span[0], wanted.zone).isoformat()
                    yield {
                        "intervalStart": start,
                        "mediaType": kind,
                        "queueName": queue.name,
                        **_of_calls(found),
                        **members,
                    }


def _members(site: Site, queue: Queue, people: dict[str, People]) -> People:
    agents: tuple[Agent, ...] = site.organisation.groups[queue.group].agents
    return tables.together(people[agent.id] for agent in agents if agent.id in people and queue.id in agent.queue_ids)


def _of_calls(sums: Tallies) -> Row:
    offered, abandoned = count(sums, "nOffered"), count(sums, "tAbandon")
    in_time, concluded = service_level(sums)
    return {
        "offered": offered,
        "answered": count(sums, "tAnswered"),
        "answeredInServiceLevel": in_time,
        "abandoned": abandoned,
        "handled": count(sums, "tHandle"),
        "serviceLevel": in_time / concluded if concluded else None,
        "abandonmentRate": abandoned / offered if offered else None,
        "averageHandleSeconds": _average(sums, "tHandle"),
        "averageAnswerSeconds": _average(sums, "tAnswered"),
    }


def _average(sums: Tallies, metric: str) -> float | None:
    return sums[metric].sum / sums[metric].count / 1000 if metric in sums else None


def _of_people(found: People) -> Row:
    planned = found.planned is not None
    return {
        "occupancy": found.occupancy,
        "interactingSeconds": found.status.get("INTERACTING", 0) // 1000,
        "communicatingSeconds": found.status.get("COMMUNICATING", 0) // 1000,
        "idleSeconds": found.status.get("IDLE", 0) // 1000,
        "scheduledSeconds": (found.planned or 0) // 1000 if planned else None,
        "exceptionSeconds": found.excepted // 1000 if planned else None,
        "exceptionCount": found.exceptions if planned else None,
        "adherence": found.adherence,
    }
