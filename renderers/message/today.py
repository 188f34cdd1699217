"""Today in the message: the card, and the riskiest half-hours. It names no one."""

from __future__ import annotations

from dataclasses import dataclass

from renderers.words import MISSING, TodayText, Words
from worker.domain.today.outlook import Outlook, StaffedHalfHour


@dataclass(frozen=True, slots=True)
class RiskRow:
    """A half-hour, its figures as text. ``figures``: contacts, required and scheduled agents in one sentence."""

    time: str
    contacts: str
    required: str
    scheduled: str
    short: str
    figures: str
    is_short: bool


@dataclass(frozen=True, slots=True)
class Today:
    """What the message says of today. ``title``, ``rows`` and ``notes`` are empty without agents by half-hour."""

    text: TodayText
    title: str = ""
    rows: tuple[RiskRow, ...] = ()
    notes: tuple[str, ...] = ()


def today(words: Words, outlook: Outlook) -> Today:
    """Return what the message says of an outlook."""
    leading = outlook.leading
    if leading is None or not leading.riskiest:
        return Today(words.today(outlook))
    return Today(
        words.today(outlook),
        words.riskiest_title(leading),
        tuple(_row(words, half_hour) for half_hour in leading.riskiest),
        words.plan_notes(outlook),
    )


def _row(words: Words, half_hour: StaffedHalfHour) -> RiskRow:
    return RiskRow(
        time=words.clock(half_hour.start),
        contacts=MISSING if half_hour.offered is None else words.decimal(half_hour.offered),
        required=words.count(half_hour.required),
        scheduled=words.count(half_hour.scheduled),
        short=words.short(half_hour),
        figures=words.staffed(half_hour),
        is_short=half_hour.short is not None and half_hour.short > 0,
    )
