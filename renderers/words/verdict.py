"""The verdict on the day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from renderers.words.readings import ReadingWords
from renderers.words.why import WhyWords
from worker.domain.briefing.content import Briefing, Tile
from worker.domain.briefing.usual_content import Place, UsualFigure
from worker.domain.insights.lasting import DAYS, missed_days
from worker.domain.metrics import Metric, Status
from worker.domain.why.content import Why

_MOST_QUEUES_NAMED = 2
"""So many queues under target have room in the verdict of a day that met the group's targets."""
_MOST_SENTENCES = 2
"""So many sentences say what is behind the number of missed targets."""
_WORST_FIRST = (Status.MISSED, Status.WATCH, Status.ON_TARGET)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A head and the sentences below it, the most important first. ``status`` chooses icon and colour.

    A page that has too little room shows the first sentences, each whole. ``short`` replaces a first one that is too
    long for any page, ``short_head`` a head whose names take more than two lines.
    """

    status: Status
    head: str
    sentences: tuple[str, ...] = ()
    short: str = ""
    short_head: str = ""

    @property
    def detail(self) -> str:
        """All sentences below the head."""
        return " ".join(self.sentences)


class VerdictWords(ReadingWords, WhyWords):
    """The sentences of the verdict."""

    def verdict(self, briefing: Briefing) -> Sentence:
        """Say how many targets were missed, hours without a contact, and the worst reading.

        Partial figures give no verdict. A day with hours without a contact never has the sign of success.
        """
        if not briefing.has_interactions:
            return self.no_interactions()
        if not briefing.completeness.whole:
            head = self.say("Incomplete data: no verdict")
            return Sentence(Status.PARTIAL, head, (self.say("The figures below are not the whole day."),))
        silence = tuple(self._silence(briefing))
        tiles = [tile for tile in all_tiles(briefing) if tile.reading.status in _WORST_FIRST]
        if not tiles and any(reading.status is Status.THIN for reading in briefing.readings):
            head = self.say("Too few contacts to judge")
            little = self.say("Percentages of so few contacts say little.")
            return Sentence(Status.THIN, head, (*silence, little, *self.contacts_of_before(briefing)))
        if not tiles:
            head = self.say("No target can be judged")
            no_target = self.say("No metric has both data and a target for this day.")
            return Sentence(Status.NO_DATA, head, (*silence, no_target))
        worst = min(tiles, key=lambda tile: _WORST_FIRST.index(tile.reading.status))
        return Sentence(
            Status.WATCH if silence and worst.reading.status is Status.ON_TARGET else worst.reading.status,
            self._targets(tiles),
            (
                *silence,
                *self._of_the_worst(briefing, worst),
                *self._too_few(briefing),
                *self._queues_below(briefing, worst),
            ),
            short=self._reading(worst),
        )

    def _silence(self, briefing: Briefing) -> Iterator[str]:
        """10:00–13:00 without a contact. With its medium if another one had contacts."""
        if silent := briefing.silent_time:
            sentence = self.say("{window} without a contact", window=self.clock_span(silent.start, silent.end))
            yield self.by_medium(f"{sentence}.", silent.medium)

    def no_interactions(self) -> Sentence:
        """Say that the day has no contacts."""
        return Sentence(
            Status.NO_DATA,
            self.say("No interactions recorded: check the source"),
            (self.say("By the source, not one contact reached the group’s queues on this business day."),),
        )

    def nothing_to_raise(self, briefing: Briefing) -> str:
        """What is said instead of talking points on a day without any."""
        if any(reading.status.is_off_target for reading in briefing.readings):
            return self.say("Nothing to raise beyond the missed targets.")
        return self.say("Nothing to raise today.")

    def corrected(self, revision: int) -> str:
        """Corrected, rev 2; nothing for the first revision."""
        return self.say("Corrected, rev {revision}", revision=revision) if revision > 1 else ""

    def _targets(self, tiles: list[Tile]) -> str:
        missed = sum(tile.reading.status.is_off_target for tile in tiles)
        just_missed = sum(tile.reading.status is Status.WATCH for tile in tiles)
        if 0 < just_missed < missed:
            return self.say(
                "{missed} of {n} targets missed, {just} of them just", missed=missed, n=len(tiles), just=just_missed
            )
        if missed > just_missed:
            return self.many("Target missed", "{missed} of {n} targets missed", len(tiles), missed=missed)
        if just_missed:
            return self.many(
                "Target just missed", "{missed} of {n} targets just missed", len(tiles), missed=just_missed
            )
        if len(tiles) == 2:
            return self.say("Both targets of the group met")
        return self.many("Target met", "All {n} targets of the group met", len(tiles))

    def _too_few(self, briefing: Briefing) -> Iterator[str]:
        """Say which metrics are not judged, where the verdict is about others."""
        names = [self.tile_name(tile) for tile in briefing.tiles if tile.reading.status is Status.THIN]
        if names:
            yield self.say("{metrics}: too few contacts to judge.", metrics=", ".join(names))

    def _queues_below(self, briefing: Briefing, worst: Tile) -> Iterator[str]:
        """Name the queues under target on a day that met the group's targets."""
        lines = [line for line in briefing.queues if line.service_level.status.is_off_target]
        if worst.reading.status is not Status.ON_TARGET or not lines:
            return
        if len(lines) <= _MOST_QUEUES_NAMED:
            names = [self.in_medium(self.clean(line.name), line.medium) for line in lines]
            yield self.say("Under target: {queues}.", queues=", ".join(names))
        else:
            yield self.many("{n} queue is under its target.", "{n} queues are under their target.", len(lines))

    def contacts_of_before(self, briefing: Briefing) -> tuple[str, ...]:
        """Say that contacts of before midnight were answered or abandoned after it, where that changes figures."""
        sentence = self.many(
            "At least {n} contact came the evening before.",
            "At least {n} contacts came the evening before.",
            briefing.contacts_of_before,
        )
        return (sentence,) if briefing.contacts_of_before else ()

    def _of_the_worst(self, briefing: Briefing, worst: Tile) -> Iterator[str]:
        """Say which missed figure is unusual and which is missed on most days, else what the worst figure is.

        On a day without a missed target it is any figure that is unusual.
        """
        missed = [tile for tile in briefing.tiles if tile.reading.status.is_off_target]
        candidates = missed or ([] if worst.reading.status.is_off_target else list(briefing.tiles))
        causes = self.causes(briefing.explanation) if isinstance(briefing.explanation, Why) else ""
        unusual, missed_often = list(self._unusual(candidates, causes)), list(self._missed_on_most_days(missed))
        sentences = [*unusual[:1], *missed_often[:1]] if missed_often else unusual[:_MOST_SENTENCES]
        yield from sentences or self._with_shortfall(worst)
        if causes and not any(causes in sentence for sentence in sentences):
            level = next(tile for tile in briefing.tiles if tile.reading.metric is Metric.SERVICE_LEVEL)
            yield self._low_because(level, causes)

    def _low_because(self, level: Tile, causes: str) -> str:
        """Say why the service level lies below its usual range, or beyond the limits: it may well be on target."""
        if isinstance(level.usual, UsualFigure) and level.usual.place is Place.UNUSUALLY_LOW:
            return self.say("{metric} is unusually low: {causes}.", metric=self.tile_name(level), causes=causes)
        return self.say("{metric} is below its usual range: {causes}.", metric=self.tile_name(level), causes=causes)

    def _with_shortfall(self, tile: Tile) -> Iterator[str]:
        """Service level 79.7%, goal ≥ 80%. 1 contact short, within chance."""
        yield self._reading(tile)
        if shortfall := self.shortfall(tile.reading):
            yield f"{shortfall}."

    def _reading(self, tile: Tile) -> str:
        return self.say(
            "{metric} {value}, goal {goal}.",
            metric=self.tile_name(tile),
            value=self.value(tile.reading),
            goal=self.goal(tile.reading),
        )

    def _unusual(self, tiles: list[Tile], causes: str) -> Iterator[str]:
        """Say which figures are unusual. ``causes``: the named causes of a low service level."""
        for tile in tiles:
            place = tile.usual.place if isinstance(tile.usual, UsualFigure) else Place.INSIDE
            if place is Place.UNUSUALLY_LOW and causes and tile.reading.metric is Metric.SERVICE_LEVEL:
                yield self._low_because(tile, causes)
            elif place is Place.UNUSUALLY_LOW:
                yield self.say("{metric} is unusually low.", metric=self.tile_name(tile))
            elif place is Place.UNUSUALLY_HIGH:
                yield self.say("{metric} is unusually high.", metric=self.tile_name(tile))

    def _missed_on_most_days(self, tiles: list[Tile]) -> Iterator[str]:
        """Say which goals were missed on most of the last days, where all of these days are known and none is thin."""
        for tile in tiles:
            if missed := missed_days(tile):
                yield self.say(
                    "{metric}: off target on {missed} of the last {days} days.",
                    metric=self.tile_name(tile),
                    missed=missed,
                    days=DAYS,
                )


def all_tiles(briefing: Briefing) -> Iterator[Tile]:
    """Yield the tiles, and a tile for each reading of another medium."""
    for tile in briefing.tiles:
        yield tile
        for medium_reading in tile.other_media:
            yield Tile(medium_reading.reading, medium=medium_reading.medium)
