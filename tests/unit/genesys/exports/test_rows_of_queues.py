"""The view of queues, in its dialects, becomes half-hours with counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from tests.unit.genesys.exports.conftest import ORDER, QUEUE_HEADER, ZONE, line, table
from worker.domain.calendar.business_day import window_of
from worker.domain.rows import QueueInterval, Window
from worker.errors import MalformedAnswer
from worker.genesys.exports.rows import queue_intervals, unfinished
from worker.genesys.source import Order

SEEN = "Offer,Answer,Answer %,Abandon,Abandon %,ASA,Service Level %,Service Level Target %,Avg Handle,Short Abandon\n"
"""The figures' headers of files seen in public; no count of handled contacts among them."""


def read(text: str | bytes, order: Order = ORDER, queues: tuple[str, ...] = ("q1", "q2")) -> list[QueueInterval]:
    return queue_intervals(table(text), order, queues).intervals


def test_a_file_as_seen_in_public_gives_counts() -> None:
    text = QUEUE_HEADER + SEEN
    text += line("11/16/26 09:00 AM", "q1", "12,10,0.8333,1,0.0833,2700.5,0.9091,0.8,300000,")
    (row,) = read(text)
    assert row == QueueInterval(
        queue_id="q1",
        media_type="voice",
        start=datetime(2026, 11, 16, 14, tzinfo=UTC),
        offered=12,
        answered=10,
        answered_late=0,
        abandoned=1,
        short_abandoned=0,
        service_level_numerator=10,
        service_level_denominator=11,
        handled=None,
        handle_ms=None,
        answer_ms=27005,
    )


@pytest.mark.parametrize(
    ("encoding", "delimiter", "percent", "start"),
    [
        ("utf-8", ",", "81.25", "2026-11-16T14:00:00.000Z"),
        ("utf-8-sig", ",", "81.25%", "2026-11-16T09:00:00-05:00"),
        ("utf-16", "\t", "0.8125", "11/16/2026 9:00 AM"),
        ("cp1252", ";", "81,25", "11/16/26, 9:00:00 AM"),
    ],
)
def test_every_dialect_of_a_file_gives_the_same_rows(encoding: str, delimiter: str, percent: str, start: str) -> None:
    header = ["Interval Start", "Media Type", "Queue Id", "Queue Name", "Offer", "Answer", "Abandon"]
    header += ["Service Level %", "Handle", "Avg Handle"]
    cells = [start, "voice", "q1", "Zoë", "16", "14", "2", percent, "13", "00:01:40"]
    lines = (delimiter.join(f'"{cell}"' for cell in row) for row in (header, cells))
    (row,) = read("\r\n".join(lines).encode(encoding))
    assert (row.start, row.offered, row.handle_ms) == (datetime(2026, 11, 16, 14, tzinfo=UTC), 16, 1_300_000)
    assert (row.service_level_numerator, row.service_level_denominator) == (13, 16)


def test_rows_that_add_queues_up_are_dropped() -> None:
    text = QUEUE_HEADER + "Offer,Answer,Abandon\n"
    text += line("11/16/26 09:00 AM", "q1", "3,3,") + line("11/16/26 09:00 AM", "q1; q2", "7,7,")
    assert [row.offered for row in read(text)] == [3]


def test_a_file_with_nothing_but_sums_is_refused() -> None:
    text = QUEUE_HEADER + "Offer,Answer,Abandon\n" + line("11/16/26 09:00 AM", "q1; q2", "7,7,")
    with pytest.raises(MalformedAnswer, match="line 2: the file adds the queues up"):
        read(text)


def test_other_queues_other_media_and_empty_rows_are_left_out() -> None:
    text = QUEUE_HEADER + "Offer,Answer,Abandon\n"
    text += line("11/16/26 09:00 AM", "q9", "3,3,") + line("11/16/26 09:30 AM", "q1", "4,4,", media="email")
    text += line("11/16/26 10:00 AM", "q1", ",,") + line("", "q1", ",,")
    assert read(text) == []


