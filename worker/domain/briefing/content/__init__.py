"""All that a page, a workbook or a message says, as data: no wording, no layout, no rounding.

briefing      a briefing as a whole, and the notice that is sent instead of one
figures       tiles, sums, half-hours, and the lines of media, queues and agents
points        what to talk about, and what became of it the day after
completeness  whether the figures are complete, and where they come from
revisions     what differs from an earlier revision

`compose.build` makes it from a group, a run and its rows. Renderers choose words and form and calculate nothing.
Ratios are fractions. Durations are in the unit of their name. Instants are aware and in the group's zone.
"""

from __future__ import annotations

from worker.domain.briefing.content.briefing import Briefing, Notice, Subject, of_medium
from worker.domain.briefing.content.completeness import Completeness, IncompleteFigure, PartWithoutFigure
from worker.domain.briefing.content.figures import (
    NO_COUNTS,
    AgentLine,
    Change,
    Counts,
    HalfHour,
    MediumLine,
    MediumReading,
    QueueLine,
    Tile,
)
from worker.domain.briefing.content.points import (
    FollowUp,
    Insight,
    OpenPoint,
    OpenPoints,
    Outcome,
    PointOutcome,
)
from worker.domain.briefing.content.revisions import ChangedParts, Correction, RevisedFigure, TargetCount

__all__ = [
    "NO_COUNTS",
    "AgentLine",
    "Briefing",
    "Change",
    "ChangedParts",
    "Completeness",
    "Correction",
    "Counts",
    "FollowUp",
    "HalfHour",
    "IncompleteFigure",
    "Insight",
    "MediumLine",
    "MediumReading",
    "Notice",
    "OpenPoint",
    "OpenPoints",
    "Outcome",
    "PartWithoutFigure",
    "PointOutcome",
    "QueueLine",
    "RevisedFigure",
    "Subject",
    "TargetCount",
    "Tile",
    "of_medium",
]
