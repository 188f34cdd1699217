"""`POST /oauth/token`, as the login host answers it."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.instants import utc_text
from sandbox.oauth import LoginRefused
from sandbox.site import Site


def routes(site: Site) -> list[Route]:
    """The login's one route."""

    async def token(request: Request) -> Response:
        form = {key: str(value) for key, value in (await request.form()).items()}
        status = 200
        try:
            body = site.tokens.issue(request.headers.get("authorization", ""), form)
        except LoginRefused as refusal:
            body, status = refusal.body, refusal.status
        site.ledger.note(utc_text(round(site.clock() * 1000)), None, "POST", "/oauth/token", status, ())
        return JSONResponse(body, status)

    return [Route("/oauth/token", token, methods=["POST"])]