def test_a_row_without_a_start_that_adds_up_its_queue_is_left_out() -> None:
    text = QUEUE_HEADER + "Offer,Answer,Abandon\n" + line("", "q1", "7,7,")
    text += line("11/16/26 09:00 AM", "q1", "3,3,") + line("11/16/26 09:30 AM", "q1", "4,4,")
    assert [row.offered for row in read(text)] == [3, 4]


def test_contacts_of_a_row_without_a_start_are_refused() -> None:
    text = QUEUE_HEADER + "Offer,Answer,Abandon\n" + line("11/16/26 09:00 AM", "q1", "3,3,") + line("", "q1", "99,99,")
    with pytest.raises(MalformedAnswer, match="line 3: the queue 'Name of q1' has a row without a half-hour"):
        read(text)


def test_a_file_with_the_queues_ids_in_other_capitals_is_refused() -> None:
    text = QUEUE_HEADER + "Offer,Answer,Abandon\n" + line("11/16/26 09:00 AM", "Q1", "3,3,")
    with pytest.raises(MalformedAnswer, match="line 2: the queue id 'Q1' is in other capitals"):
        read(text)


def test_average_times_in_another_unit_than_milliseconds_are_not_known() -> None:
    text = QUEUE_HEADER + FIGURES + line("11/16/26 09:00 AM", "q1", "10,8,2,20,0.8,300,8")
    rows = queue_intervals(table(text), ORDER, ("q1",))
    assert (rows.intervals[0].answer_ms, rows.intervals[0].handle_ms) == (None, None)
    assert "line 2: '300' in the column averageHandleMs may be in another unit than milliseconds" in rows.gaps[0].detail
    assert "averageAnswerMs" in rows.gaps[1].detail


def test_a_file_without_rows_is_a_day_without_calls() -> None:
    assert read(QUEUE_HEADER + "Offer,Answer,Abandon\n") == []


def test_the_hour_that_occurs_twice_is_two_hours() -> None:
    order = replace(ORDER, window=Window(datetime(2026, 11, 1, tzinfo=ZONE), datetime(2026, 11, 2, tzinfo=ZONE)))
    text = QUEUE_HEADER + "Offer,Answer,Abandon\n"
    text += line("11/1/26 1:30 AM", "q1", "1,1,") + line("11/1/26 1:30 AM", "q1", "2,2,")
    assert [(row.start.hour, row.offered) for row in read(text, order) if row.start] == [(5, 1), (6, 2)]


AUTUMN = replace(ORDER, window=Window(datetime(2026, 11, 1, tzinfo=ZONE), datetime(2026, 11, 2, tzinfo=ZONE)))
SPRING = replace(ORDER, window=Window(datetime(2026, 3, 8, tzinfo=ZONE), datetime(2026, 3, 9, tzinfo=ZONE)))


def test_a_half_hour_that_the_clock_shows_twice_with_one_row_is_reported() -> None:
    text = QUEUE_HEADER + "Offer,Answer,Abandon\n"
    for start, queue in (("12:30", "q1"), ("1:00", "q1"), ("1:00", "q1"), ("1:30", "q1"), ("2:00", "q1")):
        text += line(f"11/1/26 {start} AM", queue, "3,3,")
    rows = queue_intervals(table(text), AUTUMN, ("q1",))
    assert [row.start.hour for row in rows.intervals if row.start] == [4, 5, 6, 5, 7]
    (gap,) = rows.gaps
    assert gap.kind == "unavailable"
    assert "line 5: the clock shows '11/1/26 1:30 AM' twice on this day" in gap.detail


def test_times_with_an_offset_have_one_reading() -> None:
    text = QUEUE_HEADER + "Offer,Answer,Abandon\n" + line("2026-11-01T01:30:00-05:00", "q1", "3,3,")
    rows = queue_intervals(table(text), AUTUMN, ("q1",))
    assert (rows.intervals[0].start, rows.gaps) == (datetime(2026, 11, 1, 6, 30, tzinfo=UTC), ())


