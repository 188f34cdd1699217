"""The subject: the reporting day, and what a reader must know before opening."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from renderers import render_message
from worker.domain.briefing.content import Briefing, Completeness, Notice
from worker.domain.rows import Gap

PARTIAL = Completeness((Gap("partial", "2 of 3 divisions answered"),), ())
UNLICENSED = Completeness((Gap("unavailable", "no licence", "adherence"),), ())


@pytest.mark.parametrize(
    ("changes", "subject"),
    [
        ({}, "Daily Standup Report - 2026-10-21"),
        ({"revision": 2}, "Daily Standup Report - 2026-10-21 (corrected, rev 2)"),
        ({"completeness": PARTIAL}, "Daily Standup Report - 2026-10-21 - incomplete data"),
        (
            {"revision": 3, "completeness": PARTIAL},
            "Daily Standup Report - 2026-10-21 (corrected, rev 3) - incomplete data",
        ),
        ({"completeness": UNLICENSED}, "Daily Standup Report - 2026-10-21"),
        ({"group_title": "Sales\r\nBcc: everyone@example.com"}, "Daily Standup Report - 2026-10-21"),
    ],
)
def test_the_subject_of_a_briefing(
    make_briefing: Callable[..., Briefing], changes: dict[str, Any], subject: str
) -> None:
    assert render_message(make_briefing(**changes)).subject == subject


@pytest.mark.parametrize(
    ("changes", "subject"),
    [
        ({}, "Daily Standup Report - 2026-11-26"),
        ({"kind": "no_interactions"}, "Daily Standup Report - 2026-11-26"),
        ({"revision": 2}, "Daily Standup Report - 2026-11-26 (corrected, rev 2)"),
        ({"holiday_name": "Day\r\nBcc: x@example.com"}, "Daily Standup Report - 2026-11-26"),
    ],
)
def test_the_subject_of_a_notice(make_notice: Callable[..., Notice], changes: dict[str, Any], subject: str) -> None:
    assert render_message(make_notice(**changes)).subject == subject
