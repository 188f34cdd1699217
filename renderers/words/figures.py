"""The day's six figures, each with its change against the previous business day or its denominator."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from renderers.words.numbers import MISSING
from renderers.words.readings import ReadingWords
from renderers.words.rounding import half_up
from worker.domain.briefing.content import Briefing, Counts
from worker.domain.metrics import Metric


@dataclass(frozen=True, slots=True)
class Figure:
    """``Offered`` · ``5,438`` · ``+8.3% vs Tue``."""

    label: str
    value: str
    caption: str


class FigureWords(ReadingWords):
    """The captions of the day's figures."""

    def figures(self, briefing: Briefing) -> tuple[Figure, ...]:
        """Offered, answered, abandoned, average handle, average answer, late."""
        counts, of_offered = briefing.counts, self.say("{percent} of offered", percent=self._answered(briefing.counts))
        abandoned = self.say("{percent} of offered", percent=self._abandonment(briefing))
        per_contact = self.say("per contact")
        return (
            Figure(self.say("Offered"), self.count(counts.offered), self._growth(briefing) or self.say("contacts")),
            Figure(self.say("Answered"), self.count(counts.answered), of_offered),
            Figure(self.say("Abandoned"), self.count(counts.abandoned), abandoned),
            Figure(
                self.say("Avg handle"),
                self.talk_time(counts.average_handle_ms),
                self._slower(briefing, lambda counts_of_day: counts_of_day.average_handle_ms) or per_contact,
            ),
            Figure(
                self.say("Avg answer"),
                self.wait_time(counts.average_answer_ms),
                self._slower(briefing, lambda counts_of_day: counts_of_day.average_answer_ms) or per_contact,
            ),
            Figure(self.say("Not in time"), self.count(counts.late), self.say("late or hung up")),
        )

    def _answered(self, counts: Counts) -> str:
        has_both = counts.answered is not None and counts.offered
        return self.percent((counts.answered or 0) / (counts.offered or 1) if has_both else None)

    def _abandonment(self, briefing: Briefing) -> str:
        values = [self.value(tile.reading) for tile in briefing.tiles if tile.reading.metric is Metric.ABANDONMENT]
        return values[0] if values else MISSING

    def _growth(self, briefing: Briefing) -> str:
        previous, offered = briefing.previous_counts, briefing.counts.offered
        if previous is None or not previous.offered or offered is None:
            return ""
        return self._compared(briefing, self.signed_percent(offered / previous.offered - 1))

    def _slower(self, briefing: Briefing, average: Callable[[Counts], float | None]) -> str:
        previous = briefing.previous_counts
        earlier, current = average(previous) if previous else None, average(briefing.counts)
        if earlier is None or current is None:
            return ""
        seconds = int(half_up((current - earlier) / 1000))
        return self._compared(briefing, ("+" if seconds >= 0 else "-") + self.seconds(abs(seconds)))

    def _compared(self, briefing: Briefing, change: str) -> str:
        days = [change.days[0] for tile in briefing.tiles for change in tile.changes if change.kind == "previous"]
        day = self.weekday(days[0]) if days else self.say("day before")
        return self.say("{change} vs {day}", change=change, day=day)
