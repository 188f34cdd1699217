"""The outlook on today, from plans and weeks that can be calculated by hand."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

import pytest

from tests.unit.domain.today.conftest import NINE, TODAY
from worker.domain.briefing.comparison import picker_of
from worker.domain.briefing.content import Counts
from worker.domain.briefing.history import DayFigures
from worker.domain.briefing.sums import QueueSums
from worker.domain.staffing.day_model import Waiting, share_in_time
from worker.domain.today.expected import growth
from worker.domain.today.looking import LookingAhead, outlook_of
from worker.domain.today.outlook import Extent, Outlook, PersonToday
from worker.domain.today.plan import MediumPlan, NotKnown, Person, PlannedInterval, TodayPlan


def _counted(offered: int | None, **changes: Any) -> DayFigures:
    sums = {"billing": QueueSums(offered=offered, abandoned=10, answered=90, answer_ms=1_000_000)}
    return DayFigures(Counts(offered, None, None, None, None, None), **{"medium": "voice", "sums": sums, **changes})


WEEKS = {TODAY - timedelta(weeks=weeks): _counted(400 + 100 * weeks) for weeks in (1, 2, 3, 4)}


@pytest.fixture(scope="session")
def look(make_group: Any) -> Any:
    def look(plan: TodayPlan, history: Any = WEEKS, seconds: float | None = 20, **group: Any) -> Outlook:
        return outlook_of(plan, LookingAhead(make_group(**group), history, "voice", lambda _: 0.8, seconds))

    return look


def test_agents_are_rounded_before_they_are_subtracted(look, make_plan):
    medium = look(make_plan([(40.5, 32.4)])).leading
    assert (medium.half_hours[0].required, medium.half_hours[0].scheduled, medium.window.short) == (41, 32, 9)


def test_the_forecast_is_compared_with_the_same_weekday_of_last_week(look, make_plan):
    outlook = look(make_plan([(40, 40)] * 6))
    assert outlook.leading.forecast == 600
    assert (outlook.growth.day, outlook.growth.fraction) == (date(2026, 10, 15), pytest.approx(0.2))


def test_the_percentage_is_that_of_the_forecast_in_whole_contacts(make_group):
    history = {TODAY - timedelta(weeks=1): _counted(30)}
    compared = growth(38.4, TODAY, picker_of(make_group(), "voice"), history, 10)
    assert compared.fraction == pytest.approx(38 / 30 - 1)


@pytest.mark.parametrize("changes", [{"foreign_queues": ("Sales",)}, {"uncovered_queues": ("Sales",)}])
def test_a_forecast_of_other_queues_is_compared_with_nothing(look, make_plan, changes):
    assert look(make_plan([(40, 40)], **changes)).growth is None


@pytest.mark.parametrize("last_week", [_counted(None), _counted(9), _counted(500, whole=False)])
def test_a_forecast_is_not_compared_with_an_unknown_or_thin_day(look, make_plan, last_week):
    assert look(make_plan([(40, 40)]), {TODAY - timedelta(weeks=1): last_week}).growth is None


def test_without_a_forecast_the_last_four_weeks_say_what_to_expect(look):
    outlook = look(TodayPlan(TODAY, not_known=NotKnown.NO_FORECAST))
    assert outlook.expected.contacts == 650
    assert outlook.expected.days == tuple(sorted(WEEKS))
    assert outlook.reasons == (NotKnown.NO_FORECAST,)


def test_three_known_weeks_are_too_few_to_expect_anything(look):
    three = {day: figures for day, figures in WEEKS.items() if day != min(WEEKS)}
    assert look(TodayPlan(TODAY, not_known=NotKnown.NO_LICENCE), three).expected is None


def test_a_reason_is_said_once(look):
    plan = TodayPlan(TODAY, not_known=NotKnown.NO_LICENCE, people_not_known=NotKnown.NO_LICENCE)
    assert look(plan).reasons == (NotKnown.NO_LICENCE,)


def test_a_forecast_without_scheduled_agents_says_that_there_is_no_schedule(look, make_plan):
    outlook = look(make_plan([(40, None)] * 4))
    assert outlook.reasons == (NotKnown.NO_SCHEDULE,)
    assert (outlook.leading.forecast, outlook.leading.window, outlook.has_page) == (400, None, False)


def test_scheduled_agents_without_required_ones_are_no_missing_schedule(look, make_plan):
    outlook = look(make_plan([(None, 12)] * 3, medium="email"), media=("email",))
    assert outlook.reasons == (NotKnown.NO_REQUIREMENT,)


def test_a_plan_that_requires_no_one_for_its_contacts_does_not_say_how_many(look, make_plan):
    assert look(make_plan([(0, 12)] * 3, medium="email"), media=("email",)).reasons == (NotKnown.NO_REQUIREMENT,)
    assert look(make_plan([(0, 12)] * 3)).leading.is_estimated


def test_a_day_without_contacts_and_required_agents_lacks_nothing(look, make_plan):
    outlook = look(make_plan([(0, 12)] * 3, offered=0))
    assert (outlook.reasons, outlook.leading.window) == ((), None)


def test_staffing_that_is_known_in_part_is_not_known(look, make_plan):
    medium = look(make_plan([(40, 30), (40, None)])).leading
    assert not medium.is_staffing_known
    assert medium.window is None


def test_the_medium_with_the_most_agents_missing_leads(look):
    def plan(medium: str, offered: float, scheduled: float) -> MediumPlan:
        return MediumPlan(medium, (PlannedInterval(NINE, offered, 300, 20, scheduled),))

    media = (plan("voice", 900, 20), plan("chat", 100, 15), plan("email", 50, 18))
    outlook = look(TodayPlan(TODAY, media), media=("voice", "chat"))
    assert [medium.medium for medium in outlook.media] == ["chat", "voice"]


def test_where_two_agents_are_enough_no_half_hour_is_called_short(look, make_plan):
    medium = look(make_plan([(2, 1), (1, 0)])).leading
    assert (medium.is_small, medium.window, medium.riskiest) == (True, None, ())


def test_agents_that_the_plan_does_not_require_are_calculated_from_the_forecast(look, make_plan):
    medium = look(make_plan([(None, 12), (None, 30)], offered=100)).leading
    assert medium.is_estimated
    waiting = Waiting(seconds_until_abandoning=100, within_seconds=20)  # 1,000 s of waiting ÷ 10 abandoned contacts
    assert share_in_time(18, 100, 300, waiting) < 0.8 <= share_in_time(19, 100, 300, waiting)
    assert [half_hour.required for half_hour in medium.half_hours] == [19, 19]
    assert (medium.window.short, medium.window.start) == (7, NINE)


@pytest.mark.parametrize("change", [{"history": {}}, {"seconds": None}])
def test_nothing_is_calculated_without_patience_or_seconds(look, make_plan, change):
    medium = look(make_plan([(None, 12)]), **change).leading
    assert (medium.is_estimated, medium.is_staffing_known) == (False, False)


def test_agents_for_emails_are_not_calculated(look, make_plan):
    assert not look(make_plan([(None, 12)], medium="email"), media=("email",)).leading.is_estimated


def test_who_is_absent_comes_in_an_order_that_says_nothing_of_names(look, make_plan):
    people = tuple(Person(f"id-{name}", name) for name in ("Ada", "Ben", "Cem", "Dana", "Eva", "Finn"))
    names = [person.name for person in look(make_plan([(40, 40)], absent=people)).absent]
    assert sorted(names) == [person.name for person in people]
    assert names != sorted(names)
    assert names == [person.name for person in look(make_plan([(40, 40)], absent=people[::-1])).absent]


def test_who_starts_later_comes_by_the_start(look, make_plan):
    at_eleven = NINE + timedelta(hours=2)
    plan = make_plan([(40, 40)], start_later=(Person("2", "Ben", at_eleven), Person("1", "Ada", NINE)))
    assert look(plan).start_later == (PersonToday("Ada", NINE), PersonToday("Ben", at_eleven))


def test_people_without_any_half_hour_have_a_page(look):
    plan = TodayPlan(TODAY, absent=(Person("1", "Ada"),), not_known=NotKnown.NO_FORECAST)
    assert look(plan).has_page
    assert not look(TodayPlan(TODAY, not_known=NotKnown.NO_FORECAST)).has_page


def _what_is_named(medium):
    window = medium.window and (f"{medium.window.start:%H:%M}–{medium.window.end:%H:%M}", medium.window.short)
    return (
        window,
        [f"{half_hour.start:%H:%M}" for half_hour in medium.riskiest],
        medium.first_start and medium.first_start.hour,
    )


BEFORE_AND_AFTER = [(40, 40), (40, 31), (40, 32), (40, 40), (40, 38), (40, 39), (40, 41)]
"""From half past nine 9 and 8 agents are missing, from eleven 2 and 1."""


def test_half_hours_that_are_over_at_the_stand_up_are_not_what_is_named(look, make_plan):
    plan = make_plan(BEFORE_AND_AFTER)
    whole_day = (("09:30–10:30", 9), ["09:30", "10:00", "11:00"], None)
    assert _what_is_named(look(plan).leading) == whole_day
    assert _what_is_named(look(plan, standup_at=time(9, 59)).leading) == whole_day
    assert _what_is_named(look(plan, standup_at=time(10)).leading) == (
        ("10:00–10:30", 8),
        ["10:00", "11:00", "11:30"],
        10,
    )
    assert _what_is_named(look(plan, standup_at=time(10, 30)).leading) == (
        ("11:00–12:00", 2),
        ["11:00", "11:30", "10:30"],
        10,
    )


def test_a_shortage_that_is_over_at_the_stand_up_is_kept_apart(look, make_plan):
    medium = look(make_plan(BEFORE_AND_AFTER[:4]), standup_at=time(10, 30), catch_up_until=time(12)).leading
    assert (medium.window, medium.riskiest) == (None, medium.half_hours[3:])
    assert (f"{medium.earlier_window.start:%H:%M}", medium.earlier_window.short) == ("09:30", 9)


def test_after_closing_no_half_hour_is_what_is_named(look, make_plan):
    medium = look(make_plan(BEFORE_AND_AFTER), standup_at=time(20), catch_up_until=time(21)).leading
    assert (medium.window, medium.riskiest, medium.first_start) == (None, (), None)


def test_a_medium_leads_by_what_it_lacks_after_the_stand_up(look):
    def plan(medium: str, short: tuple[int, int]) -> MediumPlan:
        starts = (NINE, NINE + timedelta(minutes=30))
        return MediumPlan(
            medium,
            tuple(
                PlannedInterval(start, 100, 300, 20, 20 - agents) for start, agents in zip(starts, short, strict=True)
            ),
        )

    media = (plan("voice", (9, 0)), plan("chat", (0, 2)))
    for standup_at, leading in ((time(8), "voice"), (time(9, 30), "chat")):
        outlook = look(TodayPlan(TODAY, media), media=("voice", "chat"), standup_at=standup_at)
        assert outlook.leading.medium == leading


def test_where_all_half_hours_are_alike_the_whole_day_is_short(look, make_plan):
    medium = look(make_plan([(40, 38)] * 8), standup_at=time(10)).leading
    assert (medium.window.extent, medium.first_start, len(medium.remaining)) == (Extent.ALL_DAY_ALIKE, None, 8)
    in_the_morning = look(make_plan([(40, 40)] * 2 + [(40, 38)] * 8), standup_at=time(10)).leading
    assert (in_the_morning.window.extent, in_the_morning.first_start.hour, len(in_the_morning.remaining)) == (
        Extent.ALL_DAY_ALIKE,
        10,
        8,
    )


def test_the_stand_up_cuts_no_forecast(look, make_plan):
    assert look(make_plan(BEFORE_AND_AFTER), standup_at=time(11)).leading.forecast == 700


def test_nobody_scheduled_for_contacts_that_are_not_known_is_no_forecast(look, make_plan):
    outlook = look(make_plan([(None, 0)] * 3, offered=None), history={})
    assert outlook.reasons == (NotKnown.NO_FORECAST,)
