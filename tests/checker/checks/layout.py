"""How texts look: nothing is cut, touches another text, is repeated, or is technical before a supervisor."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile

from tests.checker.checks.common import Evidence
from tests.checker.documents.passage import spaced
from tests.checker.documents.pdf import Page, Text
from tests.checker.findings import Finding
from tests.checker.statements import Statement
from tests.checker.today import people

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")
_HASH = re.compile(r"\b(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{8,}\b")
_ROWS = re.compile(r"\b\d[\d.,]* (?:rows?|Zeilen?)\b")
_LEAST_OF_NAME = 3
"""As many letters of a name that is cut as are shown at least."""
_OVERLAP = 0.6
"""Points by which the boxes of two texts may overlap: a slanted letter reaches out of its own."""


def cut_sentences(texts: Iterable[tuple[str, str]], evidence: Evidence) -> Iterator[Finding]:
    """No sentence is cut. A name that somebody typed may be: the workbook has it whole."""
    for place, text in texts:
        for ellipsis in re.finditer(r"…", text):
            if not _ends_with_name(text[: ellipsis.start()], evidence):
                yield Finding("sentence is cut", place, text, "a text that fits")


def _ends_with_name(text: str, evidence: Evidence) -> bool:
    names = list(map(spaced, _names(evidence)))
    return any(text.endswith(name[:length]) for name in names for length in range(_LEAST_OF_NAME, len(name) + 1))


def _names(evidence: Evidence) -> list[str]:
    rows, group = evidence.truth.case.rows, evidence.truth.case.group
    names = [*(queue.name for queue in rows.queues), *(agent.name for agent in rows.agents), group.title]
    planned_names = [name for name, _ in people(evidence.truth)]
    return names + planned_names + [queue for agent in rows.agents for queue in agent.queues]


def touching(pages: Sequence[Page]) -> Iterator[Finding]:
    """No two texts of a page share ink."""
    for page in pages:
        texts = sorted((text for element in page.elements for text in element.texts), key=lambda text: text.bottom)
        for number, first in enumerate(texts):
            neighbours = takewhile(lambda text: text.bottom < first.top, texts[number + 1 :])  # noqa: B023
            for second in neighbours:
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


def capitals_after_a_colon(texts: Iterable[tuple[str, str]], evidence: Evidence) -> Iterator[Finding]:
    """English goes on in small letters after the medium that a sentence is about."""
    media = "|".join(word[:1].upper() + word[1:] for word in evidence.language.media)
    for place, text in texts:
        if evidence.language.code == "en" and re.search(rf"\b(?:{media}): [A-Z]", text):
            yield Finding("capital after a colon", place, text, "a small letter")


def technical(texts: Iterable[tuple[str, str]]) -> Iterator[Finding]:
    """No instants, ids or row counts before the completeness part."""
    for place, text in texts:
        if _INSTANT.search(text) or _HASH.search(text) or _ROWS.search(text):
            yield Finding("technical text before a supervisor", place, text, "on the completeness page")


def repeated(texts: Sequence[tuple[str, str]], evidence: Evidence) -> Iterator[Finding]:
    """What is missing is said once on top and once in the completeness part of a document."""
    for gap in evidence.truth.case.rows.gaps:
        detail = spaced(evidence.language.gap(gap)).rstrip(".")
        places = [place for place, text in texts if detail in text]
        if len(places) > 2:
            yield Finding("gap is repeated", places[2], detail, f"{len(places)} times in one document")
