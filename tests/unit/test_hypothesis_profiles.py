"""No test of this project depends on how fast a machine is."""

from __future__ import annotations

from hypothesis import settings


def test_no_hypothesis_test_has_a_deadline() -> None:
    assert settings.get_profile("tests").deadline is None
    assert settings.get_profile("explore").deadline is None
