"""The notice: why there is no briefing, in the same hand as one."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from renderers import render_message
from tests.unit.renderers.message.conftest import read
from worker.domain.briefing.content import Notice


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
