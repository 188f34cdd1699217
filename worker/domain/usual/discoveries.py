"""Decide which of many figures are unusual, looked at together.

If each of a hundred ordinary figures has a chance of 1 % to lie outside its limits, one of them does in the mean. The
procedure of Benjamini and Hochberg (J. R. Statist. Soc. B 57, 1995) bounds the share of false discoveries among those
that it names.
"""

from __future__ import annotations

from collections.abc import Sequence


def discoveries(p_values: Sequence[float], share: float) -> tuple[int, ...]:
    """Return the indexes of the figures that are unusual, in order. ``share``: of false discoveries, at most."""
    ranked = sorted(range(len(p_values)), key=lambda index: (p_values[index], index))
    passing = [rank for rank, index in enumerate(ranked, start=1) if p_values[index] <= share * rank / len(p_values)]
    return tuple(sorted(ranked[: max(passing, default=0)]))
