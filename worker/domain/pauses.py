"""A pause of a group: an operator wants no briefing for some stand-ups."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Pause:
    """No briefing for stand-ups before ``resumes_on``, a local day of the group. None: until an operator resumes it."""

    begun_at: datetime
    resumes_on: date | None = None

    def covers(self, standup_day: date) -> bool:
        """Tell whether the stand-up of this local day gets no briefing."""
        return self.resumes_on is None or standup_day < self.resumes_on

    def __str__(self) -> str:
        return f"paused until {self.resumes_on}" if self.resumes_on else "paused"
