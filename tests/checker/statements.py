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

SUBSTITUTES = ("offered", "average_handle_ms", "average_answer_ms")
"""The figures that may be in the place of a metric which is not available."""

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
    context = {**_metric(language, name), "status": status}
    if context["metric"] in SUBSTITUTES:
        yield Statement("substitute", "value", passage.place, value, {}, {"label": context["metric"], "status": status})
        return
    yield _whole(language, passage, "tile_value", value, context)
    yield Statement("tile", "status", passage.place, status, {}, context)
    if goal and goal != "–":
        yield _whole(language, passage, "tile_goal", goal, context)


def _tile_text(role: str) -> Callable[[Language, Passage], Iterator[Statement]]:
    def read(language: Language, passage: Passage) -> Iterator[Statement]:
        name, text = passage.parts
        context = _metric(language, name)
        if context["metric"] in SUBSTITUTES:
            substitute_role = "figure_caption" if language.read("figure_caption", text) else "substitute_note"
            yield _whole(language, passage, substitute_role, text, {"label": context["metric"]})
            return
        yield _whole(language, passage, role, text, context)

    return read


def _metric(language: Language, name: str) -> dict[str, str]:
    """The metric of a label such as "Service level (voice)", and its medium."""
    text, medium = language.without_medium(name)
    return {"metric": language.metrics.get(text, text), **({"medium": medium} if medium else {})}


def _name_and_medium(language: Language, label: str) -> dict[str, str]:
    """The name of a label such as "Billing (voice)", and its medium."""
    name, medium = language.without_medium(label)
    return {"name": name, **({"medium": medium} if medium else {})}


def _tile_other(language: Language, passage: Passage) -> Iterator[Statement]:
    """The reading of another medium."""
    name, status, text = passage.parts
    match = language.read("tile_other", text)
    context = {**_metric(language, name), "status": status}
    if match:
        context["medium"] = match.values["medium"]
    yield _statement(passage, "tile_other", match, text, context)


def _talk(language: Language, passage: Passage) -> Iterator[Statement]:
    status, head, full_detail = passage.parts
    detail, medium = language.without_medium_before(full_detail)
    match = language.read("talk_head", head)
    context = {"status": status, "head": head, "detail": full_detail, **({"medium": medium} if medium else {})}
    if match:
        context |= {"head_kind": match.kind, **match.values}
    yield _statement(passage, "talk_head", match, head, context)
    yield from _sequence(language, passage, "talk", detail, context)


def _prose(role: str) -> Callable[[Language, Passage], Iterator[Statement]]:
    def read(language: Language, passage: Passage) -> Iterator[Statement]:
        text, medium = language.without_medium_before(passage.parts[0])
        yield from _sequence(language, passage, role, text, {"medium": medium} if medium else {})

    return read


def _figure(language: Language, passage: Passage) -> Iterator[Statement]:
    full_label, value, caption = passage.parts
    label, medium = language.without_medium(full_label)
    context = {"label": language.figures.get(label, label), "value": value, **({"medium": medium} if medium else {})}
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
        while separator and language.read("without_data", rest):
            yield _whole(language, passage, "without_data", rest, {"list": role})
            text = head
            head, separator, rest = text.rpartition(", ")
        yield _whole(language, passage, role, text, {"list": role})
        if reference:
            yield _whole(language, passage, "changes_against", reference, {})

    return read


def _queue(language: Language, passage: Passage) -> Iterator[Statement]:
    status, full_name, value, change, caption = passage.parts
    context = {**_name_and_medium(language, full_name), "status": status}
    yield Statement("queue", "row", passage.place, full_name, {}, context)
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
        text, medium = (lines, "") if language.begins("fact", lines) else language.without_medium_before(lines)
        yield from _sequence(
            language, passage, "fact", text, {"label": label, **({"medium": medium} if medium else {})}
        )


def _correction(language: Language, passage: Passage) -> Iterator[Statement]:
    label, old_value, now = passage.parts
    context = {**_name_and_medium(language, label), "before": old_value, "now": now}
    yield Statement("correction", "changed", passage.place, passage.text, {}, context)


