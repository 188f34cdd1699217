"""From the average to the day's service level: totals as marks on an axis that does not begin at 0, parts as bars."""

from __future__ import annotations

from dataclasses import dataclass

from renderers.pdf.drawing import palette
from renderers.pdf.drawing.sheet import Sheet
from renderers.pdf.text.typesetting import Style, smaller
from renderers.words import Waterfall, WhyStep
from worker.domain.metrics import Status

_COLOURS = {"bad": palette.STATUS[Status.MISSED], "good": palette.STATUS[Status.ON_TARGET], "neutral": palette.GOAL}


@dataclass(frozen=True, slots=True)
class WaterfallForm:
    """Measures in points. Labels take ``labels`` points from ``left_x``, bars are between ``from_x`` and ``to_x``.

    ``first`` is where the middle of the first row is, ``step`` the distance to the next. ``detail`` is the style of the
    figures below a label, None where they have no room.
    """

    left_x: float
    labels: float
    from_x: float
    to_x: float
    first: float
    step: float
    bar: float
    strong: Style
    detail: Style | None = None


@dataclass(frozen=True, slots=True)
class WaterfallChart:
    """The chart with what its totals are called."""

    waterfall: Waterfall
    average: str
    day: str

    def draw(self, sheet: Sheet, form: WaterfallForm) -> float:
        """Draw the chart, and return where the row after its last one would be."""
        y, level = form.first, self.waterfall.average
        self._total(sheet, form, y, self.average, level)
        for step in self.waterfall.steps:
            self._link(sheet, form, y, level)
            y += form.step
            self._part(sheet, form, y, step, level)
            level += step.points
        self._link(sheet, form, y, level)
        y += form.step
        self._total(sheet, form, y, self.day, self.waterfall.level)
        return y + form.step

    def _link(self, sheet: Sheet, form: WaterfallForm, y: float, level: float) -> None:
        x, gap = self._x(form, level), form.bar / 2
        if form.step - 2 * gap > 2:
            sheet.line([(x, y + gap), (x, y + form.step - gap)], palette.GOAL, 0.75)

    def _x(self, form: WaterfallForm, percent: float) -> float:
        levels = [self.waterfall.average]
        for step in self.waterfall.steps:
            levels.append(levels[-1] + step.points)
        low, high = min(levels), max(levels)
        return form.from_x + (form.to_x - form.from_x) * (percent - low) / max(high - low, 1.0)

    def _total(self, sheet: Sheet, form: WaterfallForm, y: float, label: str, level: float) -> None:
        x, baseline = self._x(form, level), y + form.strong.size * 0.35
        sheet.rule(form.left_x + form.labels, y, x - form.left_x - form.labels, palette.RULE)
        sheet.boxes([(x - 2, y - form.bar / 2, 4, form.bar)], palette.INK)
        with sheet.tagged("P"):
            style = smaller(label, form.strong, form.labels)
            sheet.text(form.left_x, baseline, label, style, palette.INK, limit=form.labels)
            sheet.text(x + 6, baseline, sheet.words.decimal(level, 1), form.strong, palette.INK)

    def _part(self, sheet: Sheet, form: WaterfallForm, y: float, step: WhyStep, level: float) -> None:
        start, end = self._x(form, level), self._x(form, level + step.points)
        sheet.boxes(
            [(min(start, end) - 0.5, y - form.bar / 2, abs(end - start) + 1, form.bar)],
            _COLOURS[self.waterfall.tone(step)],
        )
        baseline = y + form.strong.size * 0.35
        with sheet.tagged("P"):
            label = smaller(step.label, form.strong, form.labels)
            sheet.text(
                form.left_x, y - 1 if form.detail else baseline, step.label, label, palette.INK, limit=form.labels
            )
            if form.detail:
                detail = smaller(step.detail, form.detail, form.labels)
                sheet.text(form.left_x, y + 14, step.detail, detail, palette.MUTED, limit=form.labels)
            text = sheet.words.signed(step.points)
            if step.points < 0:
                sheet.text(min(start, end) - 6, baseline, text, form.strong, palette.INK, align="right")
            else:
                sheet.text(max(start, end) + 6, baseline, text, form.strong, palette.INK)
