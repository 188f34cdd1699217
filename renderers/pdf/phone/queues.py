"""Page three and on: queues, worst service level first, twelve a page."""

from __future__ import annotations

from collections.abc import Sequence

from renderers.pdf.drawing import icons, palette, styles
from renderers.pdf.drawing.sheet import Sheet
from renderers.pdf.phone import page
from renderers.words import Words
from worker.domain.briefing.content import Briefing, QueueLine
from worker.domain.metrics import Metric, Status

TOP, ROW, ROWS_A_PAGE, MOST_PAGES = 89, 59, 12, 5
_BAR_LEFT = page.MARGIN + 23
_BAR_WIDTH = page.RIGHT - _BAR_LEFT


def pages(briefing: Briefing) -> list[tuple[QueueLine, ...]]:
    """The queues page by page; a group with hundreds gets the worst, and the workbook has all."""
    shown = briefing.queues[: ROWS_A_PAGE * MOST_PAGES]
    return [shown[at : at + ROWS_A_PAGE] for at in range(0, len(shown), ROWS_A_PAGE)]


def end(lines: Sequence[QueueLine], hidden: int) -> float:
    """Where a page of so many queues ends."""
    return TOP + ROW * len(lines) + (20 if hidden else 0)


def draw(sheet: Sheet, briefing: Briefing, lines: Sequence[QueueLine], hidden: int, *, first: bool) -> None:
    """One page of queues; ``hidden`` is how many stand on no page (told on the last one)."""
    page.heading(sheet, sheet.words.say("Queues, worst first") if first else sheet.words.say("Queues, continued"))
    page.summary(sheet, "", sheet.words.queues_summary(briefing))
    with sheet.grouped("L"):
        for number, line in enumerate(lines):
            _row(sheet, TOP + ROW * number, line)
    if hidden:
        with sheet.tagged("P"):
            sheet.text(_BAR_LEFT, end(lines, 0) + 13, sheet.words.more_in_workbook(hidden), styles.FOOT, palette.MUTED)


def _row(sheet: Sheet, y: float, line: QueueLine) -> None:
    sheet.rule(page.MARGIN, y, page.CONTENT, palette.RULE)
    reading = line.service_level
    with icons.item(sheet, page.MARGIN, y + 11, 15, reading.status):
        value = sheet.words.value(reading) if reading.ratio else sheet.words.status(Status.NO_DATA)
        colour = palette.INK if reading.ratio else palette.MUTED
        style = styles.ROW_VALUE if reading.ratio else styles.ROW_NAME
        sheet.text(_BAR_LEFT, y + 23, sheet.words.clean(line.name), styles.ROW_NAME, palette.INK, limit=220)
        sheet.text(page.RIGHT, y + 23, value, style, colour, align="right")
        bar(sheet, _BAR_LEFT, y + 32, _BAR_WIDTH, 7, line)
        room = page.CONTENT - 23 - _change(sheet, y + 52, line)
        sheet.text(_BAR_LEFT, y + 52, _caption(sheet.words, line), styles.CAPTION, palette.MUTED, limit=room)


def bar(sheet: Sheet, x: float, y: float, length: float, thick: float, line: QueueLine) -> None:
    """Service level on a track from 0 to 100 %, with a tick at the target."""
    reading = line.service_level
    sheet.rounded([(x, y, length, thick)], thick / 2, palette.TRACK)
    if reading.ratio:
        colour = palette.BAD if reading.status is Status.MISSED else palette.BAR
        filled = length * min(max(reading.ratio.value, 0), 1)
        sheet.rounded([(x, y, max(filled, thick), thick)], thick / 2, colour)
    if isinstance(reading.goal, float):
        sheet.boxes([(x + length * reading.goal - 1, y - thick * 0.5, 2, thick * 2)], palette.INK)


def _caption(words: Words, line: QueueLine) -> str:
    if line.service_level.ratio is None and line.service_level.reason:
        return words.why(line.service_level)
    return words.queue_caption(line)


def _change(sheet: Sheet, y: float, line: QueueLine) -> float:
    if line.change is None:
        return 0
    moved = sheet.words.change(line.change, Metric.SERVICE_LEVEL)
    said = moved.sign + moved.size
    taken = sheet.text(page.RIGHT, y, moved.size, styles.CAPTION, palette.INK_2, align="right", said=said)
    icons.arrow(sheet, page.RIGHT - taken - 11, y - 0.6, 7, moved.direction, palette.TONE[moved.tone])
    return taken + 20
