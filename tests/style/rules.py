"""What the checks look for: `tool.standup.style` in pyproject.toml."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Rules:
    """The names and words to find. ``allowed_names`` has the exceptions, by file."""

    vague_names: frozenset[str]
    unusual_words: re.Pattern[str]
    allowed_names: Mapping[str, tuple[str, ...]]

    @classmethod
    def from_settings(cls, pyproject: Mapping[str, Any]) -> Rules:
        """Read the rules from the content of pyproject.toml."""
        style = pyproject["tool"]["standup"]["style"]
        return cls(
            vague_names=frozenset(" ".join(style["vague_names"]).split()),
            unusual_words=re.compile(rf"\b(?:{'|'.join(style['unusual_words'])})\b", re.IGNORECASE),
            allowed_names={file: tuple(names) for file, names in style["allowed_names"].items()},
        )
