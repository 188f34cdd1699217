"""Write a metric's name, value, goal, status and changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from renderers.words.dates import DateWords
from renderers.words.names import is_seen, tidy
from renderers.words.numbers import MISSING, NumberWords
from renderers.words.rounding import Percent, half_up, shown_percent
from worker.domain.briefing.content import Briefing, Change, MediumReading, QueueLine, Tile
from worker.domain.briefing.usual_content import Measure, Place, Usual, UsualFigure
from worker.domain.metrics import OF_CONTACTS, Goal, Metric, Reading, Status
from worker.domain.statuses import target_evidence

_BETTER_WHEN = {Metric.SERVICE_LEVEL: "up", Metric.ADHERENCE: "up", Metric.ABANDONMENT: "down"}
_UNUSUAL_TO = {Place.UNUSUALLY_LOW: "down", Place.UNUSUALLY_HIGH: "up"}
"""The direction of a change that has brought a figure to this place."""


@dataclass(frozen=True, slots=True)
class ChangeText:
    """A change such as ``5.4 points worse``, of which ``size`` is ``5.4 points``.

    ``direction`` and ``tone`` are the triangle's.
    """

    direction: Literal["up", "down", "flat"]
    tone: Literal["better", "worse", "neutral"]
    text: str
    size: str

    @property
    def sign(self) -> str:
        """The triangle as a plus or minus sign, for screen readers."""
        return {"up": "+", "down": "−", "flat": ""}[self.direction]


class ReadingWords(NumberWords, DateWords):
    """The words for the four metrics."""

    def metric(self, metric: Metric) -> str:
        """Service level."""
        return {
            Metric.SERVICE_LEVEL: self.say("Service level"),
            Metric.ABANDONMENT: self.say("Abandonment"),
            Metric.OCCUPANCY: self.say("Occupancy"),
            Metric.ADHERENCE: self.say("Adherence"),
        }[metric]

    def medium(self, medium: str) -> str:
        """Return the word for a medium, such as voice."""
        words = {
            "voice": self.say("voice"),
            "callback": self.say("callback"),
            "chat": self.say("chat"),
            "email": self.say("email"),
            "message": self.say("message"),
            "all": self.say("all media"),
        }
        return words.get(medium) or self.clean(medium)

    def in_medium(self, text: str, medium: str | None) -> str:
        """Service level (voice), or the text alone on a day with one medium."""
        return text + self.say(" ({medium})", medium=self.medium(medium)) if medium else text

    def by_medium(self, sentence: str, medium: str | None) -> str:
        """Voice: 9 of 28 half-hours were under target."""
        if not medium:
            return sentence
        if self.language == "en":  # where German begins a sentence after a colon with a capital
            sentence = sentence[:1].lower() + sentence[1:]
        return self.say("{medium}: {sentence}", medium=self._capitalised(medium), sentence=sentence)

    def leading_medium(self, briefing: Briefing) -> str:
        """Say why a medium comes first, on a day with several. Nothing where another has as many contacts."""
        counts = [line.counts.offered for line in briefing.media]
        if len(counts) < 2 or None in counts or counts[0] == counts[1]:
            return ""
        return self.say(
            "{medium} comes first because it has the most contacts.",
            medium=self._capitalised(briefing.media[0].medium),
        )

    def _capitalised(self, medium: str) -> str:
        name = self.medium(medium)
        return name[:1].upper() + name[1:]

    def tile_name(self, tile: Tile) -> str:
        """Service level, with its medium on a day that has several."""
        return self.in_medium(self.metric(tile.reading.metric), tile.medium)

    def other_value(self, medium_reading: MediumReading) -> str:
        """Email 98.1%."""
        return self.say(
            "{medium} {value}", medium=self.medium(medium_reading.medium), value=self.value(medium_reading.reading)
        )

    def other_medium(self, medium_reading: MediumReading) -> str:
        """Email 98.1%, goal ≥ 90%. One of too few contacts has no verdict, so no goal either."""
        if medium_reading.reading.status is Status.THIN:
            return self.say("{reading}, few contacts", reading=self.other_value(medium_reading))
        if medium_reading.reading.ratio is None or not has_goal(medium_reading.reading):
            return self.other_value(medium_reading)
        return self.say(
            "{reading}, goal {goal}", reading=self.other_value(medium_reading), goal=self.goal(medium_reading.reading)
        )

    def status(self, status: Status) -> str:
        """On target, Just missed, Missed, Partial, No data: the same words in the verdict and on a reading."""
        return {
            Status.ON_TARGET: self.say("On target"),
            Status.WATCH: self.say("Just missed"),
            Status.MISSED: self.say("Missed"),
            Status.PARTIAL: self.say("Partial"),
            Status.NOT_JUDGED: self.say("No goal"),
            Status.THIN: self.say("Too few"),
            Status.NO_DATA: self.say("No data"),
        }[status]

    def clean(self, name: str) -> str:
        """Return a name as `names.tidy` leaves it, or ``(no name)`` where it leaves nothing that is seen."""
        text = tidy(name)
        return text if any(is_seen(character) for character in text) else self.say("(no name)")

    def missing_reason(self, reading: Reading) -> str:
        """Return why there is no reading. A source's reason stays in the source's words."""
        return self.clean(self.say(reading.reason)) if reading.reason else ""

    def value(self, reading: Reading) -> str:
        """77.5%, with more decimal places where it would look equal to a goal that it misses.

        A reading of few contacts is 5 of 8.
        """
        if is_shown_as_counts(reading) and reading.ratio:
            part, total = self.count(int(reading.ratio.numerator or 0)), self.count(int(reading.ratio.denominator or 0))
            return self.say("{number} of {all}", number=part, all=total)
        percent = percent_of(reading)
        return self.shown_percent(percent) if percent else MISSING

    def goal(self, reading: Reading) -> str:
        """≥ 80%, ≤ 5%, 78–86%, or a dash where the reading has no goal that it can be judged against."""
        return MISSING if reading.status is Status.NOT_JUDGED else self.aim(reading.metric, reading.goal)

    def aim(self, metric: Metric, goal: float | tuple[float, float]) -> str:
        """Write a goal: ≥ 80%, ≤ 5%, 78–86%."""
        if isinstance(goal, tuple):
            return self.percent_band(*goal)
        sign = "≤" if metric is Metric.ABANDONMENT else "≥"
        return f"{sign} {self.round_percent(goal)}"

    def goal_line(self, reading: Reading) -> str:
        """Goal ≥ 80%. Nothing where the reading has no goal."""
        if not has_goal(reading):
            return ""
        return self.say("goal {goal}", goal=self.goal(reading))

    def shortfall(self, reading: Reading) -> str:
        """46 contacts short; 1 abandoned contact too many, within chance. Nothing where a target is met."""
        if not reading.status.is_off_target or reading.ratio is None:
            return ""
        evidence = target_evidence(reading.metric, reading.ratio, reading.goal)
        if evidence is None:
            return ""
        text = self.contacts_off_target(reading.metric, evidence.short)
        return self.say("{shortfall}, within chance", shortfall=text) if evidence.is_within_chance else text

    def contacts_off_target(self, metric: Metric, number: int) -> str:
        """46 contacts short, or too many for a target of at most."""
        if metric is Metric.ABANDONMENT:
            return self.many("{n} abandoned contact too many", "{n} abandoned contacts too many", number)
        return self.many("{n} contact short", "{n} contacts short", number)

    def uncompared(self, tile: Tile) -> str:
        """Return why a reading is not compared with another day."""
        if tile.reading.status is Status.PARTIAL:
            return self.say("not compared: incomplete")
        if tile.is_too_thin_to_compare:
            return self.say("not compared: few contacts")
        if tile.is_not_known_earlier:
            return self.say("not known on earlier days")
        if any(value is not None for value in tile.trend[:-1]):
            return self.say("day before not known")
        return self.say("no earlier day yet")

    def reference(self, change: Change) -> str:
        """Tue 20 for another day, Wed avg for the same weekday of earlier weeks. One such day is no average: Wed 14."""
        if len(change.days) == 1:
            return self.day_of_month(change.days[0])
        return self.say("{weekday} avg", weekday=self.weekday(change.days[0]))

    def short_reference(self, change: Change, day: date) -> str:
        """Tue for a day of the week before ``day``, else as `reference`."""
        is_near = len(change.days) == 1 and (day - change.days[0]).days < 7
        return self.weekday(change.days[0]) if is_near else self.reference(change)

    def change_of_queue(self, briefing: Briefing, line: QueueLine) -> ChangeText | None:
        """Write the change of a queue's service level, None if it has none."""
        found_usual = (
            queue.usual
            for queue in briefing.unusual_queues
            if (queue.name, queue.medium, queue.measure) == (line.name, line.medium, Measure.SERVICE_LEVEL)
        )
        return self.change(line.change, Metric.SERVICE_LEVEL, next(found_usual, None)) if line.change else None

    def change(self, change: Change, metric: Metric, usual: Usual | None) -> ChangeText:
        """Write a change, with "better" or "worse" if the figure is unusual on the side to which it has changed.

        Any two days differ, so that other changes are a number and its sign. Occupancy has a band, so its changes have
        neither word.
        """
        if not half_up(change.points, 3):
            unchanged = self.say("no change")
            return ChangeText("flat", "neutral", unchanged, unchanged)
        direction: Literal["up", "down"] = "up" if change.points > 0 else "down"
        size = self.points(change.points)
        if metric not in _BETTER_WHEN or not isinstance(usual, UsualFigure):
            return ChangeText(direction, "neutral", size, size)
        if _UNUSUAL_TO.get(usual.place) != direction:
            return ChangeText(direction, "neutral", size, size)
        if _BETTER_WHEN[metric] == direction:
            return ChangeText(direction, "better", self.say("{points} better", points=size), size)
        return ChangeText(direction, "worse", self.say("{points} worse", points=size), size)


