"""Sheet Summary: the verdict, the four metrics, the day's figures, what to talk about, and the charts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from openpyxl.utils import get_column_letter

from renderers.tables.column import Column, Holds, count, duration, points
from renderers.words import Percent, WhyStep, Words, edges_of, percent_of, shown_percent
from renderers.xlsx.cells import put
from renderers.xlsx.charts import CHART_SIZE_CM, description, half_hour_chart
from renderers.xlsx.looks import Look
from renderers.xlsx.rules import status_colours
from renderers.xlsx.sheet import AnchoredChart, Sheet
from renderers.xlsx.table import Block, write_rows
from worker.domain.briefing.content import Briefing, Change, Counts, Tile
from worker.domain.why.content import NotExplained

_WIDTHS = (24, 16, 15, 15, 14, 17, 13, *[10] * 4)
_LINE_LIMIT = 160
_HEAD_HEIGHTS = (30, 18, 24)
Kind = Literal["previous", "weekday_average"]


def fill(sheet: Sheet, words: Words, briefing: Briefing, half_hours: Block | None) -> None:
    """Write the sheet. ``half_hours`` is where sheet Intervals has the chart's figures, None if it has none."""
    sheet.widths.update(enumerate(_WIDTHS, 1))
    row = _write_head(sheet, words, briefing)
    if not briefing.has_interactions:
        return
    row = _write_tiles(sheet, words, briefing, row)
    row = _write_counts(sheet, words, briefing, row)
    row = _write_trend(sheet, words, briefing, row)
    row = _write_why(sheet, words, briefing, row)
    row = _write_today(sheet, words, briefing, row)
    row = _write_insights(sheet, words, briefing, row)
    row = _write_follow_up(sheet, words, briefing, row)
    if half_hours:
        chart = half_hour_chart(words, briefing, half_hours)
        sheet.chart = AnchoredChart(chart, CHART_SIZE_CM, row, description(words, briefing))


def _write_head(sheet: Sheet, words: Words, briefing: Briefing) -> int:
    sheet.heights.update(enumerate(_HEAD_HEIGHTS, 1))
    verdict, corrected = words.verdict(briefing), words.corrected(briefing.revision)
    put(sheet, 1, 1, briefing.group_title, Look.TITLE)
    parts = [words.say("Daily standup"), words.long_day(briefing.reporting_day), *([corrected] if corrected else [])]
    put(sheet, 2, 1, " · ".join(parts), Look.REMARK)
    put(sheet, 3, 1, ": ".join(part for part in (verdict.head, verdict.detail) if part), Look.VERDICT)
    sheet.frozen = (0, len(_HEAD_HEIGHTS))

    def fits(line: str) -> bool:
        return len(line) < _LINE_LIMIT

    lines = (words.correction_line(briefing, fits), words.lacks(briefing, fits))
    warnings = [line for line in lines if line]
    for row, warning in enumerate(warnings, len(_HEAD_HEIGHTS) + 1):
        put(sheet, row, 1, warning, Look.WARNING)
    return len(_HEAD_HEIGHTS) + len(warnings) + 2


def _write_tiles(sheet: Sheet, words: Words, briefing: Briefing, top: int) -> int:
    if not briefing.tiles:
        return top
    tiles = list(_tiles(briefing))
    previous, weekday_average = _widest_change(tiles, "previous"), _widest_change(tiles, "weekday_average")
    columns: tuple[Column[Tile], ...] = (
        Column("Metric", Holds.TEXT, 0, lambda tile: words.tile_name(tile)),
        Column("Status", Holds.TEXT, 0, lambda tile: words.status(tile.reading.status)),
        Column("Value", Holds.PERCENT, 0, lambda tile: percent_of(tile.reading)),
        Column("Goal", Holds.GOAL, 0, lambda tile: words.goal(tile.reading)),
        Column(
            _reference(words, previous, "previous"),
            Holds.POINTS,
            0,
            lambda tile: _points_of_change(words, tile, previous),
        ),
        Column(
            _reference(words, weekday_average, "weekday_average"),
            Holds.POINTS,
            0,
            lambda tile: _points_of_change(words, tile, weekday_average),
        ),
        Column("Usual range", Holds.TEXT, 0, lambda tile: ". ".join(words.usual_lines(briefing, tile)) or None),
    )
    write_rows(sheet, words, columns, tiles, top)
    letters = {column.header: get_column_letter(number) for number, column in enumerate(columns, 1)}
    block = Block(top + 1, top + len(tiles), letters)
    status_colours(sheet, words, block, "Status", "Status", "Value")
    return block.last_row + 2


def _tiles(briefing: Briefing) -> Iterator[Tile]:
    """Yield the tiles, each followed by those of the other media."""
    for tile in briefing.tiles:
        yield tile
        for line in briefing.media[1:]:
            yield from (
                medium_tile for medium_tile in (line.service_level, line.abandonment) if _has_metric(medium_tile, tile)
            )


def _has_metric(medium_tile: Tile, tile: Tile) -> bool:
    return medium_tile.reading.metric is tile.reading.metric


