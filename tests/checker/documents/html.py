"""The message's HTML part as passages: the texts of its blocks in their order, by the heading above them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html.parser import HTMLParser

from tests.checker.documents.passage import SHAPES, Passage, spaced
from tests.checker.grammar import Language

_BLOCKS = frozenset({"td", "th", "tr", "table", "div", "h1", "h2", "p", "body"})
_SILENT = frozenset({"style", "title", "script"})
_PLACE = "message (HTML)"
_RISK_CELLS = 5


class _Blocks(HTMLParser):
    """Collects the text of each block, with its tag; the hidden line for the mailbox's list has the tag "hidden"."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[tuple[str, str]] = []
        self.text, self.tag, self.silent = "", "", 0

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.silent += tag in _SILENT
        if tag in _BLOCKS:
            self.flush()
            self.tag = "hidden" if "display:none" in (dict(attributes).get("style") or "") else tag

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in _SILENT
        if tag in _BLOCKS:
            self.flush()

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.text += data

    def flush(self) -> None:
        text = spaced(self.text.replace("\u034f", "").replace("\u200c", ""))
        if text:
            self.blocks.append((self.tag, text))
        self.text = ""


def passages(language: Language, html: str) -> Iterator[Passage]:
    """Every passage of the message, from top to bottom."""
    parser = _Blocks()
    parser.feed(html)
    blocks = parser.blocks
    first = next(number for number, (tag, _) in enumerate(blocks) if tag == "h1")
    for tag, text in blocks[:first]:
        yield Passage(f"{_PLACE}, head", "preheader" if tag == "hidden" else "eyebrow", (text,))
    yield Passage(f"{_PLACE}, head", "day", (blocks[first][1],))
    sections = _sections(blocks[first + 1 :])
    yield from _top(language, next(sections)[1])
    for heading, texts in sections:
        if language.read("today_head", heading):
            yield Passage(f"{_PLACE}, today", "today_head", (heading,))
            yield Passage(f"{_PLACE}, today", "today", (" ".join(texts),))
            continue
        if language.read("follow_up_heading", heading):
            yield Passage(f"{_PLACE}, follow-up", "follow_up_heading", (heading,))
            starts = [number for number, text in enumerate(texts) if text in SHAPES]
            for begin, end in _spans(starts, len(texts)):
                yield Passage(f"{_PLACE}, follow-up", "follow_up", (texts[begin + 1], " ".join(texts[begin + 2 : end])))
            continue
        if language.read("why", f"{heading}."):
            yield from _explanation(heading, texts)
            continue
        if language.read("risk_title", heading):
            yield from _risks(heading, texts)
            continue
        yield Passage(_PLACE, "heading", (heading,))
        yield from _section(language, heading, texts)


def _sections(blocks: Sequence[tuple[str, str]]) -> Iterator[tuple[str, list[str]]]:
    """The texts below each heading; those above the first one come first."""
    heading = ""
    texts: list[str] = []
    for tag, text in blocks:
        if tag == "h2":
            yield heading, texts
            heading, texts = text, []
        else:
            texts.append(text)
    yield heading, texts


def _top(language: Language, texts: list[str]) -> Iterator[Passage]:
    """Whether it corrects an earlier one, the verdict, the warnings, the four metrics."""
    verdict = next(number for number, text in enumerate(texts) if text in SHAPES)
    for text in texts[:verdict]:
        yield Passage(f"{_PLACE}, head", "corrected", (text,))
    metrics = next(
        (n for n, text in enumerate(texts) if language.without_medium(text)[0] in language.metrics), len(texts)
    )
    rest = texts[verdict + 1 : metrics]
    warnings = next((n for n, text in enumerate(rest) if text[0] in SHAPES), len(rest))
    yield Passage(f"{_PLACE}, verdict", "verdict", (SHAPES[texts[verdict]], rest[0], " ".join(rest[1:warnings])))
    for text in rest[warnings:]:
        yield Passage(f"{_PLACE}, warning", "warning", (spaced(text[1:]),))
    yield from _tiles(language, texts[metrics:])


def _tiles(language: Language, texts: list[str]) -> Iterator[Passage]:
    starts = [n for n, text in enumerate(texts) if language.without_medium(text)[0] in language.metrics]
    for begin, end in _spans(starts, len(texts)):
        name, value, status, *rest = texts[begin:end]
        goal = rest.pop(0) if rest and language.read("tile_goal", rest[0]) else ""
        signed = f"{SHAPES[status[0]]}:{spaced(status[1:])}"
        yield Passage(f"{_PLACE}, metrics", "tile", (name, value, signed, goal))
        for text in (text for text in rest if text[0] in SHAPES):
            yield Passage(f"{_PLACE}, metrics", "tile_other", (name, SHAPES[text[0]], spaced(text[1:])))
        for text in (text for text in rest if text[0] not in SHAPES):
            is_change = re.search(r" [▲▼=] ", text) is not None
            yield Passage(f"{_PLACE}, metrics", "tile_change" if is_change else "tile_note", (name, text))


