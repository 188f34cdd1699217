"""A group of companies as the figures name it: 200 groups in 5 zones, 600 queues, 2,400 agents."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

CANDIDATES = (
    "Europe/Berlin",
    "America/New_York",
    "Asia/Kolkata",
    "America/Los_Angeles",
    "Asia/Tokyo",
    "Europe/London",
    "America/Sao_Paulo",
    "Asia/Dubai",
    "Australia/Brisbane",
    "America/Chicago",
)
QUEUES_OF_A_GROUP = 3
AGENTS_OF_A_GROUP = 12


@dataclass(frozen=True)
class Centre:
    """The groups by zone. ``scenario`` is for the sandbox, ``groups`` for the system."""

    zones: tuple[str, ...]
    groups_of_a_zone: int

    @property
    def keys(self) -> list[str]:
        """The keys of all groups."""
        return [key for key, _ in self._members()]

    def scenario(self, **values: Any) -> dict[str, Any]:
        """The organisation with little traffic in each queue: what is measured is asking, not counting."""
        groups = {key: _world(key, zone) for key, zone in self._members()}
        return {"groups": groups, **values}

    def groups(self, units: dict[str, str]) -> dict[str, dict[str, Any]]:
        """Return all groups, due since their local midnight. ``units`` are the management units by group."""
        return {key: _group(key, zone, units[key]) for key, zone in self._members()}

    def _members(self) -> Iterator[tuple[str, str]]:
        for zone in self.zones:
            place = zone.rpartition("/")[2].lower().replace("_", "-")
            yield from ((f"{place}-{n:02d}", zone) for n in range(self.groups_of_a_zone))


def awake_zones(count: int, now: datetime | None = None) -> tuple[str, ...]:
    """Zones of different windows in which "yesterday" stays the same while a bench runs."""
    now = now or datetime.now(UTC)
    awake = (zone for zone in CANDIDATES if 1 <= now.astimezone(ZoneInfo(zone)).hour < 23)
    return tuple(awake)[:count]


def queue_names(key: str) -> Iterable[str]:
    """The names of a group's queues."""
    return tuple(f"{key} {subject}" for subject in ("service", "orders", "complaints"))


def _world(key: str, zone: str) -> dict[str, Any]:
    chance = random.Random(key)
    queues = [{"name": name, "volume": chance.randint(20, 60)} for name in queue_names(key)]
    return {
        "title": key.replace("-", " ").title(),
        "zone": zone,
        "queues": queues,
        "agents": AGENTS_OF_A_GROUP,
        "workdays": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"],
    }


def _group(key: str, zone: str, unit: str) -> dict[str, Any]:
    return {
        "title": key.replace("-", " ").title(),
        "zone": zone,
        "queues": list(queue_names(key)),
        "management_units": [unit],
        "deliver": {"email": [f"{key}@example.com"]},
    }
