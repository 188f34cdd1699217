"""Write the usual range of a figure, and whether the figure is unusual."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date

from renderers.words.dates import DateWords
from renderers.words.numbers import NumberWords
from worker.domain.briefing.content import Briefing, Tile
from worker.domain.briefing.usual_content import ENOUGH_DAYS, NoUsualRange, UsualFigure
from worker.domain.metrics import Metric
from worker.domain.rounding import FLOAT_ERROR
from worker.domain.usual.past_days import FEWEST_DAYS

_PLACES = {Metric.ABANDONMENT: 3}
"""To how many decimal places the ends of a range are rounded, as fractions, if not to whole percent."""


class UsualWords(NumberWords, DateWords):
    """The words for usual ranges."""

    def usual_lines(self, briefing: Briefing, tile: Tile) -> tuple[str, ...]:
        """Return what is usual for a figure, and what would not be noticed there. Nothing if there is no range."""
        return tuple(filter(None, (self.usual(briefing, tile), self._hidden_change(tile))))

    def usual(self, briefing: Briefing, tile: Tile, *, is_short: bool = False) -> str:
        """Usually 74–84% on Wed. Unusual: usually 74–84% (6 days), without the days if ``is_short``."""
        usual = tile.usual
        if isinstance(usual, NoUsualRange):
            return self._no_range(usual)
        if usual is None or (usual.is_coarse and not usual.is_unusual):
            return ""
        first, *suffixes = self._range(usual, tile.reading.metric, briefing.reporting_day)
        return first if is_short and not usual.is_of_weekday else " ".join((first, *suffixes))

    def _range(self, usual: UsualFigure, metric: Metric, day: date) -> Iterator[str]:
        places = _PLACES.get(metric, 2)
        ends = self.percent_band(_floor(usual.low, places), _ceil(usual.high, places))
        if usual.is_unusual:
            yield self.say("Unusual: usually {range}", range=ends)
        else:
            yield self.say("Usually {range}", range=ends)
        if usual.is_of_weekday:
            yield self.say("on {weekday}", weekday=self.weekday(day))
        if usual.days < ENOUGH_DAYS:
            yield self.say("({days} days)", days=usual.days)

    def _no_range(self, usual: NoUsualRange) -> str:
        if usual.is_after_closure:
            return self.say("No usual range after a holiday")
        if not usual.known_days:
            return ""
        return self.say("No usual range yet: {days} of {needed} days", days=usual.known_days, needed=FEWEST_DAYS)

    def _hidden_change(self, tile: Tile) -> str:
        """Say which change could not be told from an ordinary day, where that is more than 10 points."""
        usual = tile.usual
        if not isinstance(usual, UsualFigure) or usual.hidden_change is None or usual.is_unusual:
            return ""
        points = self.decimal(100 * usual.hidden_change)
        if usual.is_hidden_by_chance:
            return self.say("Too few contacts to tell a change under {points} points.", points=points)
        return self.say("Days here differ too much to tell a change under {points} points.", points=points)


def _floor(fraction: float, places: int) -> float:
    unit = float(10**places)
    return math.floor(fraction * unit + FLOAT_ERROR) / unit


def _ceil(fraction: float, places: int) -> float:
    unit = float(10**places)
    return math.ceil(fraction * unit - FLOAT_ERROR) / unit
