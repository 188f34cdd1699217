"""Why the service level is low, in the message: the conclusion and each part with a bar."""

from __future__ import annotations

from dataclasses import dataclass

from renderers.words import Words
from renderers.words.why import Tone
from worker.domain.briefing.content import Briefing
from worker.domain.why.content import Why

LONGEST_BAR = 100
"""The length of the longest bar, in pixels."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the change. ``bar`` is its length in pixels, ``tone`` its colour: bad, good or neutral."""

    label: str
    points: str
    bar: int
    tone: Tone


@dataclass(frozen=True, slots=True)
class WhyPart:
    """What the message says of a low service level. The points of the parts sum to the total."""

    heading: str
    summary: str
    from_to: str
    parts: tuple[Part, ...]
    total: tuple[str, str]


def why_part(words: Words, briefing: Briefing) -> WhyPart | None:
    """Return why the service level is low, None if it is not or cannot be explained."""
    explanation = briefing.explanation
    if not isinstance(explanation, Why):
        return None
    waterfall = words.waterfall(explanation)
    longest = max(abs(step.points) for step in waterfall.steps) or 1.0
    return WhyPart(
        heading=words.why_title(),
        summary=" ".join(words.why_summary(explanation)),
        from_to=words.why_from_to(explanation) + ".",
        parts=tuple(
            Part(
                step.label,
                words.signed(step.points),
                max(round(LONGEST_BAR * abs(step.points) / longest), 2),
                waterfall.tone(step),
            )
            for step in waterfall.steps
        ),
        total=(words.say("Together"), words.signed(waterfall.change)),
    )
