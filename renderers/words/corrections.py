"""What a corrected briefing changed since the revision before it."""

from __future__ import annotations

from dataclasses import dataclass

from renderers.words.readings import ReadingWords, places
from worker.domain.briefing.content import Briefing, Correction, RevisedFigure
from worker.domain.metrics import Metric

MOST = 12


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
        changes = briefing.correction.changes
        hidden = len(changes) - most
        return CorrectionText(
            self._head(briefing.correction),
            tuple(self._revised(revised) for revised in changes[:most]),
            self.say("+ {number} more", number=self.count(hidden)) if hidden > 0 else "",
        )

    def now_and_before(self, changed: RevisedText) -> str:
        """Service level 77.5% (was 76.9%)."""
        return self.say("{label} {now} (was {before})", label=changed.label, now=changed.now, before=changed.earlier)

    def _head(self, correction: Correction) -> str:
        if not correction.changes:
            return self.say("Nothing changed: all figures are as in rev {revision}.", revision=correction.revision)
        return self.many(
            "{n} figure differs from rev {revision}.",
            "{n} figures differ from rev {revision}.",
            len(correction.changes),
            revision=correction.revision,
        )

    def _revised(self, revised: RevisedFigure) -> RevisedText:
        if revised.kind == "count":
            return RevisedText(
                self._count_name(revised.name),
                self._counted(revised.name, revised.earlier),
                self._counted(revised.name, revised.now),
            )
        label = self.metric(Metric(revised.name)) if revised.kind == "metric" else self.clean(revised.name)
        digits = places(revised.earlier, revised.now) if revised.earlier is not None and revised.now is not None else 1
        return RevisedText(label, self.percent(revised.earlier, digits), self.percent(revised.now, digits))

    def _count_name(self, name: str) -> str:
        return {
            "offered": self.say("Offered"),
            "answered": self.say("Answered"),
            "abandoned": self.say("Abandoned"),
            "late": self.say("Late"),
            "average_handle_ms": self.say("Average handle"),
            "average_answer_ms": self.say("Average answer"),
        }[name]

    def _counted(self, name: str, value: float | None) -> str:
        if name.endswith("_ms"):
            return self.talk_time(value)
        return self.count(None if value is None else round(value))
