"""The subject: the reporting day, never the sending day, and what a reader must know before opening.

Made of a date and fixed words alone: no name, so no personal data and no line break can get into a header.
"""

from __future__ import annotations

from renderers.words import speak
from worker.domain.briefing import Briefing, Notice


def line(subject_matter: Briefing | Notice) -> str:
    """``Daily Standup Report - 2026-10-21``, with ``(corrected, rev 2)`` and ``- incomplete data`` where they apply."""
    words, revision = speak(subject_matter.language), subject_matter.revision
    corrected = words.say(" (corrected, rev {revision})", revision=revision) if revision > 1 else ""
    incomplete = words.say(" - incomplete data") if _is_incomplete(subject_matter) else ""
    return f"Daily Standup Report - {subject_matter.reporting_day.isoformat()}{corrected}{incomplete}"


def _is_incomplete(subject_matter: Briefing | Notice) -> bool:
    return isinstance(subject_matter, Briefing) and not subject_matter.completeness.whole
