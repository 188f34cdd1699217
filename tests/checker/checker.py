"""Check everything that is delivered about a case against its rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from tests.checker import ranges
from tests.checker.case import Case, Truth, truth
from tests.checker.checks import (
    agreement,
    closed,
    day,
    facts,
    follow_up,
    geometry,
    layout,
    lists,
    metrics,
    omissions,
    order,
    tables,
    talk,
    today,
    usual,
    verdict,
    why,
)
from tests.checker.checks.common import Check, Evidence
from tests.checker.deliver import Delivered
from tests.checker.documents import card, html, ink, pages, pdf, plain, workbook
from tests.checker.documents.passage import Passage, spaced
from tests.checker.english import ENGLISH
from tests.checker.findings import UNKNOWN, Finding, Report
from tests.checker.german import GERMAN
from tests.checker.grammar import Language
from tests.checker.statements import RAW, UNREAD, Statement, statements
from worker.domain.groups import Language as LanguageCode

LANGUAGES: Mapping[LanguageCode, Language] = {"en": ENGLISH, "de": GERMAN}
CHECKS: Mapping[tuple[str, str], Check] = {
    **verdict.CHECKS,
    **metrics.CHECKS,
    **usual.CHECKS,
    **why.CHECKS,
    **talk.CHECKS,
    **day.CHECKS,
    **lists.CHECKS,
    **facts.CHECKS,
    **tables.CHECKS,
    **today.CHECKS,
    **follow_up.CHECKS,
    **closed.CHECKS,
}
_UNCHECKED = frozenset({"book_talk", "eyebrow", "preheader", "touching"})
"""Roles whose text is looked at as a whole: for cut words, instants, repetitions, agreement."""
_OF_LEADING: frozenset[str | tuple[str, str]] = frozenset(
    {
        *(("talk_head", kind) for kind in (*usual.FIGURE_HEADS, "silent_hours")),
        *(
            ("talk", kind)
            for kind in (
                "usually",
                "usually_time",
                "usually_contacts",
                "usually_then",
                "usually_come",
                "longer_stretch",
            )
        ),
        *("tile", "tile_value", "tile_goal", "tile_note", "change", "half_hours", "chart", "chart_label", "book_trend"),
        *(
            ("talk_head", kind)
            for kind in (
                "window",
                "weak_spot",
                "level_up",
                "level_down",
                "streak",
                "streak_at_least",
                "target_missed",
            )
        ),
        *(
            ("talk", kind)
            for kind in (
                "window_level",
                "window_only_abandon",
                "against",
                "above_average",
                "below_average",
                "metric_met",
                "contacts_short",
                "contacts_too_many",
            )
        ),
        *(("talk", kind) for kind in ("above_weekday", "below_weekday")),
        *(("fact", kind) for kind in ("hidden_by_chance", "hidden_by_days")),
    }
)
"""What is said of the medium with the most contacts, where no other is named."""
_OF_ALL_MEDIA = frozenset({"parts", "second_average", "leading_medium"})
"""What tells the parts of a figure, whose own medium its label names."""
_BACKGROUND = frozenset({"fact", "cell", "decoration", "preheader"})
"""Roles that may be technical: the completeness part, tables, what repeats on every page."""


def check(case: Case, delivered: Delivered) -> Report:
    """Check every statement of the message, the PDF and the workbook; each falsehood is a finding."""
    evidence = evidence_of(case)
    if case.holiday:
        return check_passages(message_passages(evidence.language, delivered), evidence)
    sheets = pdf.pages(delivered.pdf)
    passages = [
        *message_passages(evidence.language, delivered),
        *pages.passages(evidence.language, sheets),
        *workbook.passages(evidence.language, delivered.workbook),
    ]
    report = check_passages(passages, evidence)
    misplaced = (*layout.touching(sheets), *geometry.misplaced(ink.drawn_pages(delivered.pdf)))
    return Report(report.statements, (*report.findings, *misplaced))


def evidence_of(case: Case) -> Evidence:
    """What is true of a case, and the language in which it is told."""
    return Evidence(truth(case), LANGUAGES[case.group.language])


def message_passages(language: Language, delivered: Delivered) -> list[Passage]:
    """The passages of the message in all its forms."""
    return [
        *card.passages(delivered.subject, delivered.summary),
        *plain.passages(delivered.text),
        *html.passages(language, delivered.html),
    ]


def check_passages(passages: Sequence[Passage], evidence: Evidence) -> Report:
    """Check what these passages say."""
    all_statements = list(statements(evidence.language, passages))
    findings = [finding for statement in all_statements for finding in _findings(statement, evidence)]
    findings += _of_documents(all_statements, passages, evidence)
    return Report(len(all_statements), tuple(dict.fromkeys(findings)))


def _findings(statement: Statement, evidence: Evidence) -> Iterator[Finding]:
    if statement.kind == UNREAD:
        if not _is_gap(statement.text, evidence) and "…" not in statement.text:
            yield Finding(UNKNOWN, statement.place, statement.text, f"a sentence of role {statement.role}")
    elif statement.kind != RAW:
        scoped = evidence._replace(truth=_scope(statement, evidence.truth))
        for kind, right in CHECKS[statement.role, statement.kind](statement, scoped):
            yield Finding(kind, statement.place, _with_context(statement), right)
    elif statement.role not in _UNCHECKED:
        yield Finding(UNKNOWN, statement.place, statement.text, f"a reader of role {statement.role}")


def _scope(statement: Statement, truth: Truth) -> Truth:
    """The medium that a statement is about: the one it names, or the one with the most contacts."""
    medium = statement.context.get("medium")
    if statement.kind in _OF_ALL_MEDIA or str(statement.context.get("head_kind")) in usual.QUEUE_HEADS:
        return truth
    if medium:
        return truth.of_medium(medium)
    is_half_hour = statement.context.get("table") == "table half-hours"
    is_of_leading = statement.role in _OF_LEADING or (statement.role, statement.kind) in _OF_LEADING or is_half_hour
    return truth.leading if is_of_leading else truth


def _with_context(statement: Statement) -> str:
    """The text, with the head, name or metric that it belongs to."""
    context = next(
        (statement.context[key] for key in ("head", "name", "label", "metric") if key in statement.context), ""
    )
    return f"{context}: {statement.text}" if context and context != statement.text else statement.text


def _is_gap(text: str, evidence: Evidence) -> bool:
    """Whether the text is what the source says is missing, whole or a line of it."""
    for gap in evidence.truth.case.rows.gaps:
        detail = spaced(evidence.language.gap(gap)).rstrip(".")
        if detail in text or (len(text) > 3 and text.rstrip(".… ") in detail):
            return True
    return False


def _of_documents(
    all_statements: Sequence[Statement], passages: Sequence[Passage], evidence: Evidence
) -> Iterator[Finding]:
    texts = [(passage.place, passage.text) for passage in passages]
    yield from order.queues_order(all_statements, evidence)
    yield from order.unmarked_thin(all_statements, evidence)
    yield from order.agents_order(all_statements, evidence)
    yield from order.hidden_rows(all_statements, evidence)
    yield from order.hidden_agents(all_statements, evidence)
    yield from agreement.agreement(all_statements)
    yield from agreement.preheader(all_statements)
    yield from agreement.only_queue_twice(all_statements, evidence)
    yield from agreement.occupancy_twice(all_statements)
    yield from ranges.contradictions(all_statements, evidence.language)
    yield from layout.touching_columns(all_statements)
    yield from agreement.book_talk(all_statements, evidence.language)
    yield from omissions.nothing_said(all_statements, evidence)
    yield from omissions.omitted(all_statements, evidence)
    yield from omissions.omitted_queue(all_statements, evidence)
    yield from omissions.unnamed_target(all_statements, evidence)
    yield from omissions.unusual_level_hidden(all_statements, evidence)
    yield from omissions.unnamed_queue(all_statements, evidence)
    yield from omissions.unnamed_silence(all_statements, evidence)
    yield from omissions.contacts_of_before_hidden(all_statements, evidence)
    yield from omissions.blended(all_statements, evidence)
    yield from omissions.lack_repeated(all_statements, evidence)
    yield from omissions.silent_correction(all_statements, evidence)
    yield from omissions.silent_parts(all_statements, evidence)
    yield from today.omitted(all_statements, evidence)
    yield from layout.cut_sentences(texts, evidence)
    yield from layout.capitals_after_a_colon(texts, evidence)
    yield from layout.technical(_before_completeness(passages))
    for document in ("message,", "message (HTML)", "(phone)", "(wall)"):
        yield from layout.repeated([text for text in texts if document in text[0]], evidence)


def _before_completeness(passages: Iterable[Passage]) -> Iterator[tuple[str, str]]:
    """What is on page one, on the wall page, and in the message, which has no completeness part of its own."""
    for passage in passages:
        is_message = passage.place.startswith("message")
        is_in_front = passage.place.startswith(("message", "PDF page 1 ")) or "(wall)" in passage.place
        if is_in_front and passage.role not in (_BACKGROUND - {"fact"} if is_message else _BACKGROUND):
            yield passage.place, passage.text
