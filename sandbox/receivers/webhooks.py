"""An HTTP server for webhooks and SendGrid: it writes every post to a file and answers as the receiver does.

The path says which receiver, or which failure. docs/delivery.md cites the vendors' pages for these answers.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from sandbox.receivers.inbox import Inbox

_CONNECTOR_FAILURE = (
    "Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error {status} "
    "with ContextId tcid=0,server=sandbox,cv=0.."
)
"""MicrosoftDocs/msteams-docs#400 and #10178"""

_NOT_IN_A_SLUG = re.compile(r"[^A-Za-z0-9]+")


def app(directory: Path) -> Starlette:
    """Return the application.

    Every ``POST`` but those that fail writes a file ``{at, path, headers, body}``:

    ``/v3/mail/send``               SendGrid: 202 with an ``X-Message-Id``
    ``/teams/…``                    a Teams workflow: 202 without text, with the id of its run
    ``/connector/…``                a Teams connector, the predecessor: 200 with the text ``1``
    any other                       Slack, and receivers of plain JSON: 200 with the text ``ok``
    ``/fail/<status>``              fails with that status
    ``/connector/fail/<status>``    200 with the text of a connector to which Teams has answered that status
    ``/page/…``                     200 with a web page, as a proxy or a login page on the way answers
    """
    inbox = Inbox(directory)

    async def store(request: Request) -> str:
        record = {
            "at": datetime.now(UTC).isoformat(),
            "path": request.url.path,
            "headers": dict(request.headers),
            "body": _json_or_text(await request.body()),
        }
        text = json.dumps(record, ensure_ascii=False, indent=2)
        return inbox.put(_slug(request.url.path), ".json", text.encode("utf-8", "replace"))

    async def sendgrid(request: Request) -> Response:
        return Response(status_code=202, headers={"X-Message-Id": await store(request)})

    async def workflow(request: Request) -> Response:
        return Response(status_code=202, headers={"x-ms-workflow-run-id": await store(request)})

    async def connector(request: Request) -> Response:
        await store(request)
        return PlainTextResponse("1")

    async def slack_or_json(request: Request) -> Response:
        await store(request)
        return PlainTextResponse("ok")

    endpoints = {
        "/fail/{status:int}": _fail,
        "/connector/fail/{status:int}": _fail_as_connector,
        "/page/{path:path}": _answer_with_page,
        "/v3/mail/send": sendgrid,
        "/teams/{path:path}": workflow,
        "/connector/{path:path}": connector,
        "/{path:path}": slack_or_json,
    }
    return Starlette(routes=[Route(path, endpoint, methods=["POST"]) for path, endpoint in endpoints.items()])


async def _fail(request: Request) -> Response:
    status: int = request.path_params["status"]
    return PlainTextResponse("failed_on_request", status)


async def _fail_as_connector(request: Request) -> Response:
    return PlainTextResponse(_CONNECTOR_FAILURE.format(status=request.path_params["status"]))


async def _answer_with_page(_request: Request) -> Response:
    return HTMLResponse("<!DOCTYPE html><html><head><title>Sign in</title></head><body>Sign in</body></html>")


def _json_or_text(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return body.decode("utf-8", "replace")


def _slug(path: str) -> str:
    return _NOT_IN_A_SLUG.sub("-", path).strip("-")[:80] or "root"