def test_contacts_in_an_hour_that_clocks_jump_over_are_refused() -> None:
    text = QUEUE_HEADER + "Offer,Answer,Abandon\n" + line("3/8/26 2:30 AM", "q1", "3,3,")
    with pytest.raises(MalformedAnswer, match="line 2: clocks in America/New_York jump over '3/8/26 2:30 AM'"):
        read(text, SPRING)


def test_an_empty_row_of_an_hour_that_clocks_jump_over_is_left_out() -> None:
    text = QUEUE_HEADER + "Offer,Answer,Abandon\n"
    text += line("3/8/26 2:30 AM", "q1", "0,,") + line("3/8/26 3:30 AM", "q1", "3,3,")
    assert [(row.start.hour, row.offered) for row in read(text, SPRING) if row.start] == [(7, 3)]


def test_a_half_hour_that_occurs_twice_on_another_day_is_refused() -> None:
    text = QUEUE_HEADER + "Offer,Answer,Abandon\n" + line("11/16/26 1:30 AM", "q1", "1,1,") * 2
    with pytest.raises(MalformedAnswer, match="occurs twice"):
        read(text)


@pytest.mark.parametrize("start", ["11/15/26 11:30 PM", "16/11/26 09:00", "11/17/26 12:00 AM"])
def test_figures_of_another_day_are_refused(start: str) -> None:
    with pytest.raises(MalformedAnswer, match="line 2"):
        read(QUEUE_HEADER + "Offer,Answer,Abandon\n" + line(start, "q1", "1,1,"))


@pytest.mark.parametrize("header", ["Interval Start", "Queue Id", "Offer", "Answer", "Abandon"])
def test_a_missing_column_is_an_error_that_lists_those_found(header: str) -> None:
    text = (QUEUE_HEADER + "Offer,Answer,Abandon\n").replace(header, "Otherwise")
    with pytest.raises(MalformedAnswer, match=rf"lacks the columns {header}; its header has: .*'Otherwise'.*Ask"):
        read(text)


def test_percentages_too_coarse_to_count_are_stated_and_not_added_up() -> None:
    text = QUEUE_HEADER + "Offer,Answer,Abandon,Service Level %\n" + line("11/16/26 09:00 AM", "q1", "400,390,10,81")
    (row,) = read(text)
    assert row.stated == {"service_level": 0.81}
    assert (row.service_level_numerator, row.answered_late) == (None, None)


def test_coarse_percentages_suffice_beside_a_count_of_late_contacts() -> None:
    text = QUEUE_HEADER + "Offer,Answer,Abandon,Service Level %,Over Service Level\n"
    (row,) = read(text + line("11/16/26 09:00 AM", "q1", "400,390,10,81,66"))
    assert (row.service_level_numerator, row.service_level_denominator, row.stated) == (324, 400, {})


@pytest.mark.parametrize("cells", ["many,1,0", "1.5,1,0", "-1,1,0"])
def test_a_senseless_count_names_its_line_and_column(cells: str) -> None:
    with pytest.raises(MalformedAnswer, match=r"line 2.*column 'Offer' \(offered, count\)"):
        read(QUEUE_HEADER + "Offer,Answer,Abandon\n" + line("11/16/26 09:00 AM", "q1", cells))


def test_a_file_that_is_cut_off_is_refused() -> None:
    text = QUEUE_HEADER + "Offer,Answer,Abandon\n" + line("11/16/26 09:00 AM", "q1", "12,10,1")
    with pytest.raises(MalformedAnswer, match="cut off"):
        read(text[: -len(",10,1\n")])


def test_incomplete_half_hours_are_reported() -> None:
    text = QUEUE_HEADER + "Offer,Answer,Abandon\n"
    text += line("11/16/26 09:00 AM", "q1", "1,1,") + line("11/16/26 11:30 PM", "q1", "1,1,").replace("TRUE", "FALSE")
    (gap,) = unfinished(table(text), "export of queues")
    assert (gap.kind, gap.metric) == ("late_data", None)
    assert "a part of its export" in gap.detail


