"""Whether the settings know every channel that a group delivers by. Nothing is sent."""

from __future__ import annotations

from collections.abc import Iterator

from worker.checks.finding import Finding, of_error, ok, warning
from worker.domain.groups import Group
from worker.errors import StandupError
from worker.wiring import Parts


def check(parts: Parts, group: Group) -> Iterator[Finding]:
    """Each recipient's channel."""
    area, recipients = f"group {group.key}", group.deliver.recipients
    if not recipients:
        yield warning(area, "nobody gets this briefing", "Name somebody in its deliver table (docs/groups.md).")
        return
    known = 0
    with parts.channels(group) as channels:
        for kind, recipient in recipients:
            try:
                channels.of(kind, recipient)
                known += 1
            except StandupError as error:
                yield of_error(area, error)
    if known:
        yield ok(area, f"{known} of {len(recipients)} recipients have a channel")
