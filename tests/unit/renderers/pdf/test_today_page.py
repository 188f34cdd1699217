"""The page of what today brings."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from renderers import pdf
from worker.domain.today.outlook import MediumToday, Outlook, RiskWindow, StaffedHalfHour

NEW_YORK = ZoneInfo("America/New_York")


@pytest.mark.parametrize("expected", [0.55, None])
def test_times_that_come_twice_are_told_apart_in_the_table(make_briefing, texts, expected) -> None:
    midnight = datetime(2026, 11, 1, 4, tzinfo=UTC)
    starts = [(midnight + timedelta(minutes=30 * number)).astimezone(NEW_YORK) for number in range(12)]
    halves = tuple(StaffedHalfHour(start, 50.0, 300.0, 20, 12 if start.hour == 1 else 20, expected) for start in starts)
    window = RiskWindow(starts[2], starts[6], 8, 8)
    medium = MediumToday("voice", halves, 600.0, True, window=window, riskiest=halves[2:6])
    outlook = Outlook(date(2026, 11, 1), (medium,), goal=0.8)
    text = " ".join(texts(pdf.render(make_briefing(today=outlook, reporting_day=date(2026, 10, 31)))))
    for start in ("01:00 UTC-4", "01:30 UTC-4", "01:00 UTC-5", "01:30 UTC-5"):
        assert f"{start} 50 20 12 8 short" in text
