"""Rounding and comparison of floats."""

from __future__ import annotations

FLOAT_ERROR = 1e-9
"""Far below what a page shows, far above what floats lose: 0.82 − 0.8 is 0.0199…96 and must count as 2 points."""
