"""Finds and deletes all stored data of a group's days, in files and in Redis.

Artifacts and Redis keys have the group and the reporting day in their names. Age counts from that day.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
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
_BY_DAY = ("standup:history:", "standup:forecasts:")
"""Beginnings of the keys of hashes with a field for each day."""

_STREAK = "standup:streak:"


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
        items = chain(self._files(group), self._keys(group), self._members(group), self._fields(group))
        return (item for item, day in items if item.kind in limits and day < limits[item.kind].isoformat())

    def answers(self, organisation: str | None, ended_before: float | None = None) -> list[Item]:
        """Return the stored answers of one organisation or of all. ``ended_before`` (Unix time): only expired ones."""
        names = self._artifacts.names(f"answers/{organisation}" if organisation else "answers")
        return [
            Item("answers", name) for name in names if ended_before is None or self._expires_at(name) < ended_before
        ]

    def delete(self, items: Iterable[Item]) -> None:
        """Delete the items. Those that no longer exist are ignored."""
        for item in items:
            if not item.name.startswith("standup:"):
                self._artifacts.delete(item.name)
            elif item.member:
                self._remove(item.name, item.member)
            else:
                self._redis.delete(item.name)

    def _remove(self, key: str, member: str) -> None:
        kind = self._redis.type(key)
        if kind == "hash":
            self._redis.hdel(key, member)
        elif kind == "zset":
            self._redis.zrem(key, member)
        elif kind == "set":
            self._redis.srem(key, member)

    def _files(self, group: str | None) -> Iterator[tuple[Item, str]]:
        for folder in [f"runs/{group}"] if group else self._artifacts.folders("runs"):
            for name in self._artifacts.names(folder):
                if match := _ARTIFACT.fullmatch(name):
                    yield Item(_kind_of(match["file"]), name), match["day"]

    def _keys(self, group: str | None) -> Iterator[tuple[Item, str]]:
        for key in self._scan(f"standup:*:{group or '*'}:*"):
            if match := _RUN_KEY.fullmatch(key):
                yield Item("records", key), match["day"]
        for key in self._scan(f"{_STREAK}{group or '*'}"):
            yield Item("records", key), cast("str | None", self._redis.hget(key, "day")) or ""

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

    def _fields(self, group: str | None) -> Iterator[tuple[Item, str]]:
        for key in (key for beginning in _BY_DAY for key in self._scan(f"{beginning}{group or '*'}")):
            for day in cast("list[str]", self._redis.hkeys(key)):
                yield Item("history", key, day), day

    def _scan(self, pattern: str, key_type: str | None = None) -> Iterator[str]:
        """Yield the keys. Redis may give one of them twice while others are deleted."""
        return cast("Iterator[str]", self._redis.scan_iter(match=pattern, count=1000, _type=key_type))

    def _expires_at(self, name: str) -> float:
        """Return when an answer expires, 0 for one that cannot be read."""
        try:
            return float(json.loads(self._artifacts.get(name))["until"])
        except (KeyError, TypeError, ValueError):
            return 0.0


def _kind_of(file: str) -> Kind:
    if file.startswith((ROWS, TODAY)):
        return "rows"
    return "records" if file.startswith((FIGURES, DELIVERIES)) else "documents"
