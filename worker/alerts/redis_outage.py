"""Alerts for a Redis that is away. Without the ledger no run can be reported, so every worker looks for itself.

One worker of several sends the alert, as long as they can read and write the artifacts that they share.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import structlog
from redis import Redis
from redis.exceptions import RedisError

from worker.alerts import headings
from worker.alerts.forms import Alert
from worker.alerts.sending import AlertSender
from worker.domain.clock import Clock
from worker.state.artifacts import OutageMark

LOOK_SECONDS = 15.0
AWAY_SECONDS = 60.0
"""How long Redis must be away. A shorter absence is a restart, and the steps wait for it."""

News = Literal["", "away", "back"]

log = structlog.get_logger("standup.outage")

_AWAY = (
    "Workers cannot reach the ledger: no briefing is made until Redis is back. Then the runs continue by themselves, "
    "and runs that are due by then begin."
)
_BACK = "The runs continue where they stopped."


class Outage:
    """Turns looks into news: away after a minute, back if the absence was reported."""

    def __init__(self) -> None:
        self._away_since: float | None = None
        self._reported = False

    def look(self, answers: bool, now: float) -> News:
        """Return what this look changes. ``now`` is in seconds of any clock that only goes forward."""
        if answers:
            news: News = "back" if self._reported else ""
            self._away_since, self._reported = None, False
            return news
        self._away_since = now if self._away_since is None else self._away_since
        if self._reported or now - self._away_since < AWAY_SECONDS:
            return ""
        self._reported = True
        return "away"


@dataclass(frozen=True, slots=True)
class RedisWatch:
    """Watches Redis from one worker process and alerts operations. ``answers`` tells whether Redis answers."""

    answers: Callable[[], bool]
    mark: OutageMark
    sender: AlertSender
    clock: Clock

    def run(self) -> None:
        """Look every few seconds, for as long as the process lives."""
        outage = Outage()
        while True:
            if news := outage.look(self.answers(), time.monotonic()):
                try:
                    self.report(news)
                except Exception as error:  # the next outage must still be reported
                    log.error("outage not reported", news=news, error=type(error).__name__)
            time.sleep(LOOK_SECONDS)

    def report(self, news: News) -> None:
        """Send the alert, unless another worker has sent it."""
        now = self.clock()
        reported = self.mark.is_set(now)
        if news == "away" and not reported:
            self.mark.set(now)
            self.sender.send_or_write_down(_alert("redis_away", _AWAY, headings.REDIS_AWAY, now))
        elif news == "back" and reported:
            self.mark.clear()
            self.sender.send_or_write_down(_alert("redis_back", _BACK, headings.REDIS_BACK, now))


def _alert(code: str, sentence: str, heading: str, now: datetime) -> Alert:
    return Alert(
        run_id="",
        group_title="all groups",
        step="",
        code=code,
        sentence=sentence,
        rerun_command="",
        at=now,
        heading=heading,
    )


def answers(redis_url: str) -> bool:
    """Tell whether Redis answers within five seconds."""
    try:
        with Redis.from_url(redis_url, socket_timeout=5, socket_connect_timeout=5) as client:
            return bool(client.ping())
    except RedisError:
        return False
