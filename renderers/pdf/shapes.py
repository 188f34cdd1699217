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
    return " ".join(
        (
            f"{x + r:.2f} {y:.2f} m {right - r:.2f} {y:.2f} l",
            f"{right - k:.2f} {y:.2f} {right:.2f} {y + k:.2f} {right:.2f} {y + r:.2f} c {right:.2f} {top - r:.2f} l",
            f"{right:.2f} {top - k:.2f} {right - k:.2f} {top:.2f} {right - r:.2f} {top:.2f} c {x + r:.2f} {top:.2f} l",
            f"{x + k:.2f} {top:.2f} {x:.2f} {top - k:.2f} {x:.2f} {top - r:.2f} c {x:.2f} {y + r:.2f} l",
            f"{x:.2f} {y + k:.2f} {x + k:.2f} {y:.2f} {x + r:.2f} {y:.2f} c h",
        )
    )
