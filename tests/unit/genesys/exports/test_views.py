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


def test_a_request_names_the_read_columns_that_the_view_offers() -> None:
    offer = ViewOffer(
        frozenset({"ANSWERED_COUNT", "OFFERED_COUNT", "ABANDONED_COUNT", "HANDLED_COUNT", "AVG_ACW_TIME"})
    )
    assert names(offer) == ["OFFERED_COUNT", "ANSWERED_COUNT", "ABANDONED_COUNT", "HANDLED_COUNT"]
    assert [item["columnOrder"] for item in selected(QUEUE_VIEW, offer)] == [1, 2, 3, 4]


def test_required_columns_and_dependencies_are_requested_once() -> None:
    offer = ViewOffer(frozenset(QUEUE_VIEW.optional), ("MEDIA", "OFFERED_COUNT"), {"HANDLED_COUNT": ("TOTAL", "MEDIA")})
    collected_rows = names(offer)
    assert collected_rows[:2] == ["MEDIA", "OFFERED_COUNT"]
    assert collected_rows.index("TOTAL") == collected_rows.index("HANDLED_COUNT") + 1
    assert len(set(collected_rows)) == len(collected_rows)


def test_a_view_that_lacks_a_needed_column_is_requested_with_its_own_columns() -> None:
    assert selected(QUEUE_VIEW, ViewOffer(frozenset({"OFFERED_COUNT"}))) == []
    assert "selectedColumns" not in body(QUEUE_VIEW, ORDER, "n", {"queueIds": ["q"]}, ViewOffer())


def test_a_request_fixes_locale_delimiter_and_format_of_the_file() -> None:
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


def test_agents_and_the_pdf_are_requested_for_the_whole_day() -> None:
    assert body(AGENT_VIEW, ORDER, "n", {"userIds": ["u1"]}, ViewOffer())["period"] == "P1D"
    assert (
        body(PDF_VIEW, ORDER, "n", {"queueIds": ["q1"]}, ViewOffer(frozenset({"OFFERED_COUNT"})), "PDF")["exportFormat"]
        == "PDF"
    )
