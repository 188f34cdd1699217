"""Prints what one morning's rows become, each as its SHA-256: run in several processes, it has to print the same."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from worker.channels.mail import mime
from worker.domain.briefing.corrections import EarlierRevision
from worker.domain.briefing.history import DayFigures, figures_of
from worker.domain.calendar.business_day import window_of
from worker.domain.compose import build
from worker.domain.groups import Deliver, Group, Language
from worker.domain.rows import AgentDay, Gap, Queue, QueueInterval, Rows
from worker.services.packing import Packing, pack

DAY = date(2026, 11, 20)
NAMES = ("Billing", "خدمة العملاء", "=1+1", "Zażółć 客户", "Team 👩‍👩‍👧")


def group(language: Language) -> Group:
    return Group(
        key="support",
        title="Support",
        zone="Asia/Kolkata",
        standup_at=time(8),
        catch_up_until=time(9),
        queues=NAMES,
        pages="both",
        language=language,
        personal_data="allow",
        deliver=Deliver(email=("ana@example.com",)),
    )


def rows(start: datetime, late: int) -> Rows:
    intervals = [
        QueueInterval(
            queue_id=f"q{queue}",
            media_type=medium,
            start=(start + timedelta(minutes=30 * half)).astimezone(UTC),
            offered=20 + half,
            answered=18 + half,
            answered_late=late,
            abandoned=2,
            handled=18,
            handle_ms=18 * 300_000,
            answer_ms=18 * 20_000,
        )
        for queue in range(len(NAMES))
        for half in range(18, 36)
        for medium in ("voice", "chat")
    ]
    agents = [AgentDay(f"u{n}", f"Agent {n}", NAMES[: n % 3], 9000, 100, 900, 28_800, 60 * n, n, 1) for n in range(40)]
    queues = tuple(Queue(f"q{number}", name) for number, name in enumerate(NAMES))
    gap = Gap("unavailable", "no such licence", "occupancy")
    return Rows(queues, tuple(intervals), tuple(agents), (gap,), service_level_seconds=20)


def digests(language: Language) -> Iterator[str]:
    """One of the message as it is sent, and one of each document."""
    sample_group = group(language)
    window = window_of(DAY, sample_group.tz)
    earlier_days = [
        DAY - timedelta(days=days_back) for days_back in range(1, 31) if (DAY - timedelta(days=days_back)).weekday() < 5
    ]
    history: dict[date, DayFigures] = {
        day: figures_of(rows(window.start, number % 5)) for number, day in enumerate(earlier_days)
    }
    briefing = build(
        run_id=f"support:{DAY}.r2",
        group=sample_group,
        reporting_day=DAY,
        revision=2,
        window=window,
        generated_at=datetime(2026, 11, 23, 1, tzinfo=UTC),
        rows=rows(window.start, 7),
        history=history,
        business_days=earlier_days,
        earlier=EarlierRevision(1, figures_of(rows(window.start, 3))),
    )
    packed = pack(briefing, sample_group, Packing(8_000_000, "standup@example.com"))
    letter = mime.build(packed.outgoing, "ana@example.com", "standup@example.com")
    for content in (letter.content, *(document.content for document in packed.outgoing.documents)):
        yield hashlib.sha256(content).hexdigest()


if __name__ == "__main__":
    for language in ("en", "de"):
        print(*digests(language))
