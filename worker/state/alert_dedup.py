"""What operations know already, so that no alert is sent twice: failing groups, alerts of the hour, file mistakes.

A streak begins with a group's first failure and ends when the group's briefing is delivered again. Within it,
operations get one alert per cause and reporting day. Attempts, resumptions and reruns that fail with the same cause on
the same day are no news.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, cast

from redis import Redis

from worker.domain.runs import RunId
from worker.state import once, scripts

KEEP_SECONDS = 60 * 24 * 3600
"""A streak without a further failure for this long is forgotten."""

WINDOW_SECONDS = 3600
"""The period of the limit on alerts."""

UNREPORTED_RETRY_SECONDS = 600
"""How long to wait before a run that ended without an alert is reported again."""

REPEAT_SECONDS = 24 * 3600
"""The same mistakes in the group files are reported again after a day, other mistakes at once."""

WRITTEN_DOWN_SECONDS = 3 * 24 * 3600
"""How long to remember that an alert which no webhook accepted is in the alerts file."""

CAUSE_SECONDS = 600
"""How long further groups with the same cause are collected for one alert."""

_COLLECTED = "standup:alerts:collected"
_LOOKED_SINCE = "standup:alerts:looked-since"
_GOOD = "good-"

Permission = Literal["send", "summary", "quiet"]


@dataclass(frozen=True, slots=True)
class Streak:
    """A group's failures since the reporting day ``first_day``. ``day`` is the last one, ``reported`` the failure
    that operations know of.
    """

    code: str
    first_day: date
    day: date
    failures: int
    reported: str


class AlertDedup:
    """The records of one Redis database about alerts. ``redis`` decodes responses."""

    def __init__(self, redis: Redis, alerts_per_hour: int = 20) -> None:
        self._redis = redis
        self._alerts_per_hour = alerts_per_hour

    def is_news(self, group_key: str, code: str, day: date, failure: str) -> bool:
        """Record a failure, under an id of its own, and tell whether operations have to hear of it."""
        args = [code, day.isoformat(), failure, KEEP_SECONDS]
        return bool(scripts.call(self._redis, "streak", [_streak_key(group_key)], args))

    def streak(self, group_key: str) -> Streak | None:
        """Return the group's streak, None for a group that does not fail."""
        fields = cast("dict[str, str]", self._redis.hgetall(_streak_key(group_key)))
        if "told" not in fields:
            return None
        first_day, day = date.fromisoformat(fields["since"]), date.fromisoformat(fields["day"])
        return Streak(fields["code"], first_day, day, int(fields["failures"]), fields["told"])

    def end_streak(self, group_key: str, day: date) -> None:
        """End the streak, because the briefing of this day was delivered, unless a later day failed."""
        streak = self.streak(group_key)
        if streak and day >= streak.day:
            self._redis.delete(_streak_key(group_key))

    def permission(self, alert: str) -> Permission:
        """Tell whether this alert may be sent now. The first one above the hour's limit becomes a summary."""
        keys = ["standup:alerts", "standup:alerts:summary"]
        args = [alert, self._alerts_per_hour, WINDOW_SECONDS * 1000]
        return cast(Permission, scripts.call(self._redis, "alert_turn", keys, args))

    def is_first_of_cause(self, cause: str, group_key: str) -> bool:
        """Tell whether no other group was stopped by this cause within `CAUSE_SECONDS`."""
        key = f"standup:alerts:cause:{_digest(cause)}"
        return self._redis.set(key, group_key, nx=True, get=True, ex=CAUSE_SECONDS) in (None, group_key)

    def collect(self, cause: str, run_id: RunId, *, is_good: bool = False) -> None:
        """Record that the next alert of this cause has to name this run. ``is_good``: because it works again."""
        self._redis.hset(_COLLECTED, f"{_GOOD if is_good else ''}{_digest(cause)} {run_id}", 1)

    def collected(self) -> dict[str, list[RunId]]:
        """Return the collected runs, by a digest of their cause. `is_good_news` tells what it is about."""
        run_ids: dict[str, list[RunId]] = {}
        for field in sorted(cast("list[str]", self._redis.hkeys(_COLLECTED))):
            digest, _, run_id = field.partition(" ")
            run_ids.setdefault(digest, []).append(RunId.parse(run_id))
        return run_ids

    def forget_collected(self, digest: str, run_ids: Iterable[RunId]) -> None:
        """Delete what operations have heard of."""
        if fields := [f"{digest} {run_id}" for run_id in run_ids]:
            self._redis.hdel(_COLLECTED, *fields)

    def claim_unreported(self, run_id: RunId) -> bool:
        """Return True to the one worker that must report now that this run ended without an alert."""
        return once.claim(self._redis, f"standup:untold:{run_id}", UNREPORTED_RETRY_SECONDS)

    def looked_since(self, now: datetime) -> datetime:
        """Return when a worker first looked for lost alerts. The first caller's instant is kept."""
        stored = self._redis.set(_LOOKED_SINCE, now.isoformat(), nx=True, get=True)
        return datetime.fromisoformat(cast(str, stored)) if stored else now

    def keep_written_down(self, run_id: RunId, ended_at: datetime) -> None:
        """Record that the alert of this end is in the alerts file."""
        self._redis.set(_written_down_key(run_id), ended_at.isoformat(), ex=WRITTEN_DOWN_SECONDS)

    def not_written_down(self, ends: Mapping[RunId, datetime]) -> list[RunId]:
        """Return the runs of which the alert of this end is not in the alerts file, in one round trip."""
        if not ends:
            return []
        stored = cast("list[str | None]", self._redis.mget([_written_down_key(run_id) for run_id in ends]))
        pairs = zip(ends.items(), stored, strict=True)
        return [run_id for (run_id, ended_at), instant in pairs if instant != ended_at.isoformat()]

    def claim_held(self, run_id: RunId) -> bool:
        """Return True to the one worker that must report now that this run is held."""
        return once.claim(self._redis, f"standup:held:{run_id}", REPEAT_SECONDS)

    def release_held(self, run_id: RunId) -> None:
        """Let a later tick report it, because the alert was not sent."""
        self._redis.delete(f"standup:held:{run_id}")

    def claim_old_worker(self, host: str) -> bool:
        """Return True to the one process that must report now that a worker of this machine was not updated."""
        return once.claim(self._redis, f"standup:old-worker:{host}", REPEAT_SECONDS)

    def claim_group_problems(self, text: str) -> bool:
        """Return True to the one worker that must report these mistakes now, and then keep or release the claim."""
        return once.claim(self._redis, _problems_key(text), once.SENDING_SECONDS)

    def keep_group_problems(self, text: str) -> None:
        """Record that operations know of these mistakes."""
        self._redis.expire(_problems_key(text), REPEAT_SECONDS)

    def release_group_problems(self, text: str) -> None:
        """Let the next tick try again, because the alert was not sent."""
        self._redis.delete(_problems_key(text))


def is_good_news(digest: str) -> bool:
    """Tell whether runs were collected under this digest because they work again."""
    return digest.startswith(_GOOD)


def _streak_key(group_key: str) -> str:
    return f"standup:streak:{group_key}"


def _written_down_key(run_id: RunId) -> str:
    return f"standup:written-down:{run_id}"


def _problems_key(text: str) -> str:
    return f"standup:group-problems:{_digest(text)}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()[:20]
