"""Every sentence, number and date that a reader sees."""

from __future__ import annotations

import dataclasses
import re
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from renderers import words
from renderers.words import speak
from renderers.words.insights.sentences import KINDS
from renderers.words.insights.talk import HEAD_LIMIT
from renderers.words.names import cut_in_middle, tidy
from worker.domain import insights
from worker.domain.briefing.content import (
    Change,
    Completeness,
    Counts,
    IncompleteFigure,
    Insight,
    PartWithoutFigure,
    Tile,
)
from worker.domain.briefing.usual_content import Measure, Place, UnusualQueue, UsualFigure
from worker.domain.metrics import Metric, Ratio, Reading, Status
from worker.domain.rows import Gap
from worker.domain.staffing.forecasts import ForecastScore
from worker.domain.today.forecasts import ForecastOfMedium

MISSED, WATCH, ON_TARGET, NO_DATA = Status.MISSED, Status.WATCH, Status.ON_TARGET, Status.NO_DATA
DAY = date(2026, 10, 21)
EN, DE = speak("en"), speak("de")


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (EN.count(1017), "1,017"),
        (EN.count(0), "0"),
        (EN.count(None), "–"),
        (EN.percent(0.775), "77.5%"),
        (EN.percent(0.52, 0), "52%"),
        (EN.percent(None), "–"),
        (EN.ratio(Ratio(0.064)), "6.4%"),
        (EN.ratio(None), "–"),
        (EN.points(-0.054), "5.4 points"),
        (EN.average_time(311_000.0), "5:11"),
        (EN.average_time(59_600.0), "1:00"),
        (EN.average_time(3_727_000.0), "1:02:07"),
        (EN.average_time(None), "–"),
        (EN.average_time(42_000.0), "0:42"),
        (EN.average_time(125_000.0), "2:05"),
        (EN.minutes(54 * 60), "54 min"),
        (EN.minutes(118 * 60), "1 h 58"),
        (EN.minutes(3599), "1 h 00"),
        (EN.minutes(None), "–"),
        (EN.bare_percent(0.07), "7"),
        (EN.bare_percent(0.925), "92.5"),
    ],
)
def test_numbers_read_as_people_write_them(texts, expected):
    assert texts == expected


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (EN.long_day(DAY), "Wednesday 21 October 2026"),
        (EN.day_in_title(DAY), "Wed 21 Oct 2026"),
        (EN.short_day(DAY), "Wed 21 Oct"),
        (EN.day_of_month(DAY), "Wed 21"),
        (EN.instant(datetime(2026, 10, 21, 9, 0, 5, 999, UTC)), "2026-10-21T09:00:05+00:00"),
        (EN.span(datetime(2026, 10, 21, 11, tzinfo=UTC), datetime(2026, 10, 21, 12, 30, tzinfo=UTC)), "11:00–12:30"),
        (EN.span(datetime(2026, 10, 21, 23, tzinfo=UTC), datetime(2026, 10, 22, tzinfo=UTC)), "23:00–24:00"),
    ],
)
def test_days_and_times_are_english_whatever_the_machine_speaks(texts, expected):
    assert texts == expected


def test_instants_show_their_own_offset():
    kathmandu = timezone(timedelta(hours=5, minutes=45))
    assert EN.instant(datetime(2026, 10, 21, tzinfo=kathmandu)) == "2026-10-21T00:00:00+05:45"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Billing EN", "Billing EN"),
        ("<b>&amp;", "<b>&amp;"),
        ("=1+1", "=1+1"),
        ("e\u0301", "é"),
        ("\u202eevil\u2066", "evil"),
        ("a\x00\x85\x9fb", "a b"),
        ("\ud800x", "x"),
        ("\uffffx\ufdd0", "x"),
        ("\U0001fae9 newer than this Python", "\U0001fae9 newer than this Python"),
        ("two\nlines\tand   more ", "two lines and more"),
        ("", "(no name)"),
        ("\x07", "(no name)"),
        ("👩\u200d👧 שלום", "👩\u200d👧 שלום"),
    ],
)
def test_names_lose_what_steers_and_keep_what_reads(name, expected):
    assert EN.clean(name) == expected


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [("abcdef", 6, "abcdef"), ("abcdefg", 6, "abcde…"), ("ab cdef", 4, "ab…"), ("xx\u0323\u0302y", 4, "x…")],
)
def test_texts_are_shortened_between_letters(text, limit, expected):
    assert words.shorten(text, limit) == expected


