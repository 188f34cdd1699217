"""The scripted trouble as it stands now: which group still has which, and how often it will yet strike."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, TypeVar

from pydantic import BaseModel

from sandbox.script import EmptyDay, Holiday

T = TypeVar("T", bound=BaseModel)


class Troubles:
    """Trouble by group; used from several threads."""

    def __init__(self, scripted: Mapping[str, Iterable[BaseModel]]) -> None:
        self._lock = threading.Lock()
        self._live: dict[str, list[tuple[BaseModel, int | None]]] = {}
        for group, troubles in scripted.items():
            self.replace(group, troubles)

    def replace(self, group: str, troubles: Iterable[BaseModel]) -> None:
        """The group has these troubles from now on, and no others."""
        with self._lock:
            self._live[group] = [(trouble, getattr(trouble, "times", None)) for trouble in troubles]

    def strike(
        self, kind: type[T], groups: Iterable[str], path: str, where: Callable[[T], bool] = lambda _: True
    ) -> T | None:
        """The trouble of that kind that hits this request, once less to come; None if none does."""
        with self._lock:
            for group in groups:
                for n, (trouble, left) in enumerate(self._live.get(group, ())):
                    if not isinstance(trouble, kind) or left == 0 or getattr(trouble, "path", "") not in path:
                        continue
                    if where(trouble):
                        self._live[group][n] = (trouble, None if left is None else left - 1)
                        return trouble
        return None

    def find(self, kind: type[T], groups: Iterable[str]) -> T | None:
        """The first trouble of that kind which one of the groups has."""
        with self._lock:
            found = (trouble for group in groups for trouble, _ in self._live.get(group, ()))
            return next((trouble for trouble in found if isinstance(trouble, kind)), None)

    def nobody_called(self, group: str, day: date) -> bool:
        """The script says that the group has no records on that local date."""
        with self._lock:
            return any(
                isinstance(trouble, EmptyDay | Holiday) and trouble.date in (None, day)
                for trouble, _ in self._live.get(group, ())
            )

    def state(self) -> dict[str, list[dict[str, Any]]]:
        """All troubles as plain data, with ``left`` (None: never ends)."""
        with self._lock:
            return {
                group: [trouble.model_dump(mode="json") | {"left": left} for trouble, left in live]
                for group, live in self._live.items()
            }
