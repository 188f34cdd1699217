"""`/_sandbox/…` for tests and demos: outside the API, without an access token."""

from __future__ import annotations

import json

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.organisation.model import make_id
from sandbox.scenario.file import mistakes
from sandbox.scenario.troubles import TROUBLES, Holiday
from sandbox.site import Site


def routes(site: Site) -> list[Route]:
    """Return the routes: the request log, the state, and a change of a group's trouble."""

    async def requests(_: Request) -> Response:
        return JSONResponse(site.request_log.entries())

    async def state(_: Request) -> Response:
        return JSONResponse(_state(site))

    async def trouble(request: Request) -> Response:
        return _change_trouble(site, await request.body())

    return [
        Route("/_sandbox/requests", requests),
        Route("/_sandbox/state", state),
        Route("/_sandbox/trouble", trouble, methods=["POST"]),
    ]


def _state(site: Site) -> dict[str, object]:
    organisation = site.organisation
    return {
        "organisation": {"id": organisation.id, "name": organisation.name},
        "quota": site.scenario.quota.model_dump(),
        "groups": {
            key: {
                "title": group.title,
                "zone": str(group.zone),
                "queues": {queue.name: queue.id for queue in group.queues},
                "agents": {agent.name: agent.id for agent in group.agents},
                "managementUnit": group.unit_id,
                "businessUnit": make_id("businessunit", group.business_unit) if group.unit_id else None,
                "reportId": group.report_id,
            }
            for key, group in organisation.groups.items()
        },
        "trouble": site.troubles.state(),
        "requests": len(site.request_log.entries()),
    }


def _change_trouble(site: Site, raw: bytes) -> Response:
    """Replace a group's trouble. The body is ``{"group": key, "trouble": [{"kind": …}, …]}``."""
    try:
        body = json.loads(raw)
        group = site.organisation.groups[body["group"]]
        troubles = TROUBLES.validate_python(body["trouble"])
    except ValidationError as error:
        return JSONResponse({"error": mistakes(error)}, 400)
    except (ValueError, KeyError, TypeError) as error:
        return JSONResponse({"error": f"expected a known group and its trouble: {error!r}"}, 400)
    site.troubles.replace(group.key, troubles)
    for trouble in troubles:
        if isinstance(trouble, Holiday):
            site.organisation.add_holiday(group, trouble)
    return JSONResponse(site.troubles.state()[group.key])
