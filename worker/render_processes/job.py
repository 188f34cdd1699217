"""What a worker and its render process send each other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Job:
    """A call that takes ``seconds`` at most. The function is one of a module. ``log_fields`` are in all its lines."""

    function: Callable[..., Any]
    args: tuple[Any, ...]
    seconds: float
    log_fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the function returned, or the error that it raised."""

    value: Any = None
    error: Exception | None = None
