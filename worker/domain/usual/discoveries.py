"""Decide which of many figures are unusual, looked at together.

Of a hundred ordinary figures one lies outside limits that are meant for one in a hundred. The procedure of Benjamini
and Hochberg (J. R. Statist. Soc. B 57, 1995) bounds the share of false discoveries among those that it names.
"""

from __future__ import annotations

from collections.abc import Sequence


def discoveries(p_values: Sequence[float], share: float) -> tuple[int, ...]:
    """Return the indexes of the figures that are unusual, in order. ``share``: of false discoveries, at most."""
    ranked = sorted(range(len(p_values)), key=lambda index: (p_values[index], index))
    passing = [rank for rank, index in enumerate(ranked, start=1) if p_values[index] <= share * rank / len(p_values)]
    return tuple(sorted(ranked[: max(passing, default=0)]))
