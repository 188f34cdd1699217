"""Alerts for a Redis that is away, refuses the workers or takes no writes: the ledger's, and the broker's if that is
another server.

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
from redis.exceptions import (
    AuthenticationError,
    BusyLoadingError,
    MasterDownError,
    NoPermissionError,
    OutOfMemoryError,
    ReadOnlyError,
    RedisError,
    ResponseError,
)
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

Kind = Literal["away", "refused", "no_writes"]
Role = Literal["redis", "broker"]
News = Literal["", "out", "back"]

log = structlog.get_logger("standup.outage")

_FULL = "It is full: give it more memory (maxmemory)."
_REPLICA = "It is a replica: promote it, or correct the URL if another server is the primary now."
_NO_WRITES = {
    "MISCONF": "It cannot save its data: check its disk and its log.",
    "NOREPLICAS": "It has fewer replicas than it must have for writes (min-replicas-to-write).",
}
"""By the first word of the answer, for answers that the client has no class for."""

_LOGIN = (
    "It does not accept the user or the password of the URL: correct them, and start workers, beat and board again."
)
_PERMISSION = "The user of the URL lacks a permission: give it back (ACL SETUSER)."
_SCRIPT_NOT_PERMITTED = "ACL failure in script"
_LOADING = "It still loads its data after a start: wait."
_MAX_CLIENTS = "It has as many connections as it allows: look for who opens them (CLIENT LIST), or raise maxclients."
_MAX_CLIENTS_ANSWER = "max number of clients reached"
_SHOWN_CHARACTERS = 200

_WRITE = "return redis.call('SET', KEYS[1], 1, 'EX', 60)"
"""Most writes of the ledger are scripts, so the probe is one too: a server may refuse them alone."""

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
    ("redis", "refused", False): headings.REDIS_REFUSES,
    ("redis", "refused", True): headings.REDIS_ACCEPTS,
    ("redis", "no_writes", False): headings.REDIS_NO_WRITES,
    ("redis", "no_writes", True): headings.REDIS_WRITES_BACK,
    ("broker", "away", False): headings.BROKER_AWAY,
    ("broker", "away", True): headings.BROKER_BACK,
    ("broker", "refused", False): headings.BROKER_REFUSES,
    ("broker", "refused", True): headings.BROKER_ACCEPTS,
    ("broker", "no_writes", False): headings.BROKER_NO_WRITES,
    ("broker", "no_writes", True): headings.BROKER_WRITES_BACK,
}
"""By role, kind of outage, and whether it is over."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What a probe found. ``advice``: the reason, and the way out."""

    kind: Kind
    advice: str = ""


class Outage:
    """Turns looks at one server into news: out after a while, back if the outage was reported.

    ``is_ours``: this worker has reported it. ``is_marked``: the other workers could read that.
    """

    def __init__(self, reported: Fault | None = None) -> None:
        self._began_at: float | None = None
        self.reported = reported
        self.is_ours = False
        self.is_marked = False

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
        fault, instant = outage.reported, self.clock()
        if fault is None:
            return
        if not news:
            server.mark.renew(instant)
            return
        is_reported_here = (
            _report_out(server, outage, instant) if news == "out" else _report_back(server, outage, instant)
        )
        if is_reported_here:
            self.sender.send_or_write_down(_alert(server.role, fault, news == "back", instant))


def _report_out(server: Server, outage: Outage, now: datetime) -> bool:
    """Return whether this worker reports the outage, and leave the mark for the others."""
    outage.is_ours = not server.mark.is_set(now)
    if outage.is_ours:
        server.mark.set(now)
        outage.is_marked = bool(server.mark.is_set(now))
    return outage.is_ours


def _report_back(server: Server, outage: Outage, now: datetime) -> bool:
    """Return whether this worker reports the end: the first that finds the mark, or the one that reported the outage.

    That one knows of the outage also without the mark. A mark that it had set and that is gone, another has taken.
    """
    outage.reported = None
    is_set = server.mark.is_set(now)
    is_taken = is_set is False and outage.is_marked
    if not is_set and (is_taken or not outage.is_ours):
        return False
    server.mark.clear()
    return True


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
        return f"Workers cannot reach {_NAMES[role]}: {_EFFECTS[role]} {fault.advice}".rstrip()
    refused = "writes" if fault.kind == "no_writes" else "the workers"
    return f"The server of {_NAMES[role]} answers and refuses {refused}: {_EFFECTS[role]} {fault.advice}"


def probe(redis_url: str, *, is_broker: bool = False) -> Fault | None:
    """Write to the server and return what is wrong, after at most a few seconds.

    A broker's user may be allowed its queues only, so a key that it may not write is no fault there.
    """
    client = connect(
        redis_url,
        socket_timeout=PROBE_SECONDS,
        socket_connect_timeout=PROBE_SECONDS,
        retry=Retry(NoBackoff(), 0),
    )
    try:
        with client:
            if is_broker:
                client.set(_PROBE_KEY, 1, ex=60)
            else:
                client.eval(_WRITE, 1, _PROBE_KEY)
    except NoPermissionError as error:
        return None if is_broker else Fault("refused", f"{_PERMISSION} {_words(error)}")
    except ResponseError as error:
        return _refusal(error)
    except (RedisError, OSError) as error:
        return _no_connection(error)
    return None


def _refusal(error: ResponseError) -> Fault:
    """Return the fault of a server that answers, by how the answer begins: a script's has more after it."""
    if isinstance(error, OutOfMemoryError):
        return Fault("no_writes", _FULL)
    if isinstance(error, ReadOnlyError | MasterDownError):
        return Fault("no_writes", _REPLICA)
    if str(error).startswith(_SCRIPT_NOT_PERMITTED):
        return Fault("refused", f"{_PERMISSION} {_words(error)}")
    advice = next((advice for word, advice in _NO_WRITES.items() if str(error).startswith(word)), None)
    return Fault("no_writes", advice) if advice else Fault("refused", _words(error))


def _no_connection(error: Exception) -> Fault:
    """Return the fault of a connection that was not made. Some servers answer, and refuse it."""
    if isinstance(error, AuthenticationError):
        return Fault("refused", _LOGIN)
    if isinstance(error, BusyLoadingError):
        return Fault("refused", _LOADING)
    if _MAX_CLIENTS_ANSWER in str(error):
        return Fault("refused", _MAX_CLIENTS)
    return Fault("away", _words(error))


def _words(error: Exception) -> str:
    """Return the words of the server or of the client. They name host and port, and no password."""
    return f'The error is "{str(error)[:_SHOWN_CHARACTERS].rstrip(".") or type(error).__name__}".'


def servers_of(redis_url: str, broker_url: str, mark_of: Callable[[str], OutageMark]) -> list[Server]:
    """Return the servers to watch: the ledger's, and the broker's if it is another one."""
    servers = [Server("redis", lambda: probe(redis_url), mark_of("redis"))]
    if parse(redis_url).server != parse(broker_url).server:
        servers.append(Server("broker", lambda: probe(broker_url, is_broker=True), mark_of("broker")))
    return servers
