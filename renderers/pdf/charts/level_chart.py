"""Service level by half-hour. Bars begin at the target: up is fine, down is red."""

from __future__ import annotations

import math
from datetime import datetime

from renderers.pdf.charts.sparkline import Box
from renderers.pdf.charts.time_axis import TimeAxis
from renderers.pdf.drawing import palette
from renderers.pdf.drawing.sheet import Sheet
from renderers.pdf.text.typesetting import Style, width
from renderers.words import Words, service_level_goal, worst_half_hour
from worker.domain.briefing.content import Briefing, HalfHour

_FILL = 0.82
"""The part of its slot that a bar fills."""
_GAP = 2.5
"""Points that stay free between a label and bars or lines."""
_CAPITAL = 0.73
"""The height of capitals and digits as a part of the type size."""


def title(words: Words, briefing: Briefing) -> str:
    """Return e.g. "Service level, % answered in 20 s", with the medium on a day that has several."""
    limit = _seconds(briefing)
    text = (
        words.say("Service level, % answered in {seconds}", seconds=words.seconds(limit))
        if limit
        else words.say("Service level, % answered in time")
    )
    return words.in_medium(text, briefing.medium)


def long_title(words: Words, briefing: Briefing) -> str:
    """Return e.g. "Service level by half-hour, % answered in 20 s", with the medium on a day that has several."""
    limit = _seconds(briefing)
    text = (
        words.say("Service level by half-hour, % answered in {seconds}", seconds=words.seconds(limit))
        if limit
        else words.say("Service level by half-hour, % answered in time")
    )
    return words.in_medium(text, briefing.medium)


def _seconds(briefing: Briefing) -> int | None:
    return briefing.media[0].service_level_seconds if briefing.media else briefing.service_level_seconds


def draw(sheet: Sheet, box: Box, axis: TimeAxis, briefing: Briefing, plain: Style, strong: Style) -> None:
    """Draw the chart in its box, with axis labels to the left."""
    _Chart(sheet, box, axis, briefing, plain, strong).draw()


