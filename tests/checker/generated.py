"""Generated days: groups of all sizes, several media, thin queues, with and without a past, with missing figures."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.checker.calls import Call, queue_id, rows_of
from tests.checker.case import Case
from worker.domain.gap_texts import GapPart, GapText
from worker.domain.groups import Deliver, Group, Language
from worker.domain.rows import AgentDay, Queue, QueueInterval, Rows, Window, gap

ZONES = ("America/New_York", "Europe/Berlin", "Asia/Kolkata", "Asia/Kathmandu", "Australia/Lord_Howe", "UTC")
NAMES = (
    "Billing",
    "Sales",
    "Tech Support L1",
    "Tech Support L2",
    "Retention",
    "Claims",
    "New Customers",
    "Premium Care",
    "Orders and Deliveries",
    "Complaints",
    "Night Desk",
    "Kundenservice Österreich",
    "Callbacks",
    "Returns",
)
PEOPLE = ("Ada", "Ben", "Chiara", "Dov", "Esra", "Farid", "Greta", "Hugo", "Ines", "Jon", "Kaja", "Liv")
VOLUMES = (3, 12, 40, 60, 120, 400, 900)


def cases(number: int, seed: int, language: Language) -> Iterator[Case]:
    """So many days; the same seed gives the same days."""
    for place in range(number):
        yield _case(random.Random(f"{seed}:{place}"), f"generated {seed}:{place} {language}", language)


def _case(chance: random.Random, name: str, language: Language) -> Case:
    zone, day = chance.choice(ZONES), date(2026, 9, 1) + timedelta(days=chance.randrange(60))
    names = chance.sample(NAMES, chance.choice((1, 2, 3, 5, 9, 14)))
    group = _group(chance, zone, names, language)
    business_days = _business_days(day, chance)
    volume = chance.choice(VOLUMES)
    window = _window(day, ZoneInfo(zone))
    rows = rows_of(_calls(chance, window, names, volume, chance.choice(("voice", "mixed"))), window, names)
    rows = _with_gaps(chance, replace(rows, agents=tuple(_agents(chance, names))))
    share_known = chance.choice((0.0, 0.5, 0.9, 1.0))
    history = {earlier: _past_rows(chance, names, volume) for earlier in business_days if chance.random() < share_known}
    return Case(name, group, day, rows, history, (*business_days, day), _earlier(chance, rows))


def _group(chance: random.Random, zone: str, names: Sequence[str], language: Language) -> Group:
    low = chance.choice((0.7, 0.75, 0.78))
    return Group.model_validate(
        {
            "key": "generated",
            "title": chance.choice(("Northgate Support", "Kundenservice")),
            "zone": zone,
            "standup_at": time(8),
            "catch_up_until": time(12),
            "queues": tuple(names),
            "language": language,
            "targets": {
                "service_level": chance.choice((0.8, 0.9, 0.7, 0.825)),
                "abandonment": chance.choice((0.05, 0.03, 0.1)),
                "occupancy": (low, low + 0.1),
                "adherence": chance.choice((0.92, 0.9)),
            },
            "insights": {"fewest_contacts": chance.choice((10, 10, 20))},
            "deliver": Deliver(),
        }
    )


def _business_days(day: date, chance: random.Random) -> tuple[date, ...]:
    """The weekdays of the weeks before, with a holiday now and then."""
    earlier = [day - timedelta(days=days_back) for days_back in range(30, 0, -1)]
    return tuple(weekday for weekday in earlier if weekday.weekday() < 5 and chance.random() > 0.04)


def _window(day: date, zone: ZoneInfo) -> Window:
    start = datetime.combine(day, time(), zone)
    return Window(start, datetime.combine(day + timedelta(days=1), time(), zone))


def _calls(chance: random.Random, window: Window, names: Sequence[str], volume: int, media: str) -> Iterator[Call]:
    """The contacts of a day with one bad stretch; a few come before midnight and end after it."""
    start, opens, closes = window.start.astimezone(UTC), chance.uniform(0, 9), chance.uniform(17, 24)
    bad_hour, wait = chance.uniform(opens, closes), chance.choice((4, 10, 18, 40))
    for name in names:
        for _ in range(_volume(chance, volume, len(names))):
            hour = chance.triangular(opens, closes)
            slow = 8 if 0 <= hour - bad_hour < 1.5 else 1
            medium = chance.choice(("voice", "email", "chat")) if media == "mixed" else "voice"
            yield _call(chance, start + timedelta(seconds=round(hour * 3600)), (name, medium), wait * slow)


def _volume(chance: random.Random, volume: int, queues: int) -> int:
    """A queue's share of the day; one in four queues is thin."""
    return chance.randint(0, 6) if chance.random() < 0.25 else round(volume / queues * chance.uniform(0.5, 1.6))


