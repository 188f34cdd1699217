"""Files: by download id with the access token, and by signature without."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.errors import not_found
from sandbox.instants import utc_text
from sandbox.script import Malformed
from sandbox.site import Site
from sandbox.wire import Answer, Asked, Endpoint

_TWO_CREDENTIALS = b"""<?xml version="1.0" encoding="UTF-8"?>
<Error><Code>InvalidArgument</Code><Message>Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter,
Signature query string parameter or the Authorization header should be specified</Message></Error>"""


def download(site: Site, asked: Asked) -> Answer:
    """A redirect to the signed address, or that address as JSON with ``issueRedirect=false``."""
    job = site.jobs.get(asked.params["download_id"], asked.client.id)
    if job is None or not site.jobs.done(job) or not job.files:
        raise not_found("download", asked.params["download_id"])
    url = f"{asked.base}/_files/{job.files[0]}"
    if asked.one("issueRedirect", "true").lower() == "false":
        return Answer({"url": url})
    return Answer({"url": url}, 302, headers={"Location": url})


def routes(site: Site) -> list[Route]:
    """The store of signed files. Like the real one, it refuses a request that brings an access token too."""

    async def fetch(request: Request) -> Response:
        found = site.jobs.file(request.path_params["signature"])
        if "authorization" in request.headers:
            response = Response(_TWO_CREDENTIALS, 400, media_type="application/xml")
        elif found is None:
            response = Response(b"<Error><Code>AccessDenied</Code></Error>", 403, media_type="application/xml")
        else:
            disposition = {"Content-Disposition": f'attachment; filename="{found.name}"'}
            broken = site.troubles.strike(Malformed, found.groups, request.url.path)
            content = found.content[: len(found.content) // 2] if broken else found.content
            response = Response(content, 200, disposition, found.media_type)
        at = utc_text(round(site.clock() * 1000))
        site.ledger.note(at, None, "GET", request.url.path, response.status_code, found.groups if found else ())
        return response

    return [Route("/_files/{signature}", fetch)]


ENDPOINTS = (
    Endpoint("GET", "/api/v2/downloads/{download_id}", download),
    Endpoint("GET", "/platform/api/v2/downloads/{download_id}", download),
)
