"""People on queue by half-hour: scheduled as bars, required as a line of steps, the missing ones hatched between."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from renderers.pdf.charts.sparkline import Box
from renderers.pdf.charts.time_axis import TimeAxis
from renderers.pdf.charts.volume_chart import grid_step, tick
from renderers.pdf.drawing import palette
from renderers.pdf.drawing.sheet import Point, Sheet
from renderers.pdf.text.typesetting import Style, smaller, width
from renderers.words import Words
from worker.domain.briefing.content import NO_COUNTS, HalfHour
from worker.domain.today.outlook import MediumToday, StaffedHalfHour

_FILL = 0.86
_PITCH = 4
_LINES = 4
_EDGE = 16
"""Points between the page's left edge and the labels of the grid lines."""
_ABOVE = 18
"""What is kept above the bars for the label of the worst half-hour."""


@dataclass(frozen=True, slots=True)
class StaffingChart:
    """The chart of a medium: its half-hours from the first to the last with anyone, on their axis."""

    medium: MediumToday
    half_hours: Sequence[StaffedHalfHour]
    axis: TimeAxis

    @classmethod
    def of_medium(cls, medium: MediumToday, left_x: float, right_x: float) -> StaffingChart | None:
        """Return the chart, None where no one is required or scheduled."""
        busy = [index for index, half in enumerate(medium.half_hours) if half.required or half.scheduled]
        if not busy:
            return None
        open_half_hours = medium.half_hours[busy[0] : busy[-1] + 1]
        begin, last = open_half_hours[0].start.timestamp(), open_half_hours[-1].start.timestamp()
        ticks = tuple(HalfHour(half.start, NO_COUNTS, None) for half in open_half_hours)
        return cls(medium, open_half_hours, TimeAxis(ticks, left_x, right_x, begin, last - begin + 1800))

    def draw(self, sheet: Sheet, box: Box, plain: Style, strong: Style) -> None:
        """Draw the chart in its box, with labels of the grid to its left."""
        most = max(max(half.required or 0, half.scheduled or 0) for half in self.half_hours)
        step = grid_step(most, _LINES)
        top = step * -(-most // step)
        plot = Box(box.x, box.y + _ABOVE, box.width, box.height - _ABOVE)
        scale = plot.height / top
        with sheet.tagged("Figure", self._in_words(sheet.words)):
            self._shade(sheet, box)
            for value in range(0, top + 1, step):
                y = plot.y + plot.height - value * scale
                sheet.rule(plot.x, y, plot.width, palette.RULE)
                text = tick(sheet.words, value, step)
                style = smaller(text, plain, plot.x - 6 - _EDGE)
                sheet.text(plot.x - 6, y + plain.size * 0.36, text, style, palette.MUTED, align="right")
            self._bars(sheet, plot, scale)
            for stretch in self._steps(plot, scale):
                sheet.line(stretch, palette.INK, 1.5)
            self._label(sheet, box, strong)

    def _shade(self, sheet: Sheet, box: Box) -> None:
        if window := self.medium.window:
            x, end = self.axis.place(window.start), self.axis.place(window.end)
            sheet.boxes([(x, box.y, end - x, box.height)], palette.TINT_BAD)

    def _bars(self, sheet: Sheet, plot: Box, scale: float) -> None:
        ground = plot.y + plot.height
        inset, thick = self.axis.slot * (1 - _FILL) / 2, self.axis.slot * _FILL
        scheduled, short = [], []
        for half in self.half_hours:
            x, high = self.axis.place(half.start) + inset, (half.scheduled or 0) * scale
            scheduled.append((x, ground - high, thick, high))
            if self._is_short(half):
                short.append(Box(x, ground - (half.required or 0) * scale, thick, (half.short or 0) * scale))
        sheet.boxes((bar for bar in scheduled if bar[3]), palette.VOLUME)
        sheet.boxes(short, palette.WHITE)
        for part in short:
            for line in hatch(part):
                sheet.line(line, palette.BAD, 1.2)

    def _steps(self, plot: Box, scale: float) -> Iterator[list[Point]]:
        """Yield the line of the required agents, broken where they are not known."""
        ground, stretch = plot.y + plot.height, list[Point]()
        for half in self.half_hours:
            if half.required is None:
                if stretch:
                    yield stretch
                stretch = []
                continue
            x, y = self.axis.place(half.start), ground - half.required * scale
            stretch = [*stretch, (x, y), (x + self.axis.slot, y)]
        if stretch:
            yield stretch

    def _label(self, sheet: Sheet, box: Box, strong: Style) -> None:
        """Label the worst half-hour above the bars."""
        if text := sheet.words.worst_label(self.medium):
            worst, room = self.medium.worst or self.medium.riskiest[0], width(text, strong)
            centre = self.axis.place(worst.start) + self.axis.slot / 2
            x = min(max(centre - room / 2, box.x), box.x + box.width - room)
            sheet.text(x, box.y + strong.size, text, strong, palette.BAD)

    def _is_short(self, half: StaffedHalfHour) -> bool:
        return half.short is not None and half.short > 0 and not self.medium.is_small

    def legend(self, sheet: Sheet, left_x: float, right_x: float, y: float, label: Style, caption: Style) -> None:
        """Write the chart's title on the left, and what its shapes mean on the right."""
        words, swatch = sheet.words, caption.size * 0.82
        hatched = [(words.say("short"), "hatch")] if any(map(self._is_short, self.half_hours)) else []
        with sheet.tagged("P"):
            sheet.text(left_x, y, words.say("People on queue"), label, palette.INK_2)
            x = right_x
            for text, kind in (*hatched, (words.say("scheduled"), "bar"), (words.say("required"), "line")):
                x -= sheet.text(x, y, text, caption, palette.MUTED, align="right") + swatch + 5
                _swatch(sheet, Box(x, y - swatch + 0.5, swatch, swatch), kind)
                x -= 10

    def _in_words(self, words: Words) -> str:
        numbers = ", ".join(
            f"{words.clock(half.start)} {words.count(half.required)} ({words.count(half.scheduled)})"
            for half in self.half_hours
        )
        return words.say("People required by half-hour, and in brackets scheduled: {numbers}", numbers=numbers)


def _swatch(sheet: Sheet, part: Box, kind: str) -> None:
    """Draw a piece of hatch, bar or line before its word."""
    if kind == "hatch":
        for line in hatch(part):
            sheet.line(line, palette.BAD, 1.2)
    elif kind == "bar":
        sheet.boxes([part], palette.VOLUME)
    else:
        middle = part.y + part.height * 0.6
        sheet.line([(part.x - 3, middle), (part.x + part.width, middle)], palette.INK, 1.5)


def hatch(part: Box) -> Iterator[list[Point]]:
    """Yield lines from lower left to upper right that fill a rectangle, `_PITCH` points apart."""
    inner = Box(part.x + 0.7, part.y + 0.7, max(part.width - 1.4, 0), max(part.height - 1.4, 0))
    right, low = inner.x + inner.width, inner.y + inner.height
    diagonal, last = inner.x + inner.y + _PITCH / 2, right + low
    while diagonal <= last:  # along a line the sum of x and y is the same
        first_x, last_x = max(inner.x, diagonal - low), min(right, diagonal - inner.y)
        yield [(first_x, diagonal - first_x), (last_x, diagonal - last_x)]
        diagonal += _PITCH
