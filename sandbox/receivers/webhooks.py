"""An HTTP server for webhooks: it writes every post to a file, or answers the status that the path asks for."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from sandbox.receivers.inbox import Inbox

_NOT_IN_A_SLUG = re.compile(r"[^A-Za-z0-9]+")


def app(directory: Path) -> Starlette:
    """Return the application.

    ``POST /any/path`` writes a file ``{at, path, headers, body}`` and answers 200. ``POST /fail/<status>`` answers
    that status.
    """
    inbox = Inbox(directory)

    async def receive(request: Request) -> Response:
        record = {
            "at": datetime.now(UTC).isoformat(),
            "path": request.url.path,
            "headers": dict(request.headers),
            "body": _json_or_text(await request.body()),
        }
        text = json.dumps(record, ensure_ascii=False, indent=2)
        inbox.put(_slug(request.url.path), ".json", text.encode("utf-8", "replace"))
        return PlainTextResponse("ok")

    async def fail(request: Request) -> Response:
        status: int = request.path_params["status"]
        return PlainTextResponse("failed_on_request", status)

    return Starlette(
        routes=[
            Route("/fail/{status:int}", fail, methods=["POST"]),
            Route("/{path:path}", receive, methods=["POST"]),
        ]
    )


def _json_or_text(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return body.decode("utf-8", "replace")


def _slug(path: str) -> str:
    return _NOT_IN_A_SLUG.sub("-", path).strip("-")[:80] or "root"
