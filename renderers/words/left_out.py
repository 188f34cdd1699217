"""What had to go so that a message could be sent."""

from __future__ import annotations

from datetime import datetime

from renderers.words.numbers import count

TIGHT = "the workbook is packed tighter"
WITHOUT_WORKBOOK = "the workbook is too large to send"
SUMMARY_ALONE = "the documents are too large to send: this message is all"


def columns(sheet: str, headers: tuple[str, ...]) -> str:
    """The workbook's sheet Agents is without Queues, Goal."""
    return f"the workbook's sheet {sheet} is without {', '.join(headers)}"


def agents_on_target(hidden: int) -> str:
    """The workbook is without the 1,204 agents on target."""
    return f"the workbook is without the {count(hidden)} agents on target"


def by_link(ends_at: datetime | None) -> str:
    """The workbook is too large to send and waits behind the link, until 2026-10-27T08:00-05:00."""
    until = f", until {ends_at.isoformat(timespec='minutes')}" if ends_at else ""
    return f"the workbook is too large to send and waits behind the link{until}"


def to_fit(limit_bytes: int, rungs: tuple[str, ...]) -> str:
    """To keep the message under 8 MB, the workbook is packed tighter; it is without …"""
    return f"To keep the message under {limit_bytes / 1e6:g} MB: {'; '.join(rungs)}."
