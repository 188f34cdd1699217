"""A briefing as a supervisor would get it, and a way to change parts of it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from renderers import render_pdf, render_workbook
from worker.domain.briefing.content import (
    AgentLine,
    Briefing,
    Change,
    Completeness,
    Counts,
    HalfHour,
    Insight,
    MediumLine,
    MediumReading,
    QueueLine,
    Tile,
)
from worker.domain.documents import Document
from worker.domain.metrics import Metric, Ratio, Reading, Status
from worker.domain.rows import SourceNote, Window

ZONE = ZoneInfo("America/New_York")
DAY = date(2026, 10, 21)
TUESDAY = (date(2026, 10, 20),)
WEDNESDAYS = tuple(DAY - timedelta(weeks=weeks) for weeks in (4, 3, 2, 1))
MISSED, WATCH, ON_TARGET = Status.MISSED, Status.WATCH, Status.ON_TARGET

OFFERED = (84, 90, 108, 152, 180, 221, 308, 345, 356, 322, 288, 242, 232, 224)
OFFERED += (246, 286, 290, 288, 238, 184, 142, 118, 98, 84, 76, 79, 77, 80)
ABANDONED = (1, 1, 2, 4, 5, 9, 20, 30, 52, 46, 34, 18, 12, 11, 13, 17, 19, 18, 11, 7, 5, 3, 3, 2, 2, 1, 0, 2)
LEVELS = (0.927, 0.953, 0.934, 0.886, 0.884, 0.829, 0.753, 0.712, 0.52, 0.541, 0.613, 0.688, 0.828, 0.816)
LEVELS += (0.818, 0.779, 0.75, 0.776, 0.835, 0.859, 0.902, 0.906, 0.907, 0.917, 0.935, 0.95, 0.934, 0.951)
QUEUES = (  # name, offered, service level, abandonment, handle seconds, answer seconds, points against the day before
    ("Billing EN", 1017, 0.701, 0.084, 311, 53, -0.025),
    ("Tech Support L1", 1135, 0.704, 0.090, 380, 51, -0.030),
    ("Billing FR", 383, 0.715, 0.076, 328, 49, -0.056),
    ("Tech Support L2", 278, 0.719, 0.076, 652, 51, -0.021),
    ("Account Security", 253, 0.814, 0.059, 302, 38, -0.047),
    ("Retention", 283, 0.841, 0.049, 471, 34, -0.088),
    ("Collections", 409, 0.841, 0.044, 252, 33, -0.079),
    ("Returns & Warranty", 449, 0.844, 0.045, 242, 33, 0.046),
    ("Partner Line – Atlántico", 202, 0.847, 0.035, 360, 32, 0.008),
    ("Onboarding", 174, 0.851, 0.023, 431, 31, 0.052),
    ("Sales Inbound", 716, 0.866, 0.042, 273, 29, -0.042),
    ("VIP Desk", 139, 0.892, 0.022, 401, 24, -0.003),
)
AGENTS = (  # name, queue, adherence, minutes off schedule, late log-ins
    ("Marta Ruiz", "Tech Support L1", 0.742, 118, 2),
    ("Owen Blake", "Billing EN", 0.781, 96, 1),
    ("Thị Hương Nguyễn", "Tech Support L1", 0.826, 71, 1),
    ("Jean-Baptiste Lefèvre-Desrosiers", "Billing FR", 0.848, 54, 0),
    ("Łukasz Wójcik", "Tech Support L2", 0.861, 48, 1),
    ("Amara Okafor", "Billing EN", 0.879, 40, 0),
    ("Юлия Соколова", "Retention", 0.895, 33, 0),
    ("Priya Raman", "Collections", 0.903, 30, 0),
    ("Sam Lee", "Retention", 0.911, 25, 0),
    ("Noor Haddad", "VIP Desk", 0.914, 24, 0),
)


def local(hour: int, minute: int = 0) -> datetime:
    return datetime(DAY.year, DAY.month, DAY.day, hour, minute, tzinfo=ZONE)


def reading(
    metric: Metric,
    value: float | None,
    status: Status,
    goal: float | tuple[float, float],
    reason: str = "",
    parts: tuple[int | None, int | None] = (None, None),
) -> Reading:
    return Reading(metric, Ratio(value, *parts) if value is not None else None, status, goal, reason)


def tile(reading: Reading, previous: float, average: float, trend: tuple[float | None, ...]) -> Tile:
    changes = (Change("previous", TUESDAY, previous), Change("weekday_average", WEDNESDAYS, average))
    return Tile(reading, changes, trend)


def queue_line(
    name: str, offered: int, level: float, abandonment: float, aht: int, asa: int, points: float
) -> QueueLine:
    abandoned, late = round(offered * abandonment), round(offered * (1 - level))
    counts = Counts(offered, offered - abandoned, abandoned, late, aht * 1000.0, asa * 1000.0)
    status = ON_TARGET if level >= 0.8 else MISSED
    return QueueLine(
        name,
        counts,
        reading(Metric.SERVICE_LEVEL, level, status, 0.8, parts=(offered - late, offered)),
        Ratio(abandonment, abandoned, offered),
        change=Change("previous", TUESDAY, points),
        trend=(0.82, 0.85, 0.79, 0.84, 0.77, 0.83, 0.8, 0.82, round(level - points, 3), level),
    )


def agent_line(name: str, queue: str, adherence: float, minutes_off: int, late_logins: int) -> AgentLine:
    status = ON_TARGET if adherence >= 0.92 else WATCH if adherence >= 0.9 else MISSED
    adherence_reading = reading(Metric.ADHERENCE, adherence, status, 0.92)
    return AgentLine(name, (queue,), adherence_reading, Ratio(0.85), minutes_off * 60, late_logins)


def half_hour(index: int) -> HalfHour:
    offered, abandoned, level = OFFERED[index], ABANDONED[index], LEVELS[index]
    counts = Counts(offered, offered - abandoned, abandoned, round(offered * (1 - level)), 344_000.0, 42_000.0)
    return HalfHour(local(7) + timedelta(minutes=30 * index), counts, Ratio(level))


TILES = (
    tile(
        reading(Metric.SERVICE_LEVEL, 0.775, MISSED, 0.8, parts=(4_216, 5_438)),
        -0.054,
        -0.059,
        (0.835, 0.808, 0.82, 0.80, 0.843, 0.832, 0.79, 0.822, 0.829, 0.775),
    ),
    tile(
        reading(Metric.ABANDONMENT, 0.064, MISSED, 0.05),
        0.030,
        0.028,
        (0.032, 0.041, 0.036, 0.044, 0.031, 0.033, 0.046, 0.04, 0.034, 0.064),
    ),
    tile(
        reading(Metric.OCCUPANCY, 0.847, ON_TARGET, (0.78, 0.86)),
        0.027,
        0.022,
        (0.79, 0.805, 0.823, 0.815, 0.80, 0.838, 0.847, 0.83, 0.82, 0.847),
    ),
    tile(
        reading(Metric.ADHERENCE, 0.908, WATCH, 0.92),
        -0.015,
        -0.018,
        (0.937, 0.933, 0.924, 0.935, 0.919, 0.921, 0.931, 0.918, 0.923, 0.908),
    ),
)
INSIGHTS = (
    Insight(
        "worst_run",
        MISSED,
        {
            "start": local(11),
            "end": local(12, 30),
            "service_level": 0.557,
            "goal": 0.8,
            "counted": 966,
            "abandons": 132,
            "abandons_of_day": 348,
            "minutes": 90,
        },
    ),
    Insight(
        "costly_queues",
        MISSED,
        {
            "names": ("Tech Support L1", "Billing EN"),
            "late": 640,
            "counted": 2_152,
            "other_late": 582,
            "other_counted": 3_286,
        },
    ),
    Insight(
        "agents_under_floor",
        WATCH,
        {"count": 4, "floor": 0.85, "off_schedule_seconds": 339 * 60, "late_logins": 4},
    ),
    Insight(
        "best_queue",
        ON_TARGET,
        {"name": "VIP Desk", "service_level": 0.892, "goal": 0.8, "offered": 139, "queues": 12, "fewest_contacts": 10},
    ),
)
ON_SCHEDULE = tuple((f"Agent on schedule {number:02d}", "Billing EN", 0.95, 10, 0) for number in range(1, 37))

SAMPLE = Briefing(
    run_id="northgate-support:2026-10-21",
    group_key="northgate-support",
    group_title="Northgate Support",
    reporting_day=DAY,
    revision=1,
    window=Window(local(0), datetime(2026, 10, 22, tzinfo=ZONE)),
    zone="America/New_York",
    generated_at=datetime(2026, 10, 22, 6, 5, 12, tzinfo=ZONE),
    service_level_seconds=20,
    tiles=TILES,
    counts=Counts(5438, 5090, 348, 1222, 344_000.0, 42_000.0),
    insights=INSIGHTS,
    half_hours=tuple(half_hour(index) for index in range(len(OFFERED))),
    queues=tuple(queue_line(*line) for line in QUEUES),
    agents=tuple(agent_line(*line) for line in (*AGENTS, *ON_SCHEDULE)),
    completeness=Completeness(
        gaps=(),
        notes=(
            SourceNote("queues", "7f3c1e", 1344, "complete"),
            SourceNote("agents", "b21d90", 46, "complete"),
            SourceNote("history", "55ae07", 120, "complete"),
        ),
    ),
    previous_counts=Counts(5021, 4850, 171, 850, 330_000.0, 19_000.0),
)


def with_media(briefing: Briefing) -> Briefing:
    """The sample as a day with voice and email: 200 of 400 calls in time, 600 of 600 emails."""
    level, abandonment = (
        Reading(Metric.SERVICE_LEVEL, Ratio(0.5, 200, 400), MISSED, 0.8),
        Reading(Metric.ABANDONMENT, Ratio(0.064, 26, 406), MISSED, 0.05),
    )
    email_level, email_abandonment = (
        Reading(Metric.SERVICE_LEVEL, Ratio(1.0, 600, 600), ON_TARGET, 0.9),
        Reading(Metric.ABANDONMENT, Ratio(0.0, 0, 600), ON_TARGET, 0.05),
    )
    voice_tiles = tuple(
        Tile(
            reading,
            tile.changes,
            (*tile.trend[:-1], reading.ratio.value),
            "voice",
            (MediumReading("email", email_reading),),
        )
        for tile, reading, email_reading in (
            (briefing.tiles[0], level, email_level),
            (briefing.tiles[1], abandonment, email_abandonment),
        )
        if reading.ratio
    )
    voice, email = Counts(406, 380, 26, 206, 344_000.0, 42_000.0), Counts(600, 600, 0, 0, 750_000.0, 3_600_000.0)
    return dataclasses.replace(
        briefing,
        tiles=(*voice_tiles, *briefing.tiles[2:]),
        counts=Counts(1006, 980, 26, 206, None, None),
        previous_counts=Counts(950, 930, 20, 150, None, None),
        media=(
            MediumLine("voice", voice, *voice_tiles, briefing.half_hours, 20),
            MediumLine("email", email, Tile(email_level, medium="email"), Tile(email_abandonment, medium="email")),
        ),
        queues=tuple(
            dataclasses.replace(line, name=line.name if number % 3 else "Billing EN", medium=medium)
            for number, line in enumerate(briefing.queues)
            for medium in (["voice"] if number % 3 else ["voice", "email"])
        ),
        insights=(
            *(_of_voice(insight) for insight in briefing.insights[:2]),
            Insight("best_queue", ON_TARGET, {**briefing.insights[3].figures, "medium": "email"}),
        ),
    )


def _of_voice(insight: Insight) -> Insight:
    media = {"media": ("voice", "voice")} if insight.kind == "costly_queues" else {"medium": "voice"}
    return dataclasses.replace(insight, figures={**insight.figures, **media})


@pytest.fixture
def make_briefing() -> Callable[..., Briefing]:
    """The sample with some of its fields replaced: ``make_briefing(revision=2)``."""

    def make(**changes: Any) -> Briefing:
        return dataclasses.replace(SAMPLE, **changes)

    return make


@pytest.fixture
def briefing() -> Briefing:
    """Northgate Support's Wednesday: two targets missed, a bad late morning, a good VIP desk."""
    return SAMPLE


def documents_of(briefing: Briefing) -> tuple[Document, Document]:
    """The PDF and the workbook of a briefing."""
    return render_pdf(briefing), render_workbook(briefing)
