"""Plans of which a part is over at the stand-up, and plans of unusual shapes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.checker.awkward import BERLIN
from tests.checker.case import Case
from tests.checker.planned import ABSENT, ACTIVITIES, LATER, REQUIRED, TODAY, _case, _medium
from worker.domain.groups import Language
from worker.domain.today.plan import MediumPlan, NotKnown, TodayPlan

AT_TEN, AT_NIGHT = time(10), time(21, 30)


def cases(language: Language) -> Iterator[Case]:
    """All of them in one language."""
    for name, make in DAYS.items():
        case = make()
        group = case.group.model_copy(update={"language": language})
        yield replace(case, name=f"{name} {language}", group=group)


def _meeting(
    standup_at: time, *media: MediumPlan, day: date = TODAY, catch_up_until: time = time(23), **changes: Any
) -> Case:
    """A group that meets at a time of the day, and its plan of the day."""
    plan = TodayPlan(day, media, ABSENT, LATER)
    return _case(plan, standup_at=standup_at, catch_up_until=catch_up_until, **changes)


def _agents(short: Sequence[float], required: float = 20, first: time = time(7), **changes: Any) -> MediumPlan:
    """Half-hours from seven o'clock that all require as many agents."""
    return _starting_at(
        _medium([required] * len(short), short, **changes), datetime.combine(TODAY, first, ZoneInfo(BERLIN))
    )


def _starting_at(medium: MediumPlan, start: datetime) -> MediumPlan:
    """The same half-hours one after the other from an instant on."""
    first = start.astimezone(UTC)
    intervals = tuple(
        replace(interval, start=(first + timedelta(minutes=30) * number).astimezone(start.tzinfo))
        for number, interval in enumerate(medium.intervals)
    )
    return replace(medium, intervals=intervals)


def _without_required(medium: MediumPlan) -> MediumPlan:
    """The plan has a forecast and scheduled agents: how many are required is calculated."""
    return replace(medium, intervals=tuple(replace(part, required=None) for part in medium.intervals))


def _late(medium: MediumPlan) -> MediumPlan:
    """The same agents, with 70 % of the contacts in time wherever agents are missing."""
    return replace(
        medium,
        intervals=tuple(
            replace(part, service_level=0.7) if (part.required or 0) > (part.scheduled or 0) else part
            for part in medium.intervals
        ),
    )


def _short_only_before() -> Case:
    return _meeting(AT_TEN, _agents([0, 0, 3, 2, 3, *[0] * 15]))


def _all_short_before() -> Case:
    """From seven to ten each half-hour lacks one agent, and later ones none."""
    return _meeting(time(10, 15), _agents([1] * 6 + [0] * 14))


def _mostly_short_before() -> Case:
    return _meeting(time(10, 15), _agents([0, 1, 2, 1, 1, 1, *[0] * 14]))


def _about_short_only_before() -> Case:
    return _meeting(AT_TEN, _without_required(_agents([0, 0, 4, 4, *[-3] * 16], 6, contacts=3, level=False)))


def _worst_before() -> Case:
    medium = _agents([0, 0, 9, 8, 9, *[0] * 5, 4, 3, *[-2] * 6])
    return _meeting(AT_TEN, replace(medium, activities=ACTIVITIES))


def _during_the_worst() -> Case:
    """The stand-up is in the middle of the third of five short half-hours."""
    return _meeting(time(9, 15), _agents([0, 0, 6, 8, 7, 5, 4, *[0] * 9]))


def _enough_then_short() -> Case:
    return _meeting(AT_TEN, _agents([*[0] * 6, 2, 2, 3, 5, 6, 5, 4, 3, 2, 2]))


def _enough_then_short_alike() -> Case:
    return _meeting(AT_TEN, _late(_agents([*[0] * 6, *[2] * 12], contacts=3)))


def _about_short_later() -> Case:
    return _meeting(AT_TEN, _without_required(_agents([*[-4] * 6, *[3] * 10], 6, contacts=3, level=False)))


def _then_mostly_short() -> Case:
    return _meeting(AT_TEN, _agents([*[130] * 6, 112, 112, 110, *[30] * 12, 0, 0], 1200))


def _mostly_alike() -> Case:
    """Half-hours with so many contacts that the shortage is talked about."""
    return _meeting(time(7), _agents([2] * 20 + [0] * 4, contacts=3))


def _then_mostly_alike() -> Case:
    medium = _agents([5] * 6 + [1] * 14 + [-2] * 3, contacts=3)
    return _meeting(AT_TEN, replace(_late(medium), activities=ACTIVITIES))


def _one_missing_all_day() -> Case:
    return _meeting(time(7), _late(_agents([1] * 20, contacts=3)))


def _one_missing() -> Case:
    medium = _agents([0] * 14 + [1] * 3 + [0] * 3)
    busy = tuple(
        replace(part, offered=60.0, service_level=0.7) if number in (14, 15, 16) else part
        for number, part in enumerate(medium.intervals)
    )
    return _meeting(time(7), replace(medium, intervals=busy))


