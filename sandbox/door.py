"""The way of a request: identity, quota, trouble, permission, handler; and its entry in the ledger."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import Awaitable, Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sandbox.errors import ApiError, bad_request, forbidden, not_found, too_many, unauthenticated, unavailable
from sandbox.instants import utc_text
from sandbox.quota import Standing
from sandbox.scenario import ClientEntry
from sandbox.script import Down, ExpiredToken, Forbidden, Malformed, NotYet, RateLimit
from sandbox.site import Site
from sandbox.wire import Answer, Asked, Endpoint

MAX_BODY = 512_000
"""Bytes; the platform's ``request.bytes.max``."""

HTML = b"<!doctype html><html><head><title>Gateway</title></head><body><h1>Something went wrong</h1></body></html>"


class _HungUp(Exception):
    """The connection is to be closed without an answer."""


def door(site: Site, endpoint: Endpoint, latency: float) -> Callable[[Request], Awaitable[Response]]:
    """The Starlette endpoint for one of the API; each request waits ``latency`` seconds first."""

    async def come_in(request: Request) -> Response:
        await asyncio.sleep(latency)
        visit = _Visit(site, endpoint, request)
        return await visit.answer()

    return come_in


class _Visit:
    """One request on its way."""

    def __init__(self, site: Site, endpoint: Endpoint, request: Request) -> None:
        self._site = site
        self._endpoint = endpoint
        self._request = request
        self._path = request.url.path
        self._context = str(uuid.uuid4())
        self._client: ClientEntry | None = None
        self._groups: tuple[str, ...] = ()
        self._standing: Standing | None = None

    async def answer(self) -> Response:
        """The response; the request is in the ledger by then."""
        try:
            response = await self._pass()
        except ApiError as refusal:
            response = JSONResponse(refusal.body(self._context), refusal.status, dict(refusal.headers))
        except _HungUp:
            self._note(0)
            return await _hang_up(self._request)
        self._note(response.status_code)
        response.headers["ININ-Correlation-Id"] = self._context
        response.headers.update(self._quota_headers())
        return response

    async def _pass(self) -> Response:
        authorization = self._request.headers.get("authorization", "")
        client = self._client = self._site.tokens.client_of(authorization)
        asked = await self._read(client)
        self._groups = self._site.organisation.owning(asked.texts(), asked.export_name())
        self._be_down()
        self._expire(authorization)
        self._standing = self._site.quota.take(client.id)
        self._limit()
        self._permit(client)
        self._not_yet(asked)
        answer = await run_in_threadpool(self._endpoint.handler, self._site, asked)
        return self._respond(answer)

    async def _read(self, client: ClientEntry) -> Asked:
        raw = await self._request.body()
        if len(raw) > MAX_BODY:
            raise ApiError(413, "request.entity.too.large", f"The request body is larger than {MAX_BODY} bytes")
        try:
            body = json.loads(raw) if raw else None
        except ValueError:
            raise bad_request("The request body is no JSON") from None
        request = self._request
        query, base = request.query_params.multi_items(), str(request.base_url).rstrip("/")
        return Asked(client, request.method, self._path, request.path_params, query, body, base)

    def _be_down(self) -> None:
        down = self._site.troubles.strike(Down, self._groups, self._path)
        if down and down.style == "close":
            raise _HungUp
        if down:
            raise unavailable()

    def _expire(self, authorization: str) -> None:
        if self._site.troubles.strike(ExpiredToken, self._groups, self._path):
            self._site.tokens.revoke(authorization)
            raise unauthenticated()

    def _limit(self) -> None:
        limited = self._site.troubles.strike(RateLimit, self._groups, self._path)
        if limited:
            raise too_many(limited.retry_after)

    def _permit(self, client: ClientEntry) -> None:
        needed = self._endpoint.permissions
        missing = tuple(one for one in needed if not {"*", one} & set(client.permissions))
        if missing and (not self._endpoint.any_of or len(missing) == len(needed)):
            raise forbidden(missing, self._endpoint.any_of)
        if needed and self._site.troubles.strike(Forbidden, self._groups, self._path, self._forbids):
            raise forbidden(needed, self._endpoint.any_of)

    def _forbids(self, trouble: Forbidden) -> bool:
        return trouble.permission is None or trouble.permission in self._endpoint.permissions

    def _not_yet(self, asked: Asked) -> None:
        job = self._site.jobs.get(asked.params.get("job_id", ""), asked.client.id)
        early = self._site.troubles.find(NotYet, self._groups)
        if job is None or early is None:
            return
        job.asked += 1
        if job.asked <= early.not_found:
            raise not_found("job", job.id)
        if job.asked <= early.not_found + early.unavailable:
            raise unavailable()

    def _respond(self, answer: Answer) -> Response:
        content = answer.content
        if answer.media_type == "application/json":
            content = json.dumps(answer.body, ensure_ascii=False).encode()
        broken = self._site.troubles.strike(Malformed, self._groups, self._path)
        if broken and broken.style == "html":
            return Response(HTML, answer.status, media_type="text/html")
        if broken:
            content = content[: len(content) // 2]
        return Response(content, answer.status, dict(answer.headers), answer.media_type)

    def _quota_headers(self) -> dict[str, str]:
        if self._standing is None:
            return {}
        return self._standing.gateway_headers() if self._endpoint.gateway else self._standing.genesys_headers()

    def _note(self, status: int) -> None:
        at = utc_text(round(self._site.clock() * 1000))
        client = self._client.id if self._client else None
        self._site.ledger.note(at, client, self._request.method, self._path, status, self._groups)


async def _hang_up(request: Request) -> Response:
    """Close the caller's connection under it."""
    request.scope["sandbox.transport"].abort()
    await asyncio.sleep(0.05)
    return Response(status_code=503)
