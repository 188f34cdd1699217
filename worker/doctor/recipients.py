"""Check whether the settings know every channel that a group delivers by. Nothing is sent."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import TypeVar

from worker.doctor.finding import Finding, of_error, ok, warning
from worker.domain.groups import Group
from worker.errors import QuotaWait, StandupError
from worker.wiring.channels import OpenChannels

MAX_PERMIT_WAIT_SECONDS = 120.0

T = TypeVar("T")


def with_permit(ask: Callable[[], T]) -> T:
    """Return the result of ``ask``, which waits for its permit. Raises `QuotaWait` after two minutes without one.

    The doctor asks under the quota that all share, so that it takes no permit from a morning's runs.
    """
    give_up_at = time.monotonic() + MAX_PERMIT_WAIT_SECONDS
    while True:
        try:
            return ask()
        except QuotaWait as error:
            wait = max(error.retry_after_seconds or 1.0, 0.1)
            if time.monotonic() + wait > give_up_at:
                raise
            time.sleep(wait)


def check(open_channels: Callable[[Group], OpenChannels], group: Group) -> Iterator[Finding]:
    """Check each recipient's channel."""
    area, recipients = f"group {group.key}", group.deliver.recipients
    if not recipients:
        yield warning(area, "no one gets this briefing", "Name a recipient in its deliver table (docs/groups.md).")
        return
    known_count = 0
    with open_channels(group) as channels:
        for kind, recipient in recipients:
            try:
                channels.channel_for(kind, recipient)
                known_count += 1
            except StandupError as error:
                yield of_error(area, error)
    if known_count:
        yield ok(area, f"{known_count} of {len(recipients)} recipients have a channel")
