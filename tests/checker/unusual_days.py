"""Days on which one thing is unusual, and another thing could contradict it or hide it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from tests.checker.awkward import DAY, _abandoned, _agent, _calls, _case, _past_rows, _with_agents
from tests.checker.case import Case
from worker.domain.groups import WEEKDAYS, Language
from worker.domain.rows import AgentDay, Queue, QueueInterval, Rows

_QUEUES = (Queue("billing", "Billing"), Queue("sales", "Sales"))
_PAST_DAYS = 28
_ABANDONED, _HANDLE_MS, _ANSWER_MS = 5, 200_000, 9_000


def cases(language: Language) -> Iterator[Case]:
    """All of them in one language."""
    for name, make in DAYS.items():
        case = make()
        group = case.group.model_copy(update={"language": language})
        yield replace(case, name=f"{name} {language}", group=group)


def _history(rows_of: Callable[[int], Rows]) -> dict[date, Rows]:
    """The days before, made from how many days ago they were."""
    return {DAY - timedelta(days=days_ago): rows_of(days_ago) for days_ago in range(1, _PAST_DAYS + 1)}


def _row(queue_id: str, offered: int, late: int, medium: str = "voice") -> QueueInterval:
    answered = offered - _ABANDONED
    return QueueInterval(
        queue_id,
        medium,
        None,
        offered,
        answered,
        late,
        _ABANDONED,
        handled=answered,
        handle_ms=answered * _HANDLE_MS,
        answer_ms=answered * _ANSWER_MS,
    )


def _agents(off_schedule: int, idle: int) -> Sequence[AgentDay]:
    return tuple(_agent(name, off_schedule=off_schedule, idle=idle) for name in ("Ada", "Ben"))


def _of_agents(today: Sequence[AgentDay], agents_of: Callable[[int], Sequence[AgentDay]]) -> Case:
    """The contacts are late every day, so that only the agents' figures are on target."""
    calls = [*_calls(60, "08:00"), *_calls(30, "14:00", wait=60), *_abandoned(_calls(10, "16:00"))]
    history = _history(lambda days_ago: replace(_past_rows(100, 0.4), agents=agents_of(days_ago)))
    return _case(calls, change=_with_agents(*today), history=history)


def _adherence_low_on_target() -> Case:
    """94.8 % after days of 97.5 %, with a goal of 92 %."""
    return _of_agents(_agents(1_500, 12_000_000), lambda days_ago: _agents(700 + days_ago % 3 * 20, 12_000_000))


def _occupancy_high_on_target() -> Case:
    """83.7 % after days of 76 %, with a band of 75–85 %."""
    return _of_agents(_agents(4_000, 4_200_000), lambda days_ago: _agents(4_000, 6_500_000 + days_ago % 3 * 60_000))


def _adherence_high_off_target() -> Case:
    """86.1 % after days of 76 %, with a goal of 92 %."""
    return _of_agents(_agents(4_000, 6_000_000), lambda days_ago: _agents(7_000 - days_ago % 3 * 20, 6_000_000))


def _occupancy_above_band(idle: int, past_idle: int) -> Case:
    """The contacts are in time every day, and the band is 75–85 %."""

    def rows(days_ago: int) -> Rows:
        return replace(_past_rows(100, 0.1), agents=_agents(2_000, past_idle - days_ago % 3 * 20_000))

    agents = _with_agents(*_agents(2_000, idle))
    return _case(_calls(100, "08:00", spread=60), change=agents, history=_history(rows))


def _few_in_a_queue(contacts: int) -> Case:
    """Sales has so many contacts after days of fifty."""
    history = _history(
        lambda days_ago: Rows(_QUEUES, (_row("billing", 500, 50 + days_ago % 5), _row("sales", 50 + days_ago % 7, 5)))
    )
    calls = [*_calls(450, "08:00"), *_calls(50, "16:00", wait=60), *_calls(contacts, "10:00", queue="Sales")]
    return _case(calls, history=history)


def _best_queue_low() -> Case:
    """Billing has 90 % after days of 99 %, and Sales 80 %."""
    calls = [
        *_calls(450, "08:00"),
        *_calls(50, "16:00", wait=60),
        *_calls(400, "08:00", queue="Sales"),
        *_calls(100, "16:00", wait=60, queue="Sales"),
    ]
    history = _history(
        lambda days_ago: Rows(_QUEUES, (_row("billing", 500, 5 + days_ago % 3), _row("sales", 500, 85 + days_ago % 5)))
    )
    return _case(calls, history=history)


def _slow_chat() -> Case:
    """Billing is unusually slow in voice, and costly in chat, where it is slow every day."""

    def rows(late_voice: int, late_sales: int, late_chat: int) -> Rows:
        voice = (_row("billing", 500, late_voice), _row("sales", 1_000, late_sales))
        chat = (_row("billing", 200, late_chat, "chat"), _row("sales", 200, 20, "chat"))
        return Rows(_QUEUES, (*voice, *chat), service_level_seconds=20)

    history = _history(lambda days_ago: rows(5 + days_ago % 3, 30 + days_ago % 5, 100 + days_ago % 7))
    return _case([], history=history, change=lambda _: rows(60, 30, 100), media=("voice", "chat"))


def _one_queue() -> Case:
    """Billing is the whole group: many contacts, long handle times, and half of the contacts late."""
    history = _history(lambda days_ago: Rows(_QUEUES[:1], (_row("billing", 500 + days_ago % 7, 50 + days_ago % 5),)))
    calls = [*_calls(380, "08:00", talk=260), *_calls(350, "08:00", talk=260, wait=60)]
    return _case(calls, history=history, queues=("Billing",))


def _one_queue_with_few_contacts() -> Case:
    history = _history(lambda days_ago: Rows(_QUEUES[:1], (_row("billing", 110 + days_ago % 7, 3),)))
    return _case(_calls(55, "10:00"), history=history, queues=("Billing",))


def _slow_saturday() -> Case:
    """Saturdays have a fifth of the contacts of other days, and this one's contacts waited too long."""
    saturday = DAY + timedelta(days=3)
    open_days = [
        day for day in (saturday - timedelta(days=days_ago) for days_ago in range(90, -1, -1)) if day.weekday() < 6
    ]
    history = {
        day: _past_rows(60 + day.day % 5 if day.weekday() == 5 else 300 + day.day % 9, 0.1) for day in open_days[:-1]
    }
    calls = [*_calls(10, "09:00", day=saturday), *_calls(50, "11:00", wait=60, day=saturday)]
    case = _case(calls, day=saturday, history=history, workdays=WEEKDAYS[:6])
    return replace(case, business_days=tuple(open_days))


DAYS: Mapping[str, Callable[[], Case]] = {
    "adherence low on target": _adherence_low_on_target,
    "occupancy high on target": _occupancy_high_on_target,
    "adherence high off target": _adherence_high_off_target,
    "occupancy high above band": lambda: _occupancy_above_band(1_100_000, 9_000_000),
    "occupancy low above band": lambda: _occupancy_above_band(2_600_000, 900_000),
    "one contact in a queue": lambda: _few_in_a_queue(1),
    "no contact in a queue": lambda: _few_in_a_queue(0),
    "best queue low": _best_queue_low,
    "slow in two media": _slow_chat,
    "one queue": _one_queue,
    "one queue with few contacts": _one_queue_with_few_contacts,
    "slow saturday": _slow_saturday,
}