@pytest.mark.parametrize("label", ["", "All", "voice; chat"])
def test_a_row_that_adds_up_the_media_is_left_out(label: str) -> None:
    order = replace(ORDER, media=("voice", "chat"))
    text = QUEUE_HEADER + "Offer,Answer,Abandon\n"
    text += line("11/16/26 09:00 AM", "q1", "5,4,1") + line("11/16/26 09:00 AM", "q1", "7,7,", media="chat")
    text += line("11/16/26 09:00 AM", "q1", "12,11,1", media=label)
    assert [(row.media_type, row.offered) for row in read(text, order)] == [("voice", 5), ("chat", 7)]


def test_a_row_for_all_media_that_does_not_add_up_is_refused() -> None:
    order = replace(ORDER, media=("voice", "chat"))
    text = QUEUE_HEADER + "Offer,Answer,Abandon\n"
    text += line("11/16/26 09:00 AM", "q1", "5,4,1") + line("11/16/26 09:00 AM", "q1", "12,11,1", media="All")
    with pytest.raises(MalformedAnswer, match="is not the sum of the other rows"):
        read(text, order)


def test_contacts_of_an_unknown_medium_are_reported() -> None:
    text = QUEUE_HEADER + "Offer,Answer,Abandon\n"
    text += line("11/16/26 09:00 AM", "q1", "5,4,1") + line("11/16/26 09:00 AM", "q1", "7,7,", media="Web chat")
    rows = queue_intervals(table(text), ORDER, ("q1",))
    assert [row.offered for row in rows.intervals] == [5]
    assert "7 contacts of 'Name of q1' under the medium 'Web chat'" in rows.gaps[0].detail


@pytest.mark.parametrize("level", ["1", "1.0", "1.0000", "100.00", "100.00%"])
def test_a_day_on_which_all_were_answered_in_time_has_a_service_level(level: str) -> None:
    text = QUEUE_HEADER + "Offer,Answer,Abandon,Service Level %\n"
    for start in ("09:00 AM", "09:30 AM", "10:00 AM"):
        text += line(f"11/16/26 {start}", "q1", f"200,200,,{level}")
    rows = read(text)
    assert [(row.service_level_numerator, row.service_level_denominator) for row in rows] == [(200, 200)] * 3


def test_a_day_on_which_none_was_answered_in_time_has_a_service_level() -> None:
    text = QUEUE_HEADER + "Offer,Answer,Abandon,Service Level %\n" + line("11/16/26 09:00 AM", "q1", "20,20,,0")
    assert [(row.service_level_numerator, row.service_level_denominator) for row in read(text)] == [(0, 20)]


def test_an_empty_average_of_contacts_that_exist_is_zero() -> None:
    text = QUEUE_HEADER + "Offer,Answer,Abandon,ASA\n"
    text += line("11/16/26 09:00 AM", "q1", "90,90,,") + line("11/16/26 09:30 AM", "q1", "10,10,,20000")
    rows = read(text)
    assert sum(row.answer_ms or 0 for row in rows) / sum(row.answered or 0 for row in rows) == 2000


def test_a_percentage_of_another_queue_does_not_decide_the_scale() -> None:
    text = QUEUE_HEADER + "Offer,Answer,Abandon,Service Level %\n"
    text += line("11/16/26 09:00 AM", "q1", "16,14,2,0.8125") + line("11/16/26 09:00 AM", "q9", "1,1,,100")
    (row,) = read(text)
    assert (row.service_level_numerator, row.service_level_denominator) == (13, 16)


def test_milliseconds_with_thousands_separators_are_read() -> None:
    text = QUEUE_HEADER + "Offer,Answer,Abandon,ASA\n" + line("11/16/26 09:00 AM", "q1", '1,1,,"900,000"')
    assert [row.answer_ms for row in read(text)] == [900_000]