def reading(metric, value, status, goal):
    return Reading(metric, Ratio(value) if value is not None else None, status, goal)


@pytest.mark.parametrize(
    ("reading", "value", "goal"),
    [
        (reading(Metric.SERVICE_LEVEL, 0.775, MISSED, 0.8), "77.5%", "≥ 80%"),
        (reading(Metric.ABANDONMENT, 0.064, MISSED, 0.05), "6.4%", "≤ 5%"),
        (reading(Metric.OCCUPANCY, 0.847, ON_TARGET, (0.78, 0.86)), "84.7%", "78–86%"),
        (reading(Metric.ADHERENCE, None, NO_DATA, 0.925), "–", "≥ 92.5%"),
        (reading(Metric.SERVICE_LEVEL, 0.8, ON_TARGET, 0.8), "80.0%", "≥ 80%"),
        (reading(Metric.SERVICE_LEVEL, 0.7996, WATCH, 0.8), "79.96%", "≥ 80%"),
        (reading(Metric.ABANDONMENT, 0.050_04, WATCH, 0.05), "5.004%", "≤ 5%"),
        (reading(Metric.OCCUPANCY, 0.8604, WATCH, (0.78, 0.86)), "86.04%", "78–86%"),
    ],
)
def test_a_value_never_looks_like_the_goal_that_it_misses(reading, value, goal):
    assert (EN.value(reading), EN.goal(reading)) == (value, goal)


@pytest.mark.parametrize(
    ("metric", "status", "value"),
    [
        (Metric.SERVICE_LEVEL, Status.THIN, "5 of 8"),
        (Metric.ABANDONMENT, Status.THIN, "5 of 8"),
        (Metric.SERVICE_LEVEL, ON_TARGET, "62.5%"),
        (Metric.OCCUPANCY, Status.THIN, "62.5%"),
    ],
)
def test_a_share_of_few_contacts_is_shown_as_their_numbers(metric, status, value):
    assert EN.value(Reading(metric, Ratio(0.625, 5, 8), status, 0.5)) == value


def test_a_share_of_few_contacts_without_counts_stays_a_percentage():
    assert EN.value(Reading(Metric.SERVICE_LEVEL, Ratio(0.625), Status.THIN, 0.5)) == "62.5%"


@pytest.mark.parametrize(
    ("metric", "points", "direction", "tone", "text"),
    [
        (Metric.SERVICE_LEVEL, -0.054, "down", "worse", "5.4 points worse"),
        (Metric.SERVICE_LEVEL, 0.02, "up", "better", "2.0 points better"),
        (Metric.ABANDONMENT, 0.03, "up", "worse", "3.0 points worse"),
        (Metric.ABANDONMENT, -0.03, "down", "better", "3.0 points better"),
        (Metric.ADHERENCE, -0.015, "down", "worse", "1.5 points worse"),
        (Metric.OCCUPANCY, 0.027, "up", "neutral", "2.7 points"),
        (Metric.SERVICE_LEVEL, 0.0004, "flat", "neutral", "no change"),
    ],
)
def test_an_unusual_change_is_better_or_worse_by_its_metric(metric, points, direction, tone, text):
    place = Place.UNUSUALLY_HIGH if points > 0 else Place.UNUSUALLY_LOW
    assert EN.change(Change("previous", (DAY,), points), metric, in_range(place)) == words.ChangeText(
        direction, tone, text, text.removesuffix(f" {tone}")
    )


@pytest.mark.parametrize("place", [Place.INSIDE, Place.OUTSIDE, Place.UNUSUALLY_HIGH])
def test_a_change_that_is_not_unusual_is_only_a_number(place):
    change = Change("previous", (DAY,), -0.054)
    assert EN.change(change, Metric.SERVICE_LEVEL, in_range(place)).tone == "neutral"
    assert EN.change(change, Metric.SERVICE_LEVEL, None).text == "5.4 points"


def in_range(place):
    return UsualFigure(low=0.7, high=0.8, centre=0.75, place=place, days=20, is_of_weekday=False)


