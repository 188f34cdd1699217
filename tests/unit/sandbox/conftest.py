"""A sandbox without sockets: tests call its handlers directly and set its clock."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from starlette.routing import Match, Route

from sandbox.api.app import FAMILIES
from sandbox.scenario.file import ClientEntry, Scenario
from sandbox.site import Site, build
from sandbox.wire.messages import ApiRequest, ApiResponse

BASE = "http://sandbox"
FRIDAY = "2026-11-19T23:00:00.000Z/2026-11-20T23:00:00.000Z"
"""Friday, 20 November 2026, in Berlin."""

SCENARIO: dict[str, Any] = {
    "seed": 7,
    "clients": [{"id": "standup", "secret": "s3cret"}],
    "groups": {
        "emea": {"title": "EMEA", "zone": "Europe/Berlin", "agents": 12, "queues": ["Billing", "Repairs", "English"]},
        "apac": {"zone": "Asia/Kolkata", "agents": 5, "queues": ["Sales"], "wfm": False},
    },
}


EXPORT: dict[str, Any] = {
    "name": "standup",
    "timeZone": "Europe/Berlin",
    "exportFormat": "CSV",
    "interval": FRIDAY,
    "period": "P1D",
    "viewType": "QUEUE_PERFORMANCE_SUMMARY_VIEW",
    "locale": "en-us",
    "filter": {},
}
"""A request for an export of all queues on that day."""


class Clock:
    """Seconds since 1970, set by the test."""

    def __init__(self) -> None:
        self.now = 1_795_000_000.0

    def __call__(self) -> float:
        return self.now


class Organisation:
    """Calls a site's handlers as the API would, without access token, quota and trouble."""

    def __init__(self, site: Site, clock: Clock) -> None:
        self.site = site
        self.clock = clock
        self.client = ClientEntry(id="standup", secret="s3cret")

    def request(self, method: str, path: str, body: Any = None, **query: Any) -> ApiResponse:
        """Return the response to one request. Raise ApiError if it is refused."""
        items = [(key, str(value)) for key, values in query.items() for value in _as_list(values)]
        scope = {"type": "http", "method": method, "path": path, "root_path": ""}
        for endpoint in (endpoint for family in FAMILIES for endpoint in family.ENDPOINTS):
            match, child_scope = Route(endpoint.path, _unused, methods=[endpoint.method]).matches(scope)
            if match is Match.FULL:
                request = ApiRequest(self.client, method, path, child_scope["path_params"], items, body, BASE)
                return endpoint.handler(self.site, request)
        raise AssertionError(f"no endpoint for {method} {path}")

    def get(self, path: str, **query: Any) -> Any:
        """Return the JSON of a GET."""
        return self.request("GET", path, **query).body

    def post(self, path: str, body: Any) -> Any:
        """Return the JSON of a POST."""
        return self.request("POST", path, body).body

    def id_of(self, queue: str) -> str:
        """Return the id of a queue."""
        return next(entry.id for entry in self.site.organisation.queues.values() if entry.name == queue)

    def wait(self, seconds: float = 60) -> None:
        """Let time pass."""
        self.clock.now += seconds


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


async def _unused() -> None: ...


@pytest.fixture
def make() -> Callable[..., Organisation]:
    """Return a function that builds an organisation from `SCENARIO` with changes to its first group."""

    def build_changed(**changes: Any) -> Organisation:
        groups = {**SCENARIO["groups"], "emea": {**SCENARIO["groups"]["emea"], **changes}}
        clock = Clock()
        return Organisation(build(Scenario.model_validate({**SCENARIO, "groups": groups}), clock), clock)

    return build_changed


@pytest.fixture
def organisation(make: Callable[..., Organisation]) -> Organisation:
    """The organisation of `SCENARIO`."""
    return make()
