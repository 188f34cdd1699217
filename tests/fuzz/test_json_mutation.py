"""A changed JSON text is JSON, and differs in one value."""

from __future__ import annotations

import json
import random

from tests.fuzz.json_mutation import mutate


def test_a_change_leaves_json_behind_its_prefix() -> None:
    content = b'\x07{"a":[1,{"b":"x"}],"c":null}'
    changed = {mutate(content, 1, random.Random(seed)) for seed in range(50)}
    assert len(changed) > 10
    assert all(text is not None and text[:1] == b"\x07" for text in changed)
    assert all(isinstance(json.loads((text or b"")[1:]), dict) for text in changed)


def test_what_is_no_json_or_has_no_value_is_left_to_others() -> None:
    assert mutate(b"{", 0, random.Random(1)) is None
    assert mutate(b"{}", 0, random.Random(1)) is None
