"""The thresholds of the insights, which a group can set: when is something worth talking about?"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from worker.domain.groups.model import Model

_Fraction = Annotated[float, Field(ge=0, le=1, description="a fraction from 0 to 1, such as 0.03")]
_Count = Annotated[int, Field(ge=1, le=100_000, description="a whole number from 1 on")]

FLOOR_BELOW_TARGET = 0.07
"""How far below the group's target the floor of an agent's adherence is, if the group sets none (0.92 gives 85 %)."""


class Thresholds(Model):
    """A group's thresholds for the rules in `insights`. Fractions: 0.03 is 3 %, or 3 percentage points.

    ``fewest_contacts``: below this a percentage says little. ``agent_floor``: an agent with adherence below this is
    worth talking about. ``notable_change``: of the service level, against both references. ``notable_volume``: above
    the usual. ``second_queue``: a second queue is named if it has this fraction of the first queue's late contacts
    above the share of the others. ``usual_range``: whether pages show what is usual and call figures unusual.
    ``usual_widening``: how much wider the usual range and its limits are than the history says.
    """

    fewest_contacts: _Count = 10
    longest_run: Annotated[int, Field(ge=1, le=48, description="half-hours, a whole number from 1 to 48")] = 3
    second_queue: _Fraction = 0.5
    agent_floor: Annotated[
        float | None, Field(ge=0, le=1, description="a fraction from 0 to 1, such as 0.85 for 85 %")
    ] = None
    notable_change: _Fraction = 0.03
    notable_volume: _Fraction = 0.10
    usual_range: Annotated[bool, Field(description="true or false")] = True
    usual_widening: Annotated[float, Field(ge=1, le=5, description="a number from 1 to 5, such as 1.5")] = 1.0
    streak_days: Annotated[int, Field(ge=2, le=10, description="business days, a whole number from 2 to 10")] = 5

    def floor(self, adherence_target: float) -> float:
        """Return the adherence below which an agent is worth talking about."""
        if self.agent_floor is not None:
            return self.agent_floor
        return round(max(adherence_target - FLOOR_BELOW_TARGET, 0.0), 4)


DEFAULT_THRESHOLDS = Thresholds()
