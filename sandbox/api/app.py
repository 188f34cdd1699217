"""All endpoints as one Starlette application."""

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
    login,
    people,
    platform,
    routing,
    users,
)
from sandbox.api.exports import endpoints as exports
from sandbox.api.guide import endpoints as guide
from sandbox.api.workforce import plans, shifts
from sandbox.api.workforce import units as business_units
from sandbox.site import Site
from sandbox.wire.errors import ApiError
from sandbox.wire.handling import http_endpoint

FAMILIES = (
    *(conversations, users, adherence, business_units, plans, shifts, routing, people, architect, exports),
    *(downloads, platform, guide),
)
"""In the order in which paths are tried. Within a family, fixed paths come before those with parameters."""


def app(site: Site, latency: float = 0.0) -> Starlette:
    """Return the application of one sandbox. Each request to the API waits ``latency`` seconds first."""
    routes = [
        Route(endpoint.path, http_endpoint(site, endpoint, latency), methods=[endpoint.method])
        for family in FAMILIES
        for endpoint in family.ENDPOINTS
    ]
    routes += [*login.routes(site), *downloads.routes(site), *backstage.routes(site)]
    return Starlette(routes=routes, exception_handlers={HTTPException: _unknown_path})


async def _unknown_path(request: Request, exception: Exception) -> Response:
    status = exception.status_code if isinstance(exception, HTTPException) else 500
    code = {404: "not.found", 405: "method.not.allowed"}.get(status, "internal.server.error")
    error = ApiError(status, code, f"There is no {request.method} {request.url.path}")
    return JSONResponse(error.body("-"), status)
