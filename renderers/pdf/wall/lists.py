"""The two lists of the wall page: queues, worst first, and agents under their target."""

from __future__ import annotations

from renderers.pdf.charts import sparkline
from renderers.pdf.charts.sparkline import Box
from renderers.pdf.drawing import icons, palette, styles
from renderers.pdf.drawing.sheet import Sheet
from renderers.pdf.phone import agents as agents_page
from renderers.pdf.phone.queues import bar
from renderers.pdf.text.typesetting import wrap
from worker.domain.briefing.content import AgentLine, Briefing, QueueLine
from worker.domain.metrics import Metric, Status

HEADING, ROWS_TOP, ROW = 430, 438.5, 15.3
_ROOM_FOR_TREND = 480
_BASELINE = 11


def queues(sheet: Sheet, briefing: Briefing, left_x: float, right_x: float, rows: int) -> None:
    """Draw the worst queues in a table between ``left_x`` and ``right_x``."""
    table = _QueueTable(sheet, left_x, right_x)
    table.head(briefing)
    with sheet.grouped("L"):
        for number, line in enumerate(briefing.queues[:rows]):
            table.row(ROWS_TOP + ROW * number, line)
    row_count = min(rows, len(briefing.queues))
    sheet.rule(left_x, ROWS_TOP + ROW * row_count, right_x - left_x, palette.RULE)
    if hidden := briefing.queues[rows:]:
        _line_below(sheet, left_x + 16, row_count, sheet.words.other_queues(hidden))


def agents(sheet: Sheet, briefing: Briefing, left_x: float, right_x: float, rows: int) -> None:
    """Draw the agents under target, or why there are none."""
    under_target = agents_page.needing_attention(briefing)
    with sheet.tagged("H2"):
        sheet.text(left_x, HEADING, sheet.words.say("Agents needing attention"), styles.WALL_SECTION, palette.INK)
        sheet.text(right_x, HEADING, sheet.words.say("adherence"), styles.WALL_CAPTION, palette.MUTED, align="right")
    with sheet.grouped("L"):
        for number, line in enumerate(under_target[:rows]):
            _agent(sheet, left_x, right_x, ROWS_TOP + ROW * number, line)
    sheet.rule(left_x, ROWS_TOP + ROW * min(rows, len(under_target)), right_x - left_x, palette.RULE)
    if under_target[rows:]:
        _line_below(sheet, left_x + 16, rows, sheet.words.more_agents(under_target[rows:]))
    elif not under_target:
        with sheet.tagged("P"):
            lines = wrap(sheet.words.agents_summary(briefing), styles.WALL_CAPTION, right_x - left_x, 3)
            sheet.lines(left_x, ROWS_TOP + 13, lines, styles.WALL_CAPTION, palette.INK_2, 13, right_x - left_x)


class _QueueTable:
    """The table of queues. Columns have fixed places from the right edge, and the name gets the rest.

    A narrow page has no trend.
    """

    def __init__(self, sheet: Sheet, left_x: float, right_x: float) -> None:
        self.sheet, self.left_x, self.right_x = sheet, left_x, right_x
        self.has_trend = right_x - left_x > _ROOM_FOR_TREND
        self.trend = right_x - 234
        self.change = right_x - (248 if self.has_trend else 190)
        self.level = self.change - 40
        self.bar = self.level - 102

    def head(self, briefing: Briefing) -> None:
        say, say_as = self.sheet.words.say, self.sheet.words.say_as
        with self.sheet.tagged("H2"):
            self.sheet.text(
                self.left_x, HEADING, say_as("on the wall", "Queues, worst first"), styles.WALL_SECTION, palette.INK
            )
        columns = [
            (self.level, say_as("on the wall", "Service level")),
            (self.right_x - 140, say_as("on the wall", "Offered")),
            (self.right_x - 80, say_as("on the wall", "Abandoned")),
        ]
        columns += [(self.right_x - 40, say("Handle")), (self.right_x, say("Answer"))]
        changes = [line.change for line in briefing.queues if line.change]
        if changes:
            columns.append((self.change, say("vs {day}", day=self.sheet.words.weekday(changes[0].days[0]))))
        if self.has_trend:
            columns.append((self.trend + 24, say("Trend")))
        with self.sheet.tagged("P"):
            for x, text in sorted(columns):
                self.sheet.text(x, HEADING, text, styles.WALL_CAPTION, palette.MUTED, align="right")

    def row(self, y: float, line: QueueLine) -> None:
        sheet, baseline, plain = self.sheet, y + _BASELINE, styles.WALL_CELL
        reading, counts = line.service_level, line.counts
        sheet.rule(self.left_x, y, self.right_x - self.left_x, palette.RULE)
        with icons.item(sheet, self.left_x, y + 2.4, 10.5, reading.status):
            limit = self.bar - self.left_x - 21
            sheet.text(
                self.left_x + 16, baseline, sheet.words.clean(line.name), styles.WALL_NAME, palette.INK, limit=limit
            )
            bar(sheet, self.bar, y + 5, 64, 5, line)
            value = sheet.words.value(reading) if reading.ratio else sheet.words.status(Status.NO_DATA)
            sheet.text(self.level, baseline, value, styles.WALL_STRONG, palette.INK, align="right")
            self._movement(y, line)
            for x, text in (
                (self.right_x - 140, sheet.words.count(counts.offered)),
                (self.right_x - 80, sheet.words.ratio(line.abandonment)),
                (self.right_x - 40, sheet.words.talk_time(counts.average_handle_ms)),
                (self.right_x, sheet.words.wait_time(counts.average_answer_ms)),
            ):
                sheet.text(x, baseline, text, plain, palette.INK_2, align="right")

    def _movement(self, y: float, line: QueueLine) -> None:
        if line.change:
            change = self.sheet.words.change(line.change, Metric.SERVICE_LEVEL)
            size = self.sheet.words.bare_points(line.change.points)
            cell, spoken = styles.WALL_CELL, change.sign + size
            self.sheet.text(self.change, y + _BASELINE, size, cell, palette.INK_2, align="right", spoken=spoken)
            icons.arrow(self.sheet, self.change - 27, y + 10.4, 6, change.direction, palette.TONE[change.tone])
        if self.has_trend and sum(value is not None for value in line.trend) > 1:
            dot = palette.BAD if line.service_level.status is Status.MISSED else palette.LINE
            box = Box(self.trend, y + 3.5, 46, 8.6)
            sparkline.draw(self.sheet, box, line.trend, None, dot, thickness=1.1, dot_radius=1.9)


def _agent(sheet: Sheet, left_x: float, right_x: float, y: float, line: AgentLine) -> None:
    sheet.rule(left_x, y, right_x - left_x, palette.RULE)
    with icons.item(sheet, left_x, y + 2.4, 10.5, line.adherence.status):
        sheet.text(left_x + 16, y + _BASELINE, sheet.words.clean(line.name), styles.WALL_NAME, palette.INK, limit=138)
        if line.off_schedule_seconds:
            off_schedule = sheet.words.say("{time} off", time=sheet.words.minutes(line.off_schedule_seconds))
            sheet.text(right_x - 44, y + _BASELINE, off_schedule, styles.WALL_CELL, palette.MUTED, align="right")
        value = sheet.words.value(line.adherence)
        sheet.text(right_x, y + _BASELINE, value, styles.WALL_STRONG, palette.INK, align="right")


def _line_below(sheet: Sheet, x: float, rows: int, text: str) -> None:
    with sheet.tagged("P"):
        sheet.text(x, ROWS_TOP + ROW * rows + 11, text, styles.WALL_CAPTION, palette.MUTED, limit=270)
