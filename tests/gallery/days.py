"""Days that are hard to describe, made of single contacts and composed as a run would."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from tests.checker.calls import Call, rows_of
from tests.checker.case import Case
from tests.checker.deliver import compose, deliver
from worker.domain.briefing.content import Briefing
from worker.domain.briefing.talking_points import TalkingPoint
from worker.domain.gap_texts import GapPart, GapText
from worker.domain.groups import Deliver, Group, Language
from worker.domain.rows import AgentDay, Rows, gap
from worker.domain.today.plan import MediumPlan, NotKnown, Person, PlannedInterval, TodayPlan

DAY = date(2026, 10, 21)
_OPEN, _CLOSE = time(8), time(18)
_BUSY = time(11)
_ON_TIME = timedelta(seconds=8)


@dataclass(frozen=True, slots=True)
class Queue:
    """A queue's day: so many contacts, of them so many answered late, after this wait, or abandoned."""

    name: str
    contacts: int
    late: int = 0
    abandoned: int = 0
    medium: str = "voice"
    wait: timedelta = timedelta(seconds=70)


CALLS = (Queue("Billing EN", 260, 70, 14), Queue("Tech Support", 190, 21, 4), Queue("Sales Inbound", 120, 6, 2))
BUSY = (
    Queue("Billing EN", 286, 88, 14),
    Queue("Tech Support", 209, 26, 4),
    Queue("Sales Inbound", 132, 8, 2),
)
"""The same queues with a tenth more contacts, which is outside their usual range."""
THIN = (
    *CALLS,
    Queue("VIP Desk", 9, 3),
    Queue("Partner Line", 4, 2, 1),
    Queue("Night Desk", 1),
)
"""Three queues that say something, and three with fewer than ten contacts."""
MAILBOXES = (
    *CALLS[:2],
    Queue("Service Mailbox", 96, 90, medium="email", wait=timedelta(hours=28)),
)
"""Calls, and emails that are answered more than a day later, after 26 hours on average."""


ORDERS = (*CALLS, Queue("Order Mailbox", 96, 5, medium="email", wait=timedelta(minutes=50)))
"""Calls, and emails that did better."""


SMALL = (Queue("Partner Desk", 5, 1), Queue("Partner Returns", 3, 1, 1))
"""A group with few contacts."""


def several_media(language: Language) -> bytes:
    """The PDF of a day with voice and email."""
    return _pdf(_case(ORDERS, language))


def thin_queues(language: Language) -> bytes:
    """The PDF of a day on which half of the queues had few contacts."""
    return _pdf(_case(THIN, language))


def waits_of_26_hours(language: Language) -> bytes:
    """The PDF of a day whose emails waited for more than a day."""
    return _pdf(_case(MAILBOXES, language))


def without_verdict(language: Language) -> bytes:
    """The PDF of a day whose figures the source has not finished."""
    case = _case(CALLS, language)
    unfinished = gap("partial", GapText.ROWS_UNFINISHED, export=GapPart.EXPORT_OF_QUEUES.value)
    notes = tuple(replace(note, status="incomplete") for note in case.rows.notes)
    return _pdf(replace(case, rows=replace(case.rows, gaps=(unfinished,), notes=notes)))


def first_day(language: Language) -> bytes:
    """The PDF of the first day of a group, which nothing can be compared with."""
    return _pdf(replace(_case(CALLS, language), history={}))


def small_group(language: Language) -> bytes:
    """The PDF of a day of a group with few contacts."""
    return _pdf(_case(SMALL, language))


def with_plan(language: Language) -> Briefing:
    """A day whose next day is short of people, with what became of the points of the day before."""
    points = (
        TalkingPoint("worst_run", 0.48, start="11:00", end="12:30"),
        TalkingPoint("costly_queues", 0.71, queue_id="Tech Support"),
        TalkingPoint("agents_under_floor", 2, floor=0.82),
    )
    usual = _case(CALLS, language)
    case = replace(usual, rows=_rows(usual, BUSY))
    ids = {queue.name: queue.id for queue in case.rows.queues}
    points = tuple(replace(point, queue_id=ids.get(point.queue_id or "")) for point in points)
    return compose(replace(case, today=_plan(case.group), earlier_points=points))


def without_plan(language: Language) -> bytes:
    """The PDF of a day of an organisation without workforce management."""
    day, no_licence = DAY + timedelta(days=1), NotKnown.NO_LICENCE
    plan = TodayPlan(day, not_known=no_licence, people_not_known=no_licence)
    case = _case(CALLS, language)
    no_unit = gap("unavailable", GapText.NO_UNIT_NAMED, "adherence")
    agents = tuple(replace(agent, scheduled_seconds=None, exception_seconds=None) for agent in case.rows.agents)
    return _pdf(replace(case, today=plan, rows=replace(case.rows, agents=agents, gaps=(no_unit,))))


