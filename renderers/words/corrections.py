"""What a corrected briefing says otherwise than the revision before it."""

from __future__ import annotations

from dataclasses import dataclass

from renderers.words import numbers, readings
from renderers.words.names import clean
from renderers.words.numbers import plural
from worker.domain.briefing import Briefing, Correction, Revised
from worker.domain.metrics import Metric

MOST = 12
_COUNT_NAMES = {
    "offered": "Offered",
    "answered": "Answered",
    "abandoned": "Abandoned",
    "late": "Late",
    "average_handle_ms": "Average handle",
    "average_answer_ms": "Average answer",
}


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


def correction(briefing: Briefing, most: int = MOST) -> CorrectionText | None:
    """What changed, with both figures; None for a first revision."""
    if briefing.revision == 1:
        return None
    if briefing.correction is None:
        return CorrectionText("What changed is not known: no earlier revision has figures.", (), "")
    changes = briefing.correction.changes
    hidden = len(changes) - most
    return CorrectionText(
        _head(briefing.correction),
        tuple(_revised(of) for of in changes[:most]),
        f"+ {hidden:,} more" if hidden > 0 else "",
    )


def _head(of: Correction) -> str:
    if not of.changes:
        return f"Nothing changed: all figures are as in rev {of.revision}."
    differ = "differs" if len(of.changes) == 1 else "differ"
    return f"{plural(len(of.changes), 'figure')} {differ} from rev {of.revision}."


def _revised(of: Revised) -> RevisedText:
    if of.kind == "count":
        return RevisedText(_COUNT_NAMES[of.name], _count(of.name, of.before), _count(of.name, of.now))
    label = readings.METRIC_NAMES[Metric(of.name)] if of.kind == "metric" else clean(of.name)
    places = readings.places(of.before, of.now) if of.before is not None and of.now is not None else 1
    return RevisedText(label, numbers.percent(of.before, places), numbers.percent(of.now, places))


def _count(name: str, value: float | None) -> str:
    if name.endswith("_ms"):
        return numbers.talk_time(value)
    return numbers.count(None if value is None else round(value))
