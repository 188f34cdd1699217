"""The heading of every alert: the line that a phone shows on its lock screen. Each is true by itself."""

from __future__ import annotations

from worker.domain.runs import RunState

_UNKNOWN_CODES = ("outcome_unknown",)

GROUP_FILES = "Group files with mistakes: the groups named below do not run"
UNREAD_GROUP_FILES = "Group files that have no effect"
LEDGER_LOST = "Briefings are held: the record of what was sent is gone"
MANY_FAILURES = "More briefings have failed"
REDIS_AWAY = "Redis does not answer"
REDIS_BACK = "Redis answers again"
REDIS_REFUSES = "Redis refuses the workers"
REDIS_ACCEPTS = "Redis accepts the workers again"
REDIS_NO_WRITES = "Redis takes no writes"
REDIS_WRITES_BACK = "Redis takes writes again"
BROKER_AWAY = "The broker does not answer"
BROKER_BACK = "The broker answers again"
BROKER_REFUSES = "The broker refuses the workers"
BROKER_ACCEPTS = "The broker accepts the workers again"
BROKER_NO_WRITES = "The broker takes no writes"
BROKER_WRITES_BACK = "The broker takes writes again"
OLD_WORKER = "A worker was not updated and has ended"
TEST = "Test: alerts arrive here"


def failed(group_title: str) -> str:
    """Return the heading for a run that failed, and for every alert that has no other heading."""
    return f"No briefing for {group_title}"


def ended_badly(group_title: str, state: RunState, code: str, revision: int) -> str:
    """Return the heading for a run's bad end. Someone may have the briefing, or an earlier revision of it."""
    if state == RunState.PARTLY_DELIVERED:
        return f"Not everyone got the {'correction' if revision > 1 else 'briefing'}: {group_title}"
    if code in _UNKNOWN_CODES:
        return f"Unknown who got the briefing: {group_title}"
    return f"No correction for {group_title}" if revision > 1 else failed(group_title)


def same_cause(group_count: int, state: RunState) -> str:
    """Return the heading for further groups that the cause of an earlier alert has stopped."""
    effect = "whose briefing not everyone got" if state == RunState.PARTLY_DELIVERED else "without a briefing"
    return f"The same cause: {group_count} more group{'s' if group_count > 1 else ''} {effect}"


def recovered(group_title: str) -> str:
    """Return the heading for a group that failed and is delivered again."""
    return f"Delivered again: {group_title}"


def others_recovered(group_count: int) -> str:
    """Return the heading for further groups that failed and are delivered again."""
    return f"Delivered again: {group_count} more group{'s' if group_count > 1 else ''}"


def late(group_title: str) -> str:
    """Return the heading for a briefing that is not delivered in time."""
    return f"Late: {group_title}"


def several_late(briefing_count: int) -> str:
    """Return the heading for several briefings that are not delivered in time."""
    return f"Late: {briefing_count} briefings"


def nothing_accepted(channel: str) -> str:
    """Return the heading for a channel that accepts no message."""
    return f"Nothing is accepted by the channel {channel}"


def accepted_again(channel: str) -> str:
    """Return the heading for a channel that accepts messages again."""
    return f"The channel {channel} accepts messages again"
