"""From passages to statements: what each piece of text says, as values with their context."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from tests.checker.documents.passage import Passage, spaced
from tests.checker.grammar import Language, Match

_WHOLE_TEXTS = frozenset({"day", "decoration", "revisions"})
"""Roles whose text is checked as it is."""

UNREAD = "unread"
"""The kind of a text that no template knows."""

RAW = "raw"
"""The kind of a text that is compared as it is: a number's own text, a name, a status."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One thing that is said. ``context`` is what the passage around it says: metric, name, label, status, head."""

    role: str
    kind: str
    place: str
    text: str
    values: Mapping[str, Any] = field(default_factory=dict)
    context: Mapping[str, Any] = field(default_factory=dict)


def statements(language: Language, passages: Iterable[Passage]) -> Iterator[Statement]:
    """Everything that the passages say."""
    for passage in passages:
        reader = _READERS.get(passage.role, _one_text)
        yield from reader(language, passage)


def _verdict(language: Language, passage: Passage) -> Iterator[Statement]:
    status, head, detail = passage.parts
    context = {"status": status, "detail": detail}
    yield _whole(language, passage, "verdict_head", head, context)
    for statement in _sequence(language, passage, "verdict_detail", detail, context):
        context |= {"metric": statement.values["metric"]} if "metric" in statement.values else {}
        yield replace(statement, context=dict(context))


def _tile(language: Language, passage: Passage) -> Iterator[Statement]:
    name, value, status, goal = passage.parts
    context = {"metric": language.metrics.get(name, name), "status": status}
    yield _whole(language, passage, "tile_value", value, context)
    yield Statement("tile", "status", passage.place, status, {}, context)
    yield _whole(language, passage, "tile_goal", goal, context)


def _tile_text(role: str) -> Callable[[Language, Passage], Iterator[Statement]]:
    def read(language: Language, passage: Passage) -> Iterator[Statement]:
        name, text = passage.parts
        yield _whole(language, passage, role, text, {"metric": language.metrics.get(name, name)})

    return read


def _talk(language: Language, passage: Passage) -> Iterator[Statement]:
    status, head, detail = passage.parts
    match = language.read("talk_head", head)
    context = {"status": status, "head": head, "detail": detail}
    if match:
        context |= {"head_kind": match.kind, **match.values}
    yield _statement(passage, "talk_head", match, head, context)
    yield from _sequence(language, passage, "talk", detail, context)


def _prose(role: str) -> Callable[[Language, Passage], Iterator[Statement]]:
    def read(language: Language, passage: Passage) -> Iterator[Statement]:
        yield from _sequence(language, passage, role, passage.parts[0], {})

    return read


def _figure(language: Language, passage: Passage) -> Iterator[Statement]:
    label, value, caption = passage.parts
    context = {"label": language.figures.get(label, label), "value": value}
    yield Statement(
        "figure", "value" if label in language.figures else UNREAD, passage.place, value or label, {}, context
    )
    if caption:
        yield _whole(language, passage, "figure_caption", caption, context)


def _list_summary(role: str) -> Callable[[Language, Passage], Iterator[Statement]]:
    """The sentence above a list, and what may follow it: changes against a day, entries without data."""

    def read(language: Language, passage: Passage) -> Iterator[Statement]:
        text, _, reference = passage.parts[0].partition("; ")
        head, separator, rest = text.rpartition(", ")
        if separator and language.read("without_data", rest):
            yield _whole(language, passage, "without_data", rest, {"list": role})
            text = head
        yield _whole(language, passage, role, text, {"list": role})
        if reference:
            yield _whole(language, passage, "changes_against", reference, {})

    return read


def _queue(language: Language, passage: Passage) -> Iterator[Statement]:
    status, name, value, change, caption = passage.parts
    context = {"name": name, "status": status}
    yield Statement("queue", "row", passage.place, name, {}, context)
    yield _whole(language, passage, "tile_value", value, {**context, "metric": "service_level"}, role="queue_value")
    if change:
        yield _whole(language, passage, "queue_change", change, context)
    for part in filter(None, caption.split(" · ")):
        yield _whole(language, passage, "queue_caption", part, context)


def _agent(language: Language, passage: Passage) -> Iterator[Statement]:
    status, name, value, caption = passage.parts
    context = {"name": name, "status": status}
    yield Statement("agent", "row", passage.place, name, {}, context)
    yield _whole(language, passage, "tile_value", value, {**context, "metric": "adherence"}, role="agent_value")
    for part in filter(None, caption.split(" · ")):
        yield _whole(language, passage, "agent_caption", part, context)


def _fact(language: Language, passage: Passage) -> Iterator[Statement]:
    label, lines = passage.parts
    if language.read("correction_head", lines):
        yield _whole(language, passage, "correction_head", lines, {})
    else:
        yield from _sequence(language, passage, "fact", lines, {"label": label})