def test_a_queue_is_better_or_worse_only_if_its_own_service_level_is_unusual(make_briefing):
    briefing = make_briefing()
    line = next(line for line in briefing.queues if line.change and line.change.points < 0)
    unusual = UnusualQueue(
        queue_id="q",
        name=line.name,
        medium=line.medium,
        measure=Measure.SERVICE_LEVEL,
        value=0.5,
        contacts=100,
        usual=in_range(Place.UNUSUALLY_LOW),
    )
    assert EN.change_of_queue(briefing, line).tone == "neutral"
    assert EN.change_of_queue(dataclasses.replace(briefing, unusual_queues=(unusual,)), line).tone == "worse"
    of_volume = dataclasses.replace(unusual, measure=Measure.OFFERED)
    assert EN.change_of_queue(dataclasses.replace(briefing, unusual_queues=(of_volume,)), line).tone == "neutral"


def test_references_are_named_by_their_day_or_by_their_weekday():
    assert EN.reference(Change("previous", (date(2026, 10, 20),), 0.1)) == "Tue 20"
    assert EN.reference(Change("weekday_average", (date(2026, 10, 7), date(2026, 10, 14)), 0.1)) == "Wed avg"


def with_statuses(make_briefing, *statuses):
    tiles = [
        Tile(dataclasses.replace(tile.reading, status=status, ratio=None if status is NO_DATA else tile.reading.ratio))
        for tile, status in zip(make_briefing().tiles, statuses, strict=True)
    ]
    return make_briefing(tiles=tuple(tiles))


@pytest.mark.parametrize(
    ("statuses", "status", "head"),
    [
        ((MISSED, MISSED, ON_TARGET, WATCH), MISSED, "3 of 4 targets missed, 1 of them just"),
        ((ON_TARGET, WATCH, ON_TARGET, WATCH), WATCH, "2 of 4 targets just missed"),
        ((ON_TARGET,) * 4, ON_TARGET, "All 4 targets of the group met"),
        ((ON_TARGET, ON_TARGET, NO_DATA, NO_DATA), ON_TARGET, "Both targets of the group met"),
        ((MISSED, NO_DATA, NO_DATA, NO_DATA), MISSED, "Target missed"),
        ((ON_TARGET, NO_DATA, NO_DATA, NO_DATA), ON_TARGET, "Target met"),
        ((NO_DATA,) * 4, NO_DATA, "No target can be judged"),
    ],
)
def test_the_verdict_counts_targets_that_have_data(make_briefing, statuses, status, head):
    sentence = EN.verdict(with_statuses(make_briefing, *statuses))
    assert (sentence.status, sentence.head) == (status, head)


def test_the_verdict_names_the_worst_figure_if_none_is_unusual(make_briefing):
    assert EN.verdict(make_briefing()).detail == "Service level 77.5%, goal ≥ 80%. 135 contacts short."


def with_tile(make_briefing, metric, **changes):
    tiles = tuple(
        dataclasses.replace(tile, **changes) if tile.reading.metric is metric else tile
        for tile in make_briefing().tiles
    )
    return make_briefing(tiles=tiles)


@pytest.mark.parametrize(
    ("place", "english", "german"),
    [
        (Place.UNUSUALLY_LOW, "Service level is unusually low.", "Servicelevel auffällig niedrig."),
        (Place.UNUSUALLY_HIGH, "Service level is unusually high.", "Servicelevel auffällig hoch."),
        (
            Place.OUTSIDE,
            "Service level 77.5%, goal ≥ 80%. 135 contacts short.",
            "Servicelevel 77,5 %, Ziel ≥ 80 %. 135 Kontakte fehlen zum Ziel.",
        ),
    ],
)
def test_the_verdict_says_which_missed_figure_is_unusual(make_briefing, place, english, german):
    usual = UsualFigure(0.8, 0.9, 0.85, place, 26, is_of_weekday=False)
    day = with_tile(make_briefing, Metric.SERVICE_LEVEL, usual=usual)
    assert EN.verdict(day).detail == english
    assert DE.verdict(day).detail.replace("\u00a0", " ") == german


@pytest.mark.parametrize(
    ("trend", "thin_days", "detail"),
    [
        ((0.7,) * 6 + (0.9,) * 3 + (0.775,), (), "Service level: off target on 7 of the last 10 days."),
        ((0.79,) * 6 + (0.9,) * 3 + (0.775,), (), "Service level: off target on 7 of the last 10 days."),
        ((0.7,) * 5 + (0.8,) * 4 + (0.775,), (), "Service level 77.5%, goal ≥ 80%. 135 contacts short."),
        ((None,) + (0.7,) * 8 + (0.775,), (), "Service level 77.5%, goal ≥ 80%. 135 contacts short."),
        ((0.7,) * 9 + (0.775,), (True,) + (False,) * 9, "Service level 77.5%, goal ≥ 80%. 135 contacts short."),
        ((0.7,) * 8 + (0.775,), (), "Service level 77.5%, goal ≥ 80%. 135 contacts short."),
    ],
    ids=["seven days", "just missed", "six days", "a day is not known", "a day is thin", "nine days"],
)
def test_the_verdict_says_which_goal_is_missed_on_most_days(make_briefing, trend, thin_days, detail):
    day = with_tile(make_briefing, Metric.SERVICE_LEVEL, trend=trend, thin_days=thin_days)
    assert EN.verdict(day).detail == detail


