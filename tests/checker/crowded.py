"""Days that fill a page: many queues and agents, names of sixty letters, five media, waits of a day, corrections."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from tests.checker.calls import Call, rows_of
from tests.checker.case import Case
from worker.domain.gap_texts import GapPart, GapText
from worker.domain.groups import Deliver, Group, Language
from worker.domain.rows import AgentDay, QueueInterval, Rows, Window, gap

_DAY = date(2026, 9, 23)
"""A Wednesday in September: the longest date of the title in both languages."""
_MEDIA = ("voice", "callback", "chat", "email", "message")
_QUEUES = tuple(f"Kundenservice Österreich und Süddeutschland, Frühschicht, Linie {line:02}" for line in range(12))
_SHORT_QUEUES = ("Billing", "Sales", "Claims")
_GAPS = (
    gap("partial", GapText.QUEUE_SPELT_DIFFERENTLY, report="Queues of the north", queue="Billing", other="Billing2"),
    gap("late_data", GapText.ROWS_UNFINISHED, export=GapPart.EXPORT_OF_AGENTS.value),
)


def cases(language: Language) -> Iterator[Case]:
    """Yield all of them in one language."""
    for name, make in _DAYS.items():
        case = make()
        group = case.group.model_copy(update={"language": language})
        yield replace(case, name=f"{name} {language}", group=group)


def _case(queues: Sequence[str], calls: Sequence[Call], agents: Sequence[AgentDay] = (), known_days: int = 30) -> Case:
    settings = {
        "key": "crowded",
        "title": "Contact Centre Operations Northern and Central Europe, early shift",
        "zone": "America/Argentina/ComodRivadavia",
        "standup_at": time(8),
        "catch_up_until": time(12),
        "queues": tuple(queues),
        "deliver": Deliver(),
    }
    group = Group.model_validate(settings)
    start = datetime.combine(_DAY, time(), group.tz)
    window = Window(start, datetime.combine(_DAY + timedelta(days=1), time(), group.tz))
    rows = replace(rows_of(calls, window, group.queues), agents=tuple(agents))
    days = tuple(_DAY - timedelta(days=days_back) for days_back in range(45, -1, -1))
    business_days = tuple(day for day in days if day.weekday() < 5)
    history = {day: _past_rows(rows, day) for day in business_days[-known_days - 1 : -1]}
    return Case("", group, _DAY, rows, history, business_days)


def _past_rows(rows: Rows, day: date) -> Rows:
    """Return what a day of the past had: each queue and medium of the day with a little more in time."""
    pairs = sorted({(interval.queue_id, interval.media_type) for interval in rows.intervals})
    intervals = tuple(
        QueueInterval(
            *pair, None, 1_000, 950, 50 + day.day, 50, handled=950, handle_ms=950 * 187_000, answer_ms=950 * 9_000
        )
        for pair in pairs
    )
    return Rows(rows.queues, intervals, rows.agents)


def _calls(queue: str, medium: str, clock: str, number: int, wait: int) -> Iterator[Call]:
    """Yield so many answered calls a minute apart. UTC, three hours ahead of the group."""
    first = datetime.combine(_DAY, time.fromisoformat(clock), UTC) + timedelta(hours=3)
    for minute in range(number):
        offered = first + timedelta(minutes=minute)
        answered = offered + timedelta(seconds=wait)
        yield Call(queue, medium, offered, answered, answered + timedelta(seconds=187), None, "Ada")


def _all_day(queues: Sequence[str], media: Sequence[str] = ("voice",)) -> list[Call]:
    """Return calls of a full day, those around noon late, the last queues and media with the fewest."""
    calls: list[Call] = []
    for place, queue in enumerate(queues):
        for medium in media:
            number = max(60 - 5 * place, 3)
            calls += _calls(queue, medium, "00:10", number, 7)
            calls += _calls(queue, medium, "11:00", number, 95)
            calls += _calls(queue, medium, "21:30", number, 12)
    return calls


def _agents(number: int, queues: Sequence[str]) -> list[AgentDay]:
    """Return agents with names of sixty letters, all of them under their target."""
    return [
        AgentDay(
            f"u{place}",
            f"Maximiliane-Friederike von der Wiedenbrück-Schaumburg, Nr. {place:02}",
            tuple(queues[:3]),
            21_600_000,
            0,
            7_200_000,
            28_800,
            5_400 + place * 60,
            1,
            3,
        )
        for place in range(number)
    ]


def _large_group() -> Case:
    return _case(_QUEUES, _all_day(_QUEUES), _agents(40, _QUEUES))


def _five_media() -> Case:
    return _case(_SHORT_QUEUES, _all_day(_SHORT_QUEUES, _MEDIA), _agents(3, _SHORT_QUEUES))


def _three_media() -> Case:
    return _case(_SHORT_QUEUES, _all_day(_SHORT_QUEUES, _MEDIA[:3]), _agents(3, _SHORT_QUEUES))


def _few_contacts_of_three_media() -> Case:
    """The longest counts in the place of a percentage, beside which a day of several media has its line of days."""
    case = _case(("Billing",), [call for medium in _MEDIA[:3] for call in _calls("Billing", medium, "10:00", 88, 5)])
    thresholds = case.group.insights.model_copy(update={"fewest_contacts": 100})
    return replace(case, group=case.group.model_copy(update={"insights": thresholds}))


def _few_known_days() -> Case:
    return _case(_SHORT_QUEUES, _all_day(_SHORT_QUEUES), _agents(12, _SHORT_QUEUES), known_days=3)


def _waits_of_a_day() -> Case:
    """Waits of 26:13:45 and talks of 100:33:20 on every line, in tens of millions of contacts."""
    case, many = _case(_QUEUES, _all_day(_QUEUES), _agents(12, _QUEUES)), 20_800_000
    first_of_queue: set[str] = set()

    def huge(interval: QueueInterval) -> QueueInterval:
        if interval.queue_id in first_of_queue:
            return interval
        first_of_queue.add(interval.queue_id)
        return replace(
            interval,
            offered=many,
            answered=many - 1_000_000,
            answered_late=many // 2,
            abandoned=1_000_000,
            service_level_numerator=many - 1_000_000 - many // 2,
            service_level_denominator=many,
            handled=1,
            handle_ms=362_000_000,
            answer_ms=94_425_000 * (many - 1_000_000),
        )

    return replace(case, rows=replace(case.rows, intervals=tuple(map(huge, case.rows.intervals))))


def _incomplete() -> Case:
    case = _case(_QUEUES, _all_day(_QUEUES), _agents(40, _QUEUES))
    return replace(case, rows=replace(case.rows, gaps=_GAPS))


def _long_correction() -> Case:
    case = _case(_QUEUES, _all_day(_QUEUES), _agents(40, _QUEUES))
    earlier = tuple(
        replace(interval, offered=(interval.offered or 0) + 3, abandoned=3) for interval in case.rows.intervals
    )
    return replace(case, earlier=replace(case.rows, intervals=earlier))


def _many_queues() -> Case:
    """More queues than the phone pages have room for."""
    queues = tuple(f"Queue {number:03} of the northern region" for number in range(70))
    calls = [call for queue in queues for call in _calls(queue, "voice", "10:00", 12, 30)]
    return _case(queues, calls)


def _deep_bars() -> Case:
    """No half-hour is on target, the first and the last have few contacts, and one in the middle is the worst."""
    calls = [*_calls("Billing", "voice", "00:00", 3, 60), *_calls("Billing", "voice", "23:30", 3, 60)]
    for hour in range(1, 23):
        in_time = hour % 5
        calls += _calls("Billing", "voice", f"{hour:02}:00", 4 + in_time, 5)
        calls += _calls("Billing", "voice", f"{hour:02}:20", 26, 60)
    return _case(("Billing",), calls)


_DAYS: Mapping[str, Callable[[], Case]] = {
    "large group": _large_group,
    "five media": _five_media,
    "three media": _three_media,
    "few contacts of three media": _few_contacts_of_three_media,
    "few known days": _few_known_days,
    "waits of a day": _waits_of_a_day,
    "incomplete": _incomplete,
    "long correction": _long_correction,
    "many queues": _many_queues,
    "deep bars": _deep_bars,
}
