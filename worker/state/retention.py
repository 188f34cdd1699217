"""What is kept of which group and day, wherever it lies, so that it can be deleted and shown to be gone.

Artifacts and Redis keys carry group and reporting day in their names; age is counted from that day.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, cast

from redis import Redis

from worker.state.artifacts import Artifacts

Kind = Literal["rows", "documents", "records", "history", "answers"]
"""``rows``: what the source yielded · ``documents``: PDF, workbook, message · ``records``: ledger, deliveries, a run's
sums · ``history``: remembered sums of days · ``answers``: what the API said, which belongs to an organisation"""

KINDS: tuple[Kind, ...] = ("rows", "documents", "records", "history", "answers")

_ARTIFACT = re.compile(r"runs/(?P<group>[^/]+)/(?P<day>\d{4}-\d\d-\d\d)/r\d+/(?P<file>[^/]+)")
_OF_RUN = re.compile(r"standup:[a-z-]+:(?P<group>[a-z0-9_-]+):(?P<day>\d{4}-\d\d-\d\d)(\.r\d+)?")
_RUN_ID = re.compile(r"(?P<group>[a-z0-9_-]+):(?P<day>\d{4}-\d\d-\d\d)(\.r\d+)?")
_HISTORY, _STREAK = "standup:history:", "standup:streak:"


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that is kept: a file, a key, or a ``member`` of a key."""

    kind: Kind
    name: str
    member: str = ""

    def __str__(self) -> str:
        return f"{self.name} {self.member}".rstrip()


class Retention:
    """Finds and deletes; ``redis`` decodes responses."""

    def __init__(self, artifacts: Artifacts, redis: Redis) -> None:
        self._artifacts = artifacts
        self._redis = redis

    def older(self, before: Mapping[Kind, date], group: str | None = None) -> list[Item]:
        """All that belongs to a reporting day before its kind's date, of one group or of all."""
        found = (*self._files(group), *self._keys(group), *self._members(group), *self._fields(group))
        return [item for item, day in found if item.kind in before and day < before[item.kind].isoformat()]

    def answers(self, organisation: str | None, ended_before: float | None = None) -> list[Item]:
        """An organisation's kept answers, or everybody's; with an instant (Unix time) those whose lifetime ended."""
        names = self._artifacts.names(f"answers/{organisation}" if organisation else "answers")
        return [Item("answers", name) for name in names if ended_before is None or self._until(name) < ended_before]

    def delete(self, items: Iterable[Item]) -> None:
        """Delete each; one that is gone already is as good."""
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
        for name in self._artifacts.names(f"runs/{group}" if group else "runs"):
            if found := _ARTIFACT.fullmatch(name):
                yield Item(_kind_of(found["file"]), name), found["day"]

    def _keys(self, group: str | None) -> Iterator[tuple[Item, str]]:
        for key in self._scan(f"standup:*:{group or '*'}:*"):
            if found := _OF_RUN.fullmatch(key):
                yield Item("records", key), found["day"]
        for key in self._scan(f"{_STREAK}{group or '*'}"):
            yield Item("records", key), cast("str | None", self._redis.hget(key, "day")) or ""

    def _members(self, group: str | None) -> Iterator[tuple[Item, str]]:
        """Run ids in any set: the ledger's lists, those that wait for a job, those that a morning's counts are of."""
        for key, member in self._listed(f"{group or '*'}:*"):
            if found := _RUN_ID.fullmatch(member):
                yield Item("records", key, member), found["day"]

    def _listed(self, pattern: str) -> Iterator[tuple[str, str]]:
        for key in self._scan("standup:*", "zset"):
            yield from ((key, member) for member, _ in self._redis.zscan_iter(key, match=pattern))
        for key in self._scan("standup:*", "set"):
            yield from ((key, member) for member in self._redis.sscan_iter(key, match=pattern))

    def _fields(self, group: str | None) -> Iterator[tuple[Item, str]]:
        for key in self._scan(f"{_HISTORY}{group or '*'}"):
            for day in cast("list[str]", self._redis.hkeys(key)):
                yield Item("history", key, day), day

    def _scan(self, pattern: str, of_type: str | None = None) -> list[str]:
        return sorted(set(self._redis.scan_iter(match=pattern, count=1000, _type=of_type)))

    def _until(self, name: str) -> float:
        """When an answer's lifetime ends; 0 for one that cannot be read."""
        try:
            return float(json.loads(self._artifacts.get(name))["until"])
        except (KeyError, TypeError, ValueError):
            return 0.0


def _kind_of(file: str) -> Kind:
    if file.startswith("rows.json"):
        return "rows"
    return "records" if file.startswith("figures.json") else "documents"
