"""What can be broken, and the moments at which it can be broken. docs/reliability.md describes each."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "kill_worker",
    "kill_main_process",
    "kill_child",
    "stop_worker",
    "kill_beat",
    "second_beat",
    "beat_clock_back",
    "beat_clock_ahead",
    "kill_redis",
    "redis_full",
    "redis_read_only",
    "redis_flaps",
    "cut_connections",
    "slow_connections",
    "dead_connections",
    "platform_away",
    "kill_mail_server",
    "kill_inbox",
    "full_disk",
    "kill_render_process",
    "stop_render_process",
    "slow_render_process",
    "silent_mail_server",
    "silent_platform",
    "silent_inbox",
    "slow_mail_server",
    "slow_platform",
]

Side = Literal["before", "after"]
"""Before the server gets the request, or after it has done what the request asks and before the answer arrives."""

SIDES: tuple[Side, ...] = ("before", "after")

WORKERS = ("threads", "prefork")
"""The two workers, each named after its pool."""

LEDGER_MOMENTS = ("claim", "enter", "renew", "settle", "plan", "sending", "sent", "permit", "shared_request")
BROKER_MOMENTS = ("publish", "acknowledge")
DOCUMENT_MOMENTS = ("compose", "remember")
"""While a document is made: its group's history is read, and the day is added to it."""
PLATFORM_MOMENTS = ("login", "lookup", "query", "export", "job_status", "download")
MAIL_MOMENTS = ("sender", "final_dot")
INBOX_MOMENTS = ("chat",)
ALERT_MOMENTS = ("alert",)
MOMENTS = (
    *LEDGER_MOMENTS,
    *BROKER_MOMENTS,
    *PLATFORM_MOMENTS,
    *MAIL_MOMENTS,
    *INBOX_MOMENTS,
    *ALERT_MOMENTS,
    "take",
    *DOCUMENT_MOMENTS,
)
"""Each outside effect of a run, and each record of one. ``take``: a worker takes a message from the broker's list."""

STEP_MOMENTS = tuple(moment for moment in MOMENTS if moment not in ("claim", "alert", "take", *BROKER_MOMENTS))
"""Moments at which a worker is in a step: a death there interrupts it. It may be in one at the others too."""

FIRST_MOMENTS = ("claim", "login", "lookup")
"""Moments that a morning has only at its beginning."""

AT_RANDOM = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of a morning.

    ``at_seconds``: when it happens, or from when on the first worker that reaches ``moment`` meets it. ``seconds``: how
    long the cause lasts, 0 for a death that the supervisor answers at once. ``worker``: whom it meets at random.
    """

    kind: Kind
    at_seconds: float
    seconds: float = 0.0
    moment: str = AT_RANDOM
    side: Side = "before"
    worker: str = WORKERS[0]

    @property
    def is_reported(self) -> bool:
        """Tell whether it lasts so long that operations must hear of it."""
        return self.kind in REPORTED and self.seconds >= REPORTED[self.kind][0]

    def __str__(self) -> str:
        moment = f" {self.side} {self.moment}" if self.moment else ""
        return f"{self.kind}{moment}"


@dataclass(frozen=True, slots=True)
class Card:
    """A fault that is still without a time: what is broken, at which moment, and how long at least and at most."""

    kind: Kind
    seconds: tuple[float, float] = (0.0, 0.0)
    moment: str = AT_RANDOM
    side: Side = "before"


SHORT, OVER_A_LEASE = (3.0, 12.0), (24.0, 32.0)
"""Lengths in seconds: a restart, and longer than the lease of a step."""

RENDER_KINDS: tuple[Kind, ...] = ("kill_render_process", "stop_render_process", "slow_render_process")

RANDOM_RENDER_FAULTS = 3
"""How many of each kind happen while any document is made. They are so many that they are as frequent as others."""

REPORTED: Mapping[Kind, tuple[float, float]] = {
    "kill_redis": (62.0, 75.0),
    "redis_full": (62.0, 75.0),
    "redis_read_only": (62.0, 75.0),
    "dead_connections": (62.0, 75.0),
    "kill_mail_server": (270.0, 280.0),
}
"""Outages that last so long that operations must hear of them, in seconds. The mail server is looked at every minute,
and must have accepted nothing for two."""

_SERVER_DEATHS: Sequence[tuple[Kind, tuple[str, ...]]] = (
    ("kill_redis", ("claim", "settle", "sending", "sent", "publish")),
    ("platform_away", ("query", "export", "job_status", "download")),
    ("kill_mail_server", ("sender", "final_dot")),
    ("kill_inbox", ("chat",)),
)


_BEGINNINGS: Mapping[Kind, str] = {"kill_mail_server": "plan"}
"""The moment at which an outage begins: the mail server's with the first delivery, since it is not missed before."""


def long_outages() -> list[Card]:
    """Return the outages of which operations must hear."""
    return [Card(kind, seconds, _BEGINNINGS.get(kind, AT_RANDOM)) for kind, seconds in REPORTED.items()]


def all_cards() -> list[Card]:
    """Return every fault that a morning can have, except the long outages."""
    return list(
        itertools.chain(
            _deaths_of_workers(), _stops_of_workers(), _render_processes(), _deaths_of_servers(), _outages()
        )
    )


def _deaths_of_workers() -> Iterator[Card]:
    for moment, side in itertools.product(MOMENTS, SIDES):
        if (moment, side) != ("take", "before"):  # nothing has happened before a message is taken
            yield Card("kill_worker", moment=moment, side=side)
    for moment, side in itertools.product(STEP_MOMENTS, SIDES):
        if (moment, side) != ("enter", "before"):
            yield Card("kill_child", moment=moment, side=side)
    yield Card("kill_child", moment="publish", side="after")
    yield from (Card(kind) for kind in ("kill_worker", "kill_main_process", "kill_child") * 2)


def _stops_of_workers() -> Iterator[Card]:
    yield Card("stop_worker", OVER_A_LEASE)
    for moment, side in (("enter", "after"), ("settle", "before"), ("sending", "after"), ("final_dot", "after")):
        yield Card("stop_worker", OVER_A_LEASE, moment, side)


def _render_processes() -> Iterator[Card]:
    """Break only a process that makes a document. The worker that waits for it goes on."""
    for kind in RENDER_KINDS:
        seconds = (0.0, 0.0) if kind == "kill_render_process" else OVER_A_LEASE
        yield from [Card(kind, seconds)] * RANDOM_RENDER_FAULTS
        for moment, side in itertools.product(DOCUMENT_MOMENTS, SIDES):
            yield Card(kind, seconds, moment, side)


def _deaths_of_servers() -> Iterator[Card]:
    for kind, moments in _SERVER_DEATHS:
        yield Card(kind, SHORT)
        for moment, side in itertools.product(moments, SIDES):
            yield Card(kind, SHORT, moment, side)


def _outages() -> Iterator[Card]:
    """Yield each twice, because there are so many deaths at moments."""
    yield from (Card(kind, SHORT) for kind in ("redis_full", "redis_read_only", "slow_connections", "full_disk") * 2)
    yield from (Card(kind) for kind in ("kill_beat", "cut_connections", "dead_connections") * 2)
    yield from (Card(kind, OVER_A_LEASE) for kind in ("silent_mail_server", "silent_platform", "silent_inbox") * 2)
    yield from (Card(kind, SHORT) for kind in ("slow_mail_server", "slow_platform") * 2)
    for kind in ("second_beat", "beat_clock_back", "beat_clock_ahead", "redis_flaps") * 2:
        yield Card(kind, (15.0, 30.0))
