"""The texts of a talking point, and the room for its head."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

HEAD_LIMIT = 44
"""How many characters of a head fit into two lines of a phone page."""

Figures = Mapping[str, Any]
"""The figures of an insight, by name."""

Talk = tuple[str, list[str]]
"""A head and the sentences below it."""
