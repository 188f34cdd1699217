"""The workbook's sheets as passages: each cell as the spreadsheet shows it, by its number format."""

from __future__ import annotations

import io
import itertools
import re
from collections.abc import Iterator, Sequence
from datetime import datetime, time, timedelta
from fractions import Fraction
from typing import Any

import openpyxl

from tests.checker.documents.passage import Passage, spaced
from tests.checker.grammar import Language
from tests.checker.rounding import decimal, half_up

_TABLES = {1: "table queues", 2: "table half-hours", 3: "table agents"}
_Row = Sequence[Any]


def passages(language: Language, content: bytes) -> Iterator[Passage]:
    """Every passage of the sheets, without the explanations on the last one."""
    sheets = openpyxl.load_workbook(io.BytesIO(content)).worksheets
    yield from _summary(language, list(sheets[0].iter_rows()))
    for number, table in _TABLES.items():
        yield from _table(language, table, list(sheets[number].iter_rows()))
    for sheet in sheets[len(_TABLES) + 1 : -1]:
        yield from _today(language, list(sheet.iter_rows()))
    yield from _last_sheet(language, list(sheets[-1].iter_rows(max_col=2)))


def _summary(language: Language, rows: Sequence[_Row]) -> Iterator[Passage]:
    head, detail = _verdict(language, str(rows[2][0].value))
    yield Passage("workbook, verdict", "verdict", ("", head, detail))
    header: list[str] = []
    is_talk, role = False, ""
    steps: list[str] = []
    for row in rows[3:]:
        texts = [cell_text(language, cell) for cell in row]
        role = _role_of_section(language, texts[0], role)
        if role:
            yield Passage("workbook, today", role, (texts[0],))
        elif is_talk and texts[0]:
            yield Passage("workbook, talk", "book_talk", (texts[0],))
        elif not texts[0]:
            yield from _why_steps(steps)
            header, is_talk, steps = [], False, []
        elif header:
            yield from _summary_row(language, header, texts, steps)
        elif texts[0] in language.columns:
            header = texts
        elif language.headings.get(texts[0].casefold()) == "talk":
            is_talk = True
            yield Passage("workbook, head", "book_note", (texts[0],))
        else:
            yield Passage("workbook, head", _role_of_line(language, texts[0]), (texts[0],))


def _role_of_line(language: Language, text: str) -> str:
    """What a line without a table says."""
    roles = ("correction_head", "correction_line", "warning", "why")
    return next((role for role in roles if language.begins(role, text)), "book_note")


_LINES_BELOW = {
    "today_head": "today",
    "today": "today",
    "follow_up_heading": "follow_up_line",
    "follow_up_line": "follow_up_line",
}
"""The role of a line below a line of a role."""


def _role_of_section(language: Language, text: str, role_above: str) -> str:
    """The head of a section about the day after or about earlier points, or a line below it; "" outside of both."""
    head = next((role for role in ("today_head", "follow_up_heading") if language.read(role, text)), "")
    return head or (_LINES_BELOW.get(role_above, "") if text else "")


def _why_steps(steps: Sequence[str]) -> Iterator[Passage]:
    """The parts of the change of the service level."""
    if steps:
        yield Passage("workbook, why", "why_steps", (*steps, ""))


def _verdict(language: Language, text: str) -> tuple[str, str]:
    """Head and detail, joined by a colon; a head may have one too."""
    ends = [position for position in range(len(text)) if text.startswith(": ", position)]
    heads = [position for position in ends if language.read("verdict_head", text[:position])]
    position = heads[0] if heads else len(text)
    return text[:position], text[position + 2 :]


def _summary_row(
    language: Language, header: Sequence[str], texts: Sequence[str], steps: list[str]
) -> Iterator[Passage]:
    """A row of a table. The parts of a change are added to ``steps``, because they are checked together."""
    kind = language.columns[header[0]]
    if kind == "part":
        steps.append(f"{texts[0]} {texts[2]} {texts[1].removesuffix(language.points).strip()}")
    elif kind == "name":
        for column, text in zip(header[1:], texts[1:], strict=True):
            if column:
                yield Passage("workbook, the day", "cell", ("table day", texts[0], _key(language, column), text or "–"))
    elif "value" in [language.columns.get(column) for column in header]:
        yield from _metric(language, header, texts)
    else:
        days = [text for column, text in zip(header, texts, strict=True) if column]
        yield Passage("workbook, last business days", "book_trend", (texts[0], *days[1:]))


