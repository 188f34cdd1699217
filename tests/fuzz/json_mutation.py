"""Changes one value of a JSON text, because a random change of its bytes seldom leaves JSON."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from typing import Any

ODD_VALUES: tuple[object, ...] = (
    *(None, True, "", "x", "NaN", [], {}, [None], {"": None}),
    *(0, -1, 1, 0.5, 2**31, 2**63, -(2**63), 1e300, 10**40),
    *("2026-11-16", "2026-11-16T09:00:00Z", "0001-01-01T00:00:00", "9999-12-31T23:59:59", "FREQ=DAILY;INTERVAL=0"),
    *("FREQ=YEARLY;UNTIL=99991231T235959Z", "2026-11-16T14:00:00.000Z/2026-11-16T14:30:00.000Z", "\ud800", "é" * 300),
)

_Place = tuple[Any, Any]
"""A container, and the key or index of one of its values."""


def mutate(content: bytes, prefix: int, randomness: random.Random) -> bytes | None:
    """Return the text with one value replaced, removed or repeated, None if it is no JSON with a value to change.

    The first ``prefix`` bytes are no JSON, and stay.
    """
    try:
        value = json.loads(content[prefix:])
    except (ValueError, RecursionError):
        return None
    places = list(_places(value))
    if not places:
        return None
    container, key = randomness.choice(places)
    _change(container, key, randomness)
    return content[:prefix] + json.dumps(value, separators=(",", ":")).encode()


def _change(container: Any, key: Any, randomness: random.Random) -> None:
    change = randomness.randrange(4)
    if change == 0:
        del container[key]
    elif change == 1 and isinstance(container, list):
        container.insert(key, container[key])
    else:
        container[key] = randomness.choice(ODD_VALUES)


def _places(value: Any) -> Iterator[_Place]:
    """Yield every value of a JSON value with its container."""
    keys = range(len(value)) if isinstance(value, list) else list(value) if isinstance(value, dict) else []
    for key in keys:
        yield value, key
        yield from _places(value[key])
