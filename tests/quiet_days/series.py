"""Quiet days one after the other, each briefed as the product does it, with the days before it as history.

A day is simulated once. It is the reporting day of one briefing, and one of the past days of the next 26. What a
briefing talks about is remembered, so that the next one says what became of it.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from tests.queue_days import Centre, group_of, rows_of_day, workdays
from worker.domain.briefing.content import Briefing
from worker.domain.briefing.history import USUAL_DAYS, DayFigures, figures_of
from worker.domain.compose import build
from worker.domain.groups import Group
from worker.domain.insights.points import talking_points
from worker.domain.rows import AgentDay, Rows, Window

FIRST_DAY = date(2026, 1, 5)
SHIFT_SECONDS = 27_000
_OFF_SCHEDULE, _AGENTS_DIFFER, _DAYS_DIFFER = 0.06, 0.03, 0.005
"""The share of its schedule that an agent is elsewhere: its mean, and how much agents and days differ."""


def briefings(centre: Centre, days: int, chance: random.Random) -> Iterator[tuple[Briefing, Rows]]:
    """Yield so many briefings of quiet days, the first after 26 days of history."""
    group, history = group_of(centre), dict[date, DayFigures]()
    calendar = workdays(FIRST_DAY, USUAL_DAYS + days + 1)
    for day in calendar[: USUAL_DAYS + days]:
        rows = with_agents(rows_of_day(centre, day, chance), chance)
        figures = figures_of(rows, group.tz)
        if len(history) >= USUAL_DAYS:
            briefing = brief(group, day, rows, history)
            figures = replace(figures, points=talking_points(briefing, rows))
            yield briefing, rows
        history[day] = figures


def brief(group: Group, day: date, rows: Rows, history: dict[date, DayFigures]) -> Briefing:
    """Return the briefing of a day after all days of the history, without holidays."""
    midnight = datetime.combine(day, time(), group.tz)
    return build(
        run_id=f"{group.key}:{day}",
        group=group,
        reporting_day=day,
        revision=1,
        window=Window(midnight, midnight + timedelta(days=1)),
        generated_at=datetime.combine(day + timedelta(days=1), time(5, 5, 12), UTC),
        rows=rows,
        history=history,
        business_days=(*history, day),
    )


def with_agents(rows: Rows, chance: random.Random) -> Rows:
    """Return the rows with the time of the team shared by agents, who are elsewhere for a part of their schedule."""
    (team,) = rows.agents
    busy, idle = team.interacting_ms or 0, team.idle_ms or 0
    number = max(round((busy + idle) / 1000 / SHIFT_SECONDS), 1)
    share = _OFF_SCHEDULE + chance.gauss(0, _DAYS_DIFFER)
    agents = (
        AgentDay(
            user_id=f"a{agent}",
            name=f"Agent {agent + 1}",
            interacting_ms=busy // number,
            communicating_ms=0,
            idle_ms=idle // number,
            scheduled_seconds=SHIFT_SECONDS,
            exception_seconds=round(SHIFT_SECONDS * min(max(chance.gauss(share, _AGENTS_DIFFER), 0.0), 1.0)),
        )
        for agent in range(number)
    )
    return replace(rows, agents=tuple(agents))
