"""Two statements about one thing agree, whichever document they are in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction

from tests.checker.checks.common import Evidence, queues_named
from tests.checker.figures import Sums
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


_SAME_OF_GROUP: Mapping[str, frozenset[str]] = {
    "queue_service_level_low": frozenset({"level_down", "level_low", "figure_service_level_low"}),
    "queue_offered_high": frozenset({"volume", "figure_offered_high"}),
}
"""Heads about the group that tell what the head about a queue tells, besides the same figure of the group."""


def only_queue_twice(statements: Sequence[Statement], evidence: Evidence) -> Iterator[Finding]:
    """What is unusual of the only queue with contacts is told once, as it is the group's."""
    if (
        len(evidence.truth.sums.media) > 1
        or sum(bool(line.offered) for line in evidence.truth.sums.queues.values()) > 1
    ):
        return
    heads = [item for item in statements if item.role == "talk_head"]
    for head in heads:
        group_kinds = _SAME_OF_GROUP.get(head.kind, frozenset({head.kind.replace("queue_", "figure_", 1)}))
        is_queue = head.kind.startswith("queue_") and any(
            map(_has_contacts, queues_named(evidence, _name(head, evidence)))
        )
        if is_queue and any(item.kind in group_kinds for item in heads):
            yield Finding("the only queue is told twice", head.place, head.text, "one talking point")


def _name(head: Statement, evidence: Evidence) -> str:
    return evidence.language.without_medium(head.context.get("name", ""))[0]


def _has_contacts(line: Sums) -> bool:
    return bool(line.offered)


def occupancy_twice(statements: Iterable[Statement]) -> Iterator[Finding]:
    """Occupancy outside its band asks what to do about it, and no other point asks what changed."""
    heads = [item for item in statements if item.role == "talk_head"]
    has_band = any(item.kind in ("occupancy_above", "occupancy_below") for item in heads)
    for head in heads if has_band else ():
        if head.kind in ("figure_occupancy_low", "figure_occupancy_high"):
            yield Finding("occupancy is told twice", head.place, head.text, "one talking point")
