"""How often a fall of the service level by ten points is called unusual, by contacts and by how much days differ."""

from __future__ import annotations

import random
from datetime import date, timedelta

from tests.queue_days import workdays
from tests.quiet_days.series import FIRST_DAY
from worker.domain.briefing.history import USUAL_DAYS
from worker.domain.usual.scales import DayFigure, Kind
from worker.domain.usual.usual_range import usual_range

LEVEL, FALL = 0.8, 0.1
CONTACTS = (30, 120, 500, 5_000)
POINTS = (0, 1, 2, 3)
"""Standard deviations of the level of a day beyond chance, in points."""

ALPHA, LEAST_FALL = 0.005, 0.03
"""Both sides of the limits of the service level, and the least difference that is told (docs/usual-range.md)."""


def power(contacts: int, points: float, days: int, seed: int) -> float:
    """Return the share of days with a true fall that are called unusual."""
    chance = random.Random(seed)
    return sum(_is_seen(contacts, points / 100, chance) for _ in range(days)) / days


def _is_seen(contacts: int, deviation: float, chance: random.Random) -> bool:
    past_days = workdays(FIRST_DAY, USUAL_DAYS)
    history = [_figure(day, contacts, chance.gauss(LEVEL, deviation), chance) for day in past_days]
    today = _figure(past_days[-1] + timedelta(days=3), contacts, chance.gauss(LEVEL - FALL, deviation), chance)
    usual = usual_range(Kind.RATIO, history, today, ALPHA)
    assert usual is not None
    level = today.numerator / today.denominator
    return usual.p_low < ALPHA / 2 and usual.centre - level >= LEAST_FALL


def _figure(day: date, contacts: int, level: float, chance: random.Random) -> DayFigure:
    in_time = sum(chance.random() < level for _ in range(contacts))
    return DayFigure(day, in_time, contacts)