def _spans(starts: Sequence[int], end: int) -> Iterator[tuple[int, int]]:
    """From each start to the next one, the last to the end."""
    return zip(starts, [*starts[1:], end][: len(starts)], strict=True)


def _risks(heading: str, texts: list[str]) -> Iterator[Passage]:
    """Five heads, five cells for each half-hour, and what must be known to read them."""
    place = f"{_PLACE}, riskiest"
    yield Passage(place, "risk_title", (heading,))
    rest = texts[_RISK_CELLS:]
    while rest and re.fullmatch(r"\d\d:\d\d(?: UTC\S+)?", rest[0]):
        yield Passage(place, "risk_row", tuple(rest[:_RISK_CELLS]))
        rest = rest[_RISK_CELLS:]
    for text in rest:
        yield Passage(place, "today", (text,))


def _explanation(heading: str, texts: list[str]) -> Iterator[Passage]:
    """The conclusion, the change, and each part with its points, the total last."""
    place = f"{_PLACE}, why"
    for text in (f"{heading}.", *texts[:2]):
        yield Passage(place, "why", (text,))
    *steps, total = (f"{label} {points}" for label, points in zip(texts[2::2], texts[3::2], strict=True))
    yield Passage(place, "why_steps", (*steps, ""))
    yield Passage(place, "why", (total,))


def _section(language: Language, heading: str, texts: list[str]) -> Iterator[Passage]:
    place, section = f"{_PLACE}, {heading}", language.headings.get(heading.casefold(), "")
    if section == "talk":
        for shape, head, detail in zip(texts[::3], texts[1::3], texts[2::3], strict=True):
            yield Passage(place, "talk", (SHAPES[shape], head, detail))
    elif section == "day":
        yield Passage(place, "half_hours", (texts[0],))
        starts = [n for n, text in enumerate(texts) if language.without_medium(text)[0] in language.figures]
        for begin, end in _spans(starts, len(texts)):
            label, value, *caption = texts[begin:end]
            yield Passage(place, "figure", (label, value, " ".join(caption)))
    elif section == "queues":
        yield from _queues(place, texts)
    elif section == "corrections":
        yield from _corrections(language, place, texts)
    elif section == "facts":
        yield from _facts(language, place, texts)
    else:
        yield Passage(place, "agents", (" ".join(texts),))


def _queues(place: str, texts: list[str]) -> Iterator[Passage]:
    """The sentence above, then for each queue its name behind a shape, its level, the figures and the change."""
    starts = [n for n, text in enumerate(texts) if text[0] in SHAPES and text[1:2] == " " and not _is_change(text)]
    yield Passage(place, "queues", (" ".join(texts[: starts[0]] if starts else texts),))
    for begin, end in _spans(starts, len(texts)):
        first, value, *rest = texts[begin:end]
        change = next((text for text in rest if _is_change(text)), "")
        notes = [text for text in rest if text.startswith("+ ")]
        caption = " ".join(text for text in rest if text != change and text not in notes)
        yield Passage(place, "queue", (SHAPES[first[0]], spaced(first[1:]), value, change, caption))
        for text in notes:
            yield Passage(place, "note", (text,))


def _is_change(text: str) -> bool:
    return re.fullmatch(r"[▲▼=] (\d[\d.,]* \S+|no change|unverändert)", text) is not None


def _corrections(language: Language, place: str, texts: list[str]) -> Iterator[Passage]:
    """What changed, and below it the four metrics, which have no heading of their own."""
    yield Passage(place, "correction_head", (texts[0],))
    rows = texts[1:]
    while len(rows) >= 3 and rows[1].endswith(" →"):
        yield Passage(place, "correction", (rows[0], rows[1].removesuffix(" →"), rows[2]))
        rows = rows[3:]
    metrics = next(
        (n for n, text in enumerate(rows) if language.without_medium(text)[0] in language.metrics), len(rows)
    )
    for text in rows[:metrics]:
        yield Passage(place, "note", (text,))
    yield from _tiles(language, rows[metrics:])


def _facts(language: Language, place: str, texts: list[str]) -> Iterator[Passage]:
    starts = [n for n, text in enumerate(texts) if text in language.labels]
    for begin, end in _spans(starts, len(texts)):
        yield Passage(place, "fact", (texts[begin], " ".join(texts[begin + 1 : end])))