def has_goal(reading: Reading) -> bool:
    """Return whether the reading has a goal that it can be judged against."""
    return reading.status is not Status.NOT_JUDGED


def counted_of(reading: Reading) -> int | None:
    """Return how many contacts the reading's percentage counts, None where the source does not say."""
    return int(reading.ratio.denominator) if reading.ratio and reading.ratio.denominator is not None else None


def is_shown_as_counts(reading: Reading) -> bool:
    """Return whether a reading is of so few contacts that it is shown as their numbers and not as a percentage."""
    ratio = reading.ratio
    is_counted = ratio is not None and ratio.numerator is not None and ratio.denominator is not None
    return is_counted and reading.status is Status.THIN and reading.metric in OF_CONTACTS


def percent_of(reading: Reading) -> Percent | None:
    """Return a reading as it is shown, with more decimal places where it would look equal to a goal that it misses."""
    if reading.ratio is None:
        return None
    return shown_percent(reading.ratio.value, 1, *edges_of(reading))


def edges_of(reading: Reading) -> tuple[float, ...]:
    """Return the goal, or both edges of a band, and nothing where there is no goal."""
    return edges_of_goal(reading.goal if has_goal(reading) else None)


def edges_of_goal(goal: Goal | None) -> tuple[float, ...]:
    """Return a goal, or both edges of a band, as the `rounding.shown_percent` of a figure needs them."""
    if goal is None:
        return ()
    return goal if isinstance(goal, tuple) else (goal,)
