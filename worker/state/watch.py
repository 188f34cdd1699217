"""What the watchdog remembers between two looks: since when a run is missing, which runs were reported late,
which channels accept nothing, and which mornings a ping was about.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import cast, get_args

from redis import Redis

from worker.domain.groups import ChannelKind
from worker.domain.runs import RunId
from worker.state import once

KEEP_SECONDS = 8 * 24 * 3600
"""Longer than any stand-up remains the newest of its group."""

CHANNELS: tuple[str, ...] = get_args(ChannelKind)
_PINGED = "standup:pinged"


class Watch:
    """The watchdog's memory in Redis. ``redis`` decodes responses."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    def absent_since(self, run_id: RunId, now: datetime) -> datetime:
        """Return when a look first found that a due run does not exist. The first call records ``now``."""
        key = f"standup:absent:{run_id}"
        self._redis.set(key, now.isoformat(), nx=True, ex=KEEP_SECONDS)
        return datetime.fromisoformat(cast("str | None", self._redis.get(key)) or now.isoformat())

    def claim(self, run_id: RunId) -> bool:
        """Return True to the one worker that must report now that the run is late, and then call `mark_reported`."""
        return once.claim(self._redis, _key(run_id), once.SENDING_SECONDS)

    def unclaimed(self, run_ids: Sequence[RunId]) -> list[RunId]:
        """Return those of the runs that were not reported late, and that no worker is reporting."""
        if not run_ids:
            return []
        values = self._redis.mget([_key(run_id) for run_id in run_ids])
        return [run_id for run_id, value in zip(run_ids, values, strict=True) if value is None]

    def mark_reported(self, run_id: RunId) -> None:
        """Record that operations know that the run is late, or do not need to."""
        self._redis.set(_key(run_id), 1, ex=KEEP_SECONDS)

    def release(self, run_id: RunId) -> None:
        """Let the next look try again, because the alert was not sent."""
        self._redis.delete(_key(run_id))

    def unaccepted_since(self, channel: str, sent_count: int, now: datetime) -> datetime:
        """Return when a look first found that this channel accepts nothing, which it records.

        ``sent_count``: how many messages the channel has ever accepted. A higher count begins a new period.
        """
        key = _unaccepted_key(channel)
        first_look, stored_count = cast("list[str | None]", self._redis.hmget(key, "since", "sent_count"))
        if first_look is None or stored_count != str(sent_count):
            self._redis.delete(key)
            self._redis.hset(key, mapping={"since": now.isoformat(), "sent_count": sent_count})
            first_look = now.isoformat()
        self._redis.expire(key, KEEP_SECONDS)
        return datetime.fromisoformat(first_look)

    def claim_unaccepted(self, channel: str) -> bool:
        """Return True to the one worker that must report now that this channel accepts nothing."""
        return bool(self._redis.hsetnx(_unaccepted_key(channel), "reported", 1))

    def release_unaccepted(self, channel: str) -> None:
        """Let the next look try again, because the alert was not sent."""
        self._redis.hdel(_unaccepted_key(channel), "reported")

    def reported_unaccepted(self) -> dict[str, int]:
        """Return the channels that were reported, each with how many messages it had ever accepted by then."""
        with self._redis.pipeline(transaction=False) as pipe:
            for channel in CHANNELS:
                pipe.hmget(_unaccepted_key(channel), "reported", "sent_count")
            answers = cast("list[list[str | None]]", pipe.execute())
        records = zip(CHANNELS, answers, strict=True)
        return {channel: int(sent_count or 0) for channel, (reported, sent_count) in records if reported}

    def end_unaccepted(self, channel: str) -> bool:
        """Return True to the one worker that must report now that this channel accepts messages again."""
        return bool(self._redis.delete(_unaccepted_key(channel)))

    def forget_unaccepted_except(self, channels: Iterable[str]) -> None:
        """Forget the channels for which no message waits."""
        kept_keys = {_unaccepted_key(channel) for channel in channels}
        for key in (_unaccepted_key(channel) for channel in CHANNELS):
            if key not in kept_keys:
                self._redis.delete(key)

    def pinged_claim_ms(self) -> int:
        """Return when the newest run was claimed that the last ping after a morning was about, 0 for no ping yet."""
        return int(cast("str | None", self._redis.get(_PINGED)) or 0)

    def record_ping(self, claim_ms: int) -> None:
        """Record that all runs claimed until this instant have been reported by a ping."""
        self._redis.set(_PINGED, claim_ms)


def _unaccepted_key(channel: str) -> str:
    return f"standup:unaccepted:{channel}"


def _key(run_id: RunId) -> str:
    return f"standup:told-late:{run_id}"
