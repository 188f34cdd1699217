"""Alerts for a Redis that is away or takes no writes: the ledger's, and the broker's if that is another server.

Without the ledger no run can be reported, so every worker looks for itself. One worker of several sends the alert, as
long as they can read and write the artifacts that they share.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import structlog
from redis.backoff import NoBackoff
from redis.exceptions import OutOfMemoryError, ReadOnlyError, RedisError, ResponseError
from redis.retry import Retry

from worker.alerts import headings
from worker.alerts.forms import Alert
from worker.alerts.sending import AlertSender
from worker.domain.clock import Clock
from worker.domain.redis_address import parse
from worker.state.connection import connect
from worker.state.files.artifacts import OutageMark

LOOK_SECONDS = 10.0
AWAY_SECONDS = 35.0
"""How long an outage must last. A shorter one is a restart, and the steps wait for it.

With the time between two looks and the time-outs of a server that hangs, operations hear of it within a minute.
"""

PROBE_SECONDS = 3.0
_PROBE_KEY = "standup:probe"

Kind = Literal["away", "no_writes"]
Role = Literal["redis", "broker"]
News = Literal["", "out", "back"]

log = structlog.get_logger("standup.outage")

_FULL = "It is full: give it more memory (maxmemory)."
_REPLICA = "It is a replica: promote it, or correct the URL if another server is the primary now."
_REFUSALS = {
    "MISCONF": "It cannot save its data: check its disk and its log.",
    "NOREPLICAS": "It has fewer replicas than it must have for writes (min-replicas-to-write).",
}
"""By the first word of the answer, for answers that the client has no class for."""

_EFFECTS = {
    "redis": "no briefing is made until it is back. Then the runs continue by themselves, and runs that are due by "
    "then begin.",
    "broker": "no step of a run begins until it is back. Then the runs continue by themselves.",
}
_BACK = "The runs continue where they stopped."
_NAMES = {"redis": "the ledger (STANDUP_REDIS_URL)", "broker": "the broker (STANDUP_BROKER_URL)"}
_HEADINGS: dict[tuple[Role, Kind, bool], str] = {
    ("redis", "away", False): headings.REDIS_AWAY,
    ("redis", "away", True): headings.REDIS_BACK,
    ("redis", "no_writes", False): headings.REDIS_NO_WRITES,
    ("redis", "no_writes", True): headings.REDIS_WRITES_BACK,
    ("broker", "away", False): headings.BROKER_AWAY,
    ("broker", "away", True): headings.BROKER_BACK,
    ("broker", "no_writes", False): headings.BROKER_NO_WRITES,
    ("broker", "no_writes", True): headings.BROKER_WRITES_BACK,
}
"""By role, kind of outage, and whether it is over."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What a probe found. ``advice``: why a server that answers takes no writes."""

    kind: Kind
    advice: str = ""


class Outage:
    """Turns looks at one server into news: out after a while, back if the outage was reported."""

    def __init__(self, reported: Fault | None = None) -> None:
        self._began_at: float | None = None
        self.reported = reported

    def look(self, fault: Fault | None, now: float) -> News:
        """Return what this look changes. ``now`` is in seconds of any clock that only goes forward."""
        if fault is None:
            self._began_at = None
            return "back" if self.reported else ""
        self._began_at = now if self._began_at is None else self._began_at
        if self.reported or now - self._began_at < AWAY_SECONDS:
            return ""
        self.reported = fault
        return "out"


@dataclass(frozen=True, slots=True)
class Server:
    """One Redis server. ``probe`` writes to it and returns what is wrong."""

    role: Role
    probe: Callable[[], Fault | None]
    mark: OutageMark


@dataclass(frozen=True, slots=True)
class RedisWatch:
    """Watches the servers from one worker process, without Celery's queues, and alerts operations."""

    servers: Sequence[Server]
    sender: AlertSender
    clock: Clock

    def run(self) -> None:
        """Look every few seconds, for as long as the process lives."""
        outages = [(server, self._outage(server)) for server in self.servers]
        while True:
            for server, outage in outages:
                try:
                    self.look(server, outage, time.monotonic())
                except Exception as error:  # the next outage must still be reported
                    log.error("outage not reported", server=server.role, error=type(error).__name__)
            time.sleep(LOOK_SECONDS)

    def _outage(self, server: Server) -> Outage:
        """Begin with an outage that another worker, or this one before a restart, has reported."""
        return Outage(Fault("away") if server.mark.is_set(self.clock()) else None)

    def look(self, server: Server, outage: Outage, now: float) -> None:
        """Look once, and send the alert unless another worker has sent it."""
        news = outage.look(server.probe(), now)
        fault = outage.reported
        if not news or fault is None:
            return
        if news == "back":
            outage.reported = None
        instant = self.clock()
        if (news == "back") != server.mark.is_set(instant):
            return
        if news == "out":
            server.mark.set(instant)
        else:
            server.mark.clear()
        self.sender.send_or_write_down(_alert(server.role, fault, news == "back", instant))


def _alert(role: Role, fault: Fault, is_back: bool, now: datetime) -> Alert:
    code = "back" if is_back else fault.kind
    return Alert(
        run_id="",
        group_title="all groups",
        step="",
        code=f"{role}_{code}",
        sentence=_BACK if is_back else _sentence(role, fault),
        rerun_command="",
        at=now,
        heading=_HEADINGS[role, fault.kind, is_back],
    )


def _sentence(role: Role, fault: Fault) -> str:
    if fault.kind == "away":
        return f"Workers cannot reach {_NAMES[role]}: {_EFFECTS[role]}"
    return f"The server of {_NAMES[role]} answers and refuses writes: {_EFFECTS[role]} {fault.advice}"


def probe(redis_url: str) -> Fault | None:
    """Write to the server and return what is wrong, after at most a few seconds."""
    client = connect(
        redis_url,
        socket_timeout=PROBE_SECONDS,
        socket_connect_timeout=PROBE_SECONDS,
        retry=Retry(NoBackoff(), 0),
    )
    try:
        with client:
            client.set(_PROBE_KEY, 1, ex=60)
    except ResponseError as error:
        return _refusal(error)
    except (RedisError, OSError):
        return Fault("away")
    return None


def _refusal(error: ResponseError) -> Fault | None:
    """Return the fault of a server that answers. Other errors are a matter of permissions, which doctor reports."""
    if isinstance(error, OutOfMemoryError):
        return Fault("no_writes", _FULL)
    if isinstance(error, ReadOnlyError):
        return Fault("no_writes", _REPLICA)
    advice = next((advice for word, advice in _REFUSALS.items() if str(error).startswith(word)), None)
    return Fault("no_writes", advice) if advice else None


def servers_of(redis_url: str, broker_url: str, mark_of: Callable[[str], OutageMark]) -> list[Server]:
    """Return the servers to watch: the ledger's, and the broker's if it is another one."""
    servers = [Server("redis", lambda: probe(redis_url), mark_of("redis"))]
    if parse(redis_url).server != parse(broker_url).server:
        servers.append(Server("broker", lambda: probe(broker_url), mark_of("broker")))
    return servers
