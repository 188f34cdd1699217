"""Sheet About: the window, where the figures come from, what they lack, and how each is reckoned."""

from __future__ import annotations

from collections.abc import Sequence

from openpyxl.worksheet.worksheet import Worksheet

from renderers import words
from renderers.xlsx.cells import CELL_LIMIT, put
from renderers.xlsx.looks import Look
from renderers.xlsx.table import Column, write_rows
from worker.domain.briefing import Briefing
from worker.domain.metrics import TOLERANCE, Metric
from worker.domain.rows import SourceNote

_WIDTHS = {"A": 24, "B": 44, "C": 10, "D": 16}
_SOURCES: tuple[Column[SourceNote], ...] = (
    Column("Source", Look.TEXT, 0, lambda note: note.what),
    Column("Id", Look.TEXT, 0, lambda note: note.id),
    Column("Rows", Look.COUNT, 0, lambda note: note.rows),
    Column("Status", Look.TEXT, 0, lambda note: note.status),
)


def fill(sheet: Worksheet, briefing: Briefing) -> None:
    """Write the sheet, section under section."""
    for letter, width in _WIDTHS.items():
        sheet.column_dimensions[letter].width = width
    row = _write_pairs(sheet, "Briefing", _identity(briefing), 1)
    row = _write_correction(sheet, briefing, row)
    row = _write_sources(sheet, briefing.completeness.notes, row)
    row = _write_pairs(sheet, "What is missing", _missing(briefing), row)
    _write_pairs(sheet, "How it is reckoned", _formulas(briefing), row)


def _identity(briefing: Briefing) -> list[tuple[str, str]]:
    return [
        ("Group", briefing.group_title),
        ("Reporting day", briefing.reporting_day.isoformat()),
        ("Window from", words.instant(briefing.window.start)),
        ("Window to (exclusive)", words.instant(briefing.window.end)),
        ("Time zone", briefing.zone),
        ("Generated", words.instant(briefing.generated_at)),
        ("Revision", words.corrected(briefing.revision) or "1"),
        ("Run", briefing.run_id),
    ]


def _write_correction(sheet: Worksheet, briefing: Briefing, top: int) -> int:
    """What changed against the revision before, all of it; nothing in a first revision."""
    told = words.correction(briefing, most=CELL_LIMIT)
    if told is None:
        return top
    pairs = [(of.label, f"{of.before} → {of.now}") for of in told.changes]
    return _write_pairs(sheet, "What changed", [(words.corrected(briefing.revision), told.head), *pairs], top)


def _missing(briefing: Briefing) -> list[tuple[str, str]]:
    gaps = [("Gap", said) for said in words.gaps(briefing)]
    unread = [
        (words.METRIC_NAMES[tile.reading.metric], f"No data: {tile.reading.why}")
        for tile in briefing.tiles
        if tile.reading.ratio is None and tile.reading.why
    ]
    return [*gaps, *unread] or [("Nothing", "The figures are complete.")]


def _formulas(briefing: Briefing) -> list[tuple[str, str]]:
    seconds = briefing.service_level_seconds
    in_time = "in time" if seconds is None else f"within {words.seconds(seconds)}"
    return [
        ("Service level", f"answered {in_time} ÷ (answered + abandoned), as the source counts both"),
        ("Abandonment", "abandoned ÷ offered"),
        ("Occupancy", "(interacting + communicating) ÷ (interacting + communicating + idle time), all agents together"),
        ("Adherence", "1 − time off schedule ÷ scheduled time, at least 0, all agents with a schedule together"),
        ("Late", f"offered and not answered {in_time}"),
        ("Average handle", "handle time ÷ handled contacts, as h:mm:ss"),
        ("Average answer", "waiting time of the answered ÷ answered contacts, as h:mm:ss"),
        ("Ratios", "sums divided by sums, never averages of percentages; a blank cell is no data, not 0"),
        ("pp", "percentage points: the day minus the day or days it is compared with"),
        ("Local start", "wall time in the time zone above; UTC offset tells the two apart when an hour comes twice"),
        *((f"Watch: {words.METRIC_NAMES[metric]}", _tolerance(metric, beyond)) for metric, beyond in TOLERANCE.items()),
    ]


def _tolerance(metric: Metric, beyond: float) -> str:
    outside = "outside its band" if metric is Metric.OCCUPANCY else "beyond its goal"
    return f"at most {words.points(beyond)} {outside}; further is missed"


def _write_pairs(sheet: Worksheet, heading: str, pairs: Sequence[tuple[str, str]], top: int) -> int:
    put(sheet, top, 1, heading, Look.SECTION)
    for offset, (label, said) in enumerate(pairs, 1):
        put(sheet, top + offset, 1, label, Look.REMARK)
        put(sheet, top + offset, 2, said, Look.SENTENCE)
    return top + len(pairs) + 2


def _write_sources(sheet: Worksheet, notes: Sequence[SourceNote], top: int) -> int:
    if not notes:
        return _write_pairs(sheet, "Sources", [("None", "The briefing names no source.")], top)
    put(sheet, top, 1, "Sources", Look.SECTION)
    write_rows(sheet, _SOURCES, notes, top + 1)
    return top + len(notes) + 3
