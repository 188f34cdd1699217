"""What concerns a page or all documents: order, agreement, cut words, touching texts, repetitions, omissions."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import combinations

from tests.checker.checks.common import Evidence, is_name, queues_named
from tests.checker.checks.talk import worthwhile_runs
from tests.checker.documents.passage import spaced
from tests.checker.documents.pdf import Page, Text
from tests.checker.figures import Sums
from tests.checker.findings import Finding
from tests.checker.grammar import Language
from tests.checker.statements import Statement

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")
_HASH = re.compile(r"\b(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{8,}\b")
_ROWS = re.compile(r"\b\d[\d.,]* (?:rows?|Zeilen?)\b")
_OVERLAP = 0.6
"""Points by which the boxes of two texts may overlap: a slanted letter reaches out of its own."""
_MOST_ITEMS = 4
"""As many items as the talk has room for."""


def order(statements: Sequence[Statement], evidence: Evidence) -> Iterator[Finding]:
    """Each list of queues is worst first, thin queues last, and begins with the queue that the talk names."""
    lists: dict[str, list[Statement]] = defaultdict(list)
    for statement in statements:
        if (statement.role, statement.kind) == ("queue", "row"):
            lists[re.sub(r"page \d+ ", "", statement.place)].append(statement)
    for place, rows in lists.items():
        sums = [queue for row in rows for queue in queues_named(evidence, row.context["name"])[:1]]
        yield from _worst_first(place, rows, sums, evidence)
        yield from _thin_last(place, rows, sums, evidence)
        yield from _like_the_talk(place, rows, statements)


def _worst_first(place: str, rows: Sequence[Statement], sums: Sequence[Sums], evidence: Evidence) -> Iterator[Finding]:
    """By service level, or by the contacts not in time: either is an order, as long as the list keeps it."""
    busy = [queue for queue in sums if not _is_thin(queue, evidence)]
    levels = [queue.service_level for queue in busy if queue.service_level is not None]
    late = [-(queue.not_in_time or 0) for queue in busy if queue.service_level is not None]
    if levels != sorted(levels) and late != sorted(late):
        yield Finding("list is not worst first", place, ", ".join(row.text for row in rows[:5]), "sorted")


def _thin_last(place: str, rows: Sequence[Statement], sums: Sequence[Sums], evidence: Evidence) -> Iterator[Finding]:
    thin = [_is_thin(queue, evidence) for queue in sums]
    if thin != sorted(thin):
        first = thin.index(True)
        yield Finding("thin queue above others", place, rows[first].text, f"last: only {sums[first].counted} contacts")


def _is_thin(queue: Sums, evidence: Evidence) -> bool:
    return queue.service_level is None or (queue.counted or 0) < evidence.truth.case.group.insights.fewest_contacts


def _like_the_talk(place: str, rows: Sequence[Statement], statements: Sequence[Statement]) -> Iterator[Finding]:
    """The queue that the talk names first leads the list."""
    talk = next((item for item in statements if (item.role, item.kind) == ("talk", "late_share")), None)
    if talk and rows and "name" in talk.context and not _is_same_name(rows[0].text, talk.context["name"]):
        yield Finding("talk and list name another queue first", place, rows[0].text, talk.context["name"])


def _is_same_name(first: str, second: str) -> bool:
    return is_name(first, second) or is_name(second, first)


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


def _subject(statement: Statement) -> tuple[str, ...] | None:
    """What a number is about: a metric of the group, or a queue's or an agent's reading."""
    if statement.role == "tile_value" or (statement.role == "verdict_detail" and "metric" in statement.values):
        return ("group", str(statement.context.get("metric") or statement.values["metric"]))
    if statement.role in ("queue_value", "agent_value") and not str(statement.context["name"]).endswith("…"):
        return (statement.role, statement.context["name"].casefold())
    return None


def book_talk(statements: Sequence[Statement], language: Language) -> Iterator[Finding]:
    """The workbook talks about the same things in the same words as the message."""
    words = {status: word for word, status in language.statuses.items()}
    heads = [statement.context for statement in statements if statement.role == "talk_head"]
    sentences = {f"{words[head['status']]}: {head['head']}. {head['detail']}" for head in heads if head["status"]}
    for statement in statements:
        if statement.role == "book_talk" and statement.text not in sentences:
            yield Finding("two statements disagree", statement.place, statement.text, "what the message says")


def cut_words(texts: Iterable[tuple[str, str]], evidence: Evidence) -> Iterator[Finding]:
    """Nothing is cut inside a word, and no sentence is cut at all; a name may end at the end of one of its words."""
    for place, text in texts:
        for ellipsis in re.finditer(r"…", text):
            name = _cut_name(text[: ellipsis.start()], evidence)
            if name is None:
                yield Finding("sentence is cut", place, text, "a text that fits")
            elif not name[1]:
                yield Finding("name is cut in a word", place, text, name[0])


def _cut_name(text: str, evidence: Evidence) -> tuple[str, bool] | None:
    """The name that the text ends with, and whether it is cut between its words; one long word cannot be."""
    for name in map(spaced, _names(evidence)):
        for length in range(min(len(name), len(text)), 2, -1):
            if text.endswith(name[:length]):
                rest = name[length:]
                return name, not rest or rest.startswith(" ") or " " not in name[: length + 1]
    return None


def _names(evidence: Evidence) -> list[str]:
    rows, group = evidence.truth.case.rows, evidence.truth.case.group
    names = [*(queue.name for queue in rows.queues), *(agent.name for agent in rows.agents), group.title]
    return names + [queue for agent in rows.agents for queue in agent.queues]


def touching(pages: Sequence[Page]) -> Iterator[Finding]:
    """No two texts of a page share ink."""
    for page in pages:
        texts = sorted((text for element in page.elements for text in element.texts), key=lambda text: text.bottom)
        for first, second in combinations(texts, 2):
            if _share_ink(first, second):
                pair = f"{first.content.strip()} and {second.content.strip()}"
                yield Finding("texts share ink", f"PDF page {page.number}", pair, "apart")


def _share_ink(first: Text, second: Text) -> bool:
    width = min(first.right, second.right) - max(first.left_edge, second.left_edge)
    height = min(first.top, second.top) - max(first.bottom, second.bottom)
    return width > _OVERLAP and height > _OVERLAP


def touching_columns(statements: Iterable[Statement]) -> Iterator[Finding]:
    """No two columns of the plain message run into each other."""
    for statement in statements:
        if statement.role == "touching":
            yield Finding("texts share ink", statement.place, statement.text, "a space between")


def technical(texts: Iterable[tuple[str, str]]) -> Iterator[Finding]:
    """No instants, ids or row counts before the completeness part."""
    for place, text in texts:
        if _INSTANT.search(text) or _HASH.search(text) or _ROWS.search(text):
            yield Finding("technical text before a supervisor", place, text, "on the completeness page")


def repeated(texts: Sequence[tuple[str, str]], evidence: Evidence) -> Iterator[Finding]:
    """What is missing is said once on top and once in the completeness part of a document."""
    for gap in evidence.truth.case.rows.gaps:
        detail = spaced(gap.detail).rstrip(".")
        places = [place for place, text in texts if detail in text]
        if len(places) > 2:
            yield Finding("gap is repeated", places[2], detail, f"{len(places)} times in one document")


def omitted(statements: Sequence[Statement], evidence: Evidence) -> Iterator[Finding]:
    """A stretch worth a talk that the talk, with room for it, leaves out."""
    heads = [item for item in statements if item.role == "talk_head" and item.place.startswith("message,")]
    if not evidence.truth.whole or not heads or len(heads) >= _MOST_ITEMS:
        return
    if not any(item.kind == "window" for item in heads) and any(worthwhile_runs(evidence)):
        texts = ", ".join(sorted(item.text for item in heads))
        yield Finding("worst half-hours are hidden", "talk", texts, "a window below target")


def blended(statements: Sequence[Statement], evidence: Evidence) -> Iterator[Finding]:
    """Several media in one service level, and nowhere shown apart."""
    media = {name: sums for name, sums in evidence.truth.sums.media.items() if sums.service_level is not None}
    tiles = [item for item in statements if item.role == "tile_value" and item.context["metric"] == "service_level"]
    is_apart = any(statement.role.startswith("medium") for statement in statements)
    if tiles and len(media) > 1 and not is_apart:
        levels = ", ".join(f"{name} {float((sums.service_level or 0) * 100):.1f}%" for name, sums in media.items())
        yield Finding("media are blended", tiles[0].place, tiles[0].text, levels)


def silent_correction(statements: Sequence[Statement], evidence: Evidence) -> Iterator[Finding]:
    """Page one of a corrected briefing says what changed."""
    if evidence.truth.case.revision == 1:
        return
    front = [statement for statement in statements if statement.place.startswith("PDF page 1 ")]
    if not any(statement.role.startswith("correction") for statement in front):
        yield Finding("correction does not say what changed", "PDF page 1", "Corrected", "one line with the change")
