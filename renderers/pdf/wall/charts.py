"""The charts of the wall page: yesterday's service level by half-hour, and today's plan or yesterday's contacts."""

from __future__ import annotations

from renderers.pdf.charts import level_chart, volume_chart
from renderers.pdf.charts.sparkline import Box
from renderers.pdf.charts.staffing_chart import StaffingChart
from renderers.pdf.charts.time_axis import TimeAxis
from renderers.pdf.drawing import palette, styles
from renderers.pdf.drawing.sheet import Sheet
from renderers.pdf.text.typesetting import width
from worker.domain.briefing.content import Briefing
from worker.domain.today.outlook import Outlook

TOP = 218.5
"""The baseline of the first heading of both blocks."""
_LABELS = 26
"""The room for the labels of the grid lines."""
_MOST_SPARE, _LEVEL_SHARE = 44.0, 0.6
"""How much higher charts are at most where there are few queues, and how much of it the first of two gets."""
_BELOW_AXIS, _TO_HEADING = 12.0, 33.0
"""From a chart to the hours below it, and to the baseline of the next heading."""


def draw(
    sheet: Sheet, briefing: Briefing, left_x: float, right_x: float, lowest_heading: float, *, is_low: bool
) -> float:
    """Draw the charts, lower where ``is_low``, and return the baseline of the heading below them.

    They are higher where the heading can be as low as ``lowest_heading``.
    """
    plan = _plan(briefing, left_x, right_x)
    axis = TimeAxis.for_day(briefing.half_hours, left_x + _LABELS, right_x)
    with sheet.tagged("H2"):
        sheet.text(left_x, TOP, level_chart.long_title(sheet.words, briefing), styles.WALL_SECTION, palette.INK)
    level_end = TOP + 24
    if axis is None:
        with sheet.tagged("P"):
            summary = sheet.words.half_hours_summary(briefing)
            sheet.text(left_x, level_end, f"{summary.head} {summary.detail}".strip(), styles.WALL_BODY, palette.INK_2)
    else:
        high = (98.0 if plan is None else 84.0) - 22 * is_low
        high += _spare(lowest_heading, _heading(high, plan, is_low=is_low)) * (1 if plan is None else _LEVEL_SHARE)
        level_end = TOP + 12.5 + high
        box = Box(axis.left_x, TOP + 12.5, axis.width, high)
        level_chart.draw(sheet, box, axis, briefing, styles.WALL_AXIS, styles.WALL_AXIS_STRONG)
    if plan and briefing.today:
        if axis:
            axis.labels(sheet, level_end + _BELOW_AXIS, styles.WALL_AXIS, hours_only=False)
        plan_high = 64.0 - 8 * is_low
        plan_high += _spare(lowest_heading, level_end + 2 * _TO_HEADING + 5 + plan_high)
        return _today(sheet, plan, briefing.today, left_x, right_x, level_end + _TO_HEADING, plan_high)
    return _contacts(sheet, briefing, axis, level_end) if axis else level_end + _TO_HEADING


def _heading(high: float, plan: StaffingChart | None, *, is_low: bool) -> float:
    """Return where the heading below the charts is without spare room."""
    below_level = 61 + 37 if plan is None else 2 * _TO_HEADING + 5 + 64 - 8 * is_low
    return TOP + 12.5 + high + below_level


def _spare(lowest_heading: float, heading: float) -> float:
    return min(max(lowest_heading - heading, 0.0), _MOST_SPARE)


def _plan(briefing: Briefing, left_x: float, right_x: float) -> StaffingChart | None:
    leading = briefing.today.leading if briefing.today else None
    if leading is None or not leading.is_staffing_known:
        return None
    return StaffingChart.of_medium(leading, left_x + _LABELS, right_x)


def _contacts(sheet: Sheet, briefing: Briefing, axis: TimeAxis, top: float) -> float:
    """Draw the contacts below the service level, both above one line of hours."""
    end = top
    if volume_chart.is_known(axis):
        volume_chart.short_legend(sheet, axis.left_x, top + 14, briefing.medium)
        volume_chart.draw(sheet, Box(axis.left_x, top + 21, axis.width, 40), axis, styles.WALL_AXIS, lines=2)
        end = top + 61
    axis.labels(sheet, end + _BELOW_AXIS, styles.WALL_AXIS, hours_only=False)
    return end + 37


def _today(
    sheet: Sheet, plan: StaffingChart, outlook: Outlook, left_x: float, right_x: float, y: float, high: float
) -> float:
    """Draw who is required and scheduled today."""
    head = sheet.words.today_head(outlook)
    with sheet.tagged("H2"):
        sheet.text(left_x, y, head, styles.WALL_SECTION, palette.INK)
    legend_x = left_x + width(head, styles.WALL_SECTION) + 12
    plan.legend(sheet, legend_x, right_x, y, styles.WALL_BODY, styles.WALL_AXIS)
    box = Box(plan.axis.left_x, y + 5, plan.axis.width, high)
    plan.draw(sheet, box, styles.WALL_AXIS, styles.WALL_AXIS_STRONG)
    plan.axis.labels(sheet, y + 5 + high + _BELOW_AXIS, styles.WALL_AXIS, hours_only=False)
    return y + 5 + high + _TO_HEADING
