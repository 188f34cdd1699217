"""Queues and their members."""

from __future__ import annotations

from typing import Any

from sandbox.api.people import division_json, user_json
from sandbox.organisation.model import Queue
from sandbox.site import Site
from sandbox.wire.errors import not_found
from sandbox.wire.messages import ApiRequest, ApiResponse, Endpoint, page

_MEDIA = {"voice": "call", "callback": "callback", "chat": "chat", "email": "email", "message": "message"}
"""Keys of ``mediaSettings`` by analytics media type."""

_MEMBERS = ("routing:queue:view", "routing:queue:edit", "routing:queue:readonly", "routing:queueMember:manage")


def queues(site: Site, request: ApiRequest) -> ApiResponse:
    """List queues by ``name``, ``id`` and ``divisionId``.

    ``*`` at either end of the name matches any text. Case does not matter.
    """
    pattern, ids, divisions = request.parameter("name"), request.parameters("id"), request.parameters("divisionId")
    matches = [
        queue
        for queue in _visible_queues(site, request)
        if (not pattern or _matches(queue.name, pattern))
        and (not ids or queue.id in ids)
        and (not divisions or division_json(queue.division)["id"] in divisions)
    ]
    return ApiResponse(page(request, [_queue_json(site, queue) for queue in matches]))


def all_queues(site: Site, request: ApiRequest) -> ApiResponse:
    """List every queue with only its id, name and division."""
    entities = [
        {"id": queue.id, "name": queue.name, "division": division_json(queue.division)}
        for queue in _visible_queues(site, request)
    ]
    return ApiResponse(page(request, entities))


def queue(site: Site, request: ApiRequest) -> ApiResponse:
    """Return one queue."""
    return ApiResponse(_queue_json(site, _queue(site, request)))


def members(site: Site, request: ApiRequest) -> ApiResponse:
    """List the agents of a queue. ``joined=false`` lists none, because all agents have joined their queues."""
    queue_id = _queue(site, request).id
    agents = [agent for agent in site.organisation.agents.values() if queue_id in agent.queue_ids]
    if request.parameter("joined") == "false":
        agents = []
    entities = [
        {
            "id": agent.id,
            "name": agent.name,
            "user": user_json(agent),
            "ringNumber": 1,
            "joined": True,
            "memberBy": "user",
        }
        for agent in sorted(agents, key=lambda agent: agent.name)
    ]
    listing = page(request, entities, at_most=100)
    return ApiResponse({key: value for key, value in listing.items() if key not in ("total", "pageCount", "lastUri")})


def _visible_queues(site: Site, request: ApiRequest) -> list[Queue]:
    visible = (queue for queue in site.organisation.queues.values() if request.client.sees(queue.division))
    return sorted(visible, key=lambda queue: queue.name, reverse=request.parameter("sortOrder", "asc") == "desc")


def _queue(site: Site, request: ApiRequest) -> Queue:
    queue_id = request.params["queue_id"]
    match = next((queue for queue in _visible_queues(site, request) if queue.id == queue_id), None)
    if match is None:
        raise not_found("queue", queue_id)
    return match


def _matches(name: str, pattern: str) -> bool:
    name, core = name.casefold(), pattern.strip("*").casefold()
    if pattern.startswith("*") and pattern.endswith("*"):
        return core in name
    if pattern.startswith("*"):
        return name.endswith(core)
    return name.startswith(core) if pattern.endswith("*") else name == core


def _queue_json(site: Site, queue: Queue) -> dict[str, Any]:
    agents = sum(queue.id in agent.queue_ids for agent in site.organisation.groups[queue.group].agents)
    return {
        "id": queue.id,
        "name": queue.name,
        "division": division_json(queue.division),
        "memberCount": agents,
        "userMemberCount": agents,
        "joinedMemberCount": agents,
        "mediaSettings": {key: _media_settings(queue, media) for media, key in _MEDIA.items()},
        "selfUri": f"/api/v2/routing/queues/{queue.id}",
    }


def _media_settings(queue: Queue, media: str) -> dict[str, Any]:
    settings: dict[str, Any] = {"alertingTimeoutSeconds": 30}
    if queue.media_objectives.get(media, queue.objective) is None:
        return settings
    objective = queue.objective_for(media)
    return settings | {"serviceLevel": {"percentage": objective.target, "durationMs": objective.threshold_ms}}


ENDPOINTS = (
    Endpoint("GET", "/api/v2/routing/queues", queues, ("routing:queue:view",)),
    Endpoint("GET", "/api/v2/routing/queues/divisionviews/all", all_queues, ("routing:queue:search",)),
    Endpoint("GET", "/api/v2/routing/queues/{queue_id}", queue, ("routing:queue:view",)),
    Endpoint("GET", "/api/v2/routing/queues/{queue_id}/members", members, _MEMBERS, any_of=True),
)
