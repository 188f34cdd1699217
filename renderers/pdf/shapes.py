"""Paths as PDF operators, in the page's own coordinates (y upwards)."""

from __future__ import annotations

from collections.abc import Sequence

_ARC = 0.5523
"""How far a Bézier's handle reaches, as a part of the radius, to draw a quarter of a circle."""


def path(points: Sequence[tuple[float, float]]) -> str:
    """Straight lines through the points."""
    first, *rest = points
    return " ".join([f"{first[0]:.2f} {first[1]:.2f} m", *(f"{x:.2f} {y:.2f} l" for x, y in rest)])


def circle(x: float, y: float, radius: float) -> str:
    """A closed circle around (x, y)."""
    return rounded(x - radius, y - radius, 2 * radius, 2 * radius, radius)


def rounded(x: float, y: float, width: float, height: float, radius: float) -> str:
    """A closed rectangle with round corners; (x, y) is its lower left."""
    r = min(radius, width / 2, height / 2)
    k = r * (1 - _ARC)
    right, top = x + width, y + height
    # Each number is written once and used several times: a day's charts have two hundred of these.
    x0, x1, x2, x3, x4, x5 = (f"{at:.2f}" for at in (x, x + k, x + r, right - r, right - k, right))
    y0, y1, y2, y3, y4, y5 = (f"{at:.2f}" for at in (y, y + k, y + r, top - r, top - k, top))
    return (
        f"{x2} {y0} m {x3} {y0} l {x4} {y0} {x5} {y1} {x5} {y2} c {x5} {y3} l {x5} {y4} {x4} {y5} {x3} {y5} c "
        f"{x2} {y5} l {x1} {y5} {x0} {y4} {x0} {y3} c {x0} {y2} l {x0} {y1} {x1} {y0} {x2} {y0} c h"
    )
