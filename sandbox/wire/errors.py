"""Refusals of the API: `ApiError` becomes an ErrorBody with its status."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class ApiError(Exception):
    """A refusal. ``params`` fill the braces of ``message``, as in the API's ``messageWithParams``."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        params: Mapping[str, str] | None = None,
        details: tuple[Mapping[str, str], ...] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.params = dict(params or {})
        self.details = details
        self.headers = dict(headers or {})

    def body(self, context_id: str) -> dict[str, Any]:
        """Return the ErrorBody."""
        text = self.message
        for name, value in self.params.items():
            text = text.replace("{" + name + "}", value)
        body = {"message": text, "code": self.code, "status": self.status, "contextId": context_id}
        if self.params:
            body |= {"messageWithParams": self.message, "messageParams": self.params}
        return body | {"details": [dict(detail) for detail in self.details], "errors": []}


def invalid(field: str, message: str, *, code: str = "invalid.value") -> ApiError:
    """Return a 400 that names the field."""
    detail = {"errorCode": code, "fieldName": field}
    return ApiError(400, code, message.replace("{", "(").replace("}", ")"), details=(detail,))


def bad_request(message: str) -> ApiError:
    """Return a 400 about the request as a whole."""
    return ApiError(400, "bad.request", message)


def not_found(kind: str, key: str) -> ApiError:
    """Return a 404 that names the kind of thing and its id."""
    return ApiError(404, "not.found", f"The requested {kind} with ID {{id}} was not found", params={"id": key})


def unauthenticated(code: str = "bad.credentials") -> ApiError:
    """Return a 401: no access token (``authentication.required``) or an invalid one."""
    texts = {
        "bad.credentials": "Invalid login credentials.",
        "authentication.required": "No authentication bearer token specified in authorization header.",
    }
    return ApiError(401, code, texts[code])


def forbidden(permissions: tuple[str, ...], any_of: bool = False) -> ApiError:
    """Return a 403 that names the missing permissions."""
    code, needs = ("missing.any.permissions", "at least one of") if any_of else ("missing.permissions", "all of")
    text = f"Unable to perform the requested action. You must have {needs} the following permissions: [{{permissions}}]"
    return ApiError(403, code, text, params={"permissions": ", ".join(permissions)})


def too_many(seconds: int) -> ApiError:
    """Return a 429 in the API's shape."""
    text = f"Rate limit exceeded the maximum. Retry the request in [{seconds}] seconds"
    return ApiError(429, "too.many.requests.retry.after", text, headers={"Retry-After": str(seconds)})


def unavailable() -> ApiError:
    """Return a 503."""
    return ApiError(503, "service.unavailable", "The service is currently unavailable. Please try again later.")
