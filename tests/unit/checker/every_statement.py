"""Check every statement of many briefings. The number of statements is printed (``pytest -s``)."""

from __future__ import annotations

from collections.abc import Iterable

from tests.checker.__main__ import first_of_each_kind, summary
from tests.checker.case import Case
from tests.checker.checker import check
from tests.checker.deliver import deliver


def assert_true(cases: Iterable[Case]) -> None:
    """Fail with the first false statement of each kind."""
    reports = [check(case, deliver(case)) for case in cases]
    print(summary(reports))
    assert [str(finding) for finding in first_of_each_kind(reports)] == []