@pytest.mark.parametrize(
    ("start", "head", "can_recur"),
    [
        ("2026-10-25T00:00:00Z", "First 02:00–second 02:00 was under target", False),
        ("2026-10-25T01:00:00Z", "Second 02:00–03:00 was under target", False),
        ("2026-03-29T00:30:00Z", "01:30–03:30 was under target", False),
        ("2026-10-26T00:00:00Z", "01:00–02:00 was under target", True),
    ],
)
def test_an_hour_that_the_clock_repeats_or_skips_cannot_recur_today(start, head, can_recur):
    first = datetime.fromisoformat(start.replace("Z", "+00:00"))
    end = (first + timedelta(hours=1)).astimezone(ZoneInfo("Europe/Berlin"))
    figures = {"start": first.astimezone(ZoneInfo("Europe/Berlin")), "end": end}
    figures |= {"service_level": 0.5, "goal": 0.8, "counted": 40, "minutes": 60, "abandons": None}
    talk = EN.insight(Insight("worst_run", MISSED, figures))
    assert talk.head == head
    assert ("Can it recur today?" in talk.detail) is can_recur


def test_an_unusual_figure_is_named_on_a_day_that_met_all_targets(make_briefing):
    usual = UsualFigure(0.9, 0.95, 0.92, Place.UNUSUALLY_HIGH, 26, is_of_weekday=False)
    met = with_statuses(make_briefing, *(ON_TARGET,) * 4)
    met = dataclasses.replace(met, tiles=(*met.tiles[:3], dataclasses.replace(met.tiles[3], usual=usual)), queues=())
    assert EN.verdict(met).detail == "Adherence is unusually high."


@pytest.mark.parametrize(
    ("zone", "start", "minutes", "text"),
    [
        ("Europe/Berlin", "2026-10-25T00:00:00Z", 60, "first 02:00–second 02:00"),
        ("Europe/Berlin", "2026-10-25T00:30:00Z", 60, "first 02:30–second 02:30"),
        ("Europe/Berlin", "2026-10-25T00:00:00Z", 30, "first 02:00–02:30"),
        ("Europe/Berlin", "2026-10-25T01:00:00Z", 60, "second 02:00–03:00"),
        ("Europe/Berlin", "2026-10-24T23:00:00Z", 90, "01:00–first 02:30"),
        ("Europe/Berlin", "2026-03-29T00:30:00Z", 60, "01:30–03:30"),
        ("Europe/Berlin", "2026-10-26T00:00:00Z", 60, "01:00–02:00"),
        ("America/Havana", "2026-11-01T04:00:00Z", 60, "first 00:00–second 00:00"),
        ("America/Havana", "2026-11-01T03:00:00Z", 60, "23:00–24:00"),  # midnight comes twice
        ("Australia/Lord_Howe", "2026-04-04T14:30:00Z", 30, "first 01:30–second 01:30"),
        ("UTC", "2026-10-25T23:00:00Z", 60, "23:00–24:00"),
    ],
)
def test_a_span_says_which_of_two_times_is_meant(zone, start, minutes, text):
    assert EN.span(*begin_and_end(zone, start, minutes)) == text


def begin_and_end(zone, start, minutes):
    begin = datetime.fromisoformat(start)
    return [instant.astimezone(ZoneInfo(zone)) for instant in (begin, begin + timedelta(minutes=minutes))]


def test_there_is_no_verdict_from_partial_data(make_briefing):
    hole = Completeness((Gap("partial", "3 of 5 pages"),), ())
    sentence = EN.verdict(make_briefing(completeness=hole))
    assert (sentence.status, sentence.head) == (Status.PARTIAL, "Incomplete data: no verdict")


def test_a_day_without_interactions_is_a_question_to_the_source(make_briefing):
    sentence = EN.verdict(make_briefing(counts=Counts(0, 0, 0, 0, None, None)))
    assert sentence.head == "No interactions recorded: check the source"


