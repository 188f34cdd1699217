"""The message's text/plain part as passages: blocks between empty lines, unfolded."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator, Sequence

from tests.checker.documents.passage import SHAPES, UNBROKEN, Passage, spaced

_COLUMN = re.compile(r"\s{2,}")
_LABEL = 19
_FIGURE = re.compile(r"(\D*?)(\s*)(–|\d[\d.,:]*(?:[ \ue000]s)?)(?:\s+(.*))?\s*")
_ROW = re.compile(
    r"(\d+ (?:of|von) \d+|\S+)\s*"
    r"([▲▼=] (?:no change|unverändert|[\d.,]+ \S+(?: better| worse| besser| schlechter)?))?\s*"
    r"(.*)"
)
_VALUE = re.compile(r"  (?:–|-?\d)")

_RISK = re.compile(r"  (\d\d:\d\d(?: UTC\S+)?) +(?=[\d–])(.*)")
"""How a line about a half-hour of the day after begins."""
_RISK_HANGS = " " * 9
"""How the rest of such a line begins, if it is too long for one."""
_USUAL = re.compile(
    r"as usual: |usual here: |usually |Unusually |usual range: |no usual range|"
    r"Too few contacts to tell|Days here differ|"
    r"wie üblich: |hier üblich: |üblich |Auffällig |Üblicher Bereich: |Übliches unklar|"
    r"Zu wenige Kontakte, um|Die Tage unterscheiden"
)
"""How a line of a tile about its usual range begins."""


def passages(text: str) -> Iterator[Passage]:
    """Every passage of the message, from top to bottom."""
    blocks = [block.split("\n") for block in text.rstrip("\n").replace("\u00a0", UNBROKEN).split("\n\n")]
    yield from _head(blocks[0])
    yield from _verdict(blocks[1])
    for block in blocks[2:]:
        yield from _block(block)


def _head(lines: Sequence[str]) -> Iterator[Passage]:
    day = next(number for number, line in enumerate(lines) if number and re.search(r"\d{4}$", line))
    yield Passage("message, head", "eyebrow", (spaced(" ".join(lines[:day])),))
    yield Passage("message, head", "day", (spaced(lines[day]),))
    for line in lines[day + 1 :]:
        yield Passage("message, head", "corrected", (spaced(line),))


def _verdict(lines: Sequence[str]) -> Iterator[Passage]:
    warnings = next((number for number, line in enumerate(lines) if line.startswith("! ")), len(lines))
    yield from _signed(lines[:warnings], "message, verdict", "verdict")
    for warning in _items(lines[warnings:], lambda line: line.startswith("! ")):
        yield Passage("message, warning", "warning", (spaced(" ".join(warning)).removeprefix("! "),))


def _block(lines: Sequence[str]) -> Iterator[Passage]:
    """A block with a heading in capitals, or the four metrics, which have none."""
    if not lines[0].isupper() or _COLUMN.search(lines[0]):
        yield from _tiles(lines)
        return
    if re.match(r"(?:TODAY|HEUTE), ", lines[0]):
        yield Passage("message, today", "today_head_in_capitals", (spaced(lines[0]),))
        yield Passage("message, today", "today", (spaced(" ".join(lines[1:])),))
        return
    if re.match(r"WHAT BECAME|WAS AUS |STILL OPEN|NOCH OFFEN", lines[0]):
        yield Passage("message, follow-up", "follow_up_heading_in_capitals", (spaced(lines[0]),))
        for passage in _signed(lines[1:], "message, follow-up", "follow_up"):
            yield Passage(passage.place, passage.role, passage.parts[1:])
        return
    if re.match(r"WHY |WARUM ", lines[0]):
        yield from _explanation(lines)
        return
    if _RISK.match(lines[1]):
        yield Passage("message, riskiest", "risk_title_in_capitals", (spaced(lines[0]),))
        yield from _risks(lines[1:])
        return
    yield Passage("message", "heading", (spaced(lines[0]),))
    yield from _section(lines[0], lines[1:])


def _explanation(lines: Sequence[str]) -> Iterator[Passage]:
    """Sentences, and each part of the change with its points on a line, the total last."""
    first = next(number for number, line in enumerate(lines) if line.startswith("  "))
    yield Passage("message, why", "why_in_capitals", (spaced(lines[0]),))
    yield Passage("message, why", "why", (spaced(" ".join(lines[1:first])),))
    *steps, total = map(spaced, lines[first:])
    yield Passage("message, why", "why_steps", (*steps, ""))
    yield Passage("message, why", "why", (total,))


def _risks(lines: Sequence[str]) -> Iterator[Passage]:
    """The riskiest half-hours, a line each, and what must be known to read them."""
    rows = list(itertools.takewhile(lambda line: _RISK.match(line) or line.startswith(_RISK_HANGS), lines))
    for folded in _items(rows, lambda line: not line.startswith(_RISK_HANGS)):
        row = f"  {' '.join(map(str.strip, folded))}"
        match = _RISK.fullmatch(row)
        time, figures = match.groups() if match else (row, "")
        yield Passage("message, riskiest", "risk_line", (time, spaced(figures)))
    if lines[len(rows) :]:
        yield Passage("message, riskiest", "today", (spaced(" ".join(lines[len(rows) :])),))


def _section(heading: str, lines: Sequence[str]) -> Iterator[Passage]:
    place = f"message, {heading.capitalize()}"
    if any(line[:1] in SHAPES for line in lines):
        is_queues = any(_VALUE.match(line) and "·" in line for line in lines)
        yield from _queues(lines, place) if is_queues else _signed(lines, place, "talk")
    elif any(" → " in line for line in lines) or heading.startswith(("WHAT CHANGED", "WAS SICH")):
        yield from _corrections(lines, place)
    elif any(len(line) > _LABEL and re.match(r"\S.*\s{2,}\S", line) for line in lines):
        yield from _columns(lines, place)
    else:
        yield Passage(place, "agents", (spaced(" ".join(lines)),))


def _tiles(lines: Sequence[str]) -> Iterator[Passage]:
    for tile in _items(lines, lambda line: not line.startswith(" ")):
        name, rest = spaced(tile[0][:_LABEL]), tile[0][_LABEL:]
        if len(tile) > 1 and _VALUE.match(tile[1][_LABEL - 2 :]) and "%" not in tile[0]:
            name, rest = spaced(tile[0]), tile[1][_LABEL:]
            tile = tile[1:]
        value, status, goal = (part.strip() for part in (*_COLUMN.split(_with_gaps(rest), maxsplit=2), "")[:3])
        yield Passage("message, metrics", "tile", (name, spaced(value), _status(status), spaced(goal)))
        if re.search(r"\S(?:goal|Ziel) [≥≤\d]", rest):
            yield Passage("message, metrics", "touching", (spaced(rest),))
        lines_of_media = [line.strip() for line in tile[1:] if line.strip()[:1] in SHAPES]
        for line_of_medium in lines_of_media:
            yield Passage(
                "message, metrics", "tile_other", (name, SHAPES[line_of_medium[0]], spaced(line_of_medium[1:]))
            )
        rest_of_tile = [line.strip() for line in tile[1:] if line.strip() not in lines_of_media]
        for note in _items(rest_of_tile, lambda line: _USUAL.match(line) is not None):
            yield from _below_tile(name, spaced(" ".join(note)))


def _with_gaps(rest: str) -> str:
    """Two spaces around the status, which a wide value may touch; a goal that it touches itself is a finding."""
    return re.sub(r"\s*([✓▲✕◐○] .+?)\s*((?:goal|Ziel) (?:[≥≤\d].*))$", r"  \1  \2", rest)


def _below_tile(name: str, text: str) -> Iterator[Passage]:
    if not re.search(r" [▲▼=] ", text):
        yield Passage("message, metrics", "tile_note", (name, text))
        return
    for change in re.split(r", (?=\S+(?: \S+)? [▲▼=] )", text):
        yield Passage("message, metrics", "tile_change", (name, change))


def _status(text: str) -> str:
    """The status that the shape means and the word beside it: both must agree."""
    return f"{SHAPES[text[0]]}:{spaced(text[1:])}"


def _signed(lines: Sequence[str], place: str, role: str) -> Iterator[Passage]:
    """Items that begin with a shape: a head, whose further lines are indented twice, and its detail."""
    for item in _items(lines, lambda line: line[:1] in SHAPES):
        end = next((number for number, line in enumerate(item) if number and not line.startswith("    ")), len(item))
        head, detail = spaced(" ".join(item[:end])[1:]), spaced(" ".join(item[end:]))
        yield Passage(place, role, (SHAPES[item[0][0]], head, detail))


def _columns(lines: Sequence[str], place: str) -> Iterator[Passage]:
    """Prose, then lines of columns: the day's figures, or the facts with their labels."""
    first = next(number for number, line in enumerate(lines) if re.match(r"\S.*?\s{2,}\S", line))
    if first:
        yield Passage(place, "half_hours", (spaced(" ".join(lines[:first])),))
        for line in lines[first:]:
            yield from _figure(line, place)
        return
    for fact in _items(lines, lambda line: not line.startswith(" ")):
        label, rest = fact[0][:_LABEL], [fact[0][_LABEL:], *fact[1:]]
        yield Passage(place, "fact", (spaced(label), spaced(" ".join(rest))))


