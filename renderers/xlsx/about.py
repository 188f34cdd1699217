"""Sheet About: the window, the sources, what is missing, and how each figure is calculated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from renderers.tables.column import Column, Holds
from renderers.words import Words
from renderers.xlsx.cells import CELL_LIMIT, put
from renderers.xlsx.looks import Look
from renderers.xlsx.sheet import Sheet
from renderers.xlsx.table import write_rows
from worker.domain.briefing.content import Briefing
from worker.domain.metrics import OF_CONTACTS, Metric
from worker.domain.rows import SourceNote
from worker.domain.statuses import MATERIAL

_WIDTHS = (24, 44, 10, 16)
_SOURCES: tuple[Column[SourceNote], ...] = (
    Column("Source", Holds.TEXT, 0, lambda note: note.what),
    Column("Id", Holds.TEXT, 0, lambda note: note.id),
    Column("Rows", Holds.COUNT, 0, lambda note: note.rows),
    Column("Status", Holds.TEXT, 0, lambda note: note.status),
)


def fill(sheet: Sheet, words: Words, briefing: Briefing) -> None:
    """Write the sheet, one section below another."""
    sheet.widths.update(enumerate(_WIDTHS, 1))
    row = _write_pairs(sheet, words.say("Briefing"), _identity(words, briefing), 1)
    row = _write_correction(sheet, words, briefing, row)
    row = _write_sources(sheet, words, briefing.completeness.notes, row)
    row = _write_pairs(sheet, words.say("What is missing"), _gaps(words, briefing), row)
    _write_pairs(sheet, words.say("How it is calculated"), _formulas(words, briefing), row)


def _identity(words: Words, briefing: Briefing) -> list[tuple[str, str]]:
    return [
        (words.say("Group"), briefing.group_title),
        (words.say("Reporting day"), briefing.reporting_day.isoformat()),
        (words.say("Window from"), words.instant(briefing.window.start)),
        (words.say("Window to (exclusive)"), words.instant(briefing.window.end)),
        (words.say("Time zone"), briefing.zone),
        (words.say("Generated"), words.instant(briefing.generated_at)),
        (words.say("Revision"), words.corrected(briefing.revision) or "1"),
        (words.say("Run"), briefing.run_id),
    ]


def _write_correction(sheet: Sheet, words: Words, briefing: Briefing, top: int) -> int:
    """Write everything that changed since the revision before. Write nothing in a first revision."""
    correction = words.correction(briefing, most=CELL_LIMIT)
    if correction is None:
        return top
    pairs = [(change.label, f"{change.earlier} → {change.now}") for change in correction.changes]
    return _write_pairs(
        sheet, words.say("What changed"), [(words.corrected(briefing.revision), correction.head), *pairs], top
    )


def _gaps(words: Words, briefing: Briefing) -> list[tuple[str, str]]:
    gaps = [(words.say("Gap"), gap) for gap in words.gaps(briefing)]
    unread = [
        (words.metric(tile.reading.metric), words.say("No data: {why}", why=words.missing_reason(tile.reading)))
        for tile in briefing.tiles
        if tile.reading.ratio is None and words.own_reason(briefing, tile.reading)
    ]
    return [*gaps, *unread] or [(words.say("Nothing"), words.say("The figures are complete."))]


def _formulas(words: Words, briefing: Briefing) -> list[tuple[str, str]]:
    say, seconds = words.say, briefing.service_level_seconds
    in_time = say("in time") if seconds is None else say("within {seconds}", seconds=words.seconds(seconds))
    return [
        (
            say("Service level"),
            say("answered {in_time} ÷ (answered + abandoned), as the source counts both", in_time=in_time),
        ),
        (say("Abandonment"), say("abandoned ÷ offered")),
        (
            say("Occupancy"),
            say("interacting ÷ (interacting + communicating + idle time), all agents together"),
        ),
        (
            say("Adherence"),
            say("1 − time off schedule ÷ scheduled time, at least 0, all agents with a schedule together"),
        ),
        (say("Not in time"), say("counts towards the service level and not answered {in_time}", in_time=in_time)),
        (say("Average handle"), say("handle time ÷ handled contacts, as h:mm:ss")),
        (say("Average answer"), say("waiting time of the answered ÷ answered contacts, as h:mm:ss")),
        (say("Ratios"), say("sums divided by sums, never averages of percentages; a blank cell is no data, not 0")),
        (
            words.points_unit(),
            say("percentage points: the day minus the day or days it is compared with"),
        ),
        (
            say("Start"),
            say("wall time in the time zone above; UTC offset tells the two apart when an hour comes twice"),
        ),
        *(
            (say("Just missed: {metric}", metric=words.metric(metric)), _just_missed(words, metric))
            for metric in Metric
        ),
    ]


def _just_missed(words: Words, metric: Metric) -> str:
    if metric in OF_CONTACTS:
        return words.say("missed, but a group exactly on target does as badly on one day in twenty or more")
    points = words.points(MATERIAL[metric])
    if metric is Metric.OCCUPANCY:
        return words.say("less than {points} outside its band; further is missed", points=points)
    return words.say("less than {points} below its goal; further is missed", points=points)


def _write_pairs(sheet: Sheet, heading: str, pairs: Sequence[tuple[str, str]], top: int) -> int:
    put(sheet, top, 1, heading, Look.SECTION)
    for offset, (label, text) in enumerate(pairs, 1):
        put(sheet, top + offset, 1, label, Look.REMARK)
        put(sheet, top + offset, 2, text, Look.SENTENCE)
    return top + len(pairs) + 2


def _write_sources(sheet: Sheet, words: Words, notes: Sequence[SourceNote], top: int) -> int:
    if not notes:
        return _write_pairs(
            sheet,
            words.say("Sources"),
            [(words.say_as("sources", "None"), words.say("The briefing names no source."))],
            top,
        )
    put(sheet, top, 1, words.say("Sources"), Look.SECTION)
    worded_notes = [replace(note, what=words.source_name(note), status=words.source_status(note)) for note in notes]
    write_rows(sheet, words, _SOURCES, worded_notes, top + 1)
    return top + len(notes) + 3