def test_only_a_later_revision_is_called_a_correction():
    assert [EN.corrected(revision) for revision in (1, 2, 7)] == ["", "Corrected, rev 2", "Corrected, rev 7"]


def test_half_hours_are_counted_and_the_worst_window_named(make_briefing):
    sentence = EN.half_hours_summary(make_briefing())
    assert sentence.head == "9 of 28 half-hours were under target."
    assert sentence.detail == "Lowest in 11:00–12:30: 52% at 11:00."
    assert EN.half_hours_summary(make_briefing(insights=())).detail == "The lowest was 52% at 11:00."
    fine = make_briefing(half_hours=make_briefing().half_hours[:3])
    assert EN.half_hours_summary(fine).status is ON_TARGET
    assert EN.half_hours_summary(make_briefing(half_hours=())).status is NO_DATA


def test_a_source_is_not_said_to_lack_half_hours_where_no_contact_counts(make_briefing):
    unserved = tuple(dataclasses.replace(half, service_level=None) for half in make_briefing().half_hours)
    afterwards = {"half_hours": (), "counts": Counts(0, 0, 0, 0, 300_000.0, None)}
    for changes in ({"half_hours": unserved}, afterwards):
        assert EN.half_hours_summary(make_briefing(**changes)).detail == "No contact counts towards it."
    assert EN.half_hours_summary(make_briefing(half_hours=())).detail == "The source gives the whole day only."


def test_a_service_level_with_unknown_counts_is_not_said_to_have_no_contacts(make_briefing):
    gap = Gap("partial", "The column abandoned has no figure.", "service_level")
    unknown = make_briefing(half_hours=(), completeness=Completeness((gap,), ()))
    assert EN.half_hours_summary(unknown).detail == "Not known: the source lacks a part of it."


def test_queues_and_agents_are_counted_against_their_target(make_briefing):
    assert EN.queues_summary(make_briefing()) == "4 of 12 under the 80% service-level target"
    assert EN.agents_summary(make_briefing()) == "10 of 46 under the 92% adherence target"
    good = make_briefing().queues[-2:]
    assert EN.queues_summary(make_briefing(queues=good)) == "None of 2 under the 80% service-level target"
    assert EN.queues_summary(make_briefing(queues=())) == "No queues on this day"
    unscheduled = Reading(Metric.ADHERENCE, None, NO_DATA, 0.92, "no schedule")
    line = tuple(dataclasses.replace(line, adherence=unscheduled) for line in make_briefing().agents[:1])
    assert EN.agents_summary(make_briefing(agents=line)) == "No adherence data"
    texts = (*make_briefing().agents[1:3], *line)
    text = EN.agents_summary(make_briefing(agents=texts))
    assert text == "2 of 2 under the 92% adherence target, 1 without data"


