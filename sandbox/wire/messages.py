"""What goes into and comes out of a handler: `ApiRequest`, `ApiResponse`, and the `Endpoint` that has the handler."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sandbox.scenario.file import ClientEntry
from sandbox.wire.errors import bad_request, invalid

if TYPE_CHECKING:
    from sandbox.site import Site


@dataclass(frozen=True, slots=True)
class ApiRequest:
    """A request of a known client. ``base`` is the address under which the client reached the sandbox."""

    client: ClientEntry
    method: str
    path: str
    params: Mapping[str, str]
    query: Sequence[tuple[str, str]]
    body: Any
    base: str

    def parameter(self, name: str, default: str = "") -> str:
        """Return a query parameter. If it occurs several times, the last one counts."""
        return next((value for key, value in reversed(self.query) if key == name), default)

    def parameters(self, name: str) -> list[str]:
        """Return all values of a query parameter that may be repeated or hold several values with commas between."""
        return [part for key, value in self.query if key == name for part in value.split(",") if part]

    def number(self, name: str, default: int, at_most: int = 1_000_000) -> int:
        """Return a query parameter as a positive whole number. Refuse other text with a 400."""
        text = self.parameter(name, str(default))
        if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= at_most:
            raise invalid(name, f"{name} must be between 1 and {at_most}: {text}")
        return int(text)

    def require(self, *names: str) -> dict[str, Any]:
        """Return the JSON body. Refuse it with a 400 unless it is an object that has these keys."""
        if not isinstance(self.body, dict):
            raise bad_request("The request body must be a JSON object")
        for name in names:
            if self.body.get(name) in (None, "", []):
                raise invalid(name, f"{name} is required")
        return self.body

    def texts(self) -> Iterator[str]:
        """Yield every text in path, query and body. They tell which groups the request is about."""
        yield from self.params.values()
        for _, value in self.query:
            yield value
            yield from value.split(",")
        yield from _leaves(self.body)

    def export_name(self) -> str:
        """Return the ``name`` in the body, empty without one."""
        return str(self.body.get("name", "")) if isinstance(self.body, dict) else ""


def _leaves(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for child in value.values() if isinstance(value, dict) else value:
            yield from _leaves(child)


@dataclass(frozen=True, slots=True)
class ApiResponse:
    """JSON from ``body``, or ``content`` as it is if ``media_type`` is not JSON."""

    body: Any = None
    status: int = 200
    content: bytes = b""
    media_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)


Handler = Callable[["Site", ApiRequest], ApiResponse]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A path of the API with the permissions it needs: all of them, or one of them with ``any_of``.

    A path with ``{job_id}`` is a status request, which "not yet" trouble strikes. ``gateway`` marks the guide's API,
    which states its quota in other headers.
    """

    method: str
    path: str
    handler: Handler
    permissions: tuple[str, ...] = ()
    any_of: bool = False
    gateway: bool = False


def page(request: ApiRequest, items: Sequence[Any], *, default: int = 25, at_most: int = 500) -> dict[str, Any]:
    """Return one page of entities, with links to the other pages."""
    size, number = request.number("pageSize", default, at_most), request.number("pageNumber", 1)
    count = -(-len(items) // size)
    listing = {
        "entities": list(items[(number - 1) * size : number * size]),
        "pageSize": size,
        "pageNumber": number,
        "total": len(items),
        "pageCount": count,
        "selfUri": _page_uri(request.path, size, number),
        "firstUri": _page_uri(request.path, size, 1),
        "lastUri": _page_uri(request.path, size, max(1, count)),
    }
    if number < count:
        listing["nextUri"] = _page_uri(request.path, size, number + 1)
    if number > 1:
        listing["previousUri"] = _page_uri(request.path, size, number - 1)
    return listing


def _page_uri(path: str, size: int, number: int) -> str:
    return f"{path}?pageSize={size}&pageNumber={number}"
