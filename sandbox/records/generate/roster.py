"""When agents should work, and when they do, in seconds after opening. A `Plan` becomes a shift of the records."""

from __future__ import annotations

import random
from collections.abc import Iterable
from typing import NamedTuple

SHIFT = 8 * 3600 + 1800
_QUARTER = 900.0


class Piece(NamedTuple):
    """A part of an agent's day: WFM category, start, end."""

    category: str
    start: float
    end: float


class Plan(NamedTuple):
    """What one agent should do, and does. ``actual`` begins with the log-in."""

    planned: tuple[Piece, ...]
    actual: tuple[Piece, ...]

    def on_queue(self) -> list[tuple[float, float]]:
        """Return when the agent takes calls."""
        return [(piece.start, piece.end) for piece in self.actual if piece.category == "OnQueueWork"]


def plan(n: int, team: int, opening: float, habit: random.Random, chance: random.Random) -> Plan:
    """Return the day of the team's ``n``-th agent. ``habit`` belongs to the agent, ``chance`` to the day."""
    shift = min(opening, SHIFT)
    start = round((opening - shift) * n / max(1, team - 1) / _QUARTER) * _QUARTER
    breaks = _breaks(n, team, shift)
    planned = _pieces(
        start, start + shift, [(kind, start + offset, start + offset + length) for kind, offset, length in breaks]
    )
    latecomer = habit.random() < 0.12 or n == team // 3
    return Plan(planned, _actual(planned, latecomer, chance))


def _breaks(n: int, team: int, length: float) -> list[tuple[str, float, float]]:
    """Return the breaks: two and a meal in a long shift. Times differ by agent, and lunch has three sittings."""
    if length < 5 * 3600:
        return [("Break", length / 2 + (n % 3 - 1) * _QUARTER, 900)]
    spread = (n * 5 % team) / team * 2 * 3600
    return [
        ("Break", 1.2 * 3600 + spread * 0.7, 900),
        ("Meal", 3.75 * 3600 + (n % 3) * 2100, 2100),
        ("Break", 6 * 3600 + spread * 0.5, 900),
    ]


def _pieces(start: float, end: float, breaks: Iterable[tuple[str, float, float]]) -> tuple[Piece, ...]:
    pieces, resumed = [], start
    for kind, begin, finish in breaks:
        if resumed < begin < end:
            pieces += [Piece("OnQueueWork", resumed, begin), Piece(kind, begin, min(finish, end))]
            resumed = min(finish, end)
    return (*pieces, Piece("OnQueueWork", resumed, end)) if resumed < end else tuple(pieces)


def _actual(planned: tuple[Piece, ...], latecomer: bool, chance: random.Random) -> tuple[Piece, ...]:
    late = chance.uniform(420, 1700) if latecomer and chance.random() < 0.7 else max(0.0, chance.gauss(20, 60))
    start, end = planned[0].start + late, planned[-1].end
    if chance.random() < 0.06:
        end -= chance.uniform(600, 2400)
    breaks = [_drift(piece, latecomer, chance) for piece in planned if piece.category != "OnQueueWork"]
    if chance.random() < 0.3:
        absence = chance.uniform(start, end)
        breaks.append(("Unavailable", absence, absence + chance.uniform(240, 1800)))
    return _pieces(start, end, sorted(breaks, key=lambda pause: pause[1]))


def _drift(piece: Piece, latecomer: bool, chance: random.Random) -> tuple[str, float, float]:
    begin = piece.start + chance.gauss(30, 120)
    overrun = chance.uniform(180, 1200) if chance.random() < (0.6 if latecomer else 0.2) else chance.gauss(20, 60)
    return piece.category, begin, max(begin + 60, piece.end + overrun)
