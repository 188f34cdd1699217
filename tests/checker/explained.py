"""Days with a low service level after quiet ones: with one cause, two, none, and with too little to explain it from."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from tests.checker.case import Case
from tests.queue_days import Cause, Centre, case_of, rows_of_day
from worker.domain.groups import Language, Targets

_SHARES = (0.6, 0.25, 0.15)
_OTHERS = (0.4, 0.15, 0.45)
_SEED = 7
_LONG_QUEUE = (183.0, 183.0, 520.0)


def cases(language: Language) -> Iterator[Case]:
    """All of them in one language."""
    for name, make in DAYS.items():
        case = make()
        group = case.group.model_copy(update={"language": language})
        yield replace(case, name=f"{name} {language}", group=group)


def _case(cause: Cause, contacts: float = 1500, past_days: int = 26) -> Case:
    return case_of(Centre(contacts, queue_shares=_SHARES), _SEED, cause, past_days)


def _busy_monday() -> Case:
    """Mondays have half as many contacts again as other days, and the agents for them. This one has a fifth more."""
    centre = Centre(1500, queue_shares=_SHARES, weekdays=(1.5, 1, 1, 1, 1, 1, 1))
    return case_of(centre, _SEED, Cause(volume=1.2), past_days=25)


def _without_agents() -> Case:
    case = _case(Cause(handle=1.2))
    return replace(case, rows=replace(case.rows, agents=()))


def _mostly_another_queue() -> Case:
    usual, busy = (Centre(1500, queue_shares=shares, queue_handle_times=_LONG_QUEUE) for shares in (_SHARES, _OTHERS))
    case = case_of(usual, _SEED, Cause())
    return replace(case, rows=rows_of_day(busy, case.day, random.Random(_SEED)))


def _on_target() -> Case:
    """The service level is unusually low and on target. Occupancy and adherence miss theirs."""
    case = case_of(Centre(700, queue_shares=(1.0,)), _SEED, Cause(volume=1.2, staffing=0.75))
    low_targets = {"service_level": 0.1, "abandonment": 0.9, "occupancy": (0.1, 0.2), "adherence": 1.0}
    agents = tuple(replace(agent, scheduled_seconds=28_800, exception_seconds=3_600) for agent in case.rows.agents)
    group = case.group.model_copy(update={"targets": Targets(**low_targets)})
    return replace(case, group=group, rows=replace(case.rows, agents=agents))


def _without_half_hours() -> Case:
    """The day before the sums of half-hours were stored: all rows of a day are of the whole day."""
    case = _case(Cause(volume=1.3))
    history = {
        day: replace(rows, intervals=tuple(replace(interval, start=None) for interval in rows.intervals))
        for day, rows in case.history.items()
    }
    return replace(case, history=history)


DAYS: Mapping[str, Callable[[], Case]] = {
    "more contacts": lambda: _case(Cause(volume=1.2)),
    "unusually low and on target": _on_target,
    "more contacts on a busy weekday": _busy_monday,
    "longer handle time": lambda: _case(Cause(handle=1.2)),
    "fewer agents": lambda: _case(Cause(staffing=0.72)),
    "fewer agents and more contacts": lambda: _case(Cause(volume=1.2, staffing=0.75)),
    "low by chance": lambda: _case(Cause(volume=1.06, handle=1.04, staffing=0.92)),
    "unusual without a cause": lambda: _case(Cause(volume=1.12, staffing=0.88)),
    "few days before": lambda: _case(Cause(volume=1.4), past_days=7),
    "few contacts": lambda: _case(Cause(staffing=0.3), contacts=130),
    "no agents known": _without_agents,
    "mostly another queue": _mostly_another_queue,
    "no half-hours before": _without_half_hours,
}
