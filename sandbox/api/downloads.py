"""Files: by download id with the access token, and by signed address without it."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.scenario.troubles import Malformed
from sandbox.site import Site
from sandbox.wire.errors import not_found
from sandbox.wire.messages import ApiRequest, ApiResponse, Endpoint
from sandbox.wire.times import utc_text

_TWO_CREDENTIALS = b"""<?xml version="1.0" encoding="UTF-8"?>
<Error><Code>InvalidArgument</Code><Message>Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter,
Signature query string parameter or the Authorization header should be specified</Message></Error>"""


def download(site: Site, request: ApiRequest) -> ApiResponse:
    """Redirect to the signed address, or return it as JSON with ``issueRedirect=false``."""
    job = site.jobs.get(request.params["download_id"], request.client.id)
    if job is None or not site.jobs.is_done(job) or not job.files:
        raise not_found("download", request.params["download_id"])
    url = f"{request.base}/_files/{job.files[0]}"
    if request.parameter("issueRedirect", "true").lower() == "false":
        return ApiResponse({"url": url})
    return ApiResponse({"url": url}, 302, headers={"Location": url})


def routes(site: Site) -> list[Route]:
    """Return the route of the signed files. Like the real store, it refuses a request that has an access token too."""

    async def fetch(request: Request) -> Response:
        file = site.jobs.file(request.path_params["signature"])
        if "authorization" in request.headers:
            response = Response(_TWO_CREDENTIALS, 400, media_type="application/xml")
        elif file is None:
            response = Response(b"<Error><Code>AccessDenied</Code></Error>", 403, media_type="application/xml")
        else:
            disposition = {"Content-Disposition": f'attachment; filename="{file.name}"'}
            is_cut = site.troubles.strike(Malformed, file.groups, request.url.path)
            content = file.content[: len(file.content) // 2] if is_cut else file.content
            response = Response(content, 200, disposition, file.media_type)
        time = utc_text(round(site.clock() * 1000))
        groups = file.groups if file else ()
        site.request_log.add(time, None, "GET", request.url.path, response.status_code, groups)
        return response

    return [Route("/_files/{signature}", fetch)]


ENDPOINTS = (
    Endpoint("GET", "/api/v2/downloads/{download_id}", download),
    Endpoint("GET", "/platform/api/v2/downloads/{download_id}", download),
)
