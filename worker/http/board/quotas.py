"""How much of each organisation's quota is in use, and who waits for it, in words."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from worker.domain.runs import RunId, RunState
from worker.http.board.standups import Card
from worker.http.board.times import Viewer
from worker.state.token_bucket import QuotaUse


@dataclass(frozen=True, slots=True)
class QuotaTexts:
    """The quota of an organisation. ``used_count`` of ``limit`` is the length of the bar."""

    name: str
    sentence: str
    used_count: int
    limit: int


def quota_texts(name: str, use: QuotaUse, viewer: Viewer) -> QuotaTexts:
    """Return how much of a quota is in use and until when somebody waits for it."""
    sentence = f"{use.used_count} of {use.limit} requests in the last minute, {_line(use, viewer)}"
    return QuotaTexts(name, sentence, use.used_count, use.limit)


def tickets(cards: Iterable[Card]) -> dict[str, list[str]]:
    """Return the tickets of the runs that may wait for a permit, by organisation."""
    by_organisation: dict[str, list[str]] = {}
    for card in cards:
        if card.run and card.run.state == RunState.OPEN:
            by_organisation.setdefault(card.group.organisation, []).append(str(card.run.id))
    return by_organisation


def waits_until(uses: Mapping[str, QuotaUse], now: datetime) -> dict[RunId, datetime]:
    """Return the runs that wait for a permit, each with the instant of its turn."""
    return {
        RunId.parse(ticket): now + timedelta(seconds=math.ceil(seconds))
        for use in uses.values()
        for ticket, seconds in use.wait_seconds.items()
    }


def _line(use: QuotaUse, viewer: Viewer) -> str:
    if use.held_seconds:
        return f"and the API wants none until {viewer.clock(use.held_seconds)}"
    if not use.waiting_count:
        return "no run waits"
    verb = "run waits" if use.waiting_count == 1 else "runs wait, the last"
    return f"{use.waiting_count} {verb} until {viewer.clock(use.last_wait_seconds)}"
