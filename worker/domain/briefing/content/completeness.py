"""Whether the figures of a day are complete, and where they come from."""

from __future__ import annotations

from dataclasses import dataclass

from worker.domain.metrics import Metric
from worker.domain.rows import Gap, SourceNote

_UNKNOWN = ("unavailable", "percent_only", "doubtful")
"""Kinds of gaps by which a figure is not, or not certainly, known."""


_METRICS_OF_COUNTS = frozenset({Metric.SERVICE_LEVEL.value, Metric.ABANDONMENT.value})


@dataclass(frozen=True, slots=True)
class PartWithoutFigure:
    """A part of a group that lacks a figure: a queue, so many of its half-hours with contacts, or so many agents.

    ``queue`` is "" for agents. ``medium`` is set where the figure is a sum over several media.
    """

    queue: str
    blank_count: int
    total: int
    medium: str | None = None


@dataclass(frozen=True, slots=True)
class IncompleteFigure:
    """A figure that is not known, because the rows state it for some parts of the group and not for others.

    ``name`` is a `Metric` or a field of `Counts`. ``medium`` is set where the figure is one of several media.
    """

    name: str
    parts: tuple[PartWithoutFigure, ...]
    medium: str | None = None


@dataclass(frozen=True, slots=True)
class Completeness:
    """Whether the figures are complete, and where they come from.

    ``gaps``: what the source says that it lacks. ``incomplete_figures``: what its rows lack without a word.
    ``media_without_contacts``: those of the group in which no contact came, on a day with contacts in others.
    """

    gaps: tuple[Gap, ...]
    notes: tuple[SourceNote, ...]
    incomplete_figures: tuple[IncompleteFigure, ...] = ()
    media_without_contacts: tuple[str, ...] = ()

    @property
    def gaps_in_data(self) -> tuple[Gap, ...]:
        """Return the gaps without what the group is not set up for."""
        return tuple(gap for gap in self.gaps if not gap.is_not_set_up)

    @property
    def holes(self) -> tuple[Gap, ...]:
        """Return the gaps that affect all figures. A metric without a licence does not affect the others."""
        return tuple(gap for gap in self.gaps if gap.kind in ("partial", "late_data"))

    @property
    def lacks_contacts(self) -> bool:
        """Return whether a gap says that counts of contacts are in the source and could not be read."""
        return any(gap.kind in ("partial", "unavailable") and gap.metric in _METRICS_OF_COUNTS for gap in self.gaps)

    @property
    def whole(self) -> bool:
        """Return whether no gap affects all figures."""
        return not self.holes

    @property
    def is_all_known(self) -> bool:
        """Return whether nothing is missing. What the group is not set up for is not missing."""
        return not self.gaps_in_data and not self.incomplete_figures

    @property
    def lacks_figures(self) -> bool:
        """Return whether a figure is not known although the group has contacts or agents that it is of."""
        return bool(self.incomplete_figures) or any(gap.kind in _UNKNOWN for gap in self.gaps_in_data)
