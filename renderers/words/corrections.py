"""What a corrected briefing says otherwise than the revision before it."""

from __future__ import annotations

from dataclasses import dataclass

from renderers.words.readings import Readings, places
from worker.domain.briefing.content import Briefing, Correction, RevisedFigure
from worker.domain.metrics import Metric

MOST = 12


@dataclass(frozen=True, slots=True)
class RevisedText:
    """``Service level`` · ``76.9%`` · ``77.5%``."""

    label: str
    before: str
    now: str


@dataclass(frozen=True, slots=True)
class CorrectionText:
    """What stands above the list, the list, and how many more there are."""

    head: str
    changes: tuple[RevisedText, ...]
    more: str


class Corrections(Readings):
    """How a language speaks of what a later revision changed."""

    def correction(self, briefing: Briefing, most: int = MOST) -> CorrectionText | None:
        """What changed, with both figures; None for a first revision."""
        if briefing.revision == 1:
            return None
        if briefing.correction is None:
            unknown = self.say("What changed is not known: no earlier revision has figures.")
            return CorrectionText(unknown, (), "")
        changes = briefing.correction.changes
        hidden = len(changes) - most
        return CorrectionText(
            self._head(briefing.correction),
            tuple(self._revised(of) for of in changes[:most]),
            self.say("+ {number} more", number=self.count(hidden)) if hidden > 0 else "",
        )

    def was(self, changed: RevisedText) -> str:
        """Service level 77.5% (was 76.9%)."""
        return self.say("{label} {now} (was {before})", label=changed.label, now=changed.now, before=changed.before)

    def _head(self, of: Correction) -> str:
        if not of.changes:
            return self.say("Nothing changed: all figures are as in rev {revision}.", revision=of.revision)
        return self.many(
            "{n} figure differs from rev {revision}.",
            "{n} figures differ from rev {revision}.",
            len(of.changes),
            revision=of.revision,
        )

    def _revised(self, of: RevisedFigure) -> RevisedText:
        if of.kind == "count":
            return RevisedText(
                self._count_name(of.name), self._counted(of.name, of.earlier), self._counted(of.name, of.now)
            )
        label = self.metric(Metric(of.name)) if of.kind == "metric" else self.clean(of.name)
        digits = places(of.earlier, of.now) if of.earlier is not None and of.now is not None else 1
        return RevisedText(label, self.percent(of.earlier, digits), self.percent(of.now, digits))

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
