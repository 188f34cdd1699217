"""The notice: why there is no briefing, in the same hand as one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from renderers import render_message
from tests.unit.renderers.message.conftest import read
from worker.domain.briefing.content import Notice, OpenPoint, OpenPoints
from worker.domain.briefing.talking_points import TalkingPoint
from worker.domain.today.outlook import Outlook, PersonToday
from worker.domain.today.plan import NotKnown


def parts_of(notice: Notice) -> dict[str, str]:
    message = render_message(notice)
    return {"html": read(message.html).text, "text": " ".join(message.text.split())}


@pytest.mark.parametrize("part", ["html", "text"])
@pytest.mark.parametrize(
    "message",
    [
        "No Business Day Data Available",
        "Thursday 26 November 2026 was Thanksgiving Day in the group's calendar",
        "The last business day was Wednesday 25 November 2026.",
    ],
)
def test_a_holiday_is_named_with_the_last_business_day(
    make_notice: Callable[..., Notice], part: str, message: str
) -> None:
    assert message in parts_of(make_notice())[part]


@pytest.mark.parametrize("part", ["html", "text"])
@pytest.mark.parametrize("detail", ["2026-10-21T", "2026-11-25", "America/New_York"])
def test_a_notice_has_no_details_of_operators(make_notice: Callable[..., Notice], part: str, detail: str) -> None:
    assert detail not in parts_of(make_notice())[part]


@pytest.mark.parametrize("part", ["html", "text"])
def test_a_holiday_without_a_name_or_an_earlier_day_is_still_said(
    make_notice: Callable[..., Notice], part: str
) -> None:
    message = parts_of(make_notice(holiday_name=None, last_business_day=None))[part]
    assert "was a holiday in the group's calendar" in message
    assert "ast business day" not in message


@pytest.mark.parametrize("part", ["html", "text"])
def test_a_day_without_interactions_is_a_message_of_its_own(make_notice: Callable[..., Notice], part: str) -> None:
    message = parts_of(make_notice(kind="no_interactions", holiday_name=None, last_business_day=None))[part]
    assert "No interactions recorded: check the source" in message
    assert "No Business Day Data Available" not in message


def test_the_preheader_of_a_notice_says_which(make_notice: Callable[..., Notice]) -> None:
    assert render_message(make_notice()).preheader.startswith("Northgate Support: No Business Day Data Available.")


def test_a_holidays_name_is_escaped(make_notice: Callable[..., Notice]) -> None:
    message = render_message(make_notice(holiday_name="<img src=x onerror=alert(1)>"))
    assert "<img" not in message.html
    assert "<img src=x onerror=alert(1)>" in message.text


POINTS = OpenPoints(
    date(2026, 11, 25),
    (
        OpenPoint(TalkingPoint("worst_run", 0.523, start="11:00", end="12:30")),
        OpenPoint(TalkingPoint("costly_queues", 0.61, queue_id="q-1"), "Billing <EN>"),
        OpenPoint(TalkingPoint("target_missed", None, "adherence")),
    ),
)
OUTLOOK = Outlook(date(2026, 11, 27), reasons=(NotKnown.NO_SCHEDULE,), absent=(PersonToday("Marta Ruiz"),))


@pytest.mark.parametrize("part", ["html", "text"])
@pytest.mark.parametrize("language", ["en", "de"])
def test_a_notice_tells_of_today_and_of_open_points(
    make_notice: Callable[..., Notice], part: str, language: str
) -> None:
    message = parts_of(make_notice(today=OUTLOOK, open_points=POINTS, language=language))[part]
    sayings = {
        "en": ("No schedule is published for today.", "1 off.", "Open: 11:00–12:30 under target", "52.3% on Wed 25."),
        "de": (
            "Für heute ist kein Dienstplan veröffentlicht.",
            "1 abwesend.",
            "Offen: 11:00–12:30 unter Ziel",
            "52,3 % am Mi. 25.",
        ),
    }
    for saying in sayings[language]:
        assert saying in message.replace("\u00a0", " ")
    heading = {"en": "still open from wed 25 nov", "de": "noch offen von mi. 25. nov"}[language]
    assert heading in message.casefold()
    assert "Marta" not in message


def test_a_chat_card_of_a_notice_tells_of_today_and_of_open_points(make_notice: Callable[..., Notice]) -> None:
    points = render_message(make_notice(today=OUTLOOK, open_points=POINTS)).summary.points
    assert [point.head for point in points] == [
        "Today, Fri 27 Nov",
        "Open: 11:00–12:30 under target",
        "Open: Billing <EN> under target",
        "Open: Adherence off target",
    ]
    assert [point.detail for point in points[1:]] == ["52.3% on Wed 25.", "61.0% on Wed 25.", ""]


def test_the_name_of_a_queue_in_an_open_point_is_escaped(make_notice: Callable[..., Notice]) -> None:
    assert "<EN>" not in render_message(make_notice(open_points=POINTS)).html
