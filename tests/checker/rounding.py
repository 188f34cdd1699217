"""Numbers as they are written, and the one rounding that decides whether a written number is right: half up."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction


def half_up(exact: Fraction, places: int = 0) -> Fraction:
    """Round to so many decimal places; a half goes away from zero, so that 81.25 is 81.3 and -81.25 is -81.3."""
    scale = 10**places
    size = (abs(exact) * scale * 2 + 1) // 2
    return Fraction(size if exact >= 0 else -size, scale)


@dataclass(frozen=True, slots=True)
class Written:
    """A number as a page writes it: 81.30 has the value 81.3 and two places."""

    value: Fraction
    places: int

    def is_rounded(self, exact: Fraction) -> bool:
        """Whether the number is what rounding the exact value gives."""
        return half_up(exact, self.places) == self.value

    def is_half_down(self, exact: Fraction) -> bool:
        """Whether the exact value lies in the middle, and the number is the lower neighbour."""
        step = Fraction(1, 10**self.places)
        return abs(exact) == abs(self.value) + step / 2


def decimal(exact: Fraction, places: int) -> str:
    """The exact value rounded and written with a point, for findings."""
    rounded = half_up(exact, places)
    return f"{float(rounded):.{places}f}"
