from __future__ import annotations

from contextlib import suppress

import pytest

from worker.errors import MalformedAnswer
from worker.genesys.api.json_body import read_object


@pytest.mark.parametrize("depth", [900, 5_000])
@pytest.mark.parametrize("leaf", [b"1", rb'"\ud800"'])
@pytest.mark.parametrize(("opening", "closing"), [(b"[", b"]"), (b'{"a":', b"}")])
def test_a_deep_body_is_read_or_refused_as_malformed(depth: int, leaf: bytes, opening: bytes, closing: bytes) -> None:
    body = b'{"a":' + opening * depth + leaf + closing * depth + b"}"
    with suppress(MalformedAnswer):
        assert read_object(body, "The API")


def test_a_body_that_is_nested_too_deeply_is_called_that() -> None:
    with pytest.raises(MalformedAnswer, match="nested too deeply"):
        read_object(b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}", "The API")


def test_a_lone_surrogate_in_a_name_is_replaced() -> None:
    assert read_object(rb'{"name": "a\ud800"}', "The API") == {"name": "a\ufffd"}
