"""The last ten business days as a line, with the goal as dashes, over a band of what is usual."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

from renderers.pdf.drawing import palette
from renderers.pdf.drawing.sheet import Point, Sheet


class Box(NamedTuple):
    """A rectangle: upper left, width and height in points."""

    x: float
    y: float
    width: float
    height: float


def draw(
    sheet: Sheet,
    box: Box,
    trend: Sequence[float | None],
    goal: float | tuple[float, float] | None,
    dot: str,
    *,
    usual: tuple[float, float] | None = None,
    thickness: float = 1.6,
    dot_radius: float = 3.6,
) -> None:
    """Draw the line, broken where a day is not known, with a dot of colour ``dot`` on the last day.

    ``usual`` is the range of the last day. It is drawn over all days, so that the dot is seen inside or outside of it.
    """
    values = [value for value in trend if value is not None]
    edges = [] if goal is None else [*goal] if isinstance(goal, tuple) else [goal]
    if not values:
        return
    levels = [*values, *edges, *(usual or ())]
    low, high = min(levels), max(levels)

    def height_of(value: float) -> float:
        return box.y + box.height / 2 if high == low else box.y + box.height * (high - value) / (high - low)

    _background(sheet, box, [height_of(edge) for edge in edges], [height_of(end) for end in usual or ()])
    step = box.width / max(len(trend) - 1, 1)
    points = [None if value is None else (box.x + step * index, height_of(value)) for index, value in enumerate(trend)]
    for stretch in _stretches(points):
        if len(stretch) > 1:
            sheet.line(stretch, palette.LINE, thickness)
        elif stretch[0] is not points[-1]:
            sheet.disc(*stretch[0], 1.4, palette.LINE)
    if points[-1]:
        sheet.disc(*points[-1], dot_radius * 1.28, palette.WHITE)
        sheet.disc(*points[-1], dot_radius, dot)


def _background(sheet: Sheet, box: Box, edges: Sequence[float], usual: Sequence[float]) -> None:
    """Draw the usual range as a band, and dashes at the goal or at both edges of its band."""
    if usual:
        sheet.boxes([(box.x, min(usual), box.width, max(abs(usual[0] - usual[1]), 1.0))], palette.USUAL)
    for height in edges:
        sheet.line([(box.x, height), (box.x + box.width, height)], palette.GOAL, 0.9, "3 2.6")


def _stretches(points: Sequence[Point | None]) -> list[list[Point]]:
    groups = groupby(points, key=lambda point: point is not None)
    return [[point for point in group if point] for has_value, group in groups if has_value]
