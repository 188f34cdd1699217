"""The day's six sums, each with what it is against the previous business day or out of what."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from renderers.words.numbers import MISSING
from renderers.words.readings import Readings
from worker.domain.briefing.content import Briefing, Counts
from worker.domain.metrics import Metric


@dataclass(frozen=True, slots=True)
class Figure:
    """``Offered`` · ``5,438`` · ``+8.3% vs Tue``."""

    label: str
    value: str
    caption: str


class Figures(Readings):
    """How a language speaks of the day's sums."""

    def figures(self, briefing: Briefing) -> tuple[Figure, ...]:
        """Offered, answered, abandoned, average handle, average answer, late."""
        counts, of_offered = briefing.counts, self.say("{percent} of offered", percent=self._answered(briefing.counts))
        abandoned = self.say("{percent} of offered", percent=self._abandonment(briefing))
        each = self.say("per contact")
        return (
            Figure(self.say("Offered"), self.count(counts.offered), self._growth(briefing) or self.say("contacts")),
            Figure(self.say("Answered"), self.count(counts.answered), of_offered),
            Figure(self.say("Abandoned"), self.count(counts.abandoned), abandoned),
            Figure(
                self.say("Avg handle"),
                self.talk_time(counts.average_handle_ms),
                self._slower(briefing, lambda of: of.average_handle_ms) or each,
            ),
            Figure(
                self.say("Avg answer"),
                self.wait_time(counts.average_answer_ms),
                self._slower(briefing, lambda of: of.average_answer_ms) or each,
            ),
            Figure(self.say("Late"), self.count(counts.late), self._not_in_time(briefing.service_level_seconds)),
        )

    def _not_in_time(self, limit: int | None) -> str:
        return self.say("not in {seconds}", seconds=self.seconds(limit)) if limit else self.say("not in time")

    def _answered(self, counts: Counts) -> str:
        known = counts.answered is not None and counts.offered
        return self.percent((counts.answered or 0) / (counts.offered or 1) if known else None)

    def _abandonment(self, briefing: Briefing) -> str:
        found = [self.value(tile.reading) for tile in briefing.tiles if tile.reading.metric is Metric.ABANDONMENT]
        return found[0] if found else MISSING

    def _growth(self, briefing: Briefing) -> str:
        then, now = briefing.previous_counts, briefing.counts.offered
        if then is None or not then.offered or now is None:
            return ""
        return self._against(briefing, self.signed_percent(now / then.offered - 1))

    def _slower(self, briefing: Briefing, average: Callable[[Counts], float | None]) -> str:
        then = briefing.previous_counts
        before, after = average(then) if then else None, average(briefing.counts)
        if before is None or after is None:
            return ""
        seconds = round((after - before) / 1000)
        return self._against(briefing, ("+" if seconds >= 0 else "-") + self.seconds(abs(seconds)))

    def _against(self, briefing: Briefing, moved: str) -> str:
        days = [change.days[0] for tile in briefing.tiles for change in tile.changes if change.kind == "previous"]
        day = self.weekday(days[0]) if days else self.say("day before")
        return self.say("{change} vs {day}", change=moved, day=day)