class _Chart:
    def __init__(self, sheet: Sheet, box: Box, axis: TimeAxis, briefing: Briefing, plain: Style, strong: Style) -> None:
        self.sheet, self.axis, self.briefing = sheet, axis, briefing
        self.plain, self.strong = plain, strong
        self.goal = service_level_goal(briefing)
        self.has_verdict = briefing.completeness.whole
        self.worst = worst_half_hour(briefing) if self.has_verdict else None
        below_bars = strong.size + 3 if self.worst else 0
        self.box = box._replace(height=box.height - below_bars)
        self.levels = [(half.start, half.service_level.value) for half in axis.halves if half.service_level]
        lowest = min([self.goal - 0.001, *(level for _, level in self.levels)])
        self.floor = max(math.floor(round(lowest * 5, 6)) / 5, 0.0)
        self.bars = [
            (self._colour(half), self._bar(half.start, half.service_level.value))
            for half in axis.halves
            if half.service_level
        ]
        self.grid = [self._height(fifth / 5) for fifth in range(round(self.floor * 5), 6)]

    def draw(self) -> None:
        with self.sheet.tagged("Figure", self._in_words()):
            self._shade_worst_run()
            self._draw_grid()
            self._draw_bars()
            if self.goal:
                self.sheet.rule(self.box.x, self._height(self.goal), self.box.width, palette.INK, 1.4)
                self._target_label(self._worst_label())

    def _height(self, level: float) -> float:
        return self.box.y + self.box.height * (1 - level) / (1 - self.floor)

    def _bar(self, start: datetime, level: float) -> Box:
        """Return the bar from the target line to a level."""
        inset, thick = self.axis.slot * (1 - _FILL) / 2, self.axis.slot * _FILL
        y, base = self._height(level), self._height(self.goal)
        return Box(self.axis.place(start) + inset, min(y, base), thick, abs(base - y))

    def _in_words(self) -> str:
        words = self.sheet.words
        edges = (self.goal,) if self.goal else ()
        levels = ", ".join(f"{words.clock(start)} {words.percent(level, 0, *edges)}" for start, level in self.levels)
        if not self.goal:
            return words.say("{title}, by half-hour: {levels}", title=title(words, self.briefing), levels=levels)
        return words.say(
            "{title}, target {goal}, by half-hour: {levels}",
            title=title(words, self.briefing),
            goal=words.round_percent(self.goal),
            levels=levels,
        )

    def _shade_worst_run(self) -> None:
        """Tint the worst half-hours that the talk names, if they are of the chart's medium."""
        for insight in self.briefing.insights:
            if insight.kind == "worst_run" and insight.figures.get("medium") in (None, self.briefing.medium):
                x = self.axis.place(insight.figures["start"])  # type: ignore[arg-type]
                end = self.axis.place(insight.figures["end"])  # type: ignore[arg-type]
                self.sheet.boxes([(x, self.box.y, end - x, self.box.height)], palette.TINT_BAD)

    def _draw_grid(self) -> None:
        for y, fifth in zip(self.grid, range(round(self.floor * 5), 6), strict=True):
            self.sheet.rule(self.box.x, y, self.box.width, palette.RULE)
            baseline = y + self.plain.size * 0.36
            self.sheet.text(self.box.x - 6, baseline, str(fifth * 20), self.plain, palette.MUTED, align="right")

    def _draw_bars(self) -> None:
        radius = min(2, self.axis.slot * _FILL / 3)
        for colour in (palette.PALE_BAR, palette.BAR, palette.BAD):
            self.sheet.rounded([bar for bar_colour, bar in self.bars if bar_colour == colour], radius, colour)

    def _colour(self, half: HalfHour) -> str:
        """Return the colour of a bar: pale where the half-hour has too few contacts to be judged."""
        if half.is_thin:
            return palette.PALE_BAR
        is_missed = half.service_level is not None and half.service_level.value < self.goal
        return palette.BAD if is_missed and self.has_verdict else palette.BAR

    def _worst_label(self) -> Box | None:
        """Label the lowest bar below it and its neighbours, and return the label's box.

        Where a neighbour with few contacts is lower, or a grid line is in the way, a line leads from bar to label.
        """
        if self.worst is None or self.worst.service_level is None:
            return None
        words, level = self.sheet.words, self.worst.service_level.value
        text = words.say(
            "{level} at {time}", level=words.percent(level, 0, self.goal), time=words.clock(self.worst.start)
        )
        label_width, bar = width(text, self.strong), self._bar(self.worst.start, level)
        centre, tip = bar.x + bar.width / 2, bar.y + bar.height
        left_x = min(max(centre - label_width / 2, self.box.x), self.box.x + self.box.width - label_width)
        label = Box(left_x, self.box.y, label_width, self.strong.size * _CAPITAL)
        beneath = [hanging.y + hanging.height for _, hanging in self.bars if _overlap_sideways(hanging, label)]
        label = label._replace(y=max([tip, *beneath]) + _GAP + 1)
        for line in sorted(self.grid):
            if label.y - _GAP < line < label.y + label.height + _GAP:
                label = label._replace(y=line + _GAP)
        if label.y - tip > 3 * _GAP:
            self.sheet.line([(centre, tip), (centre, label.y - _GAP)], palette.BAD, 0.8)
        self.sheet.text(left_x, label.y + label.height, text, self.strong, palette.BAD)
        return label

    def _target_label(self, other_label: Box | None) -> None:
        """Label the target line below it where nothing is in the way, else above the chart with a piece of the line."""
        goal = self.sheet.words.round_percent(self.goal)
        text = self.sheet.words.say("target {goal}", goal=goal)
        size, line, text_width = self.plain.size, self._height(self.goal), width(text, self.plain)
        right_x = self.box.x + self.box.width
        for left_x in (right_x - text_width - 3, self.box.x + 3):
            if self._is_free(Box(left_x, line + 3, text_width, size), other_label):
                self.sheet.text(left_x, line + size + 3, text, self.plain, palette.INK)
                return
        y = self.box.y - 5
        self.sheet.text(right_x, y, text, self.plain, palette.INK, align="right")
        self.sheet.rule(right_x - text_width - 18, y - size * 0.3, 14, palette.INK, 1.4)

    def _is_free(self, label: Box, other_label: Box | None) -> bool:
        """Return whether there is no bar, grid line or other label where a label would be, with a little room."""
        space = Box(label.x - _GAP, label.y, label.width + 2 * _GAP, label.height + 2 * _GAP)
        obstacles = [bar for _, bar in self.bars] + ([other_label] if other_label else [])
        is_below_grid = all(not space.y < line < space.y + space.height for line in self.grid)
        return is_below_grid and not any(_overlap(space, obstacle) for obstacle in obstacles)


def _overlap(first: Box, second: Box) -> bool:
    height = min(first.y + first.height, second.y + second.height) - max(first.y, second.y)
    return _overlap_sideways(first, second) and height > 0


def _overlap_sideways(first: Box, second: Box) -> bool:
    return min(first.x + first.width, second.x + second.width) - max(first.x, second.x) > -_GAP