_REQUIRED = (5, 6, 8, 10, 12, 14, 14, 13, 11, 9, 9, 9, 10, 11, 11, 10, 8, 7, 6, 5)
_SHORT = (0, 0, 0, 0, 2, 4, 3, 1, 0, 0, 0, -1, 0, 1, 0, 0, -1, 0, 0, 0)


def _plan(group: Group) -> TodayPlan:
    """The plan of the day after, from eight o'clock on."""
    day = DAY + timedelta(days=1)
    opening = datetime.combine(day, _OPEN, group.tz)
    starts = [opening + timedelta(minutes=30) * number for number in range(len(_REQUIRED))]
    intervals = tuple(
        PlannedInterval(start, 3.1 * required, 312, required, required - short, 0.83 - 0.05 * short)
        for start, required, short in zip(starts, _REQUIRED, _SHORT, strict=True)
    )
    absent = tuple(Person(name, name) for name in ("Marta Ruiz", "Jean-Baptiste Lefèvre-Desrosiers", "Amara Okafor"))
    late = (Person("Owen Blake", "Owen Blake", starts[3]), Person("Priya Raman", "Priya Raman", starts[5]))
    return TodayPlan(day, (MediumPlan("voice", intervals),), absent, late)


def _pdf(case: Case) -> bytes:
    return deliver(case, "phone", ()).pdf


def _case(queues: Sequence[Queue], language: Language) -> Case:
    """The day with the four weeks before it, which were a little better and differ from day to day."""
    group = Group(
        key="northgate-support",
        title="Northgate Support",
        zone="America/New_York",
        standup_at=time(8),
        catch_up_until=time(12),
        queues=[queue.name for queue in queues],
        language=language,
        deliver=Deliver(),
    )
    days = [DAY - timedelta(days=days_back) for days_back in range(28, -1, -1)]
    business_days = tuple(day for day in days if day.weekday() < 5)
    case = Case("", group, DAY, Rows((), ()), business_days=business_days)
    history = {day: _rows(replace(case, day=day), _better(queues, day)) for day in business_days[:-1]}
    return replace(case, rows=_rows(case, queues), history=history)


def _better(queues: Sequence[Queue], day: date) -> list[Queue]:
    percent = 88 + day.day * 7 % 23
    return [
        replace(queue, contacts=max(queue.contacts * percent // 100, 1), late=queue.late * percent // 200)
        for queue in queues
    ]


def _rows(case: Case, queues: Sequence[Queue]) -> Rows:
    contacts = [
        contact
        for queue in queues
        for day in (case.day - timedelta(days=1), case.day)
        for contact in _contacts(queue, day, case.group)
    ]
    return replace(rows_of(contacts, case.window, case.group.queues), agents=_agents(case.day))


def _contacts(queue: Queue, day: date, group: Group) -> Iterator[Call]:
    """Contacts from opening to closing time. The late and the abandoned ones begin at the busy time."""
    on_time = queue.contacts - queue.late - queue.abandoned
    yield from _answered(queue, _spread(day, _OPEN, on_time, group), _ON_TIME)
    yield from _answered(queue, _spread(day, _BUSY, queue.late, group, hours=2), queue.wait)
    for offered in _spread(day, _BUSY, queue.abandoned, group, hours=2):
        yield Call(queue.name, queue.medium, offered, None, None, offered + timedelta(seconds=95))


def _answered(queue: Queue, offered_at: Sequence[datetime], wait: timedelta) -> Iterator[Call]:
    handling = timedelta(minutes=9 if queue.medium == "email" else 5, seconds=12)
    for offered in offered_at:
        answered = offered + wait
        yield Call(queue.name, queue.medium, offered, answered, answered + handling, None)


def _spread(day: date, start: time, contacts: int, group: Group, hours: int = 10) -> list[datetime]:
    first = datetime.combine(day, start, group.tz).astimezone(UTC)
    return [first + timedelta(hours=hours) * number / max(contacts, 1) for number in range(contacts)]


def _agents(day: date) -> tuple[AgentDay, ...]:
    names = ("Marta Ruiz", "Owen Blake", "Thị Hương Nguyễn", "Priya Raman", "Noor Haddad")
    minutes_off = (96, 41, 25, 12, 8) if day == DAY else (30 + day.day % 7, 28, 25, 12 + day.day % 5, 8)
    return tuple(
        AgentDay(
            user_id=name.lower(),
            name=name,
            queues=("Billing EN", "Tech Support"),
            interacting_ms=19_800_000,
            communicating_ms=0,
            idle_ms=3_900_000 + day.day * 7 % 11 * 60_000,
            scheduled_seconds=28_800,
            exception_seconds=minutes * 60,
            exceptions=1,
            late_logins=int(minutes > 90),
        )
        for name, minutes in zip(names, minutes_off, strict=True)
    )