@pytest.mark.parametrize("cell", ["NaN", "#N/A", "-"])
def test_a_service_level_without_a_figure_does_not_refuse_the_file(cell: str) -> None:
    text = QUEUE_HEADER + "Offer,Answer,Abandon,Service Level %\n"
    text += line("11/16/26 09:00 AM", "q1", "16,14,2,0.8125") + line("11/16/26 09:30 AM", "q1", f",,,{cell}")
    assert [row.service_level_numerator for row in read(text)] == [13]


def test_two_scales_in_one_column_are_refused() -> None:
    text = QUEUE_HEADER + "Offer,Answer,Abandon,Service Level %\n"
    text += line("11/16/26 09:00 AM", "q1", "16,14,2,0.8125") + line("11/16/26 09:30 AM", "q1", "16,14,2,81.25")
    with pytest.raises(MalformedAnswer, match=r"'0.8125' \(line 2\).*contradicts '81.25' \(line 3\)") as refusal:
        read(text)
    assert refusal.value.way_out.endswith('With source = "queries" the group gets the counts behind it.')


def test_an_impossible_service_level_is_unknown_and_reported() -> None:
    text = QUEUE_HEADER + "Offer,Answer,Abandon,Service Level %\n" + line("11/16/26 09:00 AM", "q1", "16,14,2,125%")
    rows = queue_intervals(table(text), ORDER, ("q1",))
    assert rows.intervals[0].stated == {}
    assert [gap.metric for gap in rows.gaps] == ["service_level"]


def test_a_level_without_a_figure_beside_contacts_makes_all_levels_unknown() -> None:
    text = QUEUE_HEADER + "Offer,Answer,Abandon,Service Level %\n"
    text += line("11/16/26 09:00 AM", "q1", "16,14,2,NaN") + line("11/16/26 09:30 AM", "q1", "16,14,2,0.8125")
    rows = queue_intervals(table(text), ORDER, ("q1",))
    assert [(row.service_level_numerator, row.stated) for row in rows.intervals] == [(None, {}), (None, {})]
    assert [gap.metric for gap in rows.gaps] == ["service_level"]


def test_a_ratio_of_nothing_is_no_lost_figure() -> None:
    text = QUEUE_HEADER + "Offer,Answer,Abandon,Service Level %,ASA\n"
    text += line("11/16/26 09:00 AM", "q1", "0,0,0,NaN,NaN") + line("11/16/26 09:30 AM", "q1", "16,14,2,0.8125,100")
    rows = queue_intervals(table(text), ORDER, ("q1",))
    assert [row.service_level_numerator for row in rows.intervals] == [None, 13]
    assert rows.gaps == ()


@pytest.mark.parametrize("column", ["offered", "answered", "abandoned"])
def test_a_count_without_a_figure_is_unknown_in_all_rows(column: str) -> None:
    cells = {"offered": "NaN,14,2", "answered": "16,#N/A,2", "abandoned": "16,14,-"}[column]
    text = QUEUE_HEADER + "Offer,Answer,Abandon\n"
    text += line("11/16/26 09:00 AM", "q1", cells) + line("11/16/26 09:30 AM", "q1", "16,14,2")
    rows = queue_intervals(table(text), ORDER, ("q1",))
    assert [getattr(row, column) for row in rows.intervals] == [None, None]
    assert len(rows.gaps) == 1


def test_an_average_without_a_figure_is_unknown_in_all_rows() -> None:
    text = QUEUE_HEADER + "Offer,Answer,Abandon,ASA\n"
    text += line("11/16/26 09:00 AM", "q1", "90,90,,NaN") + line("11/16/26 09:30 AM", "q1", "10,10,,20000")
    rows = queue_intervals(table(text), ORDER, ("q1",))
    assert [row.answer_ms for row in rows.intervals] == [None, None]
    assert "averageAnswerMs" in rows.gaps[0].detail


def test_a_row_for_the_day_that_begins_at_midnight_is_left_out() -> None:
    text = QUEUE_HEADER + "Offer,Answer,Abandon\n" + line("11/16/26 12:00 AM", "q1", "11,9,2")
    text += line("11/16/26 09:00 AM", "q1", "5,4,1") + line("11/16/26 09:30 AM", "q1", "6,5,1")
    assert [row.offered for row in read(text)] == [5, 6]


