"""What the verdict says of a day with hours without a contact."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from renderers.words import speak
from worker.domain.briefing.content import Briefing, Completeness, Insight
from worker.domain.briefing.usual_content import Place, SilentTime, UsualFigure
from worker.domain.metrics import Status
from worker.domain.rows import Gap

EN, DE = speak("en"), speak("de")
RANGE = UsualFigure(408, 505, 455, Place.UNUSUALLY_LOW, 26, is_of_weekday=False)
SILENT = SilentTime("10:00", "13:00", RANGE)


def with_status(day: Briefing, status: Status) -> Briefing:
    """Return the day with this status of each metric."""
    tiles = (dataclasses.replace(tile, reading=dataclasses.replace(tile.reading, status=status)) for tile in day.tiles)
    return dataclasses.replace(day, tiles=tuple(tiles))


@pytest.mark.parametrize(
    ("status", "status_of_verdict"),
    [
        (Status.ON_TARGET, Status.WATCH),
        (Status.WATCH, Status.WATCH),
        (Status.MISSED, Status.MISSED),
        (Status.THIN, Status.THIN),
        (Status.NO_DATA, Status.NO_DATA),
    ],
)
def test_hours_without_a_contact_come_first_and_have_no_sign_of_success(
    make_briefing: Any, status: Status, status_of_verdict: Status
) -> None:
    day = with_status(make_briefing(silent_time=SILENT), status)
    verdict = EN.verdict(day)
    assert (verdict.status, verdict.sentences[0]) == (status_of_verdict, "10:00–13:00 without a contact.")
    assert DE.verdict(day).sentences[0] == "10:00–13:00 ohne einen Kontakt."
    assert EN.verdict(with_status(make_briefing(), status)).status is status


def test_an_unusual_figure_comes_after_the_hours_without_a_contact(make_briefing: Any) -> None:
    day = with_status(make_briefing(silent_time=SILENT), Status.ON_TARGET)
    high = dataclasses.replace(RANGE, place=Place.UNUSUALLY_HIGH)
    tiles = (dataclasses.replace(day.tiles[0], usual=high), *day.tiles[1:])
    verdict = EN.verdict(dataclasses.replace(day, tiles=tiles))
    assert verdict.sentences[:2] == ("10:00–13:00 without a contact.", "Service level is unusually high.")


def test_an_incomplete_day_names_no_silence(make_briefing: Any) -> None:
    hole = Completeness((Gap("partial", "One division is missing."),), ())
    verdict = EN.verdict(make_briefing(silent_time=SILENT, completeness=hole))
    assert "without a contact" not in verdict.detail


def test_the_medium_without_a_contact_is_named_where_another_had_contacts(make_briefing: Any) -> None:
    verdict = EN.verdict(make_briefing(silent_time=dataclasses.replace(SILENT, medium="voice")))
    assert verdict.sentences[0] == "Voice: 10:00–13:00 without a contact."
    figures = {"start": "10:00", "end": "13:00", "usual": RANGE, "medium": "voice"}
    talk = EN.insight(Insight("silent_hours", Status.WATCH, figures))
    assert (talk.head, talk.sentences[0]) == (
        "10:00–13:00 without a contact (voice)",
        "Usually 408–505 contacts come at this time.",
    )


def test_hours_without_a_contact_to_midnight_end_at_24_00(make_briefing: Any) -> None:
    day = with_status(make_briefing(silent_time=SilentTime("21:30", "00:00", RANGE)), Status.MISSED)
    assert EN.verdict(day).sentences[0] == "21:30–24:00 without a contact."
    insight = Insight("silent_hours", Status.WATCH, {"start": "21:30", "end": "00:00", "usual": RANGE})
    assert EN.insight(insight).head == "21:30–24:00 without a contact"
