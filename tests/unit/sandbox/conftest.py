"""A sandbox without sockets: its handlers, asked directly, at a clock that tests turn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from starlette.routing import Match, Route

from sandbox import api
from sandbox.scenario import ClientEntry, Scenario
from sandbox.site import Site, build
from sandbox.wire import Answer, Asked

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
"""A reporting export of that day, of all queues."""


class Clock:
    """Seconds since 1970, as far as the test has turned them."""

    def __init__(self) -> None:
        self.now = 1_795_000_000.0

    def __call__(self) -> float:
        return self.now


class Organisation:
    """Asks a site's handlers as the API would, without login, quota and trouble at the door."""

    def __init__(self, site: Site, clock: Clock) -> None:
        self.site = site
        self.clock = clock
        self.client = ClientEntry(id="standup", secret="s3cret")

    def ask(self, method: str, path: str, body: Any = None, **query: Any) -> Answer:
        """One request; ApiError if it is refused."""
        items = [(key, str(one)) for key, value in query.items() for one in _several(value)]
        scope = {"type": "http", "method": method, "path": path, "root_path": ""}
        for endpoint in (endpoint for family in api.FAMILIES for endpoint in family.ENDPOINTS):
            match, found = Route(endpoint.path, _nothing, methods=[endpoint.method]).matches(scope)
            if match is Match.FULL:
                asked = Asked(self.client, method, path, found["path_params"], items, body, BASE)
                return endpoint.handler(self.site, asked)
        raise AssertionError(f"no endpoint for {method} {path}")

    def get(self, path: str, **query: Any) -> Any:
        """The JSON of a GET."""
        return self.ask("GET", path, **query).body

    def post(self, path: str, body: Any) -> Any:
        """The JSON of a POST."""
        return self.ask("POST", path, body).body

    def id_of(self, queue: str) -> str:
        """The id of a queue by name."""
        return next(one.id for one in self.site.organisation.queues.values() if one.name == queue)

    def wait(self, seconds: float = 60) -> None:
        """Let time pass."""
        self.clock.now += seconds


def _several(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


async def _nothing() -> None: ...


@pytest.fixture
def make() -> Callable[..., Organisation]:
    """Builds an organisation from `SCENARIO` with changes to its first group."""

    def made(**changes: Any) -> Organisation:
        groups = {**SCENARIO["groups"], "emea": {**SCENARIO["groups"]["emea"], **changes}}
        clock = Clock()
        return Organisation(build(Scenario.model_validate({**SCENARIO, "groups": groups}), clock), clock)

    return made


@pytest.fixture
def organisation(make: Callable[..., Organisation]) -> Organisation:
    """The organisation of `SCENARIO`."""
    return make()