def _call(chance: random.Random, offered: datetime, queue_and_medium: tuple[str, str], wait: float) -> Call:
    waits = timedelta(seconds=round(chance.expovariate(1 / wait)))
    patience = timedelta(seconds=round(chance.expovariate(1 / 180)))
    if patience < waits:
        return Call(*queue_and_medium, offered, None, None, offered + patience)
    talks = timedelta(seconds=round(chance.expovariate(1 / 200)))
    return Call(*queue_and_medium, offered, offered + waits, offered + waits + talks, None)


def _agents(chance: random.Random, names: Sequence[str]) -> Iterator[AgentDay]:
    busy = chance.uniform(0.5, 0.95)
    for number in range(chance.choice((0, 1, 3, 8, 12))):
        has_schedule, logged_in = chance.random() < 0.85, chance.randint(10_000, 28_800)
        talking = round(logged_in * 1000 * min(busy * chance.uniform(0.8, 1.1), 1))
        yield AgentDay(
            f"u{number}",
            f"{PEOPLE[number]} Example",
            tuple(chance.sample(list(names), min(len(names), 2))),
            talking,
            0,
            logged_in * 1000 - talking,
            28_800 if has_schedule else None,
            chance.choice((0, 900, 1_800, 5_400)) if has_schedule else None,
            1 if has_schedule else None,
            chance.choice((0, 0, 1, 3)) if has_schedule else None,
        )


def _past_rows(chance: random.Random, names: Sequence[str], volume: int) -> Rows:
    """An earlier day, each queue in one row."""
    agents = tuple(_agents(chance, names))
    intervals = tuple(_past_row(chance, name, _volume(chance, volume, len(names))) for name in names)
    return Rows(tuple(Queue(queue_id(name), name) for name in names), intervals, agents)


def _past_row(chance: random.Random, name: str, offered: int) -> QueueInterval:
    abandoned = sum(chance.random() < 0.06 for _ in range(offered))
    answered = offered - abandoned
    late = sum(chance.random() < 0.18 for _ in range(answered))
    return QueueInterval(
        queue_id(name),
        "voice",
        None,
        offered=offered,
        answered=answered,
        answered_late=late,
        abandoned=abandoned,
        handled=answered,
        handle_ms=answered * chance.randint(120_000, 300_000),
        answer_ms=answered * chance.randint(4_000, 40_000),
    )


def _with_gaps(chance: random.Random, rows: Rows) -> Rows:
    """One day in eight lacks a part, one in eight a figure."""
    kind = chance.randrange(8)
    if kind == 0:
        unfinished = gap("partial", GapText.ROWS_UNFINISHED, export=GapPart.EXPORT_OF_AGENTS.value)
        return replace(rows, gaps=(unfinished,))
    if kind == 1:
        no_unit = gap(
            "unavailable", GapText.ADHERENCE_NOT_PERMITTED, "adherence", permission="wfm:historicalAdherence:view"
        )
        agents = tuple(replace(agent, scheduled_seconds=None, exception_seconds=None) for agent in rows.agents)
        return replace(rows, gaps=(no_unit,), agents=agents)
    if kind == 2:
        changes: dict[str, Any] = {chance.choice(("handle_ms", "answer_ms")): None}
        return replace(rows, intervals=tuple(replace(interval, **changes) for interval in rows.intervals))
    return rows


def _earlier(chance: random.Random, rows: Rows) -> Rows | None:
    """One day in ten corrects an earlier revision, which lacked a part of the intervals."""
    if chance.random() > 0.1 or len(rows.intervals) < 2:
        return None
    return replace(rows, intervals=rows.intervals[: -max(len(rows.intervals) // 10, 1)])
