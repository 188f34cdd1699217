"""Tell the media of a day apart. A percentage or an average time is never taken over several media."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable

from worker.domain.rows import QueueInterval

ALL_MEDIA = "all"
"""The medium of rows whose source does not tell the media apart."""


def media_of(intervals: Iterable[QueueInterval], order: Collection[str] = ()) -> tuple[str, ...]:
    """Return the media with any contact, most contacts first. ``order`` decides between equals."""
    contacts: defaultdict[str, int] = defaultdict(int)
    for interval in intervals:
        if is_active(interval):
            contacts[interval.media_type] += _contacts(interval)
    ranks = {medium: rank for rank, medium in enumerate(order)}
    return tuple(sorted(contacts, key=lambda medium: (-contacts[medium], ranks.get(medium, len(ranks)), medium)))


def without_contacts(media_of_group: Iterable[str], media_of_day: Collection[str]) -> tuple[str, ...]:
    """Return the group's media in which no contact came. None on a day without contacts, or of unknown media."""
    if not media_of_day or ALL_MEDIA in media_of_day:
        return ()
    return tuple(medium for medium in media_of_group if medium not in media_of_day)


def of_medium(intervals: Iterable[QueueInterval], medium: str) -> tuple[QueueInterval, ...]:
    """Return the intervals of one medium."""
    return tuple(interval for interval in intervals if interval.media_type == medium)


def is_active(interval: QueueInterval) -> bool:
    """Return whether the interval has any contact, or a percentage that only contacts can have."""
    counts = (interval.offered, interval.answered, interval.abandoned, interval.handled)
    return any(counts) or bool(interval.stated)


def _contacts(interval: QueueInterval) -> int:
    if interval.offered is not None:
        return interval.offered
    return (interval.answered or 0) + (interval.abandoned or 0)
