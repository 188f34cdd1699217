"""What is asked for: fixed manners, ids only, and columns that the platform offers."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from tests.unit.genesys.exports.conftest import ORDER
from worker.domain.rows import Window
from worker.genesys.exports.views import AGENT_VIEW, PDF_VIEW, QUEUE_VIEW, ViewOffer, body, selected


def names(offer: ViewOffer) -> list[object]:
    return [item["columnName"] for item in selected(QUEUE_VIEW, offer)]


def test_the_columns_that_are_read_are_asked_for_as_far_as_there_are_such() -> None:
    offer = ViewOffer(
        frozenset({"ANSWERED_COUNT", "OFFERED_COUNT", "ABANDONED_COUNT", "HANDLED_COUNT", "AVG_ACW_TIME"})
    )
    assert names(offer) == ["OFFERED_COUNT", "ANSWERED_COUNT", "ABANDONED_COUNT", "HANDLED_COUNT"]
    assert [item["columnOrder"] for item in selected(QUEUE_VIEW, offer)] == [1, 2, 3, 4]


def test_what_a_view_requires_and_what_a_column_depends_on_comes_along_once() -> None:
    offer = ViewOffer(frozenset(QUEUE_VIEW.optional), ("MEDIA", "OFFERED_COUNT"), {"HANDLED_COUNT": ("TOTAL", "MEDIA")})
    collected_rows = names(offer)
    assert collected_rows[:2] == ["MEDIA", "OFFERED_COUNT"]
    assert collected_rows.index("TOTAL") == collected_rows.index("HANDLED_COUNT") + 1
    assert len(set(collected_rows)) == len(collected_rows)


def test_the_views_own_columns_are_taken_where_a_needed_one_is_not_offered() -> None:
    assert selected(QUEUE_VIEW, ViewOffer(frozenset({"OFFERED_COUNT"}))) == []
    assert "selectedColumns" not in body(QUEUE_VIEW, ORDER, "n", {"queueIds": ["q"]}, ViewOffer())


def test_the_manners_of_a_file_are_fixed() -> None:
    request = body(QUEUE_VIEW, ORDER, "standup-x-queues", {"queueIds": ["q1"], "mediaTypes": ORDER.media}, ViewOffer())
    assert request == {
        "name": "standup-x-queues",
        "timeZone": "America/New_York",
        "exportFormat": "CSV",
        "interval": "2026-11-16T05:00:00.000Z/2026-11-17T05:00:00.000Z",
        "period": "PT30M",
        "viewType": "QUEUE_PERFORMANCE_DETAIL_VIEW",
        "filter": {"queueIds": ["q1"], "mediaTypes": ["voice"]},
        "locale": "en-us",
        "hasSplitFilters": True,
        "hasSplitByMedia": True,
        "hasSummaryRow": False,
        "excludeEmptyRows": True,
        "csvDelimiter": "COMMA",
        "hasFormatDurations": False,
        "durationFormat": "Milliseconds",
        "includeDurationFormatInHeader": False,
    }


def test_empty_rows_are_asked_for_only_where_the_clock_repeats_an_hour() -> None:
    days = {
        datetime(2026, 11, 1): False,  # 25 h
        datetime(2026, 11, 2): True,
        datetime(2026, 3, 8): True,  # 23 h
    }
    zone = ZoneInfo(ORDER.zone)
    for day, excludes_empty in days.items():
        window = Window(day.replace(tzinfo=zone), (day + timedelta(days=1)).replace(tzinfo=zone))
        assert (
            body(QUEUE_VIEW, replace(ORDER, window=window), "n", {}, ViewOffer())["excludeEmptyRows"] is excludes_empty
        )


def test_agents_and_the_pdf_are_asked_for_by_the_day() -> None:
    assert body(AGENT_VIEW, ORDER, "n", {"userIds": ["u1"]}, ViewOffer())["period"] == "P1D"
    assert (
        body(PDF_VIEW, ORDER, "n", {"queueIds": ["q1"]}, ViewOffer(frozenset({"OFFERED_COUNT"})), "PDF")["exportFormat"]
        == "PDF"
    )
