"""Sheet Queues: a row per queue, worst service level first."""

from __future__ import annotations

from openpyxl.worksheet.worksheet import Worksheet

from renderers.trim import WHOLE, Trim
from renderers.words import Words
from renderers.xlsx.looks import Look
from renderers.xlsx.rules import bars, status_colours
from renderers.xlsx.table import Column, duration, points, write_remark, write_table
from worker.domain.briefing import Briefing, QueueLine
from worker.domain.metrics import Ratio, Reading


def columns(words: Words) -> tuple[Column[QueueLine], ...]:
    """The sheet's columns, from left to right."""
    return (
        Column("Queue", Look.TEXT, 34, lambda line: words.clean(line.name)),
        Column("Status", Look.TEXT, 11, lambda line: words.status(line.service_level.status)),
        Column("Service level", Look.PERCENT, 11, lambda line: fraction(line.service_level.ratio)),
        Column("Goal", Look.PERCENT, 9, lambda line: single_goal(line.service_level)),
        Column("vs previous day", Look.POINTS, 12, lambda line: points(line.change.points if line.change else None)),
        Column("Offered", Look.COUNT, 12, lambda line: line.counts.offered),
        Column("Answered", Look.COUNT, 11, lambda line: line.counts.answered),
        Column("Abandoned", Look.COUNT, 12, lambda line: line.counts.abandoned),
        Column("Abandonment", Look.PERCENT, 14, lambda line: fraction(line.abandonment)),
        Column("Late", Look.COUNT, 9, lambda line: line.counts.late),
        Column("Average handle", Look.DURATION, 12, lambda line: duration(line.counts.average_handle_ms)),
        Column("Average answer", Look.DURATION, 12, lambda line: duration(line.counts.average_answer_ms)),
        Column("Occupancy", Look.PERCENT, 12, lambda line: fraction(line.occupancy)),
    )


def fill(sheet: Worksheet, words: Words, briefing: Briefing, trim: Trim = WHOLE) -> None:
    """Write the sheet; without queues, the one line that says so."""
    if not briefing.queues:
        write_remark(sheet, words.queues_summary(briefing))
        return
    block = write_table(sheet, words, "Queues", trim.columns("Queues", columns(words)), briefing.queues)
    status_colours(sheet, words, block, "Status", "Status", "Service level")
    bars(sheet, block, "Offered")


def fraction(ratio: Ratio | None) -> float | None:
    """The ratio's value, blank without one."""
    return ratio.value if ratio else None


def single_goal(reading: Reading) -> float | None:
    """The goal where it is one number and not a band."""
    return None if isinstance(reading.goal, tuple) else reading.goal
