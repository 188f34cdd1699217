"""The API: every family of endpoints, the login, and what tests may look at.

conversations, users     analytics queries
adherence, exports       jobs, and the files they leave
routing, people          queues, members; users, divisions, management units
architect                schedule groups and schedules
platform                 token, organisation, limits
guide                    the guide's wire: reports, exports, holiday calendars
downloads                files by download id and by signature
login                    `POST /oauth/token`
backstage                `/_sandbox/…`: what was asked, and changes of trouble
"""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.api import (
    adherence,
    architect,
    backstage,
    conversations,
    downloads,
    exports,
    guide,
    login,
    people,
    platform,
    routing,
    users,
)
from sandbox.door import door
from sandbox.errors import ApiError
from sandbox.site import Site

FAMILIES = (conversations, users, adherence, routing, people, architect, exports, downloads, platform, guide)
"""In the order in which paths are tried; within a family, fixed paths stand before those with parameters."""


def app(site: Site, latency: float = 0.0) -> Starlette:
    """The application of one sandbox; each request of the API waits ``latency`` seconds first."""
    routes = [
        Route(endpoint.path, door(site, endpoint, latency), methods=[endpoint.method])
        for family in FAMILIES
        for endpoint in family.ENDPOINTS
    ]
    routes += [*login.routes(site), *downloads.routes(site), *backstage.routes(site)]
    return Starlette(routes=routes, exception_handlers={HTTPException: _no_such_path})


async def _no_such_path(request: Request, exception: Exception) -> Response:
    status = exception.status_code if isinstance(exception, HTTPException) else 500
    code = {404: "not.found", 405: "method.not.allowed"}.get(status, "internal.server.error")
    error = ApiError(status, code, f"There is no {request.method} {request.url.path}")
    return JSONResponse(error.body("-"), status)
