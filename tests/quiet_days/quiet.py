"""How many quiet days have a text that claims a change, and how many figures lie in their usual range."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field

from tests.queue_days import Centre
from tests.quiet_days.claims import claims_of
from tests.quiet_days.series import briefings
from worker.domain.briefing.content import Briefing
from worker.domain.briefing.usual_content import Place, UsualFigure
from worker.domain.metrics import Metric

WHOLE_EVERY = 50
"""So often all documents of a day are drawn, on the other days the message and the phone pages."""


@dataclass(slots=True)
class QuietDays:
    """Counts over quiet days. ``inside``: figures with a range, by measure: all, and those inside it."""

    days: int = 0
    with_claim: int = 0
    too_few: int = 0
    too_different: int = 0
    claims: Counter[str] = field(default_factory=Counter)
    inside: dict[str, tuple[int, int]] = field(default_factory=dict)

    def add(self, days: QuietDays) -> None:
        """Add the counts of other days."""
        self.days += days.days
        self.with_claim += days.with_claim
        self.too_few += days.too_few
        self.too_different += days.too_different
        self.claims += days.claims
        for measure, (figures, inside) in days.inside.items():
            figures_here, inside_here = self.inside.get(measure, (0, 0))
            self.inside[measure] = (figures_here + figures, inside_here + inside)


def quiet_days(centre: Centre, days: int, seed: int) -> QuietDays:
    """Brief so many days of a centre in which nothing happens."""
    counts = QuietDays()
    for number, (briefing, _) in enumerate(briefings(centre, days, random.Random(seed))):
        claims = claims_of(briefing, is_whole=number % WHOLE_EVERY == 0)
        counts.add(_counts(briefing, claims))
    return counts


def _counts(briefing: Briefing, claims: set[str]) -> QuietDays:
    level = briefing.tile(Metric.SERVICE_LEVEL).usual
    is_hidden = isinstance(level, UsualFigure) and level.hidden_change is not None
    is_chance = isinstance(level, UsualFigure) and level.is_hidden_by_chance
    inside = {
        tile.reading.metric.value: (1, int(tile.usual.place is Place.INSIDE))
        for tile in briefing.tiles
        if isinstance(tile.usual, UsualFigure)
    }
    return QuietDays(
        days=1,
        with_claim=int(bool(claims)),
        too_few=int(is_hidden and is_chance),
        too_different=int(is_hidden and not is_chance),
        claims=Counter(claims),
        inside=inside,
    )
