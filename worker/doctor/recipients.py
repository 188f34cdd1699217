"""Check whether a group's documents may reach each of its recipients. Nothing is sent."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import TypeVar

from worker.doctor.finding import Finding, PlaceOf, of_error, ok, warning
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


def check(open_channels: Callable[[Group], OpenChannels], group: Group, place_of: PlaceOf) -> Iterator[Finding]:
    """Check whether the settings and the group's policy let its documents through to each recipient."""
    area, recipients = f"group {group.key}", group.deliver.recipients
    if not recipients:
        way_out = "Name a recipient in its deliver table (docs/groups.md)."
        yield warning(area, "no one gets this briefing", way_out, place=place_of("deliver", ""))
        return
    known_count, reported = 0, set[str]()
    with open_channels(group) as channels:
        for kind, recipient in recipients:
            try:
                channels.check(group, kind, recipient)
                known_count += 1
            except StandupError as error:
                if str(error) not in reported:
                    yield of_error(area, error, place=place_of(f"deliver.{kind}", recipient))
                reported.add(str(error))
    if known_count:
        yield ok(area, f"{known_count} of {len(recipients)} recipients can be reached by a channel")
