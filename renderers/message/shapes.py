"""Signs beside the words: colour alone says nothing to one reader in twelve. None turns into an emoji on a phone."""

from __future__ import annotations

from worker.domain.metrics import Status

SHAPES = {Status.ON_TARGET: "✓", Status.WATCH: "▲", Status.MISSED: "✕", Status.PARTIAL: "◐", Status.NO_DATA: "○"}
TRIANGLES = {"up": "▲", "down": "▼", "flat": "="}