def _correction(_: Language, passage: Passage) -> Iterator[Statement]:
    label, old_value, now = passage.parts
    yield Statement(
        "correction", "changed", passage.place, passage.text, {}, {"name": label, "before": old_value, "now": now}
    )


def _foot(language: Language, passage: Passage) -> Iterator[Statement]:
    """The lines at the foot of the wall page: facts between dots, or what a correction changed."""
    text = passage.parts[0]
    if language.read("correction_line", text) or language.read("correction_head", text):
        yield from _correction_line(language, passage)
        return
    for part in text.split(" · "):
        role = "warning" if language.read("warning", part) else "foot"
        yield _whole(language, passage, role, part, {})


def _correction_line(language: Language, passage: Passage) -> Iterator[Statement]:
    """What a correction changed, in one line; names and numbers may have commas of their own."""
    line = language.read("correction_line", passage.parts[0])
    if line is None:
        yield _whole(language, passage, "correction_head", passage.parts[0], {})
        return
    for figure in re.split(r"(?<=\)), |, (?=\d+ \S+(?: \S+)?$)", line.values["figures"]):
        match = language.read("changed_figure", figure)
        values = match.values if match else {}
        context = {"name": values.get("label"), "before": values.get("before", "–"), "now": values.get("now", "–")}
        is_more = match is not None and match.kind == "more"
        kind = UNREAD if match is None else "more" if is_more else "changed"
        yield Statement("correction", kind, passage.place, figure, values, context)


def _chart(language: Language, passage: Passage) -> Iterator[Statement]:
    match = language.read("chart", passage.parts[0])
    yield _statement(passage, "chart", match, passage.parts[0], {})


def _cell(_: Language, passage: Passage) -> Iterator[Statement]:
    table, name, column, text = passage.parts
    yield Statement("cell", "cell", passage.place, text, {}, {"table": table, "name": name, "column": column})


def _book_trend(language: Language, passage: Passage) -> Iterator[Statement]:
    name, *days = passage.parts
    values = {"metric": language.metrics.get(name, name), "days": days}
    yield Statement("book_trend", "trend", passage.place, passage.text, values)


def _book_note(language: Language, passage: Passage) -> Iterator[Statement]:
    """A line of a sheet: a heading, a warning, or the sentence of a sheet without rows."""
    text = passage.parts[0]
    heading = spaced(text).casefold() in language.headings or text in language.labels
    roles = [role for role in ("queues", "agents", "half_hours", "note", "verdict_head") if language.read(role, text)]
    if heading or not roles:
        yield Statement("heading", "heading" if heading else UNREAD, passage.place, text)
    else:
        yield _whole(language, passage, roles[0], text, {"list": roles[0], "status": ""})


def _one_text(language: Language, passage: Passage) -> Iterator[Statement]:
    text = passage.parts[0]
    if passage.role in language.sentences:
        yield _whole(language, passage, passage.role, text, {})
    elif passage.role in _WHOLE_TEXTS:
        yield Statement(passage.role, passage.role, passage.place, text)
    elif passage.role == "heading":
        match = re.sub(r"\s+", " ", text).casefold() in language.headings
        yield Statement("heading", "heading" if match else UNREAD, passage.place, text)
    else:
        yield Statement(passage.role, RAW, passage.place, text)


def _sequence(
    language: Language, passage: Passage, role: str, text: str, context: Mapping[str, Any]
) -> Iterator[Statement]:
    for piece in language.read_all(role, text):
        if isinstance(piece, str):
            yield _statement(passage, role, None, piece, context)
        else:
            yield _statement(passage, role, piece, piece.text, context)


def _whole(
    language: Language, passage: Passage, sentences: str, text: str, context: Mapping[str, Any], role: str = ""
) -> Statement:
    return _statement(passage, role or sentences, language.read(sentences, text), text, context)


def _statement(passage: Passage, role: str, match: Match | None, text: str, context: Mapping[str, Any]) -> Statement:
    kind, values = (match.kind, match.values) if match else (UNREAD, {})
    return Statement(role, kind, passage.place, text, values, context)


_READERS: Mapping[str, Callable[[Language, Passage], Iterator[Statement]]] = {
    "verdict": _verdict,
    "tile": _tile,
    "tile_change": _tile_text("change"),
    "tile_note": _tile_text("tile_note"),
    "talk": _talk,
    "half_hours": _prose("half_hours"),
    "figure": _figure,
    "queues": _list_summary("queues"),
    "queue": _queue,
    "agents": _list_summary("agents"),
    "agent": _agent,
    "fact": _fact,
    "correction": _correction,
    "correction_line": _correction_line,
    "foot": _foot,
    "chart": _chart,
    "cell": _cell,
    "book_trend": _book_trend,
    "book_note": _book_note,
}