def _tightest_before() -> Case:
    return _meeting(AT_TEN, _agents([-1, -1, *[-4] * 9, -3, -3, -5]))


def _about_tightest_before() -> Case:
    return _meeting(AT_TEN, _without_required(_agents([-5] * 6 + [-9, -8, -9, -9], 6, contacts=3, level=False)))


def _all_over_staffed() -> Case:
    return _meeting(AT_TEN, _agents([-12] * 20))


def _after_closing() -> Case:
    return _meeting(time(19), _agents([0, 3, 3, *[0] * 10]))


def _overnight() -> Case:
    """Open from ten in the evening until six. The night before is in the plan of its own day."""
    night = datetime.combine(TODAY, time(), ZoneInfo(BERLIN))
    required = [12] * 12 + [0] * 32 + [15] * 4
    short = [4, 4, 4, *[0] * 9, *[0] * 32, 1, 2, 2, 0]
    return _meeting(AT_NIGHT, _starting_at(_medium(required, short), night))


def _scheduled_in_the_afternoon() -> Case:
    return _meeting(time(8), _agents([20] * 10 + [1, 2, 1, 0, 0, -1, -1, 0, 0, 0]))


def _one_agent_scheduled() -> Case:
    return _meeting(time(8), _agents([3, 3, 2, 2, 2, 3], 4))


def _huge_requirement() -> Case:
    medium = _agents([0, 1234.5, 2000, 0, *[-2] * 6], 2500.4)
    return _meeting(time(8), medium)


def _two_without_forecast() -> Case:
    case = _case(TodayPlan(TODAY, absent=ABSENT[:1], not_known=NotKnown.NO_FORECAST), standup_at=AT_TEN)
    return replace(case, history={})


def _nothing_but_nobody_scheduled() -> Case:
    """The plan knows neither contacts nor required agents, and no one has a shift."""
    medium = _medium([5] * 10, [0] * 10, level=False, contacts=None)
    intervals = tuple(replace(part, required=None, scheduled=0.0) for part in medium.intervals)
    case = _case(TodayPlan(TODAY, (replace(medium, intervals=intervals),)), standup_at=AT_TEN)
    return replace(case, history={})


def _two_media_before_and_after() -> Case:
    chat = _agents([0, 0, 6, 6, *[0] * 8], 9, medium="chat")
    voice = _medium(REQUIRED, [0] * 14 + [3, 2] + [0] * 11)
    return _meeting(AT_TEN, chat, voice, media=("voice", "chat"))


def _two_media_alike() -> Case:
    chat = _agents([1] * 20, 9, medium="chat")
    voice = _agents([2] * 20)
    return _meeting(AT_TEN, voice, chat, media=("voice", "chat"))


def _hour_comes_twice() -> Case:
    """The stand-up is at two, which the clock shows twice. The first of the two hours is not over then."""
    night = date(2026, 10, 25)
    medium = _agents([0, 0, 8, 8, 6, 6, 4, 4, *[0] * 12], contacts=3)
    start = datetime.combine(night, time(), ZoneInfo(BERLIN))
    return _meeting(time(2), _starting_at(medium, start), day=night)


def _hour_is_skipped() -> Case:
    night = date(2026, 3, 29)
    medium = _agents([0, 0, 8, 8, 6, 6, 4, 4, *[-3] * 12], contacts=3)
    start = datetime.combine(night, time(), ZoneInfo(BERLIN))
    return _meeting(time(2, 30), _starting_at(medium, start), day=night)


DAYS: Mapping[str, Callable[[], Case]] = {
    "short only before the stand-up": _short_only_before,
    "all short before the stand-up": _all_short_before,
    "mostly short before the stand-up": _mostly_short_before,
    "about short only before": _about_short_only_before,
    "worst before the stand-up": _worst_before,
    "stand-up during the worst": _during_the_worst,
    "enough, then short": _enough_then_short,
    "enough, then short alike": _enough_then_short_alike,
    "about short later": _about_short_later,
    "then mostly short": _then_mostly_short,
    "mostly alike": _mostly_alike,
    "then mostly alike": _then_mostly_alike,
    "one missing all day": _one_missing_all_day,
    "one missing": _one_missing,
    "tightest before the stand-up": _tightest_before,
    "about tightest before": _about_tightest_before,
    "all over-staffed": _all_over_staffed,
    "stand-up after closing": _after_closing,
    "overnight": _overnight,
    "scheduled in the afternoon": _scheduled_in_the_afternoon,
    "one agent scheduled": _one_agent_scheduled,
    "huge requirement": _huge_requirement,
    "two without forecast": _two_without_forecast,
    "nothing known and no one scheduled": _nothing_but_nobody_scheduled,
    "two media before and after": _two_media_before_and_after,
    "two media alike": _two_media_alike,
    "hour comes twice": _hour_comes_twice,
    "hour is skipped": _hour_is_skipped,
}
