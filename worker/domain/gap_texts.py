"""Every sentence that says what rows lack, as a template that a renderer looks up in the catalogue of a language.

Names from outside (of queues, columns, files and cells) are values of a template. They are never translated. The parts
of `GapPart` are our own words inside such values: they are translated too.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable, Mapping

from worker.domain.wording import sentence


class GapText(enum.Enum):
    """The templates. Their names are stored with the rows of a run, so they must not change."""

    REPORT_INCOMPLETE = sentence("The source says that the report '{report}' is incomplete.")
    EXPORT_INCOMPLETE = sentence("The source says that its {export} is incomplete.")
    ROWS_UNFINISHED = sentence("The source says that a part of its {export} is not complete yet.")
    FETCHED_EARLY = sentence("The figures were fetched before the window's end, {instant}.")
    CALENDAR_UNREAD = sentence("The calendar could not be read, so the day counts as a business day.")
    PERCENT_ONLY = sentence("The source gives {figure} without the counts behind it: by queue, not in sum.")
    ADHERENCE_BY_AGENT = sentence("The reports give {figure} by agent only, without seconds to add up.")
    COLUMNS_MISSING = sentence("No report of this group has the columns for {figure}.")
    PDF_ALONE = sentence(
        "The report '{reports}' is a PDF, which gives no figures. It follows the briefing's own pages."
    )
    OTHER_QUEUES = sentence("The report '{report}' has no row for any queue of the group, but rows for '{queues}'.")
    QUEUE_SPELT_TWICE = sentence(
        "The report '{report}' has rows for '{queue}' and rows for '{other}', which are not in the figures. Add that "
        "queue to the group, or filter it out of the report."
    )
    QUEUE_SPELT_DIFFERENTLY = sentence("The report '{report}' has no row for '{queue}', but one for '{other}'.")
    QUEUE_NOT_FILTERED = sentence(
        "The report '{report}' has no row for '{queue}', but one for '{other}', which its filter does not name."
    )
    FOREIGN_ENCODING = sentence(
        "{file} is not in UTF-8, and was read as Windows-1252. It has no row for '{queue}', but one for '{other}'. "
        "Have the report exported in UTF-8 or as XLSX."
    )
    QUEUE_NAMELESS = sentence(
        "{file} has rows without a queue's name ({rows}), with {contacts} contacts that are not in the figures. A cell "
        "that is merged over several rows has its name in the first one only."
    )
    AGENT_NAMELESS = sentence("{file}, {place}: rows without an agent's name are left out ({rows}).")
    MEDIUM_UNKNOWN = sentence(
        "{file} has rows of '{queue}' under the medium '{medium}', which is not known here ({rows}). They are not in "
        "the figures."
    )
    MEDIUM_UNKNOWN_CONTACTS = sentence(
        "{file} has {contacts} contacts of '{queue}' under the medium '{medium}', which is not known here. They are "
        "not in the figures."
    )
    MORE_ANSWERED = sentence(
        "{file}, {place}: the queue '{queue}' has {answered} contacts in the column answered, and {offered} in the "
        "column offered. Check the report at its source."
    )
    MORE_ANSWERED_IN_DAY = sentence(
        "{file}, {place} and the other half-hours: the queue '{queue}' has {answered} contacts in the column answered, "
        "and {offered} in the column offered. Check the report at its source."
    )
    COUNT_BLANK = sentence(
        "{file}, {place}: the column {column} has no figure, and nothing beside it says that this means none. So its "
        'figures are not known. If a blank cell means none, state "blank": "zero" in the report definition.'
    )
    COUNT_NO_FIGURE = sentence(
        "{file}, {place}: '{cell}' in the column {column} is no figure, so its figures are not known."
    )
    QUEUE_COUNT_BLANK = sentence(
        "{file}, {place}: the column {column} has no figure, and nothing beside it says that this means none. So its "
        'figures of {queues} and of the group are not known. If a blank cell means none, state "blank": "zero" in the '
        "report definition."
    )
    QUEUE_COUNT_NO_FIGURE = sentence(
        "{file}, {place}: '{cell}' in the column {column} is no figure, so its figures of {queues} and of the group "
        "are not known."
    )
    COLUMN_NO_FIGURE = sentence("{file}, {place}: the column {column} has no figure, so its figures are not known.")
    RATE_NO_FIGURE = sentence(
        "{file}, {place}: '{cell}' in the column {column} is no figure, so the figure of the group is not known."
    )
    RATE_IMPOSSIBLE = sentence("{file}, {place} in the column {column} is more than {limit} %, so it is not known.")
    SCALE_UNDECIDED = sentence(
        "{file}: {place} in the column {column} could be a fraction or a percentage, and nothing in the file decides "
        "it. So its figures are not known. {advice}"
    )
    AVERAGE_IMPOSSIBLE = sentence(
        "{file}, {place}: '{cell}' in the column {column} is longer than the day, so its figures are not known. Have "
        "the report give durations in seconds or as h:mm:ss."
    )
    AVERAGE_TOO_SHORT = sentence(
        "{file}, {place}: '{cell}' in the column {column} may be in another unit than milliseconds, because contacts "
        "would be handled in less than a second on average. So its figures are not known."
    )
    TIMES_TOO_SHORT = sentence(
        "{file}, {place}: '{cell}' in the column {column} may be in another unit than milliseconds, because no agent "
        "would be at work for a minute and a half. So its figures are not known."
    )
    UNIT_UNDECIDED = sentence(
        "{file}, {place}: '{cell}' in the column {column} may be in another unit than seconds, and nothing in the file "
        'decides it. So its figures are not known. State "durations": "seconds", "milliseconds" or "minutes" in the '
        "report definition."
    )
    HALF_HOUR_OF_TWO_READINGS = sentence(
        "{file}, {place}: the clock shows '{cell}' twice on this day, and the file has one row for it. Its contacts "
        "count in the first of the two half-hours. Have the report give times with their offset, or rows without "
        "contacts too."
    )
    HIDDEN_TAB_LEFT_OUT = sentence(
        "{file} has the hidden tab '{tab}' with the columns of the report. Its rows are not in the figures. Leave the "
        "tab out of the report, or have the report show it."
    )
    HIDDEN_TAB_READ = sentence(
        "The only tab of {file}, '{tab}', is hidden. Its rows are in the figures. Have the report show the tab."
    )
    HIDDEN_ROWS_READ = sentence(
        "{file}, {place}: hidden rows are in the figures ({rows}). Have the report show them, or leave them out."
    )
    HIDDEN_COLUMN_READ = sentence(
        "{file}: the column {column} is hidden, and is in the figures. Have the report show it, or leave it out."
    )
    BLANKS_IN_DOUBT = sentence(
        "{file}, {place}: a blank cell in the column {column} counts as 0, but the contacts of '{queue}' do not add up "
        "over the day, so a blank cell may hide some."
    )
    FILE_ENDS_IN_CELL = sentence(
        "{file} ends after '{cell}' in the column {column} ({place}) without a line break, so this cell may be cut "
        "off, and rows may be missing. Have the report end with a line break."
    )
    ROWS_ANNOUNCED = sentence(
        "{file} says that it has {announced} rows, and has {rows}. It may be cut off: have the report exported again."
    )
    ROW_WITHOUT_CELLS = sentence(
        "{file}, {place}: the row '{name}' has fewer cells than the header, and is left out. The file may be cut off."
    )
    ABANDONED_UNKNOWN = sentence("{file}: the service level is not known, because the column abandoned is not.")
    COMMUNICATING_MISSING = sentence(
        "The export of agents has no column Communicating, so the agents' occupancy is not known."
    )
    NO_UNIT_NAMED = sentence("No management unit is named for this group, so adherence is not known.")
    ADHERENCE_LATE = sentence("The adherence calculation was not done in time.")
    ADHERENCE_FAILED = sentence("Genesys failed to calculate adherence.")
    ADHERENCE_NOT_PERMITTED = sentence("Adherence cannot be had: the permission {permission} is missing.")
    ADHERENCE_NOT_OFFERED = sentence(
        "Adherence cannot be had: the organisation has no workforce management, or no such unit."
    )
    ADHERENCE_IMPOSSIBLE = sentence(
        "The adherence result has more scheduled time than the day has (agents: {agents}). Their adherence is not "
        "known."
    )
    UNIT_MISSING = sentence("The adherence result lacks the management unit {unit}.")


class GapPart(enum.Enum):
    """Our own words inside a value of a template, or in a source note."""

    REPORT_FILE = sentence("The file of the report '{name}'")
    EXPORT_FILE = sentence("The file of the export {name}")
    CELL_IN_LINE_OF_TAB = sentence("tab '{tab}', line {line}: '{cell}'")
    CELL_IN_LINE = sentence("line {line}: '{cell}'")
    CELL_OF_TAB = sentence("'{cell}' (tab '{tab}', line {line})")
    CELL = sentence("'{cell}' (line {line})")
    LINE_OF_TAB = sentence("tab '{tab}', line {line}")
    LINE = sentence("line {line}")
    STATE_SCALE = sentence('State "scale": "percent" or "scale": "fraction" in the report definition.')
    EXACT_COUNTS = sentence('With source = "queries" the group gets the counts behind it.')
    SERVICE_LEVEL = sentence("service level")
    ABANDONMENT = sentence("abandonment")
    OCCUPANCY = sentence("occupancy")
    ADHERENCE = sentence("adherence")
    REPORT = sentence("report {name}")
    CONVERSATIONS = sentence("conversation aggregates")
    USERS = sentence("user aggregates")
    COMPLETE = sentence("complete")
    PARTIAL = sentence("partial")
    STATUS_PARTIAL = sentence("{status}, partial")
    EXPORT_OF_QUEUES = sentence("export of queues")
    EXPORT_OF_AGENTS = sentence("export of agents")


PARTS: Mapping[str, tuple[GapPart, ...]] = {
    "file": (GapPart.REPORT_FILE, GapPart.EXPORT_FILE),
    "place": (
        GapPart.CELL_IN_LINE_OF_TAB,
        GapPart.CELL_IN_LINE,
        GapPart.CELL_OF_TAB,
        GapPart.CELL,
        GapPart.LINE_OF_TAB,
        GapPart.LINE,
    ),
    "advice": (GapPart.STATE_SCALE, GapPart.EXACT_COUNTS),
    "figure": (GapPart.SERVICE_LEVEL, GapPart.ABANDONMENT, GapPart.OCCUPANCY, GapPart.ADHERENCE),
    "export": (GapPart.EXPORT_OF_QUEUES, GapPart.EXPORT_OF_AGENTS),
}
"""The values of templates that have words of ours in them, and the forms of each, the longer first."""

NOTE_NAMES = (
    GapPart.REPORT,
    GapPart.ADHERENCE,
    GapPart.CONVERSATIONS,
    GapPart.USERS,
    GapPart.EXPORT_OF_QUEUES,
    GapPart.EXPORT_OF_AGENTS,
)
"""What a source note says was asked for."""

NOTE_STATES = (GapPart.COMPLETE, GapPart.PARTIAL, GapPart.STATUS_PARTIAL)
"""How a source note says that a request ended. A state such as COMPLETED is the source's own word."""

_PLACEHOLDER = re.compile(r"\\\{(\w+)\\\}")


def values_in(template: GapText | GapPart, text: str) -> dict[str, str] | None:
    """Return the values with which a template gives this text, None if it does not."""
    pattern = _PLACEHOLDER.sub(r"(?P<\1>.*)", re.escape(template.value))
    match = re.fullmatch(pattern, text, re.DOTALL)
    return match.groupdict() if match else None


def text_of(texts: Iterable[GapText], detail: str) -> tuple[GapText, dict[str, str]] | None:
    """Return the one of these texts that a sentence was made from, with its values. None if it was made from none."""
    for text in texts:
        values = values_in(text, detail)
        if values is not None:
            return text, values
    return None