AT_11, AT_1230 = datetime(2026, 10, 21, 11, tzinfo=UTC), datetime(2026, 10, 21, 12, 30, tzinfo=UTC)
RUN = {
    "start": AT_11,
    "end": AT_1230,
    "service_level": 0.557,
    "goal": 0.8,
    "counted": 966,
    "abandons": 132,
    "abandons_of_day": 348,
    "minutes": 90,
}
COSTLY = {
    "names": ("Tech Support L1", "Billing EN"),
    "late": 640,
    "counted": 2_152,
    "other_late": 582,
    "other_counted": 3_286,
}
BAND = {"value": 0.91, "low": 0.78, "high": 0.86}
SENTENCES = [
    ("incomplete_data", WATCH, {"gaps": (Gap("partial", "3 of 5 pages"),)}, "Incomplete data", "3 of 5 pages."),
    (
        "worst_run",
        MISSED,
        RUN,
        "11:00–12:30 was under target",
        "56% service level over 966 contacts and 132 of the day’s 348 abandons in 90 minutes. Can it recur today?",
    ),
    (
        "worst_run",
        MISSED,
        {**RUN, "abandons": 0},
        "11:00–12:30 was under target",
        "56% service level over 966 contacts in 90 minutes. Can it recur today?",
    ),
    (
        "worst_run",
        WATCH,
        {**RUN, "abandons": 1, "abandons_of_day": 1, "minutes": 150},
        "11:00–12:30 was under target",
        "56% service level over 966 contacts and the day’s only abandon in 2 h 30. Can it recur today?",
    ),
    (
        "costly_queues",
        MISSED,
        COSTLY,
        "Tech Support L1 and Billing EN",
        "Together 30% not answered in time (640 of 2,152), elsewhere 18% (582 of 3,286).",
    ),
    (
        "costly_queues",
        MISSED,
        {**COSTLY, "names": ("Billing EN",)},
        "Billing EN",
        "30% not answered in time (640 of 2,152), elsewhere 18% (582 of 3,286).",
    ),
    (
        "agents_under_floor",
        WATCH,
        {"count": 4, "floor": 0.85, "off_schedule_seconds": 339 * 60, "late_logins": 4},
        "4 agents under 85% adherence",
        "Together 5 h 39 away from schedule, 4 late log-ins. What kept them?",
    ),
    (
        "agents_under_floor",
        WATCH,
        {"count": 1, "floor": 0.85, "off_schedule_seconds": 54 * 60, "late_logins": None},
        "1 agent under 85% adherence",
        "54 min away from schedule. What kept them?",
    ),
    (
        "occupancy_high",
        MISSED,
        BAND,
        "Occupancy above its band",
        "91.0% against 78–86%. No time to breathe: who can help out, and when?",
    ),
    (
        "occupancy_low",
        MISSED,
        {**BAND, "value": 0.6},
        "Occupancy below its band",
        "60.0% against 78–86%. Is there room for coaching or back-office work?",
    ),
    (
        "service_level_change",
        WATCH,
        {"points": -0.054, "previous": date(2026, 10, 20), "weeks": 4},
        "Service level down 5.4 points",
        "Compared with Tue 20 Oct. Also below the average of this weekday over 4 weeks. What changed?",
    ),
    (
        "service_level_change",
        ON_TARGET,
        {"points": 0.04, "previous": date(2026, 10, 20), "weeks": 1, "weekday": date(2026, 10, 14)},
        "Service level up 4.0 points",
        "Compared with Tue 20 Oct. Also above Wed 14 Oct. What helped?",
    ),
    (
        "volume_high",
        WATCH,
        {"ratio": 1.12, "usual": 4856.0, "weeks": 4},
        "12% more contacts than usual",
        "Usual: 4,856, the average of this weekday over 4 weeks. Does it go on today?",
    ),
    (
        "best_queue",
        ON_TARGET,
        {"name": "VIP Desk", "service_level": 0.892, "goal": 0.8, "offered": 139, "queues": 12, "fewest_contacts": 10},
        "Well done: VIP Desk",
        (
            "89.2% service level, 139 contacts offered. "
            "The highest service level of the 12 queues with at least 10 contacts."
        ),
    ),
    (
        "on_target_streak",
        ON_TARGET,
        {"metric": Metric.ADHERENCE, "days": 7},
        "Adherence: 7 days on target",
        "Business days in a row, this one included. Well done.",
    ),
    (
        "target_met",
        ON_TARGET,
        {"metric": Metric.OCCUPANCY, "value": 0.801, "goal": (0.78, 0.86)},
        "Well done: Occupancy",
        "80.1% against a goal of 78–86%.",
    ),
    (
        "target_met",
        ON_TARGET,
        {"metric": Metric.ABANDONMENT, "value": 0.031, "goal": 0.05},
        "Well done: Abandonment",
        "3.1% against a goal of ≤ 5%.",
    ),
    (
        "target_missed",
        MISSED,
        {"metric": Metric.ABANDONMENT, "value": 0.12, "goal": 0.05, "medium": "email"},
        "Abandonment (email): target missed",
        "12.0% against a goal of ≤ 5%.",
    ),
    ("all_targets_met", ON_TARGET, {}, "All targets of the group met", "Say thank you."),
]


@pytest.mark.parametrize(("kind", "status", "figures", "head", "detail"), SENTENCES)
def test_an_insight_states_its_figures(kind, status, figures, head, detail):
    sentence = EN.insight(Insight(kind, status, figures))
    assert (sentence.status, sentence.head, sentence.detail) == (status, head, detail)
    assert len(head) <= HEAD_LIMIT


def test_every_kind_of_insight_that_the_domain_knows_has_a_sentence():
    kinds = set(
        re.findall(r'Insight\(\s*"(\w+)"', "".join(p.read_text() for p in Path(insights.__file__).parent.glob("*.py")))
    )
    assert kinds
    assert kinds <= KINDS


def test_an_unknown_kind_of_insight_is_named():
    with pytest.raises(ValueError, match="'full_moon'"):
        EN.insight(Insight("full_moon", WATCH, {}))


