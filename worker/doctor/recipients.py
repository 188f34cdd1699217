"""Whether the settings know every channel that a group delivers by. Nothing is sent."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import TypeVar

from worker.doctor.finding import Finding, of_error, ok, warning
from worker.domain.groups import Group
from worker.errors import QuotaWait, StandupError
from worker.wiring import Parts

LONGEST_SECONDS = 120.0

T = TypeVar("T")


def patiently(ask: Callable[[], T]) -> T:
    """What ``ask`` gives, once there is a permit; `QuotaWait` when there is none for two minutes."""
    give_up_at = time.monotonic() + LONGEST_SECONDS
    while True:
        try:
            return ask()
        except QuotaWait as error:
            wait = max(error.retry_after_seconds or 1.0, 0.1)
            if time.monotonic() + wait > give_up_at:
                raise
            time.sleep(wait)


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
