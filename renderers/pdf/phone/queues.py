"""The pages of queues, worst service level first, twelve a page."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby, pairwise

from renderers.pdf.drawing import icons, palette, styles
from renderers.pdf.drawing.sheet import Sheet
from renderers.pdf.phone import layout
from renderers.pdf.text.typesetting import Style, fit_name, smaller, width
from renderers.words import Words, has_goal
from worker.domain.briefing.content import Briefing, QueueLine
from worker.domain.metrics import Status

ROW, ROWS_A_PAGE, MOST_PAGES = 58, 12, 5
_FEWEST_ROWS = 3
"""A last page takes rows from the page before until it has this many."""
_BAR_LEFT = layout.MARGIN + 23
_BAR_WIDTH = layout.RIGHT - _BAR_LEFT

_SMALLEST_CAPTION, _SMALLEST_NAME = 10.0, 12.0
_MEDIUM = 32
"""The height of the line above the queues of a medium."""
_REST = 20
"""The height of the line that says how many queues are on no page."""


def pages(words: Words, briefing: Briefing) -> list[tuple[QueueLine, ...]]:
    """Return the queues page by page, by medium if the day has several. Of hundreds only the worst are shown.

    The workbook has all.
    """
    has_rest = len(briefing.queues) > ROWS_A_PAGE * MOST_PAGES
    room = layout.FOOT - 3 - _top(words, briefing) - (_REST if has_rest else 0) - _MEDIUM * len(briefing.media)
    rows = min(int(room / ROW), ROWS_A_PAGE)
    lines = _by_medium(briefing, briefing.queues[: rows * MOST_PAGES])
    starts = list(range(0, len(lines), rows))
    if len(starts) > 1:
        starts[-1] = min(starts[-1], len(lines) - _FEWEST_ROWS)
    return [lines[start:end] for start, end in pairwise([*starts, len(lines)])]


def _by_medium(briefing: Briefing, lines: Sequence[QueueLine]) -> tuple[QueueLine, ...]:
    """Return the lines of the medium with the worst queue first, those of each medium in their order."""
    media = list(dict.fromkeys(line.medium for line in lines if line.medium)) if briefing.media else []
    return tuple(sorted(lines, key=lambda line: media.index(line.medium) if line.medium in media else len(media)))


def with_shorter_last_page(pages_of_lines: list[tuple[QueueLine, ...]]) -> list[tuple[QueueLine, ...]]:
    """Return the pages with the last rows of the last one on a page of their own, which has room for more."""
    *pages_before, last = pages_of_lines
    if len(last) < 2 * _FEWEST_ROWS:
        return pages_of_lines
    return [*pages_before, last[:-_FEWEST_ROWS], last[-_FEWEST_ROWS:]]


def end(words: Words, briefing: Briefing, lines: Sequence[QueueLine], hidden: int) -> float:
    """Return where a page with these queues ends."""
    headings = len({line.medium for line in lines if line.medium})
    return _top(words, briefing) + _MEDIUM * headings + ROW * len(lines) + (_REST if hidden else 0)


def _top(words: Words, briefing: Briefing) -> float:
    return layout.summary_end("", words.queues_summary(briefing))


def draw(sheet: Sheet, briefing: Briefing, lines: Sequence[QueueLine], hidden: int, *, first: bool) -> None:
    """Draw one page of queues. ``hidden`` is how many are on no page, given on the last page only."""
    layout.heading(
        sheet,
        sheet.words.queues_heading(briefing, by_medium=bool(briefing.media))
        if first
        else sheet.words.say("Queues, continued"),
    )
    layout.summary(sheet, "", sheet.words.queues_summary(briefing))
    y, names = _top(sheet.words, briefing), clean_names(sheet.words, briefing)
    for medium, lines_of_medium in groupby(lines, key=lambda line: line.medium):
        y = _heading_of_medium(sheet, y, briefing, medium)
        with sheet.grouped("L"):
            for line in lines_of_medium:
                _row(sheet, y, briefing, line, names)
                y += ROW
    if hidden:
        with sheet.tagged("P"):
            sheet.text(_BAR_LEFT, y + 13, sheet.words.more_in_workbook(hidden), styles.FOOT, palette.MUTED)


def _heading_of_medium(sheet: Sheet, y: float, briefing: Briefing, medium: str | None) -> float:
    """Write the service level and the contacts of a medium above its queues, and return where they begin."""
    line = next((line for line in briefing.media if line.medium == medium), None)
    if line is None:
        return y
    with sheet.tagged("P"):
        level, contacts = sheet.words.medium_heading(line)
        sheet.text(layout.MARGIN, y + 21, level, styles.PANEL_HEAD, palette.INK)
        room = layout.CONTENT - width(level, styles.PANEL_HEAD) - 8
        style = smaller(contacts, styles.CAPTION, room)
        sheet.text(layout.RIGHT, y + 21, contacts, style, palette.MUTED, align="right", limit=room)
    return y + _MEDIUM


def _row(sheet: Sheet, y: float, briefing: Briefing, line: QueueLine, names: frozenset[str]) -> None:
    sheet.rule(layout.MARGIN, y, layout.CONTENT, palette.RULE)
    reading = line.service_level
    with icons.item(sheet, layout.MARGIN, y + 11, 15, reading.status):
        value = sheet.words.value(reading) if reading.ratio else sheet.words.status(Status.NO_DATA)
        colour = palette.INK if reading.ratio else palette.MUTED
        style = styles.ROW_VALUE if reading.ratio else styles.ROW_NAME
        name_room = _BAR_WIDTH - width(value, style) - 12
        name, name_style = fitted_name(sheet.words, line, names, styles.ROW_NAME, name_room, _SMALLEST_NAME)
        sheet.text(_BAR_LEFT, y + 23, name, name_style, palette.INK)
        sheet.text(layout.RIGHT, y + 23, value, style, colour, align="right")
        baseline = y + (42 if line.is_thin else 53)
        if not line.is_thin:  # a bar would look as if the figure proved something
            bar(sheet, _BAR_LEFT, y + 32, _BAR_WIDTH, 7, line)
        room = layout.CONTENT - 23 - _change(sheet, baseline, briefing, line)
        caption = _caption(sheet.words, line, room, with_goal=sheet.words.have_own_goals(briefing))
        style = smaller(caption, styles.CAPTION, room, _SMALLEST_CAPTION)
        sheet.text(_BAR_LEFT, baseline, caption, style, palette.MUTED, limit=room)


def clean_names(words: Words, briefing: Briefing) -> frozenset[str]:
    """Return the names of all queues as pages show them."""
    return frozenset(words.clean(line.name) for line in briefing.queues)


def fitted_name(
    words: Words, line: QueueLine, names: frozenset[str], style: Style, room: float, smallest: float
) -> tuple[str, Style]:
    """Return the queue's name with its medium, and its style: smaller where it has no room, then cut in its middle.

    The cut name cannot be taken for another of ``names`` if that is possible. The medium is never cut.
    """
    name, suffix = words.clean(line.name), words.in_medium("", line.medium)
    style = smaller(name + suffix, style, room, smallest)
    return fit_name(name, style, room - width(suffix, style), names) + suffix, style


def bar(sheet: Sheet, x: float, y: float, length: float, thick: float, line: QueueLine) -> None:
    """Draw service level on a track from 0 to 100 %, with a tick at the target."""
    reading = line.service_level
    sheet.rounded([(x, y, length, thick)], thick / 2, palette.TRACK)
    if reading.ratio:
        colour = palette.BAD if reading.status is Status.MISSED else palette.BAR
        filled = length * min(max(reading.ratio.value, 0), 1)
        sheet.rounded([(x, y, max(filled, thick), thick)], thick / 2, colour)
    if isinstance(reading.goal, float) and has_goal(reading):
        sheet.boxes([(x + length * reading.goal - 1, y - thick * 0.5, 2, thick * 2)], palette.INK)


def _caption(words: Words, line: QueueLine, room: float, *, with_goal: bool) -> str:
    """Return the caption, without its last parts where they have no room even in the smallest type."""
    if line.service_level.ratio is None and line.service_level.reason:
        return words.missing_reason(line.service_level)
    parts = words.queue_caption(line, with_goal=with_goal, is_short=True).split(" · ")
    while len(parts) > 1 and width(" · ".join(parts), Style(styles.CAPTION.face, _SMALLEST_CAPTION)) > room:
        parts.pop()
    return " · ".join(parts)


def _change(sheet: Sheet, y: float, briefing: Briefing, line: QueueLine) -> float:
    change = sheet.words.change_of_queue(briefing, line)
    if change is None:
        return 0
    spoken = change.sign + change.size
    text_width = sheet.text(layout.RIGHT, y, change.size, styles.CAPTION, palette.INK_2, align="right", spoken=spoken)
    icons.arrow(sheet, layout.RIGHT - text_width - 11, y - 0.6, 7, change.direction, palette.TONE[change.tone])
    return text_width + 20