def test_long_names_share_the_short_head_of_an_insight():
    figures = {**COSTLY, "names": ("A" * 500 + " Nord", "Billing EN")}
    sentence = EN.insight(Insight("costly_queues", MISSED, figures))
    assert sentence.head == f"{'A' * 500} Nord and Billing EN"
    assert len(sentence.short_head) <= HEAD_LIMIT
    assert re.fullmatch("A{10,}…A* Nord and Billing EN", sentence.short_head)


def test_names_that_differ_at_their_ends_stay_different_when_cut():
    names = [f"Customer care for businesses, region {region}" for region in ("North", "South")]
    assert len({words.shorten_name(name, 20) for name in names}) == 2
    assert all(len(words.shorten_name(name, limit)) <= limit for name in names for limit in range(1, 60))


def test_a_name_is_cut_between_words_where_that_shows_most_of_what_fits():
    assert words.shorten_name("Northgate Payments and Recovery", 22) == "Northgate … Recovery"
    assert words.shorten_name("Vertragsverlängerungsangelegenheiten Nord", 22) == "Vertragsverlän…en Nord"


def test_names_that_differ_in_their_middle_stay_different_beside_each_other():
    names = [f"Technischer Support Stufe {number} Festnetz" for number in (1, 2)]
    for limit in range(16, len(names[0])):
        cuts = {cut_in_middle(name, lambda text: len(text) <= limit, names) for name in names}  # noqa: B023
        assert len(cuts) == 2
        assert max(map(len, cuts)) <= limit


def test_a_name_is_not_cut_before_a_mark_of_its_letter():
    assert words.shorten_name("x\u0323\u0302" * 9, 12) == "x\u0323\u0302" * 2 + "…" + "x\u0323\u0302"


def test_the_sums_are_compared_with_the_day_before(make_briefing):
    captions = {figure.label: figure.caption for figure in EN.figures(make_briefing())}
    assert captions == {
        "Offered": "+8.3% vs Tue",
        "Answered": "93.6% of offered",
        "Abandoned": "6.4% of offered",
        "Avg handle": "+0:14 vs Tue",
        "Avg answer": "+0:23 vs Tue",
        "Not in time": "22.5% of offered",
    }


def test_without_a_day_before_the_sums_are_not_compared(make_briefing):
    texts = EN.figures(make_briefing(previous_counts=None, service_level_seconds=None))
    assert [figure.caption for figure in texts if "vs" in figure.caption] == []


def test_gaps_name_the_metric_and_come_with_the_worst_first(make_briefing):
    gaps = (Gap("unavailable", "no permission x", "adherence"), Gap("late_data", "source ends at 14:30"))
    texts = EN.gaps(make_briefing(completeness=Completeness(gaps, ())))
    assert texts == ("Source is late: source ends at 14:30", "Not available: Adherence, no permission x")


SALES, SOME = PartWithoutFigure("Sales", 2, 2), PartWithoutFigure("Billing", 1, 8)
LACKING = (
    IncompleteFigure("average_handle_ms", (SALES,)),
    IncompleteFigure("average_answer_ms", (SALES,)),
    IncompleteFigure("abandoned", (PartWithoutFigure("Sales", 2, 2, "email"), SOME)),
    IncompleteFigure("occupancy", (PartWithoutFigure("", 1, 14),)),
)


def test_figures_that_lack_a_part_are_named_in_one_line_as_far_as_it_fits(make_briefing):
    briefing = make_briefing(completeness=Completeness((), (), LACKING))
    long = "Not known, because a part is missing: Average handle, Average answer, Abandoned, + 1 more."
    assert EN.lacks(briefing) == long
    short = "Not known, because a part is missing: Average handle, + 3 more."
    assert EN.lacks(briefing, lambda line: len(line) < 70) == short
    assert EN.lacks_with_pointer(briefing) == f"{long} The PDF says why under “Data completeness”."


@pytest.mark.parametrize(
    ("bias", "line"),
    [
        (
            0.042,
            "4.2% above the contacts that came, half-hours 12.3% off (a perfect forecast: 9.1%).",
        ),
        (
            -1.5,
            "150.0% below the contacts that came, half-hours 12.3% off (a perfect forecast: 9.1%).",
        ),
        (
            0.0004,
            "As many contacts as came, half-hours 12.3% off (a perfect forecast: 9.1%).",
        ),
    ],
)
def test_the_panel_says_how_good_the_forecast_was(make_briefing, bias, line):
    score = ForecastOfMedium("voice", ForecastScore(0.123, bias, 0.091, 20, 24))
    inside = "20 of 24 half-hours inside the expected band."
    assert dict(EN.completeness(make_briefing(forecast_scores=(score,))))["Forecast"] == (f"{line} {inside}",)


