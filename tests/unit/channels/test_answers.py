"""What is read from an answer, also from one that no receiver should send."""

from __future__ import annotations

import pytest

from worker.channels.answers import Answer


@pytest.mark.parametrize("text", ["", "ok", "[1]", "[" * 60_000, '{"a":' * 60_000])
def test_an_answer_that_is_no_object_is_an_empty_one(text: str) -> None:
    assert Answer(200, {}, text).json_object() == {}
