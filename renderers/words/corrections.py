"""What a corrected briefing changed since the revision before it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from renderers.words.numbers import MISSING
from renderers.words.readings import ReadingWords, edges_of
from renderers.words.rounding import half_up, places_beside
from renderers.words.verdict import all_tiles
from worker.domain.briefing.content import Briefing, ChangedParts, Correction, RevisedFigure
from worker.domain.briefing.media import ALL_MEDIA
from worker.domain.metrics import Metric, Reading

MOST = 12
_MOST_TIMES = 4


@dataclass(frozen=True, slots=True)
class RevisedText:
    """``Service level`` · ``76.9%`` · ``77.5%``."""

    label: str
    earlier: str
    now: str


@dataclass(frozen=True, slots=True)
class CorrectionText:
    """The sentence above the list, the list, and how many more changes there are."""

    head: str
    changes: tuple[RevisedText, ...]
    rest: str


class CorrectionWords(ReadingWords):
    """The sentences about a correction."""

    def correction(self, briefing: Briefing, most: int = MOST) -> CorrectionText | None:
        """Return what changed, with both figures, or None for a first revision."""
        if briefing.revision == 1:
            return None
        if briefing.correction is None:
            unknown = self.say("What changed is not known: no earlier revision has figures.")
            return CorrectionText(unknown, (), "")
        changes = (self._revised(briefing, revised) for revised in briefing.correction.changes)
        texts = [*self._targets_text(briefing.correction), *changes]
        hidden = len(texts) - most
        return CorrectionText(
            self._head(briefing.correction),
            tuple(texts[:most]),
            self.say("+ {number} more", number=self.count(hidden)) if hidden > 0 else "",
        )

    def _targets_text(self, correction: Correction) -> Iterator[RevisedText]:
        """Yield how many targets were missed, where the verdict changed."""
        if correction.targets:
            counts = (
                self.say("{number} of {all}", number=self.count(targets.missed), all=self.count(targets.total))
                if targets
                else MISSING
                for targets in correction.targets
            )
            yield RevisedText(self.say("Targets missed"), *counts)

    def correction_line(self, briefing: Briefing, fits: Callable[[str], bool]) -> str:
        """Say in one line what changed: as many figures as ``fits`` allows, and how many more. "" for a first revision.

        The verdict's number of targets comes first, where it changed, then service level and abandonment. The line
        names one figure at least.
        """
        correction = self.correction(briefing)
        if correction is None or briefing.correction is None:
            return correction.head if correction else ""
        if not correction.changes:
            short = self._head(briefing.correction, with_times=False)
            return correction.head if fits(correction.head) else short
        total = len(briefing.correction.changes) + bool(briefing.correction.targets)
        texts = [self.now_and_before(text) for text in correction.changes]
        lines = [self._changed(texts[:count], total - count) for count in range(len(texts), 0, -1)]
        return next(filter(fits, lines), lines[-1])

    def correction_lines(self, briefing: Briefing, fits: Callable[[str], bool]) -> tuple[str, ...]:
        """Return how many figures differ, and below it those that ``fits`` has room for. Nothing for a first revision.

        A correction without other figures is said in the first sentence alone.
        """
        correction = self.correction(briefing)
        if correction is None:
            return ()
        if not correction.changes:
            return (self.correction_line(briefing, fits),)
        return correction.head, self.correction_line(briefing, fits)

    def _changed(self, texts: list[str], hidden: int) -> str:
        rest = [self.many("{n} more figure", "{n} more figures", hidden)] if hidden else []
        return self.say("Changed: {figures}.", figures=", ".join([*texts, *rest]))

    def now_and_before(self, changed: RevisedText) -> str:
        """Service level 77.5% (was 76.9%)."""
        if changed.earlier == MISSING:
            return self.say("{label} {now} (was not known)", label=changed.label, now=changed.now)
        if changed.now == MISSING:
            return self.say("{label} no longer known (was {before})", label=changed.label, before=changed.earlier)
        return self.say("{label} {now} (was {before})", label=changed.label, now=changed.now, before=changed.earlier)

    def _head(self, correction: Correction, *, with_times: bool = True) -> str:
        """Say no more than was compared: half-hours and agents are known as long as the earlier rows are stored."""
        if correction.completes:
            return self.say("Data that rev {revision} lacked has arrived.", revision=correction.revision)
        if correction.changes:
            return self.many(
                "At least {n} figure differs from rev {revision}.",
                "At least {n} figures differ from rev {revision}.",
                len(correction.changes) + bool(correction.targets),
                revision=correction.revision,
            )
        revision = str(correction.revision)
        if correction.parts is None:
            return self.say("No total differs from rev {revision}. Only totals were compared.", revision=revision)
        if parts := self._changed_parts(correction.parts, with_times=with_times):
            return self.say(
                "Changed: {parts}. No total differs from rev {revision}.", parts=", ".join(parts), revision=revision
            )
        return self.say("No figure differs from rev {revision}.", revision=revision)

    def _changed_parts(self, changed: ChangedParts, *, with_times: bool) -> list[str]:
        """2 half-hours (14:00, 15:00), 1 queue, 2 agents, what is missing."""
        half_hours = self.many("{n} half-hour", "{n} half-hours", len(changed.half_hours))
        if with_times and len(changed.half_hours) <= _MOST_TIMES:
            half_hours += f" ({', '.join(self.clock(start) for start in changed.half_hours)})"
        parts = (
            (half_hours, bool(changed.half_hours)),
            (self.many("{n} queue", "{n} queues", changed.queues), bool(changed.queues)),
            (self.many("{n} agent", "{n} agents", changed.agents), bool(changed.agents)),
            (self.say("what is missing"), changed.gaps),
        )
        return [text for text, is_changed in parts if is_changed]

    def _revised(self, briefing: Briefing, revised: RevisedFigure) -> RevisedText:
        """Return both figures, so that neither looks like the other or like a goal that it misses."""
        if revised.kind == "count":
            return RevisedText(
                self.count_name(revised.name),
                self._counted(revised.name, revised.earlier),
                self._counted(revised.name, revised.now),
            )
        name = self.metric(Metric(revised.name)) if revised.kind == "metric" else self.clean(revised.name)
        label = self.in_medium(name, revised.medium)
        digits = (
            places_beside(revised.earlier, revised.now)
            if revised.earlier is not None and revised.now is not None
            else 1
        )
        edges = [edge for reading in _readings(briefing, revised) for edge in edges_of(reading)]
        earlier, now = (self.percent(value, digits, *edges) for value in (revised.earlier, revised.now))
        return RevisedText(label, earlier, now)

    def count_name(self, name: str) -> str:
        """Return what a field of `Counts` is called."""
        return {
            "offered": self.say("Offered"),
            "answered": self.say("Answered"),
            "abandoned": self.say("Abandoned"),
            "late": self.say("Not in time"),
            "average_handle_ms": self.say("Average handle"),
            "average_answer_ms": self.say("Average answer"),
        }[name]

    def _counted(self, name: str, value: float | None) -> str:
        if name.endswith("_ms"):
            return self.average_time(value)
        return self.count(None if value is None else int(half_up(value)))


def _readings(briefing: Briefing, revised: RevisedFigure) -> Iterator[Reading]:
    """Yield the readings of a metric or a queue whose service level has changed, one for each of its media."""
    for tile in all_tiles(briefing):
        if (
            revised.kind == "metric"
            and tile.reading.metric == revised.name
            and tile.medium in (None, ALL_MEDIA, revised.medium)
        ):
            yield tile.reading
    for line in briefing.queues:
        if revised.kind == "queue" and line.name == revised.name and line.medium in (None, revised.medium):
            yield line.service_level