def _foot(language: Language, passage: Passage) -> Iterator[Statement]:
    """The lines at the foot of the wall page: facts between dots, or what a correction changed."""
    text = passage.parts[0]
    if language.read("correction_line", text) or language.read("correction_head", text):
        yield from _correction_line(language, passage)
        return
    for part in text.split(" · "):
        if language.begins("warning", part):
            yield from _sequence(language, passage, "warning", part, {})
        else:
            yield _whole(language, passage, "foot", part, {})


def _correction_line(language: Language, passage: Passage) -> Iterator[Statement]:
    """What a correction changed, in one line; names and numbers may have commas of their own."""
    line = language.read("correction_line", passage.parts[0])
    if line is None or language.read("correction_head", passage.parts[0]):
        yield _whole(language, passage, "correction_head", passage.parts[0], {})
        return
    for figure in re.split(r"(?<=\)), |, (?=\d+ \S+(?: \S+)?$)", line.values["figures"]):
        match = language.read("changed_figure", figure)
        values = match.values if match else {}
        context = {
            **_name_and_medium(language, values.get("label", "")),
            "before": values.get("before", "–"),
            "now": values.get("now", "–"),
        }
        is_more = match is not None and match.kind == "more"
        kind = UNREAD if match is None else "more" if is_more else "changed"
        yield Statement("correction", kind, passage.place, figure, values, context)


def _risk_row(language: Language, passage: Passage) -> Iterator[Statement]:
    """A half-hour of the day after: its time, and its figures as they are written."""
    keys = ("time", "contacts", "required", "scheduled", "short", "expected")
    values = dict(zip(keys, passage.parts, strict=False))
    yield Statement("risk_row", "row", passage.place, passage.text, values)


def _risk_line(language: Language, passage: Passage) -> Iterator[Statement]:
    """The same as a sentence: "80 people required, 72 scheduled: 8 short"."""
    time, text = passage.parts
    match = language.read("risk_line", text)
    values = {key: getattr(value, "value", value) for key, value in match.values.items()} if match else {}
    texts = {"time": time, **{key: str(value) for key, value in values.items()}}
    yield Statement("risk_row", "row" if match else UNREAD, passage.place, passage.text, texts)


def _person(language: Language, passage: Passage) -> Iterator[Statement]:
    name, start = passage.parts
    yield Statement("person", "person", passage.place, passage.text, {"name": name, "start": start})


def _today(language: Language, passage: Passage) -> Iterator[Statement]:
    text, medium = passage.parts[0], ""
    if not language.begins("today", text):
        text, medium = language.without_medium_before(text)
    yield from _sequence(language, passage, "today", text, {"planned_medium": medium} if medium else {})


def _follow_up(language: Language, passage: Passage) -> Iterator[Statement]:
    head, detail = passage.parts
    yield _whole(language, passage, "follow_up_head", head, {"head": head})
    yield from _sequence(language, passage, "follow_up", detail, {"head": head})


def _follow_up_line(language: Language, passage: Passage) -> Iterator[Statement]:
    """Head and detail of a line of the workbook, joined by a full stop."""
    text = passage.parts[0]
    ends = [position for position in range(len(text)) if text.startswith(". ", position)]
    heads = [position for position in ends if language.read("follow_up_head", text[:position])]
    end = heads[0] if heads else len(text.rstrip("."))
    parts = (text[:end], text[end + 2 :])
    yield from _follow_up(language, replace(passage, parts=parts))


def _follow_up_heading_in_capitals(language: Language, passage: Passage) -> Iterator[Statement]:
    yield Statement("heading", "heading", passage.place, passage.parts[0])


def _today_head_in_capitals(language: Language, passage: Passage) -> Iterator[Statement]:
    """The head of the text form, which has no small letters left to tell a month from a word."""
    text = passage.parts[0]
    heads = (words.upper() for words in language.sentences["today_head"][0][1].split(",")[:1])
    yield Statement("heading", "heading" if text.startswith(tuple(heads)) else UNREAD, passage.place, text)


def _why_in_capitals(language: Language, passage: Passage) -> Iterator[Statement]:
    title = next(template for kind, template in language.sentences["why"] if kind == "why_title")
    kind = "why_title" if passage.parts[0] == title.upper().rstrip(".") else UNREAD
    yield Statement("why", kind, passage.place, passage.parts[0])


