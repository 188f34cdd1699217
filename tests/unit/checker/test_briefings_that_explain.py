"""Every statement about causes and about what became of points is true in both languages."""

from __future__ import annotations

import pytest

from tests.checker import explained, followed
from tests.unit.checker.every_statement import assert_true
from worker.domain.groups import Language


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_statement_about_points_of_the_day_before_is_true(language: Language) -> None:
    assert_true(followed.cases(language))


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_statement_about_days_with_a_low_service_level_is_true(language: Language) -> None:
    assert_true(explained.cases(language))
