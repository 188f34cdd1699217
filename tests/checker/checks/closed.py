"""Why a notice has no figures: the holiday, and the last business day before it."""

from __future__ import annotations

from collections.abc import Iterator

from tests.checker.checks.common import Checks, Evidence, Wrong
from tests.checker.statements import Statement


def _head(_: Statement, evidence: Evidence) -> Iterator[Wrong]:
    if not evidence.truth.case.holiday:
        yield Wrong("called a holiday", "a business day")


def _holiday(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    case = evidence.truth.case
    if statement.values["day"] != evidence.language.long_day(case.day):
        yield Wrong("wrong day", str(case.day))
    if statement.values["holiday"] != case.holiday:
        yield Wrong("wrong holiday", case.holiday)


def _last_business_day(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    previous = evidence.truth.previous
    if previous is None or statement.values["day"] != evidence.language.long_day(previous):
        yield Wrong("wrong day", str(previous))


CHECKS: Checks = {
    ("verdict_head", "closed"): _head,
    ("verdict_detail", "closed"): _holiday,
    ("verdict_detail", "last_business_day"): _last_business_day,
}
