"""One measured figure, and how it is shown."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal


@dataclass(frozen=True)
class Figure:
    """``row`` of the specification, what was measured, and the bound: ``at_most``, ``at_least`` or none.

    ``value`` is None where it could not be measured; ``compared_with`` then says what was missing and how to get it.
    Such a figure does not hold, bound or none: no comparison that is promised is left out silently.
    """

    row: str
    name: str
    value: float | None
    unit: str
    bound: float | None = None
    side: Literal["at most", "at least"] = "at most"
    compared_with: str = ""

    @property
    def holds(self) -> bool | None:
        """Whether the figure keeps its bound. None for a figure without one, which is for comparison."""
        if self.value is None:
            return False
        if self.bound is None:
            return None
        return self.value <= self.bound if self.side == "at most" else self.value >= self.bound


def show(figures: Iterable[Figure]) -> str:
    """The figures as a table."""
    lines = [("", "figure", "value", "bound", "", "compared with")]
    lines += [_line(figure) for figure in figures]
    widths = [max(len(line[n]) for line in lines) for n in range(5)]
    return "\n".join(
        "  ".join([*(cell.ljust(width) for cell, width in zip(line, widths, strict=False)), line[5]]).rstrip()
        for line in lines
    )


def keep(figures: Iterable[Figure], path: Path) -> None:
    """Leave the figures as JSON: a list of {row, name, value, unit, bound, side, holds, compared_with}."""
    path.parent.mkdir(parents=True, exist_ok=True)
    content = [asdict(figure) | {"holds": figure.holds} for figure in figures]
    path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def _line(figure: Figure) -> tuple[str, ...]:
    bound = f"{'≤' if figure.side == 'at most' else '≥'} {figure.bound:g}" if figure.bound is not None else ""
    if figure.value is None:
        return figure.row, figure.name, "–", bound, "MISSING", figure.compared_with
    verdict = {True: "holds", False: "MISSED", None: ""}[figure.holds]
    return figure.row, figure.name, f"{figure.value:,.4g} {figure.unit}".rstrip(), bound, verdict, figure.compared_with