def _metric(language: Language, header: Sequence[str], texts: Sequence[str]) -> Iterator[Passage]:
    name, status, value, goal, *changes = texts
    signed = f"{language.statuses.get(status, status)}:{status}"
    yield Passage("workbook, metrics", "tile", (name, value or "–", signed, goal))
    for column, change in zip(header[4:], changes, strict=False):
        if change and language.columns.get(column) == "usual":
            for note in re.split(r"\. (?=Too few contacts|Days here|Zu wenige Kontakte|Die Tage)", change):
                yield Passage("workbook, metrics", "tile_note", (name, note))
        elif change:
            reference = column.partition(" ")[2]
            yield Passage("workbook, metrics", "tile_change", (name, f"{reference} {change}"))


def _table(language: Language, table: str, rows: Sequence[_Row]) -> Iterator[Passage]:
    """A sheet that is one table; a sheet without rows says why in its only line."""
    header = [str(cell.value or "") for cell in rows[0]]
    if len([column for column in header if column]) == 1:
        for sentence in re.split(r"(?<=\.) ", header[0]):
            yield Passage(f"workbook, {table}", "book_note", (sentence,))
        return
    keys = [_key(language, column) for column in header]
    for row in rows[1:]:
        texts = [cell_text(language, cell) for cell in row]
        name = f"{texts[0][-5:]} {texts[1]}" if table == "table half-hours" else texts[0]
        if "medium" in keys and texts[keys.index("medium")]:
            name = f"{name} ({texts[keys.index('medium')]})"
        for key, text in zip(keys[1:], texts[1:], strict=True):
            yield Passage(f"workbook, {table}", "cell", (table, name, key, text or "–"))


def _today(language: Language, rows: Sequence[_Row]) -> Iterator[Passage]:
    """A row for each half-hour of the day after, then people below a head, then sentences."""
    place = "workbook, today"
    lines = [[cell_text(language, cell) for cell in row] for row in rows]
    keys = [_key(language, column) for column in lines[0]]
    has_table = len(keys) > 1 and keys[1] == "offset"
    table = list(itertools.takewhile(lambda texts: texts[0], lines[1:])) if has_table else []
    for texts in table:
        for key, text in zip(keys[3:], texts[3:], strict=True):
            yield Passage(place, "today_cell", (f"{texts[0][-5:]} {texts[1]}", texts[2], key, text or "–"))
    for texts in lines[len(table) + has_table :]:
        if language.read("today_people", texts[0]):
            yield Passage(place, "today_people", (texts[0],))
        elif any(language.begins("today", text) for text in (texts[0], language.without_medium_before(texts[0])[0])):
            yield Passage(place, "today", (texts[0],))
        elif texts[0]:
            yield Passage(place, "person", split_start(texts[0]))


def split_start(text: str) -> tuple[str, str]:
    """A name and the time behind it, "" where there is none."""
    match = re.fullmatch(r"(.+) (\d\d:\d\d)", text)
    return (match[1], match[2]) if match else (text, "")


def _last_sheet(language: Language, rows: Sequence[_Row]) -> Iterator[Passage]:
    """The window, and what a later revision changed; the explanations state nothing of the day."""
    section = ""
    for label, text in ((spaced(str(row[0].value or "")), spaced(str(row[1].value or ""))) for row in rows):
        if label and not text:
            section = language.headings.get(label.casefold(), label)
        elif section == "corrections" and " → " in text:
            old_value, _, new_value = text.partition(" → ")
            yield Passage("workbook, about", "correction", (label, old_value, new_value))
        elif section == "corrections" and text:
            yield Passage("workbook, about", "correction_head", (text,))
        elif label in language.window_labels:
            yield Passage("workbook, about", "fact", (label, text))


def _key(language: Language, column: str) -> str:
    return language.columns.get(column, column)


def cell_text(language: Language, cell: Any) -> str:
    """What a spreadsheet shows of a cell."""
    value, form = cell.value, cell.number_format
    if value is None:
        return ""
    if isinstance(value, bool | str):
        return spaced(str(value))
    if isinstance(value, timedelta | time):
        return _duration(value)
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}" if "yy" in form else _duration(value - datetime(1899, 12, 31))
    return _number(language, Fraction(repr(value)), form)


def _number(language: Language, value: Fraction, form: str) -> str:
    if form.endswith("%"):
        return f"{_decimal(language, value * 100, form.count('0') - 1)} %"
    if form.startswith("+0.0"):
        sign = "+" if half_up(value, 1) > 0 else ""
        return f"{sign}{_decimal(language, value, 1)} {language.points}"
    if form == "[h]:mm:ss":
        return _duration(timedelta(days=float(value)))
    return _decimal(language, value, 0)


def _decimal(language: Language, value: Fraction, places: int) -> str:
    return decimal(value, places).replace(".", language.decimal)


def _duration(value: timedelta | time) -> str:
    if isinstance(value, time):
        value = timedelta(hours=value.hour, minutes=value.minute, seconds=value.second, microseconds=value.microsecond)
    seconds = int(half_up(Fraction(repr(value.total_seconds()))))
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
