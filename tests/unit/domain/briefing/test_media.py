"""A day with several media: each figure is of one medium, and the others are beside it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from worker.domain.briefing.codec import decode_figures, encode_figures
from worker.domain.briefing.corrections import EarlierRevision
from worker.domain.briefing.history import DayFigures, figures_of
from worker.domain.groups.privacy import classes_in
from worker.domain.metrics import Metric, Ratio, Status
from worker.domain.rows import Gap, Queue, QueueInterval, Rows

TUESDAY, WEDNESDAY = date(2026, 10, 20), date(2026, 10, 21)
MIXED: dict[str, Any] = {"media": ("voice", "email"), "queues": ("Billing", "Sales")}


@pytest.fixture
def rows_of(half_hour, make_group):
    """Rows of one half-hour: (queue, medium, in time, late, abandoned)."""
    noon = datetime(2026, 10, 21, 12, tzinfo=make_group().tz)

    def make(*lines: tuple[str, str, int, int, int]) -> Rows:
        intervals = tuple(half_hour(queue, noon, *counts, medium) for queue, medium, *counts in lines)
        return Rows((Queue("b", "Billing"), Queue("s", "Sales")), intervals, service_level_seconds=20)

    return make


@pytest.fixture
def voice_and_email(rows_of):
    """200 of 400 calls and 600 of 600 e-mails in time."""
    return rows_of(("b", "voice", 200, 180, 20), ("b", "email", 600, 0, 0))


def test_the_medium_with_the_most_contacts_leads_with_the_others_beside_it(make_briefing, voice_and_email):
    tile = make_briefing(voice_and_email, **MIXED).tile(Metric.SERVICE_LEVEL)
    assert (tile.medium, tile.reading.ratio) == ("email", Ratio(1.0, 600, 600))
    (voice,) = tile.other_media
    assert (voice.medium, voice.reading.ratio, voice.reading.status) == ("voice", Ratio(0.5, 200, 400), Status.MISSED)


def test_no_ratio_of_a_mixed_day_is_a_blend_of_its_media(make_briefing, voice_and_email):
    briefing = make_briefing(voice_and_email, **MIXED)
    blend = 800 / 1_000
    ratios = [reading.ratio for reading in briefing.readings]
    ratios += [line.service_level.ratio for line in briefing.queues] + [line.abandonment for line in briefing.queues]
    ratios += [half.service_level for half in briefing.half_hours]
    assert blend not in [ratio.value for ratio in ratios if ratio]
    assert [insight.kind for insight in briefing.insights if insight.kind == "all_targets_met"] == []


def test_a_missed_medium_keeps_a_day_from_meeting_all_targets(make_briefing, voice_and_email, small_day):
    agents = (replace(small_day.agents[0], exception_seconds=0),)
    good = replace(voice_and_email, agents=agents)
    kinds = [insight.kind for insight in make_briefing(good, **MIXED).insights]
    assert "all_targets_met" not in kinds


@pytest.mark.parametrize(("late", "status"), [(9, Status.THIN), (10, Status.MISSED)])
def test_a_medium_of_fewer_than_ten_contacts_is_not_judged(make_briefing, rows_of, late, status):
    briefing = make_briefing(rows_of(("b", "voice", 100, 0, 0), ("b", "chat", 0, late, 0)), **MIXED)
    assert briefing.tile(Metric.SERVICE_LEVEL).other_media[0].reading.status is status
    assert briefing.tile(Metric.SERVICE_LEVEL).reading.status is Status.ON_TARGET


def test_each_medium_has_a_line_with_its_own_figures_most_contacts_first(make_briefing, rows_of):
    rows = rows_of(("b", "voice", 30, 10, 0), ("s", "voice", 10, 0, 0), ("s", "email", 5, 0, 5))
    voice, email = make_briefing(rows, **MIXED).media
    assert (voice.medium, voice.counts.offered, voice.service_level.reading.ratio) == ("voice", 50, Ratio(0.8, 40, 50))
    assert (email.medium, email.counts.offered, email.abandonment.reading.ratio) == ("email", 10, Ratio(0.5, 5, 10))
    assert [half.counts.offered for half in email.half_hours] == [10]


def test_average_times_are_given_by_medium_and_never_over_several(make_briefing, rows_of):
    rows = rows_of(("b", "voice", 10, 0, 0), ("b", "email", 10, 0, 0))
    email = tuple(
        replace(interval, handle_ms=9_000_000, answer_ms=900_000) if interval.media_type == "email" else interval
        for interval in rows.intervals
    )
    briefing = make_briefing(replace(rows, intervals=email), **MIXED)
    assert (briefing.counts.average_handle_ms, briefing.counts.average_answer_ms) == (None, None)
    assert {line.medium: line.counts.average_handle_ms for line in briefing.media} == {
        "voice": 300_000,
        "email": 900_000,
    }


def test_a_queue_has_a_line_for_each_medium_in_which_it_had_contacts(make_briefing, rows_of):
    rows = rows_of(("b", "voice", 30, 10, 0), ("b", "email", 5, 0, 5), ("s", "voice", 10, 0, 0))
    lines = {(line.name, line.medium): line.service_level.ratio for line in make_briefing(rows, **MIXED).queues}
    assert lines == {
        ("Billing", "voice"): Ratio(0.75, 30, 40),
        ("Billing", "email"): Ratio(0.5, 5, 10),
        ("Sales", "voice"): Ratio(1.0, 10, 10),
    }


def test_a_queue_without_contacts_has_one_line_on_a_mixed_day(make_briefing, voice_and_email):
    lines = [(line.name, line.medium) for line in make_briefing(voice_and_email, **MIXED).queues]
    assert lines.count(("Sales", None)) == 1


def test_a_day_with_one_medium_names_none_though_the_group_asks_for_two(make_briefing, rows_of):
    briefing = make_briefing(rows_of(("b", "voice", 30, 10, 0)), **MIXED)
    assert (briefing.media, briefing.medium) == ((), None)
    assert [tile.medium for tile in briefing.tiles] == [None] * 4
    assert [line.medium for line in briefing.queues] == [None, None]


def test_a_medium_without_contacts_does_not_count_as_one(make_briefing, rows_of):
    briefing = make_briefing(rows_of(("b", "voice", 30, 10, 0), ("b", "email", 0, 0, 0)), **MIXED)
    assert briefing.media == ()
    assert briefing.counts.average_handle_ms == 300_000


def test_rows_that_do_not_tell_the_media_apart_are_labelled_as_all_media(make_briefing, rows_of):
    briefing = make_briefing(rows_of(("b", "all", 30, 10, 0)), **MIXED)
    assert briefing.tile(Metric.SERVICE_LEVEL).medium == "all"


def test_of_two_media_with_equal_contacts_the_group_files_first_one_leads(make_briefing, rows_of):
    rows = rows_of(("b", "email", 10, 0, 0), ("b", "voice", 10, 0, 0))
    assert make_briefing(rows, media=("voice", "email")).medium == "voice"
    assert make_briefing(rows, media=("email", "voice")).medium == "email"


def test_a_change_compares_a_medium_with_itself(make_briefing, rows_of):
    yesterday = rows_of(("b", "voice", 90, 10, 0), ("b", "email", 10, 90, 0))
    today = rows_of(("b", "voice", 80, 20, 0), ("b", "email", 50, 0, 0))
    briefing = make_briefing(today, history={TUESDAY: figures_of(yesterday)}, business_days=(TUESDAY,), **MIXED)
    voice, email = briefing.media
    assert [round(change.points, 6) for change in voice.service_level.changes] == [-0.1]
    assert [round(change.points, 6) for change in email.service_level.changes] == [0.9]
    assert [line.change.points for line in briefing.queues if line.medium == "email" and line.change] == [0.9]


@pytest.mark.parametrize("yesterdays_media", [("email",), ("email", "chat")])
def test_a_day_of_other_media_is_no_reference(make_briefing, rows_of, yesterdays_media):
    yesterday = rows_of(*[("b", medium, 90, 10, 0) for medium in yesterdays_media])
    briefing = make_briefing(
        rows_of(("b", "voice", 80, 20, 0)),
        history={TUESDAY: figures_of(yesterday)},
        business_days=(TUESDAY,),
        media=("voice", "email", "chat"),
    )
    assert briefing.tile(Metric.SERVICE_LEVEL).changes == ()
    assert briefing.previous_counts is not None
    assert briefing.previous_counts.average_handle_ms is None


@pytest.mark.parametrize(("media", "is_compared"), [(("voice",), True), (("voice", "email"), False)])
def test_a_day_stored_without_media_counts_only_for_a_group_with_one(make_briefing, rows_of, media, is_compared):
    stored = figures_of(rows_of(("b", "voice", 90, 10, 0)))
    without_media = DayFigures(stored.counts, stored.ratios, stored.queues)
    briefing = make_briefing(
        rows_of(("b", "voice", 80, 20, 0)), history={TUESDAY: without_media}, business_days=(TUESDAY,), media=media
    )
    assert bool(briefing.tile(Metric.SERVICE_LEVEL).changes) is is_compared


def test_the_figures_of_a_mixed_day_survive_storage(voice_and_email):
    figures = figures_of(voice_and_email)
    assert decode_figures(encode_figures(figures)) == figures
    assert Metric.SERVICE_LEVEL not in figures.ratios
    assert figures.media["voice"].queues == {"b": Ratio(0.5, 200, 400)}


def test_figures_stored_by_an_older_version_are_read():
    older = (
        b'{"kind":"figures","value":{"counts":{"offered":5},"queues":{"b":{"value":0.5}},'
        b'"ratios":{"service_level":{"value":0.5}}},"version":1}'
    )
    figures = decode_figures(older)
    assert (figures.medium, figures.media, figures.counts.offered) == ("", {}, 5)


def test_a_correction_names_the_medium_that_changed(make_briefing, rows_of):
    first = rows_of(("b", "voice", 90, 10, 0), ("b", "email", 50, 0, 0))
    second = rows_of(("b", "voice", 90, 10, 0), ("b", "email", 40, 10, 0))
    briefing = make_briefing(second, earlier=EarlierRevision(1, figures_of(first)), **MIXED)
    assert briefing.correction is not None
    changes = [(change.kind, change.name, change.medium) for change in briefing.correction.changes]
    assert ("metric", "service_level", "email") in changes
    assert ("queue", "Billing", "email") in changes
    assert not [change for change in changes if change[2] == "voice"]


def test_a_correction_of_figures_without_media_compares_no_ratio_of_a_mixed_day(make_briefing, voice_and_email):
    stored = figures_of(voice_and_email)
    older = DayFigures(stored.counts, {Metric.SERVICE_LEVEL: Ratio(0.8, 800, 1_000)}, {"b": Ratio(0.8, 800, 1_000)})
    briefing = make_briefing(voice_and_email, earlier=EarlierRevision(1, older), **MIXED)
    assert briefing.correction is not None
    assert briefing.correction.changes == ()


def test_insights_of_a_mixed_day_name_their_medium(make_briefing, rows_of):
    rows = rows_of(("b", "voice", 50, 50, 0), ("s", "voice", 90, 10, 0), ("b", "email", 20, 0, 0))
    by_kind = {insight.kind: insight.figures for insight in make_briefing(rows, **MIXED).insights}
    assert by_kind["worst_run"]["medium"] == "voice"
    assert by_kind["costly_queues"]["media"] == ("voice",)
    assert (by_kind["best_queue"]["name"], by_kind["best_queue"]["medium"]) == ("Sales", "voice")


def test_incomplete_data_leave_no_medium_judged(make_briefing, voice_and_email):
    rows = replace(voice_and_email, gaps=(Gap("partial", "One division is missing."),))
    briefing = make_briefing(rows, **MIXED)
    readings = [*briefing.readings, *(line.abandonment.reading for line in briefing.media)]
    assert {reading.status for reading in readings if reading.ratio} == {Status.PARTIAL}


def test_the_name_of_a_medium_is_no_personal_data(make_briefing, voice_and_email):
    assert classes_in(make_briefing(voice_and_email, **MIXED)) == frozenset()


def test_percentages_of_two_media_do_not_become_one(make_briefing):
    percent_rows = tuple(
        QueueInterval("b", medium, None, stated={"service_level": share})
        for medium, share in (("voice", 0.5), ("email", 1))
    )
    briefing = make_briefing(
        Rows((Queue("b", "Billing"),), percent_rows), media=("voice", "email"), queues=("Billing",)
    )
    assert {line.medium: line.service_level.reading.ratio for line in briefing.media} == {
        "voice": Ratio(0.5),
        "email": Ratio(1),
    }


def test_the_usual_volume_is_that_of_the_same_medium(make_briefing, rows_of):
    days = [date(2026, 10, 5) + timedelta(days=distance) for distance in range(16)]
    past_figures = figures_of(rows_of(("b", "voice", 100, 0, 0), ("b", "email", 400, 0, 0)))
    rows = rows_of(("b", "voice", 180, 0, 0), ("b", "email", 50, 0, 0))
    briefing = make_briefing(rows, history=dict.fromkeys(days, past_figures), business_days=days, **MIXED)
    (volume,) = [insight.figures for insight in briefing.insights if insight.kind == "volume_high"]
    assert volume == {"ratio": 1.8, "usual": 100, "weeks": 2, "day": date(2026, 10, 14), "medium": "voice"}


def test_contacts_of_a_medium_that_was_added_are_no_high_volume(make_briefing, rows_of):
    last_wednesday = date(2026, 10, 14)
    history = {last_wednesday: figures_of(rows_of(("b", "voice", 100, 0, 0)))}
    rows = rows_of(("b", "voice", 100, 0, 0), ("b", "email", 90, 0, 0))
    insights = make_briefing(rows, history=history, business_days=(last_wednesday,), **MIXED).insights
    assert "volume_high" not in [insight.kind for insight in insights]