def test_the_panel_says_which_parts_lack_which_figures(make_briefing):
    rows = dict(EN.completeness(make_briefing(completeness=Completeness((), (), LACKING))))
    assert rows["Not known"] == (
        "Average handle, Average answer: no figure for Sales.",
        "Abandoned: no figure for Sales (email), Billing (1 of 8 half-hours).",
        "Occupancy: no figure for 1 of 14 agents.",
    )
    assert rows["Sources"][0] == "0 sources, not all figures known"


def test_the_panel_says_which_days_are_compared(make_briefing):
    rows = dict(EN.completeness(make_briefing()))
    assert rows["Calendar"] == ("Tue 20 Oct = previous business day",)
    assert rows["Average"] == ("4 Wednesdays: 23, 30 Sep, 7, 14 Oct",)
    assert rows["To"] == ("2026-10-22T00:00:00-04:00 (exclusive)",)


def test_agents_are_described_by_what_is_known_of_them(make_briefing):
    first = make_briefing().agents[0]
    assert EN.agent_caption(first) == "1 h 58 off schedule · 2 late log-ins · Tech Support L1"
    little = dataclasses.replace(first, off_schedule_seconds=None, late_logins=None, queues=("A", "B", "C"))
    assert EN.agent_caption(little) == "A · B · + 1"


def test_a_queue_names_its_goal_only_where_queues_have_different_ones(make_briefing):
    briefing = make_briefing()
    first, *other_queues = briefing.queues
    assert not EN.have_own_goals(briefing)
    own_goal_queue = dataclasses.replace(first, service_level=dataclasses.replace(first.service_level, goal=0.9))
    assert EN.have_own_goals(make_briefing(queues=(own_goal_queue, *other_queues)))
    assert EN.queue_caption(own_goal_queue, with_goal=True) == f"goal ≥ 90% · {EN.queue_caption(own_goal_queue)}"


def test_one_earlier_weekday_is_named_and_not_called_an_average(make_briefing):
    change = Change("weekday_average", (date(2026, 10, 14),), -0.03)
    tile = dataclasses.replace(make_briefing().tiles[0], changes=(change,))
    briefing = make_briefing(tiles=(tile,))
    assert EN.reference(change) == "Wed 14"
    assert EN.references(briefing) == [("Weekday", ("Wed 14 Oct, the only earlier one known",))]


def test_metrics_whose_average_is_of_other_days_are_named(make_briefing):
    weeks = tuple(date(2026, 9, 23) + timedelta(weeks=week) for week in range(4))
    level, _, occupancy, adherence = (dataclasses.replace(tile, changes=()) for tile in make_briefing().tiles[:4])
    tiles = [
        dataclasses.replace(tile, changes=(Change("weekday_average", days, -0.03),))
        for tile, days in ((level, weeks), (occupancy, weeks[2:]), (adherence, weeks[2:]))
    ]
    assert EN.references(make_briefing(tiles=tuple(tiles))) == [
        ("Average", ("4 Wednesdays: 23, 30 Sep, 7, 14 Oct",)),
        ("Average", ("Occupancy, Adherence: 2 Wednesdays: 7, 14 Oct",)),
    ]


def test_the_panel_names_media_of_the_group_without_contacts(make_briefing):
    completeness = Completeness((), (), media_without_contacts=("chat", "email"))
    assert dict(EN.completeness(make_briefing(completeness=completeness)))["Medium"] == ("No contact in chat, email.",)


@pytest.mark.parametrize("name", ["", "\u200b", "\u00ad\u200e", " \u200b "])
def test_a_name_of_which_nothing_is_seen_is_no_name(name):
    assert EN.clean(name) == "(no name)"
    assert EN.clean(f"{name}A").endswith("A")


@pytest.mark.parametrize(
    "text", ["Größe · über 90 % – “Ø”", "a\u00a0b", "a\u0085b", "Z\u0301oe", "…\u2028≥", "\u00adx"]
)
def test_latin_text_is_shown_like_any_other_text(text):
    assert tidy(text) == tidy(f"{text}\u4e00").removesuffix("\u4e00")
