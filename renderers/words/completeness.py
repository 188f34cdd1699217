"""Where the figures come from, which days they are compared with, and what is missing."""

from __future__ import annotations

from renderers.words.corrections import CorrectionWords
from worker.domain.briefing.content import Briefing, Change, Notice
from worker.domain.metrics import Metric
from worker.domain.rows import Gap, SourceNote

_ID_LENGTH = 8


class CompletenessWords(CorrectionWords):
    """The words about sources and gaps."""

    def completeness(self, briefing: Briefing) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Return rows of (label, lines) for the completeness panel."""
        notes = briefing.completeness.notes
        corrected = self.correction(briefing)
        return (
            (self.say("From"), (self.instant(briefing.window.start),)),
            (self.say("To"), (self.exclusive(briefing),)),
            (self.say("Time zone"), (briefing.zone,)),
            (self.say("Generated"), (self.instant(briefing.generated_at),)),
            (self.say("Sources"), (self._sources_head(briefing), *(self._source(note) for note in notes))),
            *self._references(briefing),
            *([(self.say("Corrected"), (corrected.head,))] if corrected else ()),
            *(
                (self._gap_head(gap), (self._metric_prefix(gap) + self.clean(gap.detail),))
                for gap in briefing.completeness.gaps
            ),
        )

    def exclusive(self, subject_matter: Briefing | Notice) -> str:
        """2026-10-22T00:00:00-04:00 (exclusive)."""
        return self.say("{instant} (exclusive)", instant=self.instant(subject_matter.window.end))

    def gap(self, gap: Gap) -> str:
        """Not available: Adherence, no permission wfm:historicalAdherence:view."""
        return f"{self._gap_head(gap)}: {self._metric_prefix(gap)}{self.clean(gap.detail)}"

    def gaps(self, briefing: Briefing) -> tuple[str, ...]:
        """Return all gaps, first those that affect every figure."""
        ordered = sorted(briefing.completeness.gaps, key=lambda gap: gap.kind not in ("partial", "late_data"))
        return tuple(self.gap(gap) for gap in ordered)

    def footnotes(self, briefing: Briefing) -> tuple[str, str]:
        """Return the panel in two lines, for the foot of a wall page."""
        notes = briefing.completeness.notes
        ids = f" ({', '.join(self._short_id(note) for note in notes)})" if notes else ""
        window = self.say(
            "{start} to {end}", start=self.instant(briefing.window.start), end=self.instant(briefing.window.end)
        )
        rows = self._rows(sum(note.rows for note in notes))
        first = f"{self._sources_head(briefing)}, {rows}{ids}  ·  {window}, {briefing.zone}"
        second = [f"{label}: {lines[0]}" for label, lines in self._references(briefing)]
        if briefing.service_level_seconds is not None:
            limit = self.seconds(briefing.service_level_seconds)
            second.append(self.say("late = not answered within {seconds}", seconds=limit))
        generated = self.say("generated {instant}", instant=self.instant(briefing.generated_at))
        return first, "  ·  ".join([*second, generated])

    def _gap_head(self, gap: Gap) -> str:
        return {
            "partial": self.say("Incomplete"),
            "unavailable": self.say("Not available"),
            "late_data": self.say("Source is late"),
            "assumed_open": self.say("Calendar unread"),
            "percent_only": self.say("Percentages only"),
        }[gap.kind]

    def _metric_prefix(self, gap: Gap) -> str:
        return f"{self.metric(Metric(gap.metric))}, " if gap.metric in set(Metric) else ""

    def _sources_head(self, briefing: Briefing) -> str:
        number = len(briefing.completeness.notes)
        if briefing.completeness.whole:
            return self.many("{n} source, all complete", "{n} sources, all complete", number)
        return self.many("{n} source, incomplete", "{n} sources, incomplete", number)

    def _source(self, note: SourceNote) -> str:
        rows = self._rows(note.rows)
        return f"{self.clean(note.what)} {self._short_id(note)} · {rows} · {self.clean(note.status)}"

    def _rows(self, number: int) -> str:
        return self.many("{n} row", "{n} rows", number)

    def _short_id(self, note: SourceNote) -> str:
        return self.clean(note.id)[:_ID_LENGTH]

    def _references(self, briefing: Briefing) -> list[tuple[str, tuple[str, ...]]]:
        """Return the days that changes are compared with, each once."""
        by_kind: dict[str, Change] = {}
        for tile in briefing.tiles:
            for change in tile.changes:
                by_kind.setdefault(change.kind, change)
        rows: list[tuple[str, tuple[str, ...]]] = []
        if previous := by_kind.get("previous"):
            day = self.short_day(previous.days[0])
            rows.append((self.say("Calendar"), (self.say("{day} = previous business day", day=day),)))
        if average := by_kind.get("weekday_average"):
            days = self.days_of_months(tuple(sorted(average.days)))
            rows.append((self.say("Average"), (f"{self._weeks(average)}: {days}",)))
        return rows

    def _weeks(self, average: Change) -> str:
        """4 Wednesdays."""
        number = len(average.days)
        return (
            lambda: self.many("{n} Monday", "{n} Mondays", number),
            lambda: self.many("{n} Tuesday", "{n} Tuesdays", number),
            lambda: self.many("{n} Wednesday", "{n} Wednesdays", number),
            lambda: self.many("{n} Thursday", "{n} Thursdays", number),
            lambda: self.many("{n} Friday", "{n} Fridays", number),
            lambda: self.many("{n} Saturday", "{n} Saturdays", number),
            lambda: self.many("{n} Sunday", "{n} Sundays", number),
        )[average.days[0].weekday()]()
