"""The trouble that each group has at the moment, and how often it will still strike."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any, TypeVar

from pydantic import BaseModel

from sandbox.scenario.troubles import EmptyDay, Holiday

T = TypeVar("T", bound=BaseModel)


class ActiveTroubles:
    """Trouble by group. Thread-safe."""

    def __init__(self, troubles_by_group: Mapping[str, Iterable[BaseModel]]) -> None:
        self._lock = threading.Lock()
        self._active: dict[str, list[tuple[BaseModel, int | None]]] = {}
        for group, troubles in troubles_by_group.items():
            self.replace(group, troubles)

    def replace(self, group: str, troubles: Iterable[BaseModel]) -> None:
        """Give the group these troubles and drop its earlier ones."""
        with self._lock:
            self._active[group] = [(trouble, getattr(trouble, "times", None)) for trouble in troubles]

    def strike(
        self, kind: type[T], groups: Iterable[str], path: str, applies: Callable[[T], bool] = lambda _: True
    ) -> T | None:
        """Return the trouble of that kind that hits this request, and count the strike. None if none does."""
        with self._lock:
            for group in groups:
                for n, (trouble, strikes) in enumerate(self._active.get(group, ())):
                    if not isinstance(trouble, kind) or strikes == 0 or getattr(trouble, "path", "") not in path:
                        continue
                    if applies(trouble):
                        self._active[group][n] = (trouble, None if strikes is None else strikes - 1)
                        return trouble
        return None

    def find(self, kind: type[T], groups: Iterable[str]) -> T | None:
        """Return the first trouble of that kind that one of the groups has."""
        return next(self.all_of(kind, groups), None)

    def all_of(self, kind: type[T], groups: Iterable[str]) -> Iterator[T]:
        """Yield the troubles of that kind that the groups have."""
        with self._lock:
            troubles = [trouble for group in groups for trouble, _ in self._active.get(group, ())]
        return (trouble for trouble in troubles if isinstance(trouble, kind))

    def is_silent(self, group: str, day: date) -> bool:
        """Tell whether a trouble says that the group has no records on that local date."""
        with self._lock:
            return any(
                isinstance(trouble, EmptyDay | Holiday) and trouble.date in (None, day)
                for trouble, _ in self._active.get(group, ())
            )

    def state(self) -> dict[str, list[dict[str, Any]]]:
        """Return all troubles as plain data. ``left`` is how often each will still strike, None if it never ends."""
        with self._lock:
            return {
                group: [trouble.model_dump(mode="json") | {"left": strikes} for trouble, strikes in troubles]
                for group, troubles in self._active.items()
            }
