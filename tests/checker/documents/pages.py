"""The pages of the PDF as passages: which part of a page an element is follows from its tag and from what is above."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from tests.checker.documents.passage import Passage, spaced
from tests.checker.documents.pdf import ARTIFACT, Element, Page, Text
from tests.checker.grammar import Language

_TODAY_HEADS = ("today_head", "risk_title", "today_people")
_SIGNED = re.compile(r"[+−=]\d|[+-]?0[.,]0|(no change|unverändert)")


def passages(language: Language, pages: Sequence[Page]) -> Iterator[Passage]:
    """Every passage of the PDF, page by page."""
    reader = _Reader(language)
    for page in pages:
        yield from reader.passages(page)


class _Reader:
    """Reads pages from top to bottom and remembers under which heading it is."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self.section, self.metric, self.label, self.status, self.kind = "head", "", "", "", ""
        self.number, self.cells = 0, 0
        self.table: list[str] = []
        self.row: list[str] = []
        self.edges: dict[str, float] = {}
        self.lines: list[str] = []
        self.why_steps: list[str] = []
        self.why_cells: list[str] = []

    def passages(self, page: Page) -> Iterator[Passage]:
        self.number, self.kind = page.number, "wall" if page.width > 500 else "phone"
        first = next((element.tag for element in page.elements if element.tag != ARTIFACT), "")
        if first in ("H1", "P"):
            self.section, self.label, self.table = "head", "", []
        for element in page.elements:
            reader = _TAGS.get(element.tag)
            if reader and (element.texts or element.alt):
                yield from reader(self, element)
        yield from self.fact()

    def passage(self, role: str, *parts: str) -> Passage:
        return Passage(f"PDF page {self.number} ({self.kind}), {self.section}", role, parts)

    def heading1(self, element: Element) -> Iterator[Passage]:
        text = element.text
        if re.search(r"\d{4}$", text):
            self.section = "verdict"
            yield self.passage("day", text)
            return
        if self.language.read("today_title", text):
            self.section, self.table, self.row = "today", [], []
            yield self.passage("today_title", text)
            return
        if self.language.read("follow_up_heading", text):
            self.section, self.label = "follow-up", ""
            yield self.passage("follow_up_heading", text)
            return
        if self.language.read("corrected", text):
            self.section = "corrections"
            yield self.passage("corrected", text)
            return
        self.label, self.table = "", []
        yield from self.heading(text)

    def heading2(self, element: Element) -> Iterator[Passage]:
        if self.section == "verdict":
            self.label, self.section = " ".join(element.lines), "verdict detail"
            return
        today = next((role for role in _TODAY_HEADS if self.language.read(role, element.text)), "")
        chart = self.language.read("note", element.text)
        if today:
            self.section = "today"
            yield self.passage(today, element.text)
        elif self.language.read("follow_up_heading", element.text):
            self.section, self.label = "follow-up", ""
            yield self.passage("follow_up_heading", element.text)
        elif self.section == "why" and self.language.read("why", element.text):
            yield self.passage("why", element.text)
        elif chart:
            self.section = "day"
            yield self.passage("note", element.text)
        else:
            yield from self.heading(spaced(element.rows[0][0].content))

    def heading(self, text: str) -> Iterator[Passage]:
        text_alone = self.language.without_medium(text)[0]
        for words, section in self.language.headings.items():
            if text_alone.casefold().startswith(words) and len(text_alone) - len(words) < 14:
                self.section = section
        yield self.passage("heading", text)

    def heading3(self, element: Element) -> Iterator[Passage]:
        self.section, self.metric = "metrics", element.text
        self.label = ""
        return
        yield

    def paragraph(self, element: Element) -> Iterator[Passage]:
        yield from _PARAGRAPHS.get(self.section, _Reader.note)(self, element)

    def today(self, element: Element) -> Iterator[Passage]:
        """Sentences about the day after, and between them the title and the hours of the chart."""
        if self.is_foot(element):
            yield from self.foot(element)
        elif self.language.read("note", element.text) and not self.language.read("today", element.text):
            yield self.passage("note", element.text)
        elif not re.fullmatch(r"[\d: ]*", element.text):
            yield self.passage("today", " ".join(element.lines))

    def person(self, element: Element) -> Iterator[Passage]:
        match = re.fullmatch(r"(.+) (\d\d:\d\d)", spaced(" ".join(element.lines)))
        yield self.passage("person", *(match.groups() if match else (spaced(element.text), "")))

    def followed_point(self, element: Element) -> Iterator[Passage]:
        head, *detail = element.lines
        yield self.passage("follow_up", head, " ".join(detail))

    def risk_cell(self, element: Element) -> Iterator[Passage]:
        """A head of a column, or a cell of a row, which is told when its last cell is read."""
        text = element.text
        if not self.row and not re.fullmatch(r"\d\d:\d\d(?: UTC\S+)?", text):
            self.table.append(text)
            return
        self.row.append(text)
        if len(self.row) == len(self.table):
            yield self.passage("risk_row", *self.row)
            self.row = []

    def eyebrow(self, element: Element) -> Iterator[Passage]:
        yield self.passage("eyebrow", element.text)

    def below_day(self, element: Element) -> Iterator[Passage]:
        yield self.passage("correction_line", " ".join(element.lines))

    def verdict(self, element: Element) -> Iterator[Passage]:
        head, self.section = self.label, "notes"
        text = " ".join(element.lines)
        yield self.passage("verdict", "", head, "" if self.is_correction(text) else text)
        if self.is_correction(text):
            yield self.passage("correction_line", text)

    def is_correction(self, text: str) -> bool:
        """Whether a text below the verdict says what a correction changed."""
        return any(self.language.read(role, text) for role in ("correction_head", "correction_line"))

    def tile(self, element: Element) -> Iterator[Passage]:
        """Value, status and goal; then changes, or why there is none."""
        lines = element.lines
        if self.label != self.metric:
            self.label = self.metric
            yield from self.first_of_tile(lines)
        elif self.language.read("note", element.text):
            self.section = "notes"
            yield self.passage("note", element.text)
        elif self.language.begins("warning", element.text):
            yield self.passage("warning", element.text)
        elif self.language.read("tile_other", element.text):
            yield self.passage("tile_other", self.metric, self.status, element.text)
        elif self.language.read("tile_note", element.text):
            yield self.passage("tile_note", self.metric, element.text)
        elif self.language.read("change", element.text) or _SIGNED.search(element.text):
            yield self.passage("tile_change", self.metric, element.text)
        else:
            yield self.passage("tile_note", self.metric, element.text)

    def first_of_tile(self, lines: Sequence[str]) -> Iterator[Passage]:
        words = "|".join(self.language.statuses)
        match = re.fullmatch(rf"({words})(?: (.+))?", lines[1]) if len(lines) > 1 else None
        if match:
            status = f"{self.language.statuses[match[1]]}:{match[1]}"
            yield self.passage("tile", self.metric, lines[0], status, match[2] or "")
            return
        yield self.passage("tile", self.metric, lines[0], f"no_data:{lines[0]}", lines[1] if len(lines) > 1 else "")
        if len(lines) > 2:
            yield self.passage("tile_note", self.metric, " ".join(lines[2:]))

    def note(self, element: Element) -> Iterator[Passage]:
        if self.is_foot(element):
            yield from self.foot(element)
        elif self.section == "notes" and self.is_correction(" ".join(element.lines)):
            yield self.passage("correction_line", " ".join(element.lines))
        elif not re.fullmatch(r"[\d: ]*", element.text):
            is_warning = self.language.begins("warning", element.text)
            yield self.passage("warning" if is_warning else "note", element.text)

    def day(self, element: Element) -> Iterator[Passage]:
        """Above the charts the sentence, between them their titles and hours, below them the day's figures."""
        lines = element.lines
        if label_lines := self.label_lines(lines):
            label, (value, *caption) = " ".join(lines[:label_lines]), lines[label_lines:]
            yield self.passage("figure", label, value, " ".join(caption))
        elif self.language.read("note", element.text) or re.fullmatch(r"[\d: ]*", element.text):
            yield from self.note(element)
        else:
            yield self.passage("half_hours", " ".join(lines))

    def label_lines(self, lines: Sequence[str]) -> int:
        """Return how many lines the label of a figure has, 0 where the lines are no figure."""
        counts = (
            count
            for count in (2, 1)
            if self.language.without_medium(" ".join(lines[:count]))[0] in self.language.figures and len(lines) > count
        )
        return next(counts, 0)

    def queues(self, element: Element) -> Iterator[Passage]:
        if self.kind == "wall" and self.section == "queues" and not self.table:
            self.edges = _column_edges(self.language, element)
            self.table = list(self.edges)
            return
        if self.language.read("note", element.text):
            yield self.passage("note", element.text)
        elif self.is_foot(element):
            yield from self.foot(element)
        elif self.language.read("medium_heading", " ".join(element.lines)):
            yield self.passage("medium_heading", " ".join(element.lines))
        else:
            yield self.passage("queues", element.text)

    def agents(self, element: Element) -> Iterator[Passage]:
        if self.language.read("note", element.text):
            yield self.passage("note", element.text)
        elif self.is_foot(element):
            yield from self.foot(element)
        else:
            yield self.passage("agents", element.text)

    def is_foot(self, element: Element) -> bool:
        """Whether these are the lines at the foot of the wall page."""
        parts = [line.split(" · ")[0] for line in element.lines]
        return self.kind == "wall" and any(self.language.read("foot", part) for part in parts)

    def foot(self, element: Element) -> Iterator[Passage]:
        self.section = "foot"
        for line in element.lines:
            yield self.passage("foot", line)

    def facts(self, element: Element) -> Iterator[Passage]:
        """A label with its line, or a further line of the label above."""
        row = element.rows[0]
        if len(row) > 1:
            yield from self.fact()
            self.label = spaced(row[0].content)
            row = row[1:]
        self.lines.append(spaced(" ".join(text.content for text in row)))

    def why_text(self, element: Element) -> Iterator[Passage]:
        """The conclusion, the two totals with the steps between them, and how to read the page."""
        if self.is_foot(element):
            yield from self.foot(element)
            return
        text = " ".join(element.lines) if len(element.rows) > 2 else element.text
        text = spaced(" ".join(part.content for part in element.texts)) if element.texts else text
        if self.language.read("why_step", text):
            self.why_steps.append(text)
        elif not self.language.read("why", text) and self.why_steps:
            yield self.passage("why_steps", *self.why_steps, text)
            self.why_steps = []
        else:
            yield self.passage("why", text)

    def fact(self) -> Iterator[Passage]:
        """What was collected of a fact."""
        if self.lines:
            yield self.passage("fact", self.label, " ".join(self.lines))
        self.lines = []

    def corrections(self, element: Element) -> Iterator[Passage]:
        role = "revisions" if len(element.rows[0]) == 2 else "correction_head"
        yield self.passage("note" if self.language.read("note", element.text) else role, element.text)

    def figure(self, element: Element) -> Iterator[Passage]:
        signs = self.language.talk_signs if self.section == "talk" else self.language.statuses
        if element.alt and spaced(element.alt) in signs:
            self.status = signs[spaced(element.alt)]
            return
        if element.alt and self.section != "follow-up":
            yield self.passage("chart", spaced(element.alt))
        for text in element.texts:
            if not re.fullmatch(r"[\d.,]+[kM]?", spaced(text.content)):
                yield self.passage("chart_label", spaced(text.content))

    def item(self, element: Element) -> Iterator[Passage]:
        yield from _ITEMS.get(self.section, _Reader.note)(self, element)

    def talk_item(self, element: Element) -> Iterator[Passage]:
        """A head of one or two lines, and smaller below it what it says."""
        sizes = [row[0].size for row in element.rows]
        head = sum(size == sizes[0] for size in sizes) if sizes[0] != sizes[-1] else 1
        yield self.passage("talk", self.status, " ".join(element.lines[:head]), " ".join(element.lines[head:]))

    def queue_item(self, element: Element) -> Iterator[Passage]:
        if self.kind == "wall":
            yield from self.wall_queue(element)
            return
        first, *lower_rows = element.rows
        name, value = _ends(first)
        caption, change = _ends(lower_rows[0]) if lower_rows else ("", "")
        if not re.search(rf"\d {self.language.points}$|change|unverändert", change):
            caption, change = f"{caption} {change}".strip(), ""
        yield self.passage("queue", self.status, name, value, change, caption)

    def wall_queue(self, element: Element) -> Iterator[Passage]:
        """A row of cells that end where the heads end that `queues` read; the change has no unit of its own."""
        first, *cells = [text for row in element.rows for text in row]
        row = {"name": spaced(first.content)}
        mark = next((cell for cell in cells if self.language.read("queue_caption", spaced(cell.content))), None)
        for cell in cells:
            if cell is mark:
                continue
            key = min(self.edges, key=lambda key: abs(self.edges[key] - cell.right))
            row[key] = spaced(cell.content)
        caption = spaced(mark.content) if mark else ""
        change = f"{row['change']} {self.language.points}" if "change" in row else ""
        yield self.passage("queue", self.status, row["name"], row.get("service_level", ""), change, caption)
        for key in ("goal", "not_in_time", "abandonment", "average_handle_ms", "average_answer_ms"):
            if key in row:
                yield self.passage("cell", "table queues", row["name"], key, row[key])

    def agent_item(self, element: Element) -> Iterator[Passage]:
        first, *lower_rows = element.rows
        name, value = _ends(first)
        caption = " ".join(spaced(text.content) for row in lower_rows for text in row)
        if self.kind == "wall" and len(first) == 3:
            caption, name = spaced(first[1].content), spaced(first[0].content)
        yield self.passage("agent", self.status, name, value, caption)

    def correction_item(self, element: Element) -> Iterator[Passage]:
        cells = [spaced(text.content) for row in element.rows for text in row]
        yield self.passage("correction", " ".join(cells[:-2]), *cells[-2:])

    def decoration(self, element: Element) -> Iterator[Passage]:
        for line in element.lines:
            yield self.passage("decoration", line)

    def head_cell(self, element: Element) -> Iterator[Passage]:
        """A head of a column, or the name that heads a row."""
        if self.section == "today":
            yield from self.risk_cell(element)
            return
        text = element.text
        if self.section == "why":
            self.why_cells = [text]
            return
        key = self.language.columns.get(" ".join(element.lines)) or self.language.columns.get(text)
        if key and self.label != "rows":
            self.table.append(key)
            return
        yield from self.row_begins(text)

    def row_begins(self, text: str) -> Iterator[Passage]:
        self.label, self.metric, self.cells = "rows", text, 0
        return
        yield

    def row_name(self, element: Element) -> Iterator[Passage]:
        yield from self.row_begins(element.text)

    def cell(self, element: Element) -> Iterator[Passage]:
        if self.section == "today":
            yield from self.risk_cell(element)
            return
        if self.section == "why":
            self.why_cells.append(element.text)
            if len(self.why_cells) == 4:
                yield self.passage("why_row", *self.why_cells)
            return
        self.cells += 1
        column = self.table[self.cells] if self.cells < len(self.table) else "?"
        if column == "offset":
            self.metric = f"{self.metric} {element.text}"
            if "medium" in self.table:
                return  # a row has a name only with the medium in the next cell
        elif column == "medium" and element.text != "–":
            self.metric = f"{self.metric} ({element.text})"
        yield self.passage("cell", self.section, self.metric, column, element.text)


