"""Shapes for status (checked disc, triangle with "!", crossed square, half-filled ring, hollow ring) and for change.

They are drawn as paths because a font may not have the sign, and a colour-blind reader needs the shape.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from renderers.pdf.drawing import palette
from renderers.pdf.drawing.sheet import Sheet
from worker.domain.metrics import Status


def status(sheet: Sheet, x: float, y: float, size: float, shown_status: Status, colour: str = "") -> None:
    """Draw the shape of a status in a square of ``size`` points whose upper left is (x, y)."""
    _SHAPES[shown_status](sheet, x, y, size, colour or palette.STATUS[shown_status])


@contextmanager
def item(sheet: Sheet, x: float, y: float, size: float, shown_status: Status, spoken: str = "") -> Iterator[None]:
    """Draw a list entry and its body inside: the shape is its label, for screen readers ``spoken`` or the status."""
    with sheet.grouped("LI"):
        with sheet.grouped("Lbl"), sheet.tagged("Figure", spoken or sheet.words.status(shown_status)):
            status(sheet, x, y, size, shown_status)
        with sheet.tagged("LBody"):
            yield


def arrow(sheet: Sheet, x: float, y: float, size: float, direction: Literal["up", "down", "flat"], colour: str) -> None:
    """Draw a small triangle in a square of ``size`` points whose lower left is (x, y), or a short bar for flat."""
    if direction == "flat":
        sheet.boxes([(x, y - size * 0.6, size, size * 0.25)], colour)
        return
    tip, base = (y - size * 0.95, y) if direction == "up" else (y, y - size * 0.95)
    sheet.polygon([(x, base), (x + size, base), (x + size / 2, tip)], colour)


def _checked_disc(sheet: Sheet, x: float, y: float, size: float, colour: str) -> None:
    sheet.disc(x + size / 2, y + size / 2, size / 2, colour)
    hook = [(x + size * 0.28, y + size * 0.52), (x + size * 0.44, y + size * 0.67), (x + size * 0.73, y + size * 0.36)]
    sheet.line(hook, palette.WHITE, _stroke(size))


def _warning_triangle(sheet: Sheet, x: float, y: float, size: float, colour: str) -> None:
    corners = [(x + size / 2, y + size * 0.08), (x + size * 0.96, y + size * 0.91), (x + size * 0.04, y + size * 0.91)]
    sheet.polygon(corners, colour)
    sheet.line([*corners, corners[0]], colour, size * 0.09)
    middle = x + size / 2
    sheet.line([(middle, y + size * 0.38), (middle, y + size * 0.60)], palette.WHITE, _stroke(size))
    sheet.disc(middle, y + size * 0.77, size * 0.062, palette.WHITE)


def _crossed_square(sheet: Sheet, x: float, y: float, size: float, colour: str) -> None:
    sheet.rounded([(x, y, size, size)], size * 0.2, colour)
    near, far = size * 0.32, size * 0.68
    sheet.line([(x + near, y + near), (x + far, y + far)], palette.WHITE, _stroke(size))
    sheet.line([(x + near, y + far), (x + far, y + near)], palette.WHITE, _stroke(size))


def _hollow_ring(sheet: Sheet, x: float, y: float, size: float, colour: str) -> None:
    sheet.ring(x + size / 2, y + size / 2, size * 0.42, colour, _stroke(size))


def _half_filled_ring(sheet: Sheet, x: float, y: float, size: float, colour: str) -> None:
    _hollow_ring(sheet, x, y, size, colour)
    middle, radius = size / 2, size * 0.42
    turns = (math.pi * (0.5 + step / 12) for step in range(13))
    left_half = [(x + middle + radius * math.cos(turn), y + middle + radius * math.sin(turn)) for turn in turns]
    sheet.polygon(left_half, colour)


def _stroke(size: float) -> float:
    return round(size * 0.115, 2)


_SHAPES = {
    Status.ON_TARGET: _checked_disc,
    Status.WATCH: _warning_triangle,
    Status.MISSED: _crossed_square,
    Status.PARTIAL: _half_filled_ring,
    Status.NOT_JUDGED: _hollow_ring,
    Status.THIN: _hollow_ring,
    Status.NO_DATA: _hollow_ring,
}
