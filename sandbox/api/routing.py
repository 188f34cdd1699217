"""Queues and their members."""

from __future__ import annotations

from typing import Any

from sandbox.api.people import division, user
from sandbox.errors import not_found
from sandbox.organisation import Queue
from sandbox.site import Site
from sandbox.wire import Answer, Asked, Endpoint, page

_MEDIA = {"voice": "call", "callback": "callback", "chat": "chat", "email": "email", "message": "message"}
_MEMBERS = ("routing:queue:view", "routing:queue:edit", "routing:queue:readonly", "routing:queueMember:manage")


def queues(site: Site, asked: Asked) -> Answer:
    """Queues by ``name`` (``*`` at either end stands for anything; case matters not), ``id`` and ``divisionId``."""
    wanted, ids, divisions = asked.one("name"), asked.many("id"), asked.many("divisionId")
    found = [
        queue
        for queue in _seen(site, asked)
        if (not wanted or _matches(queue.name, wanted))
        and (not ids or queue.id in ids)
        and (not divisions or division(queue.division)["id"] in divisions)
    ]
    return Answer(page(asked, [_queue(site, queue) for queue in found]))


def all_queues(site: Site, asked: Asked) -> Answer:
    """Every queue with id, name and division."""
    light = [{"id": queue.id, "name": queue.name, "division": division(queue.division)} for queue in _seen(site, asked)]
    return Answer(page(asked, light))


def queue(site: Site, asked: Asked) -> Answer:
    """One queue."""
    return Answer(_queue(site, _one(site, asked)))


def members(site: Site, asked: Asked) -> Answer:
    """Who serves a queue; ``joined=false`` finds nobody, since here everybody has joined."""
    found = _one(site, asked)
    serving = [agent for agent in site.organisation.agents.values() if found.id in agent.queue_ids]
    if asked.one("joined") == "false":
        serving = []
    entities = [
        {"id": agent.id, "name": agent.name, "user": user(agent), "ringNumber": 1, "joined": True, "memberBy": "user"}
        for agent in sorted(serving, key=lambda agent: agent.name)
    ]
    listing = page(asked, entities, at_most=100)
    return Answer({key: value for key, value in listing.items() if key not in ("total", "pageCount", "lastUri")})


def _seen(site: Site, asked: Asked) -> list[Queue]:
    seen = set(asked.client.divisions)
    found = (queue for queue in site.organisation.queues.values() if {"*", queue.division} & seen)
    return sorted(found, key=lambda queue: queue.name, reverse=asked.one("sortOrder", "asc") == "desc")


def _one(site: Site, asked: Asked) -> Queue:
    found = next((queue for queue in _seen(site, asked) if queue.id == asked.params["queue_id"]), None)
    if found is None:
        raise not_found("queue", asked.params["queue_id"])
    return found


def _matches(name: str, wanted: str) -> bool:
    name, core = name.casefold(), wanted.strip("*").casefold()
    if wanted.startswith("*") and wanted.endswith("*"):
        return core in name
    if wanted.startswith("*"):
        return name.endswith(core)
    return name.startswith(core) if wanted.endswith("*") else name == core


def _queue(site: Site, found: Queue) -> dict[str, Any]:
    serving = sum(found.id in agent.queue_ids for agent in site.organisation.groups[found.group].agents)
    level = {"percentage": found.target, "durationMs": found.threshold_ms}
    return {
        "id": found.id,
        "name": found.name,
        "division": division(found.division),
        "memberCount": serving,
        "userMemberCount": serving,
        "joinedMemberCount": serving,
        "mediaSettings": {
            setting: {"alertingTimeoutSeconds": 30, "serviceLevel": level} for setting in _MEDIA.values()
        },
        "selfUri": f"/api/v2/routing/queues/{found.id}",
    }


ENDPOINTS = (
    Endpoint("GET", "/api/v2/routing/queues", queues, ("routing:queue:view",)),
    Endpoint("GET", "/api/v2/routing/queues/divisionviews/all", all_queues, ("routing:queue:search",)),
    Endpoint("GET", "/api/v2/routing/queues/{queue_id}", queue, ("routing:queue:view",)),
    Endpoint("GET", "/api/v2/routing/queues/{queue_id}/members", members, _MEMBERS, any_of=True),
)
