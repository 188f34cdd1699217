"""Redis away: without the ledger no run can be told of, so every worker looks for itself and tells operations directly.

One of several workers tells, as far as the artifacts that they share can be read and written.
"""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Literal

import structlog
from celery.signals import worker_ready
from redis import Redis
from redis.exceptions import RedisError

from tasks import alert
from worker import wiring
from worker.alerts.webhook import Alert
from worker.state.artifacts import ArtifactMissing
from worker.wiring import Parts

LOOK_SECONDS = 15.0
AWAY_SECONDS = 60.0
"""A Redis that restarts is no outage: the steps wait for it."""

TOLD = "outages/redis"
"""The artifact that says when operations were told; one that nobody took back counts for an hour."""

News = Literal["", "away", "back"]

log = structlog.get_logger("standup.outage")


class Outage:
    """Turns looks into news: away once it lasts, back once it is over and was told."""

    def __init__(self) -> None:
        self._away_since: float | None = None
        self._told = False

    def look(self, answers: bool, now: float) -> News:
        """What this look changes; ``now`` in seconds of any clock that only goes forward."""
        if answers:
            news: News = "back" if self._told else ""
            self._away_since, self._told = None, False
            return news
        self._away_since = now if self._away_since is None else self._away_since
        if self._told or now - self._away_since < AWAY_SECONDS:
            return ""
        self._told = True
        return "away"


@worker_ready.connect
def _begin(**_: object) -> None:
    threading.Thread(target=_watch, daemon=True, name="redis-watch").start()


def _watch() -> None:
    parts, outage = wiring.parts(), Outage()
    while True:
        if news := outage.look(answers(parts.settings.redis_url), time.monotonic()):
            try:
                report(parts, news, wiring.now())
            except Exception as error:  # the next outage is still to be told
                log.error("outage not told", news=news, error=type(error).__name__)
        time.sleep(LOOK_SECONDS)


def answers(redis_url: str) -> bool:
    """Whether Redis answers within some seconds."""
    try:
        with Redis.from_url(redis_url, socket_timeout=5, socket_connect_timeout=5) as client:
            return bool(client.ping())
    except RedisError:
        return False


def report(parts: Parts, news: News, now: datetime) -> None:
    """Tell operations, unless another worker has told them."""
    if news == "away":
        if _told_by_another(parts, now):
            return
        with suppress(OSError):
            parts.artifacts.put(TOLD, now.isoformat().encode())
        alert.send_or_write_down(parts, _alert("redis_away", _AWAY, "Redis does not answer", now))
    elif _told_by_another(parts, now):
        with suppress(OSError):
            parts.artifacts.delete(TOLD)
        alert.send_or_write_down(parts, _alert("redis_back", _BACK, "Redis answers again", now))


_AWAY = (
    "Workers cannot reach the ledger: no briefing is made until Redis is back. Then the runs go on by themselves where "
    "they stood, and what is due by then is begun."
)
_BACK = "The runs go on where they stood."


def _told_by_another(parts: Parts, now: datetime) -> bool:
    try:
        told_at = datetime.fromisoformat(parts.artifacts.get(TOLD).decode())
    except (ArtifactMissing, OSError, ValueError):
        return False
    return now - told_at < timedelta(hours=1)


def _alert(code: str, sentence: str, heading: str, now: datetime) -> Alert:
    return Alert("", "all groups", "", code, sentence, "", now, heading)
