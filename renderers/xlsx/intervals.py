"""Sheet Intervals: a row per half-hour, in the group's local time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from openpyxl.worksheet.worksheet import Worksheet

from renderers.words import Words
from renderers.xlsx.looks import Look
from renderers.xlsx.queues import fraction, single_goal
from renderers.xlsx.rules import bars, below_goal_colours
from renderers.xlsx.table import Block, Column, duration, write_remark, write_table
from worker.domain.briefing import Briefing, HalfHour
from worker.domain.metrics import Metric


@dataclass(frozen=True, slots=True)
class _Line:
    half: HalfHour
    goal: float | None


COLUMNS: tuple[Column[_Line], ...] = (
    Column("Start", Look.LOCAL_TIME, 18, lambda line: line.half.start.replace(tzinfo=None)),
    Column("UTC offset", Look.TEXT, 11, lambda line: offset(line.half.start)),
    Column("Offered", Look.COUNT, 12, lambda line: line.half.counts.offered),
    Column("Answered", Look.COUNT, 12, lambda line: line.half.counts.answered),
    Column("Abandoned", Look.COUNT, 12, lambda line: line.half.counts.abandoned),
    Column("Late", Look.COUNT, 10, lambda line: line.half.counts.late),
    Column("Service level", Look.PERCENT, 13, lambda line: fraction(line.half.service_level)),
    Column("Goal", Look.PERCENT, 10, lambda line: line.goal),
    Column("Average handle", Look.DURATION, 12, lambda line: duration(line.half.counts.average_handle_ms)),
    Column("Average answer", Look.DURATION, 12, lambda line: duration(line.half.counts.average_answer_ms)),
)


def fill(sheet: Worksheet, words: Words, briefing: Briefing) -> Block | None:
    """Write the sheet and say where its cells stand, for the charts; without half-hours, say so in one line."""
    if not briefing.half_hours:
        said = words.half_hours_summary(briefing)
        write_remark(sheet, f"{said.head} {said.detail}")
        return None
    goal = service_level_goal(briefing)
    block = write_table(
        sheet, words, "Intervals", COLUMNS, [_Line(half, goal) for half in briefing.half_hours], frozen=2
    )
    if briefing.completeness.whole:
        below_goal_colours(sheet, block, "Service level", "Goal")
    bars(sheet, block, "Offered")
    return block


def offset(at: datetime) -> str:
    """-04:00: a workbook knows no zones, and in autumn an hour comes twice."""
    return at.isoformat(timespec="minutes")[16:]


def service_level_goal(briefing: Briefing) -> float | None:
    """The group's goal as a fraction, None where no tile carries one."""
    for tile in briefing.tiles:
        if tile.reading.metric is Metric.SERVICE_LEVEL:
            return single_goal(tile.reading)
    return None
