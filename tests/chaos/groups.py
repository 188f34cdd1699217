"""The groups of a morning: from which source their rows come, and who gets their briefing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.acceptance.installation import group

CHATS_AND_STORES = ("slack", "teams", "bucket")
"""Every group has two mailboxes and one of these in turn."""


def _number(key: str) -> int:
    return int(key.rpartition("-")[2])


def recipients(key: str) -> list[tuple[str, str]]:
    """Return channel and recipient of each delivery that the group's briefing must have."""
    channel = CHATS_AND_STORES[_number(key) % len(CHATS_AND_STORES)]
    return [("email", f"first+{key}@example.com"), ("email", f"second+{key}@example.com"), (channel, f"room-{key}")]


def group_file(keys: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Return the groups of the group file. Every second one gets its rows from an export job."""
    groups = {}
    for key in keys:
        deliver: dict[str, list[str]] = {}
        for channel, recipient in recipients(key):
            deliver.setdefault(channel, []).append(recipient)
        source = "exports" if _number(key) % 2 else "queries"
        groups[key] = group(key, f"Queue {key}", deliver=deliver, source=source)
    return groups


def room_settings(keys: Sequence[str], inbox_url: str, shelves: Path) -> dict[str, str]:
    """Return the settings with the address of each group's chat or bucket."""
    settings = {}
    for key in keys:
        channel, room = recipients(key)[-1]
        name = room.upper().replace("-", "_")
        if channel == "bucket":
            settings[f"BUCKETS__{name}__URL"] = str(shelves / room)
        else:
            settings[f"{channel.upper()}__{name}__WEBHOOK_URL"] = f"{inbox_url}/{channel}/{room}"
    return settings
