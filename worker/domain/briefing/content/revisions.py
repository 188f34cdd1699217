"""What differs from an earlier revision of the same day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, slots=True)
class RevisedFigure:
    """A figure that an earlier revision stated otherwise. A value is None where that revision has no data.

    ``metric``: ``name`` is a `Metric` and the values are fractions. ``count``: ``name`` is a field of `Counts` and the
    values have its unit. ``queue``: ``name`` is the queue's and the values are its service level as a fraction.
    ``medium``: the medium of the figure, where the day has several.
    """

    kind: Literal["metric", "count", "queue"]
    name: str
    earlier: float | None
    now: float | None
    medium: str | None = None


@dataclass(frozen=True, slots=True)
class TargetCount:
    """How many targets were missed, of so many that could be judged."""

    missed: int
    total: int


@dataclass(frozen=True, slots=True)
class ChangedParts:
    """What an earlier revision stated otherwise, apart from totals: the starts of half-hours, and how many others.

    ``gaps``: whether something else is missing now.
    """

    half_hours: tuple[datetime, ...] = ()
    queues: int = 0
    agents: int = 0
    gaps: bool = False


@dataclass(frozen=True, slots=True)
class Correction:
    """What differs from an earlier revision of the same day. No total differs if ``changes`` is empty.

    ``parts``: what differs in half-hours, queues and agents. None if the rows of that revision are no longer stored.
    ``targets``: the targets that were missed then and now, None if they are the same or not known. None for then if
    that revision was incomplete, so that it had no verdict.
    """

    revision: int
    changes: tuple[RevisedFigure, ...]
    targets: tuple[TargetCount | None, TargetCount] | None = None
    parts: ChangedParts | None = None

    @property
    def completes(self) -> bool:
        """Return whether the earlier revision was incomplete, and this one is not."""
        return self.targets is not None and self.targets[0] is None

    @property
    def changes_nothing(self) -> bool:
        """Return whether the earlier revision is known to have stated the same."""
        return not self.changes and not self.targets and self.parts == ChangedParts()
