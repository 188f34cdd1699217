"""The page Today: people on queue by half-hour, the riskiest half-hours, and who is off or starts later."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from renderers.pdf.charts.sparkline import Box
from renderers.pdf.charts.staffing_chart import StaffingChart
from renderers.pdf.drawing import palette, styles, today_card
from renderers.pdf.drawing.sheet import Sheet
from renderers.pdf.drawing.today_card import CardForm
from renderers.pdf.phone import layout
from renderers.pdf.text.typesetting import fit_name, smaller, width, wrap
from renderers.words import MISSING, MOST_PEOPLE, Words
from worker.domain.today.outlook import MediumToday, Outlook, PersonToday, StaffedHalfHour

CARD_HEIGHT = 58
_CHART_TITLE, _CHART_TOP, _CHART_HEIGHT = 117, 126, 218
_ROW = 26
_SHORT = 4
"""The number of the column of missing agents."""
_BETWEEN_COLUMNS = 8
_FIRST_END = 54
"""Where the first column ends if no time of it is longer than "11:00"."""
_CARD_WIDTH, _GUTTER, _NAME_LEADING = 174, 10, 17


def card(sheet: Sheet, outlook: Outlook, top: float) -> None:
    """Draw the card of page one with its upper edge at ``top``."""
    form = CardForm(
        layout.MARGIN,
        top,
        layout.CONTENT,
        CARD_HEIGHT,
        padding=10,
        first=17,
        leading=17,
        head=styles.AXIS_STRONG,
        strong=styles.BODY_STRONG,
        plain=styles.BODY,
    )
    today_card.draw(sheet, outlook, form)


def draw(sheet: Sheet, outlook: Outlook) -> None:
    """Draw the page without its foot."""
    words, leading = sheet.words, outlook.leading
    layout.heading(sheet, words.today_title(outlook))
    layout.summary(sheet, *words.today_summary(outlook))
    y = float(_CHART_TITLE)
    if leading and leading.is_staffing_known:
        y = _half_hours(sheet, leading, outlook.goal)
    y = _notes(sheet, words.staffing_notes(outlook), y)
    y = _people(sheet, outlook, y + 4)
    _notes(sheet, tuple(filter(None, (words.people_not_known(outlook), words.plan_is_no_presence()))), y + 18)


def _half_hours(sheet: Sheet, medium: MediumToday, goal: float | None) -> float:
    """Draw chart and table, and return the baseline below them. ``goal``: of the service level."""
    chart = StaffingChart.of_medium(medium, layout.MARGIN + 31, layout.RIGHT)
    if chart is None:
        return _CHART_TITLE
    chart.legend(sheet, layout.MARGIN, layout.RIGHT, _CHART_TITLE, styles.CHART_LABEL, styles.AXIS)
    box = Box(chart.axis.left_x, _CHART_TOP, chart.axis.width, _CHART_HEIGHT)
    chart.draw(sheet, box, styles.AXIS, styles.AXIS_STRONG)
    chart_end = _CHART_TOP + _CHART_HEIGHT
    chart.axis.labels(sheet, chart_end + 16, styles.AXIS, hours_only=True)
    return _table(sheet, medium, goal, chart_end + 48) if medium.riskiest else chart_end + 42


class _Column(NamedTuple):
    """A column of the table: its header, where it ends, and its text."""

    header: str
    right_x: float
    text: Callable[[StaffedHalfHour], str]


def _table(sheet: Sheet, medium: MediumToday, goal: float | None, y: float) -> float:
    with sheet.tagged("H2"):
        sheet.text(layout.MARGIN, y, sheet.words.riskiest_title(medium), styles.PANEL_HEAD, palette.INK)
    columns = _with_room_for_start(_columns(sheet.words, medium, goal), medium.riskiest)
    with sheet.grouped("Table"):
        with sheet.grouped("TR"):
            left_x = float(layout.MARGIN)
            for column in columns:
                style = smaller(column.header, styles.AXIS, column.right_x - left_x)
                with sheet.tagged("TH", scope="Column"):
                    sheet.text(column.right_x, y + 20, column.header, style, palette.MUTED, align="right")
                left_x = column.right_x + _BETWEEN_COLUMNS
        y += 28
        for half_hour in medium.riskiest:
            _row(sheet, y, half_hour, columns)
            y += _ROW
    sheet.rule(layout.MARGIN, y, layout.CONTENT, palette.RULE)
    return y + 20


def _columns(words: Words, medium: MediumToday, goal: float | None) -> list[_Column]:
    say, edges = words.say, () if goal is None else (goal,)
    columns = [
        _Column(say("Start"), _FIRST_END, lambda half: words.clock(half.start)),
        _Column(say("contacts"), 112, lambda half: MISSING if half.offered is None else words.decimal(half.offered)),
        _Column(say("required"), 168, lambda half: words.count(half.required)),
        _Column(say("scheduled"), 230, lambda half: words.count(half.scheduled)),
        _Column(say("short"), 314, words.short),
    ]
    if any(half.service_level is not None for half in medium.riskiest):
        columns.append(
            _Column(say("expected"), layout.RIGHT, lambda half: words.percent(half.service_level, 0, *edges))
        )
    return columns


def _with_room_for_start(columns: list[_Column], half_hours: Sequence[StaffedHalfHour]) -> list[_Column]:
    """Return the columns with the first as wide as its widest text, "01:00 UTC-4", and the others nearer together."""
    first, last = columns[0], columns[-1]
    extra = max(width(first.text(half), styles.BODY_STRONG) for half in half_hours) - (_FIRST_END - layout.MARGIN)
    if extra <= 0:
        return columns
    new_first, new_last = _FIRST_END + extra, min(last.right_x + extra, layout.RIGHT)
    scale = (new_last - new_first) / (last.right_x - _FIRST_END)
    return [column._replace(right_x=new_first + (column.right_x - _FIRST_END) * scale) for column in columns]


def _row(sheet: Sheet, y: float, half_hour: StaffedHalfHour, columns: Sequence[_Column]) -> None:
    sheet.rule(layout.MARGIN, y, layout.CONTENT, palette.RULE)
    is_short = half_hour.short is not None and half_hour.short > 0
    left_x = float(layout.MARGIN)
    with sheet.grouped("TR"):
        for number, column in enumerate(columns):
            is_strong = number in (0, _SHORT)
            colour = palette.BAD if number == _SHORT and is_short else palette.INK
            text, room = column.text(half_hour), column.right_x - left_x
            style = smaller(text, styles.BODY_STRONG if is_strong else styles.BODY, room)
            with sheet.tagged("TH" if number == 0 else "TD", scope="Row" if number == 0 else ""):
                sheet.text(column.right_x, y + 18, text, style, colour, align="right")
            left_x = column.right_x + _BETWEEN_COLUMNS


def _notes(sheet: Sheet, notes: Sequence[str], y: float) -> float:
    """Write sentences below each other, and return the baseline below them."""
    for note in notes:
        lines = wrap(note, styles.CAPTION, layout.CONTENT, 2)
        with sheet.tagged("P"):
            y = sheet.lines(layout.MARGIN, y, lines, styles.CAPTION, palette.MUTED, 15, layout.CONTENT)
    return y


def _people(sheet: Sheet, outlook: Outlook, top: float) -> float:
    """Draw a card of those who are off and one of those who start later. Return where they end."""
    words = sheet.words
    groups = [
        (words.say("Off today: {number}", number=words.count(len(outlook.absent))), outlook.absent),
        (words.say("Start later: {number}", number=words.count(len(outlook.start_later))), outlook.start_later),
    ]
    groups_with_people = [(head, people) for head, people in groups if people]
    most = max(
        (min(len(people), MOST_PEOPLE) + (len(people) > MOST_PEOPLE) for _, people in groups_with_people), default=0
    )
    height = 32 + _NAME_LEADING * most
    for number, (head, people) in enumerate(groups_with_people):
        x = layout.MARGIN + number * (_CARD_WIDTH + _GUTTER)
        sheet.rounded([(x, top, _CARD_WIDTH, height)], 8, palette.SURFACE)
        with sheet.tagged("H2"):
            sheet.text(x + 10, top + 20, head, smaller(head, styles.STATUS, _CARD_WIDTH - 20), palette.INK)
        _names(sheet, x + 10, top + 39, people)
    return top + height if groups_with_people else top - 18


def _names(sheet: Sheet, x: float, y: float, people: Sequence[PersonToday]) -> None:
    """Write the names without any reason, and how many more there are."""
    words, limit = sheet.words, _CARD_WIDTH - 20
    with sheet.grouped("L"):
        for person in people[:MOST_PEOPLE]:
            start = words.clock(person.start) if person.start else ""
            room = limit - (width(start, styles.GOAL) + 8 if start else 0)
            with sheet.grouped("LI"), sheet.tagged("LBody"):
                name = fit_name(words.clean(person.name), styles.GOAL, room)
                sheet.text(x, y, name, styles.GOAL, palette.INK_2)
                if start:
                    sheet.text(x + limit, y, start, styles.GOAL, palette.INK_2, align="right")
            y += _NAME_LEADING
    if rest := words.more_people(people):
        with sheet.tagged("P"):
            sheet.text(x, y, rest, styles.GOAL, palette.MUTED)
