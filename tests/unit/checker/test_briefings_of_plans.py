"""Every statement of briefings with a plan of today is true in both languages."""

from __future__ import annotations

import pytest

from tests.checker import planned, standups
from tests.unit.checker.every_statement import assert_true
from worker.domain.groups import Language


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_statement_about_days_with_a_plan_is_true(language: Language) -> None:
    assert_true(planned.cases(language))


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_statement_about_plans_that_are_partly_over_is_true(language: Language) -> None:
    assert_true(standups.cases(language))
