"""The steps of a request: access token, trouble, quota, permission, handler, and an entry in the request log."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import Awaitable, Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sandbox.scenario.file import ClientEntry
from sandbox.scenario.troubles import Down, ExpiredToken, Forbidden, Malformed, NotYet, RateLimit
from sandbox.site import Site
from sandbox.wire.errors import ApiError, bad_request, forbidden, not_found, too_many, unauthenticated, unavailable
from sandbox.wire.messages import ApiRequest, ApiResponse, Endpoint
from sandbox.wire.quota import QuotaState
from sandbox.wire.times import utc_text

MAX_BODY = 512_000
"""Bytes. The platform's limit ``request.bytes.max``."""

HTML = b"<!doctype html><html><head><title>Gateway</title></head><body><h1>Something went wrong</h1></body></html>"


class _HangUp(Exception):
    """The connection must be closed without an answer."""


def http_endpoint(site: Site, endpoint: Endpoint, latency: float) -> Callable[[Request], Awaitable[Response]]:
    """Return the Starlette endpoint for an API endpoint. Each request waits ``latency`` seconds first."""

    async def respond(http_request: Request) -> Response:
        await asyncio.sleep(latency)
        return await _Exchange(site, endpoint, http_request).respond()

    return respond


class _Exchange:
    """One request and its response."""

    def __init__(self, site: Site, endpoint: Endpoint, http_request: Request) -> None:
        self._site = site
        self._endpoint = endpoint
        self._http_request = http_request
        self._path = http_request.url.path
        self._context_id = str(uuid.uuid4())
        self._client: ClientEntry | None = None
        self._groups: tuple[str, ...] = ()
        self._quota_state: QuotaState | None = None

    async def respond(self) -> Response:
        """Return the response and add the request to the log."""
        try:
            response = await self._run_steps()
        except ApiError as refusal:
            response = JSONResponse(refusal.body(self._context_id), refusal.status, dict(refusal.headers))
        except _HangUp:
            self._log(0)
            return await _close_connection(self._http_request)
        self._log(response.status_code)
        response.headers["ININ-Correlation-Id"] = self._context_id
        response.headers.update(self._quota_headers())
        return response

    async def _run_steps(self) -> Response:
        authorization = self._http_request.headers.get("authorization", "")
        client = self._client = self._site.tokens.client_of(authorization)
        request = await self._read(client)
        self._groups = self._site.organisation.owning(request.texts(), request.export_name())
        self._strike_down()
        self._strike_token(authorization)
        self._quota_state = self._site.quota.take(client.id)
        self._strike_rate_limit()
        self._check_permissions(client)
        self._strike_not_yet(request)
        return self._render(await run_in_threadpool(self._endpoint.handler, self._site, request))

    async def _read(self, client: ClientEntry) -> ApiRequest:
        raw = await self._http_request.body()
        if len(raw) > MAX_BODY:
            raise ApiError(413, "request.entity.too.large", f"The request body is larger than {MAX_BODY} bytes")
        try:
            body = json.loads(raw) if raw else None
        except ValueError:
            raise bad_request("The request body is not JSON") from None
        http_request = self._http_request
        query, base = http_request.query_params.multi_items(), str(http_request.base_url).rstrip("/")
        return ApiRequest(client, http_request.method, self._path, http_request.path_params, query, body, base)

    def _strike_down(self) -> None:
        trouble = self._site.troubles.strike(Down, self._groups, self._path)
        if trouble and trouble.style == "close":
            raise _HangUp
        if trouble:
            raise unavailable()

    def _strike_token(self, authorization: str) -> None:
        if self._site.troubles.strike(ExpiredToken, self._groups, self._path):
            self._site.tokens.revoke(authorization)
            raise unauthenticated()

    def _strike_rate_limit(self) -> None:
        trouble = self._site.troubles.strike(RateLimit, self._groups, self._path)
        if trouble:
            raise too_many(trouble.retry_after)

    def _check_permissions(self, client: ClientEntry) -> None:
        required = self._endpoint.permissions
        denied = tuple(permission for permission in required if not {"*", permission} & set(client.permissions))
        if denied and (not self._endpoint.any_of or len(denied) == len(required)):
            raise forbidden(denied, self._endpoint.any_of)
        if required and self._site.troubles.strike(Forbidden, self._groups, self._path, self._is_forbidden_by):
            raise forbidden(required, self._endpoint.any_of)

    def _is_forbidden_by(self, trouble: Forbidden) -> bool:
        return trouble.permission is None or trouble.permission in self._endpoint.permissions

    def _strike_not_yet(self, request: ApiRequest) -> None:
        job = self._site.jobs.get(request.params.get("job_id", ""), request.client.id)
        trouble = self._site.troubles.find(NotYet, self._groups)
        if job is None or trouble is None:
            return
        job.status_requests += 1
        if job.status_requests <= trouble.not_found:
            raise not_found("job", job.id)
        if job.status_requests <= trouble.not_found + trouble.unavailable:
            raise unavailable()

    def _render(self, response: ApiResponse) -> Response:
        content = response.content
        if response.media_type == "application/json":
            content = json.dumps(response.body, ensure_ascii=False).encode()
        trouble = self._site.troubles.strike(Malformed, self._groups, self._path)
        if trouble and trouble.style == "html":
            return Response(HTML, response.status, media_type="text/html")
        if trouble:
            content = content[: len(content) // 2]
        return Response(content, response.status, dict(response.headers), response.media_type)

    def _quota_headers(self) -> dict[str, str]:
        if self._quota_state is None:
            return {}
        return self._quota_state.gateway_headers() if self._endpoint.gateway else self._quota_state.genesys_headers()

    def _log(self, status: int) -> None:
        time = utc_text(round(self._site.clock() * 1000))
        client = self._client.id if self._client else None
        self._site.request_log.add(time, client, self._http_request.method, self._path, status, self._groups)


async def _close_connection(http_request: Request) -> Response:
    """Close the client's connection without an answer."""
    http_request.scope["sandbox.transport"].abort()
    await asyncio.sleep(0.05)
    return Response(status_code=503)