def _write_counts(sheet: Sheet, words: Words, briefing: Briefing, top: int) -> int:
    rows = [
        (words.say("All queues"), briefing.counts),
        *((words.medium(line.medium), line.counts) for line in briefing.media),
    ]
    columns: tuple[Column[tuple[str, Counts]], ...] = (
        Column("The day", Holds.TEXT, 0, lambda row: row[0]),
        Column("Offered", Holds.COUNT, 0, lambda row: count(row[1].offered)),
        Column("Answered", Holds.COUNT, 0, lambda row: count(row[1].answered)),
        Column("Abandoned", Holds.COUNT, 0, lambda row: count(row[1].abandoned)),
        Column("Not in time", Holds.COUNT, 0, lambda row: count(row[1].late)),
        Column("Average handle", Holds.DURATION, 0, lambda row: duration(row[1].average_handle_ms)),
        Column("Average answer", Holds.DURATION, 0, lambda row: duration(row[1].average_answer_ms)),
    )
    write_rows(sheet, words, columns, rows, top)
    return top + len(rows) + 2


def _write_trend(sheet: Sheet, words: Words, briefing: Briefing, top: int) -> int:
    """Write the last business days, oldest first. Write nothing where there is no history yet."""
    days = max((len(tile.trend) for tile in briefing.tiles), default=0)
    if days == 0:
        return top
    metric_column: Column[Tile] = Column("Last business days", Holds.TEXT, 0, words.tile_name)
    columns = [_day_column(f"−{days_back}", days_back) for days_back in range(days - 1, 0, -1)]
    today = _day_column(words.day_of_month(briefing.reporting_day), 0)
    write_rows(sheet, words, [metric_column, *columns, today], briefing.tiles, top)
    return top + len(briefing.tiles) + 2


def _write_today(sheet: Sheet, words: Words, briefing: Briefing, top: int) -> int:
    if briefing.today is None:
        return top
    text = words.today(briefing.today)
    put(sheet, top, 1, text.head, Look.SECTION)
    for offset, line in enumerate(text.lines, 1):
        put(sheet, top + offset, 1, line, Look.SENTENCE)
    return top + len(text.lines) + 2


def _write_why(sheet: Sheet, words: Words, briefing: Briefing, top: int) -> int:
    """Write the parts of the change of the service level, in points, or why a low one is not explained."""
    if briefing.explanation is None:
        return top
    if isinstance(briefing.explanation, NotExplained):
        put(sheet, top, 1, f"{words.why_title()}. {words.not_explained(briefing.explanation)}", Look.SENTENCE)
        return top + 2
    waterfall = words.waterfall(briefing.explanation)
    summary = " ".join((words.why_from_to(briefing.explanation) + ".", *words.why_summary(briefing.explanation)))
    put(sheet, top, 1, f"{words.why_title()}. {summary}", Look.SENTENCE)
    columns: tuple[Column[WhyStep], ...] = (
        Column("Part", Holds.TEXT, 0, lambda step: step.label),
        Column("Change in points", Holds.POINTS, 0, lambda step: points(step.points / 100)),
        Column("Figures", Holds.TEXT, 0, lambda step: step.detail),
    )
    write_rows(sheet, words, columns, waterfall.steps, top + 1)
    return top + len(waterfall.steps) + 3


def _write_insights(sheet: Sheet, words: Words, briefing: Briefing, top: int) -> int:
    if not briefing.insights:
        return top
    put(sheet, top, 1, words.say("Talk about today"), Look.SECTION)
    for offset, insight in enumerate(briefing.insights, 1):
        sentence = words.insight(insight)
        put(sheet, top + offset, 1, f"{sentence.head}. {sentence.detail}".strip(), Look.SENTENCE)
    return top + len(briefing.insights) + 2


def _write_follow_up(sheet: Sheet, words: Words, briefing: Briefing, top: int) -> int:
    if briefing.follow_up is None:
        return top
    put(sheet, top, 1, words.follow_up_heading(briefing.follow_up), Look.SECTION)
    points = words.follow_up(briefing.follow_up, briefing.reporting_day)
    for offset, sentence in enumerate(points, 1):
        put(sheet, top + offset, 1, f"{sentence.head}. {sentence.detail}".strip(), Look.SENTENCE)
    return top + len(points) + 2


def _day_column(header: str, days_back: int) -> Column[Tile]:
    """Return the column of a metric ``days_back`` business days before the reporting day."""
    return Column(header, Holds.PERCENT, 0, lambda tile: _percent_of_day(tile, days_back))


def _percent_of_day(tile: Tile, days_back: int) -> Percent | None:
    value = tile.trend[-1 - days_back] if days_back < len(tile.trend) else None
    if value is None:
        return None
    return shown_percent(value, 1, *edges_of(tile.reading)) if days_back else percent_of(tile.reading)


def _widest_change(tiles: Iterable[Tile], kind: Kind) -> Change | None:
    """Return the change of this kind against the most days, which the column's header names."""
    changes = (change for tile in tiles for change in tile.changes if change.kind == kind)
    return max(changes, key=lambda change: len(change.days), default=None)


def _points_of_change(words: Words, tile: Tile, in_header: Change | None) -> float | None:
    """Return the tile's change against what the header names, None if it is against another day.

    Averages may be of different days. The pages name these.
    """
    if in_header is None:
        return None
    changes = (change for change in tile.changes if change.kind == in_header.kind)
    name = words.reference(in_header)
    return next((points(change.points) for change in changes if words.reference(change) == name), None)


def _reference(words: Words, change: Change | None, kind: Kind) -> str:
    """Return a header such as ``vs Tue 20`` or ``vs Wed avg``, or a general one where no tile has that change."""
    if change:
        return words.say("vs {day}", day=words.reference(change))
    return words.say("vs last workday") if kind == "previous" else words.say("vs average")
