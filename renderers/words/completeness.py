"""Where the figures come from, which days they are compared with, and what they lack."""

from __future__ import annotations

from renderers.words import corrections, dates, numbers, readings
from renderers.words.names import clean
from renderers.words.numbers import plural
from worker.domain.briefing import Briefing, Change
from worker.domain.metrics import Metric
from worker.domain.rows import Gap, SourceNote

_ID_LENGTH = 8
_GAP_HEADS = {
    "partial": "Incomplete",
    "unavailable": "Not available",
    "late_data": "Source is late",
    "assumed_open": "Calendar unread",
    "percent_only": "Percentages only",
}


def completeness(briefing: Briefing) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Rows of (label, lines) for the panel; instants with their offset, the window's end exclusive."""
    rows = [
        ("From", (dates.instant(briefing.window.start),)),
        ("To", (f"{dates.instant(briefing.window.end)} (exclusive)",)),
        ("Time zone", (briefing.zone,)),
        ("Generated", (dates.instant(briefing.generated_at),)),
        ("Sources", (_sources_head(briefing), *(_source(note) for note in briefing.completeness.notes))),
        *_references(briefing),
        *(("Corrected", (told.head,)) for told in [corrections.correction(briefing)] if told),
        *((_GAP_HEADS[of.kind], (_about(of) + clean(of.detail),)) for of in briefing.completeness.gaps),
    ]
    return tuple(rows)


def gap(of: Gap) -> str:
    """Not available: Adherence, no permission wfm:historicalAdherence:view."""
    return f"{_GAP_HEADS[of.kind]}: {_about(of)}{clean(of.detail)}"


def gaps(briefing: Briefing) -> tuple[str, ...]:
    """All gaps, those that bear on every figure first."""
    ordered = sorted(briefing.completeness.gaps, key=lambda of: of.kind not in ("partial", "late_data"))
    return tuple(gap(of) for of in ordered)


def footnotes(briefing: Briefing) -> tuple[str, str]:
    """The panel in two lines for the foot of a wall page."""
    notes = briefing.completeness.notes
    rows = sum(note.rows for note in notes)
    ids = f" ({', '.join(_short_id(note) for note in notes)})" if notes else ""
    window = f"{dates.instant(briefing.window.start)} to {dates.instant(briefing.window.end)}, {briefing.zone}"
    first = f"{_sources_head(briefing)}, {plural(rows, 'row')}{ids}  ·  {window}"
    second = [f"{label}: {lines[0]}" for label, lines in _references(briefing)]
    if briefing.service_level_seconds is not None:
        second.append(f"late = not answered within {numbers.seconds(briefing.service_level_seconds)}")
    return first, "  ·  ".join([*second, f"generated {dates.instant(briefing.generated_at)}"])


def _about(of: Gap) -> str:
    return f"{readings.METRIC_NAMES[Metric(of.metric)]}, " if of.metric in set(Metric) else ""


def _sources_head(briefing: Briefing) -> str:
    state = "all complete" if briefing.completeness.whole else "incomplete"
    return f"{plural(len(briefing.completeness.notes), 'source')}, {state}"


def _source(note: SourceNote) -> str:
    return f"{clean(note.what)} {_short_id(note)} · {plural(note.rows, 'row')} · {clean(note.status)}"


def _short_id(note: SourceNote) -> str:
    return clean(note.id)[:_ID_LENGTH]


def _references(briefing: Briefing) -> list[tuple[str, tuple[str, ...]]]:
    """Which days the changes are against, each reference once."""
    by_kind: dict[str, Change] = {}
    for tile in briefing.tiles:
        for change in tile.changes:
            by_kind.setdefault(change.kind, change)
    rows: list[tuple[str, tuple[str, ...]]] = []
    if previous := by_kind.get("previous"):
        rows.append(("Calendar", (f"{dates.short_day(previous.days[0])} = previous business day",)))
    if average := by_kind.get("weekday_average"):
        name = dates.DAYS[average.days[0].weekday()]
        rows.append(
            ("Average", (f"{plural(len(average.days), name)}: {dates.days_of_months(tuple(sorted(average.days)))}",))
        )
    return rows
