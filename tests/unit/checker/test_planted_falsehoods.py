"""The checker notices a falsehood that is planted: every number of a message, changed one at a time."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.checker import awkward
from tests.checker.case import Case
from tests.checker.checker import check_passages, evidence_of
from tests.checker.checks.common import Evidence
from tests.checker.deliver import deliver
from tests.checker.documents import plain
from tests.checker.findings import Finding
from worker.domain.groups import Language

_LAST_DIGIT = re.compile(r"\d(?=[^\d.,]|[.,]\D)")


def _case(name: str, language: Language) -> Case:
    return next(case for case in awkward.cases(language) if case.name.startswith(name))


def _findings(text: str, evidence: Evidence) -> set[Finding]:
    return set(check_passages(list(plain.passages(text)), evidence).findings)


def _changed(text: str) -> Iterator[tuple[str, str]]:
    """The text with the last digit of one number changed, and the line that has it; so for each number."""
    for digit in _LAST_DIGIT.finditer(text):
        other_digit = str((int(digit.group()) + 1) % 10)
        changed = text[: digit.start()] + other_digit + text[digit.end() :]
        yield changed, changed[changed.rfind("\n", 0, digit.start()) + 1 : changed.find("\n", digit.start())]


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("name", ["correction", "volume against weeks", "25 hours", "agents known for two weeks"])
def test_it_notices_every_changed_number_of_a_message(name: str, language: Language) -> None:
    case = _case(name, language)
    evidence, text = evidence_of(case), deliver(case, "phone", ()).text
    honest = _findings(text, evidence)
    unnoticed = [line for changed, line in _changed(text) if not _findings(changed, evidence) - honest]
    assert unnoticed == []


def test_it_notices_a_sentence_that_it_does_not_know() -> None:
    case = _case("one contact", "en")
    text = deliver(case, "phone", ()).text.replace("THE DAY\n", "THE DAY\nA fine day for all of us.\n")
    assert any(finding.kind == "unknown statement" for finding in _findings(text, evidence_of(case)))
