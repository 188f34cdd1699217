"""Two statements about one thing agree, whichever document they are in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

from tests.checker.findings import Finding
from tests.checker.grammar import Language
from tests.checker.statements import Statement


def agreement(statements: Iterable[Statement]) -> Iterator[Finding]:
    """Two statements about one thing show the same number."""
    values: dict[tuple[str, ...], dict[Fraction, Statement]] = defaultdict(dict)
    for statement in statements:
        subject, value = _subject(statement), statement.values.get("value")
        if subject and value is not None:
            values[subject].setdefault(value.value, statement)
    for subject, readings in values.items():
        if len(readings) > 1:
            texts = " and ".join(f"{statement.text} ({statement.place})" for statement in readings.values())
            yield Finding("two statements disagree", next(iter(readings.values())).place, texts, " ".join(subject))


def preheader(statements: Sequence[Statement]) -> Iterator[Finding]:
    """The line that a mailbox shows ends with the verdict."""
    heads = [item for item in statements if item.role == "verdict_head"]
    verdicts = {f"{head.text}. {head.context.get('detail', '')}".strip() for head in heads}
    for statement in statements:
        if statement.role == "preheader" and not statement.text.endswith(tuple(verdicts)):
            yield Finding("two statements disagree", statement.place, statement.text, "the verdict")


def _subject(statement: Statement) -> tuple[str, ...] | None:
    """What a number is about: a metric of the group, or a queue's or an agent's reading."""
    if statement.role == "tile_value" or (statement.role == "verdict_detail" and "metric" in statement.values):
        medium = statement.values.get("medium") or statement.context.get("medium")
        return ("group", str(statement.context.get("metric") or statement.values["metric"]), str(medium))
    if statement.role in ("queue_value", "agent_value") and "…" not in str(statement.context["name"]):
        return (statement.role, statement.context["name"].casefold(), str(statement.context.get("medium")))
    return None


def book_talk(statements: Sequence[Statement], language: Language) -> Iterator[Finding]:
    """The workbook talks about the same things in the same words as the message."""
    heads = [statement.context for statement in statements if statement.role == "talk_head"]
    sentences = {f"{head['head']}. {head['detail']}".strip() for head in heads}
    for statement in statements:
        if statement.role == "book_talk" and statement.text not in sentences:
            yield Finding("two statements disagree", statement.place, statement.text, "what the message says")
