"""What operations know already: which groups are failing since when, and how many alerts went out within the hour.

A streak begins with a group's first failure and ends when the group is delivered again. Within it, operations are told
once per cause and reporting day: attempts, resumptions and reruns of a day that fail as before are no news.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal, cast

from redis import Redis

from worker.state import scripts

KEEP_SECONDS = 60 * 24 * 3600
"""A streak that nobody has ended or lengthened for so long is forgotten."""

WINDOW_SECONDS = 3600

Turn = Literal["send", "summary", "quiet"]


@dataclass(frozen=True, slots=True)
class Streak:
    """A group's failures since the reporting day ``since``; ``day`` is the last one, ``told`` the failure told last."""

    code: str
    since: date
    day: date
    failures: int
    told: str


class Streaks:
    """All groups' streaks, and the alerts of the last hour; ``redis`` decodes responses."""

    def __init__(self, redis: Redis, alerts_per_hour: int = 20) -> None:
        self._redis = redis
        self._alerts_per_hour = alerts_per_hour

    def is_news(self, group_key: str, code: str, day: date, failure: str) -> bool:
        """Note a failure, under an id of its own, and say whether operations have to hear of it."""
        args = [code, day.isoformat(), failure, KEEP_SECONDS]
        return bool(scripts.call(self._redis, "streak", [_key(group_key)], args))

    def open(self, group_key: str) -> Streak | None:
        """The group's streak, None for a healthy group."""
        kept = cast("dict[str, str]", self._redis.hgetall(_key(group_key)))
        if "told" not in kept:
            return None
        since, day = date.fromisoformat(kept["since"]), date.fromisoformat(kept["day"])
        return Streak(kept["code"], since, day, int(kept["failures"]), kept["told"])

    def end(self, group_key: str, day: date) -> None:
        """The group was delivered on this day, which ends a streak unless a later day failed."""
        streak = self.open(group_key)
        if streak and day >= streak.day:
            self._redis.delete(_key(group_key))

    def turn(self, alert: str) -> Turn:
        """Whether this alert may go out now; the first too many of an hour becomes the summary of the rest."""
        keys = ["standup:alerts", "standup:alerts:summary"]
        args = [alert, self._alerts_per_hour, WINDOW_SECONDS * 1000]
        return cast(Turn, scripts.call(self._redis, "alert_turn", keys, args))


def _key(group_key: str) -> str:
    return f"standup:streak:{group_key}"
