"""`POST /oauth/token`, as the login host answers it."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.site import Site
from sandbox.wire.oauth import LoginRefused
from sandbox.wire.times import utc_text


def routes(site: Site) -> list[Route]:
    """Return the login's one route."""

    async def token(request: Request) -> Response:
        form = {key: str(value) for key, value in (await request.form()).items()}
        status = 200
        try:
            body = site.tokens.issue(request.headers.get("authorization", ""), form)
        except LoginRefused as refusal:
            body, status = refusal.body, refusal.status
        site.request_log.add(utc_text(round(site.clock() * 1000)), None, "POST", "/oauth/token", status, ())
        return JSONResponse(body, status)

    return [Route("/oauth/token", token, methods=["POST"])]
