"""Service level by half-hour. Bars begin at the target: up is fine, down is red."""

from __future__ import annotations

import math

from renderers.pdf.charts.sparkline import Box
from renderers.pdf.charts.time_axis import TimeAxis
from renderers.pdf.drawing import palette
from renderers.pdf.drawing.sheet import Sheet
from renderers.pdf.text.typesetting import Style, width
from renderers.words import Words, service_level_goal, worst_half_hour
from worker.domain.briefing.content import Briefing

_FILL = 0.82
"""The part of its slot that a bar fills."""


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
        self.sheet, self.box, self.axis, self.briefing = sheet, box, axis, briefing
        self.plain, self.strong = plain, strong
        self.goal = service_level_goal(briefing)
        self.has_verdict = briefing.completeness.whole
        self.levels = [(half.start, half.service_level.value) for half in axis.halves if half.service_level]
        lowest = min([self.goal - 0.001, *(level for _, level in self.levels)])
        self.floor = max(math.floor(round(lowest * 5, 6)) / 5, 0.0)

    def draw(self) -> None:
        with self.sheet.tagged("Figure", self._in_words()):
            self._shade_worst_run()
            self._grid()
            self._bars()
            if self.goal:
                self.sheet.rule(self.box.x, self._height(self.goal), self.box.width, palette.INK, 1.4)
                self._target_label(self._worst_label())

    def _height(self, level: float) -> float:
        return self.box.y + self.box.height * (1 - level) / (1 - self.floor)

    def _in_words(self) -> str:
        words = self.sheet.words
        levels = ", ".join(f"{words.clock(start)} {words.percent(level, 0, self.goal)}" for start, level in self.levels)
        return words.say(
            "{title}, target {goal}, by half-hour: {levels}",
            title=title(words, self.briefing),
            goal=words.round_percent(self.goal),
            levels=levels,
        )

    def _shade_worst_run(self) -> None:
        for insight in self.briefing.insights:
            if insight.kind == "worst_run":
                x = self.axis.place(insight.figures["start"])  # type: ignore[arg-type]
                end = self.axis.place(insight.figures["end"])  # type: ignore[arg-type]
                self.sheet.boxes([(x, self.box.y, end - x, self.box.height)], palette.TINT_BAD)

    def _grid(self) -> None:
        for fifth in range(round(self.floor * 5), 6):
            y = self._height(fifth / 5)
            self.sheet.rule(self.box.x, y, self.box.width, palette.RULE)
            baseline = y + self.plain.size * 0.36
            self.sheet.text(self.box.x - 6, baseline, str(fifth * 20), self.plain, palette.MUTED, align="right")

    def _bars(self) -> None:
        above_goal, below_goal = [], []
        base = self._height(self.goal)
        inset, thick = self.axis.slot * (1 - _FILL) / 2, self.axis.slot * _FILL
        for start, level in self.levels:
            x, y = self.axis.place(start) + inset, self._height(level)
            if level >= self.goal:
                above_goal.append((x, y, thick, base - y))
            else:
                below_goal.append((x, base, thick, y - base))
        self.sheet.rounded(above_goal, min(2, thick / 3), palette.BAR)
        self.sheet.rounded(below_goal, min(2, thick / 3), palette.BAD if self.has_verdict else palette.BAR)

    def _deepest(self, left_x: float, right_x: float) -> float:
        """Return the lowest point of the bars between two places, so that a label below it touches no bar."""
        hanging = (
            self._height(level)
            for start, level in self.levels
            if level < self.goal and left_x - self.axis.slot < self.axis.place(start) < right_x
        )
        return max([self._height(self.goal), *hanging])

    def _target_label(self, other_label: Box | None) -> None:
        """Label the target line below it, on the right or left where no bar or label is, else above the chart."""
        goal = self.sheet.words.round_percent(self.goal)
        text = self.sheet.words.say("target {goal}", goal=goal)
        size, line = self.plain.size, self._height(self.goal)
        room = width(text, self.plain) + 3
        for left_x in (self.box.x + self.box.width - room, self.box.x + 3):
            label = Box(left_x, line, room, size + 6)
            if self._deepest(left_x, left_x + room) - line < 1 and not (
                other_label and _boxes_overlap(label, other_label)
            ):
                self.sheet.text(left_x, line + size + 3, text, self.plain, palette.INK)
                return
        self.sheet.text(self.box.x + self.box.width, self.box.y - 4, text, self.plain, palette.INK, align="right")

    def _worst_label(self) -> Box | None:
        """Label the lowest bar, beside it and below its neighbours, and return the label's box."""
        half = worst_half_hour(self.briefing)
        if not self.has_verdict or half is None or half.service_level is None:
            return None
        worst = half.start, half.service_level.value
        words = self.sheet.words
        text = words.say("{level} at {time}", level=words.percent(worst[1], 0, self.goal), time=words.clock(worst[0]))
        label_width, bar_x = width(text, self.strong), self.axis.place(worst[0])
        left_x = bar_x + self.axis.slot * 1.5
        if left_x + label_width > self.box.x + self.box.width:
            left_x = max(bar_x - self.axis.slot * 0.5 - label_width, self.box.x)
        under_neighbours = self._deepest(left_x, left_x + label_width) + self.strong.size
        y = min(max(under_neighbours, self._height(worst[1]) + 3), self.box.y + self.box.height - 4)
        self.sheet.text(left_x, y, text, self.strong, palette.BAD)
        return Box(left_x, y - self.strong.size, label_width, self.strong.size)


def _boxes_overlap(first: Box, second: Box) -> bool:
    width = min(first.x + first.width, second.x + second.width) - max(first.x, second.x)
    height = min(first.y + first.height, second.y + second.height) - max(first.y, second.y)
    return width > 0 and height > 0