def _ends(row: Sequence[Text]) -> tuple[str, str]:
    """What is on the left of a line, and the last text on its right."""
    *first, right = row
    return spaced(" ".join(text.content for text in first)), spaced(right.content)


def _column_edges(language: Language, element: Element) -> dict[str, float]:
    """Where each column of the wall page ends."""
    return {_column(language, spaced(text.content)): text.right for row in element.rows for text in row}


def _column(language: Language, head: str) -> str:
    """The column under a head of the wall page, where the abandoned are a percentage."""
    column = language.columns.get(head) or ("change" if re.match(r"vs |ggü\. ", head) else head)
    return "abandonment" if column == "abandoned" else column


_Read = Callable[[_Reader, Element], Iterator[Passage]]
_TAGS: Mapping[str, _Read] = {
    "H1": _Reader.heading1,
    "H2": _Reader.heading2,
    "H3": _Reader.heading3,
    "P": _Reader.paragraph,
    "Figure": _Reader.figure,
    "LBody": _Reader.item,
    "TH": _Reader.head_cell,
    "TD": _Reader.cell,
    "Span": _Reader.row_name,
    ARTIFACT: _Reader.decoration,
}
_PARAGRAPHS: Mapping[str, _Read] = {
    "head": _Reader.eyebrow,
    "verdict": _Reader.below_day,
    "verdict detail": _Reader.verdict,
    "metrics": _Reader.tile,
    "day": _Reader.day,
    "today": _Reader.today,
    "queues": _Reader.queues,
    "agents": _Reader.agents,
    "facts": _Reader.facts,
    "why": _Reader.why_text,
    "corrections": _Reader.corrections,
    "table queues": _Reader.queues,
    "table half-hours": _Reader.day,
    "table agents": _Reader.agents,
}
_ITEMS: Mapping[str, _Read] = {
    "talk": _Reader.talk_item,
    "today": _Reader.person,
    "follow-up": _Reader.followed_point,
    "queues": _Reader.queue_item,
    "agents": _Reader.agent_item,
    "corrections": _Reader.correction_item,
}
