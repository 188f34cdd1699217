"""What goes in and out of a handler: `Asked`, `Answer`, and the `Endpoint` that ties a handler to a path."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sandbox.errors import bad_request, invalid
from sandbox.scenario import ClientEntry

if TYPE_CHECKING:
    from sandbox.site import Site


@dataclass(frozen=True, slots=True)
class Asked:
    """A request: who, where, with what. ``base`` is the address under which the caller reached the sandbox."""

    client: ClientEntry
    method: str
    path: str
    params: Mapping[str, str]
    query: Sequence[tuple[str, str]]
    body: Any
    base: str

    def one(self, name: str, default: str = "") -> str:
        """A query parameter; the last one if it stands there several times."""
        return next((value for key, value in reversed(self.query) if key == name), default)

    def many(self, name: str) -> list[str]:
        """A query parameter that may be repeated, or hold several values with commas between."""
        return [part for key, value in self.query if key == name for part in value.split(",") if part]

    def number(self, name: str, default: int, at_most: int = 1_000_000) -> int:
        """A positive whole number, or a 400."""
        text = self.one(name, str(default))
        if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= at_most:
            raise invalid(name, f"{name} must be between 1 and {at_most}: {text}")
        return int(text)

    def require(self, *names: str) -> dict[str, Any]:
        """The JSON body as an object that has these keys, or a 400."""
        if not isinstance(self.body, dict):
            raise bad_request("The request body must be a JSON object")
        for name in names:
            if self.body.get(name) in (None, "", []):
                raise invalid(name, f"{name} is required")
        return self.body

    def texts(self) -> Iterator[str]:
        """Every text in path, query and body: what the request may be about."""
        yield from self.params.values()
        for _, value in self.query:
            yield value
            yield from value.split(",")
        yield from _leaves(self.body)

    def export_name(self) -> str:
        """The ``name`` that a body gives, as an export's does."""
        return str(self.body.get("name", "")) if isinstance(self.body, dict) else ""


def _leaves(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _leaves(each)


@dataclass(frozen=True, slots=True)
class Answer:
    """JSON, or ``content`` as it is when ``media_type`` is another."""

    body: Any = None
    status: int = 200
    content: bytes = b""
    media_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)


Handler = Callable[["Site", Asked], Answer]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A path of the API, with the permissions it needs (all of them, or any with ``any_of``).

    A path with ``{job_id}`` is a status request, which "not yet" trouble strikes; ``gateway`` marks the guide's wire,
    which states its quota in other headers.
    """

    method: str
    path: str
    handler: Handler
    permissions: tuple[str, ...] = ()
    any_of: bool = False
    gateway: bool = False


def page(asked: Asked, items: Sequence[Any], *, default: int = 25, at_most: int = 500) -> dict[str, Any]:
    """One page of entities, with the listing's links."""
    size, number = asked.number("pageSize", default, at_most), asked.number("pageNumber", 1)
    count = -(-len(items) // size)
    listing = {
        "entities": list(items[(number - 1) * size : number * size]),
        "pageSize": size,
        "pageNumber": number,
        "total": len(items),
        "pageCount": count,
        "selfUri": _uri(asked.path, size, number),
        "firstUri": _uri(asked.path, size, 1),
        "lastUri": _uri(asked.path, size, max(1, count)),
    }
    if number < count:
        listing["nextUri"] = _uri(asked.path, size, number + 1)
    if number > 1:
        listing["previousUri"] = _uri(asked.path, size, number - 1)
    return listing


def _uri(path: str, size: int, number: int) -> str:
    return f"{path}?pageSize={size}&pageNumber={number}"
