"""The peak memory of a call, in a process where no thread and no cache of another test counts."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

Call = tuple[Any, ...]


def peak_bytes(function: Callable[..., object], call: Call, warm_up: Call) -> int:
    """Call ``function`` with the arguments ``warm_up``, then with ``call``; return the peak of the second call."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(_measure, function, call, warm_up).result()


def _measure(function: Callable[..., object], call: Call, warm_up: Call) -> int:
    function(*warm_up)
    tracemalloc.start()
    function(*call)
    return tracemalloc.get_traced_memory()[1]