def _risk_title_in_capitals(language: Language, passage: Passage) -> Iterator[Statement]:
    text = passage.parts[0]
    titles = {title.upper(): kind for kind, title in language.sentences["risk_title"]}
    yield Statement("risk_title", titles.get(text, UNREAD), passage.place, text)


def _today_cell(language: Language, passage: Passage) -> Iterator[Statement]:
    time, medium, column, text = passage.parts
    context = {"time": time, "planned_medium": medium, "column": column}
    yield Statement("today_cell", "cell", passage.place, text, {}, context)


def _chart(language: Language, passage: Passage) -> Iterator[Statement]:
    match = language.read("chart", passage.parts[0])
    medium = match.values.get("medium") if match else None
    yield _statement(passage, "chart", match, passage.parts[0], {"medium": medium} if medium else {})


def _cell(language: Language, passage: Passage) -> Iterator[Statement]:
    table, name, column, text = passage.parts
    context = {**_name_and_medium(language, name), "table": table, "column": column}
    if name in language.media:
        context["medium"] = language.media[name]
    yield Statement("cell", "cell", passage.place, text, {}, context)


def _book_trend(language: Language, passage: Passage) -> Iterator[Statement]:
    name, *days = passage.parts
    context = _metric(language, name)
    values = {"metric": context["metric"], "days": days}
    yield Statement("book_trend", "trend", passage.place, passage.text, values, context)


def _book_note(language: Language, passage: Passage) -> Iterator[Statement]:
    """A line of a sheet: a heading, a warning, or the sentence of a sheet without rows."""
    text = passage.parts[0]
    heading = spaced(text).casefold() in language.headings or text in language.labels
    roles = [role for role in ("queues", "agents", "half_hours", "note", "verdict_head") if language.read(role, text)]
    if heading or not roles:
        yield Statement("heading", "heading" if heading else UNREAD, passage.place, text)
    else:
        yield _whole(language, passage, roles[0], text, {"list": roles[0], "status": ""})


def _why_steps(language: Language, passage: Passage) -> Iterator[Statement]:
    """The parts of a change one after the other, and the total at its end, which a workbook does not repeat."""
    *steps, total = passage.parts
    matches = [language.read("why_step", step) for step in steps]
    values = [(match.kind, match.values) for match in matches if match]
    is_read = len(values) == len(steps)
    context = {"steps": values, "total": total}
    yield Statement("why", "steps" if is_read else UNREAD, passage.place, passage.text, {}, context)


def _why_row(language: Language, passage: Passage) -> Iterator[Statement]:
    """A factor, its figure of the day, its usual range, and whether it lies outside."""
    name, today, usual, verdict = passage.parts
    factor, side = language.read("why_row", name), language.read("why_verdict", verdict)
    kind = "row" if factor and side else UNREAD
    context = {"today": today, "usual": usual}
    context |= {"factor": factor.kind, "verdict": side.kind} if factor and side else {}
    yield Statement("why", kind, passage.place, passage.text, {}, context)


def _one_text(language: Language, passage: Passage) -> Iterator[Statement]:
    text = passage.parts[0]
    if passage.role == "warning":
        yield from _sequence(language, passage, "warning", text, {})
    elif passage.role in language.sentences:
        yield _whole(language, passage, passage.role, text, {})
    elif passage.role in _WHOLE_TEXTS:
        yield Statement(passage.role, passage.role, passage.place, text)
    elif passage.role == "heading":
        match = language.without_medium(text)[0].casefold() in language.headings
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
    "tile_other": _tile_other,
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
    "risk_row": _risk_row,
    "risk_line": _risk_line,
    "risk_title_in_capitals": _risk_title_in_capitals,
    "why_in_capitals": _why_in_capitals,
    "today_head_in_capitals": _today_head_in_capitals,
    "person": _person,
    "today": _today,
    "today_cell": _today_cell,
    "follow_up": _follow_up,
    "follow_up_line": _follow_up_line,
    "follow_up_heading_in_capitals": _follow_up_heading_in_capitals,
    "book_trend": _book_trend,
    "book_note": _book_note,
    "why": _prose("why"),
    "why_steps": _why_steps,
    "why_row": _why_row,
}
