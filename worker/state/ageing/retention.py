"""Finds and deletes all stored data of a group's days, in files and in Redis.

Artifacts and Redis keys have the group and the reporting day in their names. Age counts from that day.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Literal, cast

from redis import Redis

from worker.state.files.artifacts import DELIVERIES, FIGURES, ROWS, TODAY, Artifacts

Kind = Literal["rows", "documents", "records", "history", "answers"]
"""``rows``: the source's figures · ``documents``: PDF, workbook, message · ``records``: ledger, deliveries, sums ·
``history``: sums and forecasts of days · ``answers``: stored answers of the API, which belong to an organisation
"""

KINDS: tuple[Kind, ...] = ("rows", "documents", "records", "history", "answers")

_ARTIFACT = re.compile(r"runs/(?P<group>[^/]+)/(?P<day>\d{4}-\d\d-\d\d)/r\d+/(?P<file>[^/]+)")
_RUN_KEY = re.compile(r"standup:[a-z-]+:(?P<group>[a-z0-9_-]+):(?P<day>\d{4}-\d\d-\d\d)(\.r\d+)?")
_RUN_ID = re.compile(r"(?P<group>[a-z0-9_-]+):(?P<day>\d{4}-\d\d-\d\d)(\.r\d+)?")
_BY_DAY: Mapping[str, Kind] = {
    "standup:history:": "history",
    "standup:forecasts:": "history",
    "standup:days:": "records",
    "standup:archive:": "records",
}
"""Beginnings of the keys of hashes with a field for each day of a group, and what kind the days are."""

_STREAK = "standup:streak:"
_PAGE = 1_000


@dataclass(frozen=True, slots=True)
class Item:
    """A stored thing: a file, a key, or a ``member`` of a key."""

    kind: Kind
    name: str
    member: str = ""

    def __str__(self) -> str:
        return f"{self.name} {self.member}".rstrip()


class Retention:
    """All stored data, by group and day. ``redis`` decodes responses."""

    def __init__(self, artifacts: Artifacts, redis: Redis) -> None:
        self._artifacts = artifacts
        self._redis = redis

    def older(self, limits: Mapping[Kind, date], group: str | None = None) -> list[Item]:
        """Return what belongs to a reporting day before its kind's date, for one group or for all."""
        return sorted(set(self.each_older(limits, group)), key=str)

    def each_older(self, limits: Mapping[Kind, date], group: str | None = None) -> Iterator[Item]:
        """Yield the same one by one, a few of them twice. What was yielded may be deleted meanwhile."""
        items = chain(self._files(group), self._keys(group), self._members(group))
        return (item for item, day in items if item.kind in limits and day < limits[item.kind].isoformat())

    def answers(self, organisation: str | None, ended_before: float | None = None) -> list[Item]:
        """Return the stored answers of one organisation or of all. ``ended_before`` (Unix time): only expired ones."""
        names = self._artifacts.names(f"answers/{organisation}" if organisation else "answers")
        return [
            Item("answers", name) for name in names if ended_before is None or self._expires_at(name) < ended_before
        ]

    def delete(self, items: Iterable[Item]) -> None:
        """Delete the items. Those that no longer exist are ignored."""
        items = list(items)
        for item in items:
            if not item.name.startswith("standup:"):
                self._artifacts.delete(item.name)
        stored = [item for item in items if item.name.startswith("standup:")]
        types = self._types({item.name for item in stored if item.member})
        with self._redis.pipeline(transaction=False) as pipe:
            for item in stored:
                if not item.member:
                    pipe.delete(item.name)
                elif types[item.name] == "hash":
                    pipe.hdel(item.name, item.member)
                elif types[item.name] == "zset":
                    pipe.zrem(item.name, item.member)
                elif types[item.name] == "set":
                    pipe.srem(item.name, item.member)
            pipe.execute()

    def _types(self, keys: Iterable[str]) -> dict[str, str]:
        keys = list(keys)
        with self._redis.pipeline(transaction=False) as pipe:
            for key in keys:
                pipe.type(key)
            return dict(zip(keys, pipe.execute(), strict=True))

    def _files(self, group: str | None) -> Iterator[tuple[Item, str]]:
        for folder in [f"runs/{group}"] if group else self._artifacts.folders("runs"):
            for name in self._artifacts.names(folder):
                if match := _ARTIFACT.fullmatch(name):
                    yield Item(_kind_of(match["file"]), name), match["day"]

    def _keys(self, group: str | None) -> Iterator[tuple[Item, str]]:
        """Yield what has a group in its name: keys of a day, and days of a key."""
        for page in self._pages(f"standup:*:{group or '*'}*"):
            for key in page:
                match = _RUN_KEY.fullmatch(key)
                if match and group in (None, match["group"]):
                    yield Item("records", key), match["day"]
            yield from self._fields([key for key in page if _is_of_group(key, group)])

    def _fields(self, keys: Sequence[str]) -> Iterator[tuple[Item, str]]:
        """Yield the days of these groups' hashes, and the hash of past alerts with its newest day."""
        with self._redis.pipeline(transaction=False) as pipe:
            for key in keys:
                pipe.hget(key, "day") if key.startswith(_STREAK) else pipe.hkeys(key)
            answers = cast("list[str | list[str] | None]", pipe.execute())
        for key, answer in zip(keys, answers, strict=True):
            if not isinstance(answer, list):
                yield Item("records", key), answer or ""
            else:
                yield from ((Item(_kind_of_days(key), key, day), day) for day in answer)

    def _members(self, group: str | None) -> Iterator[tuple[Item, str]]:
        """Yield run ids in any set: the ledger's lists, runs that wait for a job, runs in a morning's counts."""
        for key, member in self._run_ids(f"{group or '*'}:*"):
            if match := _RUN_ID.fullmatch(member):
                yield Item("records", key, member), match["day"]

    def _run_ids(self, pattern: str) -> Iterator[tuple[str, str]]:
        for key in self._scan("standup:*", "zset"):
            yield from ((key, member) for member, _ in self._redis.zscan_iter(key, match=pattern))
        for key in self._scan("standup:*", "set"):
            yield from ((key, member) for member in self._redis.sscan_iter(key, match=pattern))

    def _pages(self, pattern: str) -> Iterator[list[str]]:
        """Yield keys in pages. Redis may give one of them twice while others are deleted."""
        cursor = -1
        while cursor:
            cursor, keys = self._redis.scan(max(cursor, 0), match=pattern, count=_PAGE)
            yield cast("list[str]", keys)

    def _scan(self, pattern: str, key_type: str) -> Iterator[str]:
        return cast("Iterator[str]", self._redis.scan_iter(match=pattern, count=_PAGE, _type=key_type))

    def _expires_at(self, name: str) -> float:
        """Return when an answer expires, 0 for one that cannot be read."""
        try:
            return float(json.loads(self._artifacts.get(name))["until"])
        except (KeyError, TypeError, ValueError):
            return 0.0


def _is_of_group(key: str, group: str | None) -> bool:
    """Tell whether the key is that of a group's days or past alerts, and of this group."""
    beginning = next((beginning for beginning in (*_BY_DAY, _STREAK) if key.startswith(beginning)), None)
    return beginning is not None and group in (None, key.removeprefix(beginning))


def _kind_of_days(key: str) -> Kind:
    return next(kind for beginning, kind in _BY_DAY.items() if key.startswith(beginning))


def _kind_of(file: str) -> Kind:
    if file.startswith((ROWS, TODAY)):
        return "rows"
    return "records" if file.startswith((FIGURES, DELIVERIES)) else "documents"
