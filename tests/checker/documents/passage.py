"""One piece of delivered text, with what part it plays in its document."""

from __future__ import annotations

from dataclasses import dataclass

SHAPES = {"✓": "on_target", "▲": "watch", "✕": "missed", "◐": "partial", "○": "no_data"}
"""The sign beside a head or a row, and the status that it means."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A role and its parts from left to right; ``place`` says where it is, for findings.

    role              parts
    verdict           status, head, detail
    tile              metric, value, status, goal
    tile_change       metric, reference and change
    tile_note         metric, why there is no value or no comparison
    talk              status, head, detail
    half_hours        the sentence above the half-hours
    figure            label, value, caption
    queues            the sentence above the queues
    queue             status, name, value, change, caption
    agents            the sentence above the agents
    agent             status, name, value, caption
    fact              label, line
    correction        label, before, now
    all other roles   one text: heading, eyebrow, day, corrected, warning, note, chart, chart_label, foot, subject
    """

    place: str
    role: str
    parts: tuple[str, ...]

    @property
    def text(self) -> str:
        """All parts, for findings."""
        return " | ".join(part for part in self.parts if part)


UNBROKEN = "\ue000"
"""In place of a space that breaks no line, as long as other spaces separate columns."""


def spaced(text: str) -> str:
    """The text with every white space as one plain space, and without marks of direction."""
    plain = text.replace(UNBROKEN, " ")
    visible = "".join(character for character in plain if character not in "\u2068\u2069\u200e\u200b")
    return " ".join(visible.split())