def _figure(line: str, place: str) -> Iterator[Passage]:
    """A label without any digit, a value, and a caption."""
    match = _FIGURE.fullmatch(line)
    label, gap, value, caption = match.groups() if match else (line, " ", "", "")
    if not gap:
        yield Passage(place, "touching", (spaced(line),))
    yield Passage(place, "figure", (spaced(label), spaced(value), spaced(caption or "")))


def _queues(lines: Sequence[str], place: str) -> Iterator[Passage]:
    first = next(number for number, line in enumerate(lines) if line[:1] in SHAPES)
    last = len(lines) - 1 if lines[-1].startswith("+ ") else len(lines)
    yield Passage(place, "queues", (spaced(" ".join(lines[:first])),))
    for row in _items(lines[first:last], lambda line: line[:1] in SHAPES):
        yield _queue(row, place)
    for line in lines[last:]:
        yield Passage(place, "note", (spaced(line),))


def _queue(row: Sequence[str], place: str) -> Passage:
    figures = next(number for number, line in enumerate(row) if number and _VALUE.match(line))
    name, status = spaced(" ".join(row[:figures])[1:]), SHAPES[row[0][0]]
    value, change, caption = map(spaced, _row(" ".join(row[figures:]).strip()))
    return Passage(place, "queue", (status, name, value, change, caption))


def _row(text: str) -> tuple[str, str, str]:
    """Value, change and caption."""
    match = _ROW.fullmatch(text)
    return (match[1], match[2] or "", match[3]) if match else (text, "", "")


def _corrections(lines: Sequence[str], place: str) -> Iterator[Passage]:
    first = next((number for number, line in enumerate(lines) if line.startswith("  ")), len(lines))
    yield Passage(place, "correction_head", (spaced(" ".join(lines[:first])),))
    for change in _items(lines[first:], lambda line: line.startswith("  ") and not line.startswith("    ")):
        text = spaced(" ".join(change))
        match = re.fullmatch(r"(.+): (\S.*?) → (.+)", text)
        yield Passage(place, "correction", match.groups()) if match else Passage(place, "note", (text,))


def _items(lines: Sequence[str], begins: Callable[[str], bool]) -> Iterator[list[str]]:
    """Lines in groups, each beginning with a line for which ``begins`` is true."""
    item: list[str] = []
    for line in lines:
        if begins(line) and item:
            yield item
            item = []
        item.append(line)
    if item:
        yield item
