"""Which runs have a message in a queue of the broker, read without taking any."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

ELEMENTS_AT_ONCE = 500
"""About a megabyte."""

_UNREADABLE = (LookupError, TypeError, ValueError)


def run_ids_of(client: Any, queue: str) -> Iterator[str]:
    """Yield the run ids of a queue's messages.

    New messages are put before the first element, so one may be read twice meanwhile, and none is passed over.
    """
    begin = 0
    while elements := client.lrange(queue, begin, begin + ELEMENTS_AT_ONCE - 1):
        for element in elements:
            with suppress(*_UNREADABLE):
                yield _run_id(element)
        begin += ELEMENTS_AT_ONCE


def _run_id(element: bytes) -> str:
    """Return the first argument of a message of Celery, which for all our tasks about a run is its id."""
    args, *_ = json.loads(base64.b64decode(json.loads(element)["body"]))
    return str(args[0])