def test_a_row_for_a_day_whose_midnight_occurs_twice_is_left_out() -> None:
    havana, day = ZoneInfo("America/Havana"), date(2026, 11, 1)
    text = QUEUE_HEADER + "Offer,Answer,Abandon\n" + line("2026-11-01T04:00:00Z", "q1", "11,9,2")
    text += line("2026-11-01T14:00:00Z", "q1", "5,4,1") + line("2026-11-01T14:30:00Z", "q1", "6,5,1")
    order = replace(ORDER, zone=havana.key, window=window_of(day, havana))
    assert [row.offered for row in read(text, order)] == [5, 6]


def test_calls_in_the_first_half_hour_are_no_row_for_the_day() -> None:
    text = QUEUE_HEADER + "Offer,Answer,Abandon\n" + line("11/16/26 12:00 AM", "q1", "5,5,")
    text += line("11/16/26 09:00 AM", "q1", "5,5,")
    assert [row.offered for row in read(text)] == [5, 5]


FIGURES = "Offer,Answer,Abandon,ASA,Service Level %,Avg Handle,Handle\n"


def test_a_level_that_could_be_half_a_percent_or_half_is_unknown_and_reported() -> None:
    text = QUEUE_HEADER + FIGURES + line("11/16/26 09:00 AM", "q1", "200,190,10,5,0.5,300000,190")
    rows = queue_intervals(table(text), ORDER, ("q1",))
    assert (rows.intervals[0].stated, rows.intervals[0].service_level_numerator) == ({}, None)
    (gap,) = rows.gaps
    assert (gap.kind, gap.metric) == ("unavailable", "service_level")
    assert "'0.5' (line 2) in the column serviceLevel could be a fraction or a percentage" in gap.detail
    assert 'With source = "queries"' in gap.detail


def test_an_average_longer_than_the_day_is_unknown_and_reported() -> None:
    text = QUEUE_HEADER + FIGURES + line("11/16/26 09:00 AM", "q1", "10,8,2,900000000,0.8,300000,8")
    rows = queue_intervals(table(text), ORDER, ("q1",))
    assert (rows.intervals[0].answer_ms, rows.intervals[0].handle_ms) == (None, 2_400_000)
    assert "line 2: '900000000' in the column averageAnswerMs is longer than the day" in rows.gaps[0].detail


def test_half_hours_in_which_contacts_are_only_answered_late_or_only_end_are_kept() -> None:
    text = QUEUE_HEADER + FIGURES
    for start, cells in (("09:00", "3,,,,,,"), ("09:30", ",3,,90000,0,,"), ("10:00", ",,,,,240000,3")):
        text += line(f"11/16/26 {start} AM", "q1", cells)
    offered, answered, handled = queue_intervals(table(text), ORDER, ("q1",)).intervals
    assert (offered.offered, offered.answered, offered.answered_late) == (3, 0, 0)
    assert (answered.offered, answered.answered, answered.answered_late) == (0, 3, 3)
    assert (answered.service_level_numerator, answered.service_level_denominator) == (0, 3)
    assert (handled.offered, handled.handled, handled.handle_ms) == (0, 3, 720_000)


def test_an_empty_handle_time_of_contacts_is_unknown_and_reported() -> None:
    text = QUEUE_HEADER + FIGURES + line("11/16/26 09:00 AM", "q1", "10,8,2,,0.8,,8")
    text += line("11/16/26 09:30 AM", "q1", "4,,4,,0,,") + line("11/16/26 10:00 AM", "q1", "8,8,,2000,1,300000,8")
    rows = queue_intervals(table(text), ORDER, ("q1",))
    assert [row.handle_ms for row in rows.intervals] == [None, 0, None]
    assert [row.answer_ms for row in rows.intervals] == [0, 0, 16_000]
    (gap,) = rows.gaps
    assert (gap.kind, gap.metric) == ("unavailable", None)
    assert "line 2: the column averageHandleMs has no figure" in gap.detail
