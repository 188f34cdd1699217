"""The day's six figures, each with its change against the previous business day or its denominator."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from renderers.words.completeness import CompletenessWords
from renderers.words.numbers import MINUS
from renderers.words.readings import counted_of, is_shown_as_counts
from renderers.words.rounding import half_up
from renderers.words.usual import UsualText
from worker.domain.briefing.content import Briefing, Counts, Tile
from worker.domain.briefing.usual_content import Measure, Usual, UsualFigure
from worker.domain.metrics import OF_CONTACTS, Metric


@dataclass(frozen=True, slots=True)
class Figure:
    """``Offered`` · ``5,438`` · ``+8.3% vs Tue``."""

    label: str
    value: str
    caption: str


@dataclass(frozen=True, slots=True)
class Substitute:
    """A figure in the place of a metric that the group does not have: contacts offered, or an average time.

    ``caption`` is its change against the previous business day. ``trend`` holds the last business days, only of
    contacts offered, and ``usual_range`` is behind their line. ``range_alone`` is the usual range without words.
    """

    name: str
    value: str
    caption: str
    usual: UsualText | None
    trend: tuple[int | None, ...] = ()
    usual_range: tuple[float, float] | None = None
    range_alone: str = ""


class FigureWords(CompletenessWords):
    """The captions of the day's figures."""

    def tiles_shown(self, briefing: Briefing) -> tuple[Tile | Substitute, ...]:
        """Return the tiles of page one. Other figures take the place of agents' metrics that are not available.

        A group without workforce management is not at fault each morning. A tile with a reason of its own stays.
        """
        substitutes = iter(self._substitutes(briefing))
        return tuple(
            next(substitutes, tile) if self._gives_way(briefing, tile) else tile for tile in briefing.tiles[:4]
        )

    def _gives_way(self, briefing: Briefing, tile: Tile) -> bool:
        is_missing = tile.reading.ratio is None and not self.own_reason(briefing, tile.reading)
        is_of_agents = tile.reading.metric not in OF_CONTACTS
        return is_missing and is_of_agents and briefing.completeness.whole and not briefing.media

    def _substitutes(self, briefing: Briefing) -> list[Substitute]:
        """Return the figures that may take a metric's place, without those that are not known."""
        counts, day = briefing.counts, briefing.reporting_day
        handle, answer = counts.average_handle_ms, counts.average_answer_ms
        offered_text = Substitute(
            self.say("Contacts offered"),
            self.count(counts.offered),
            self._growth(briefing),
            self.usual_of(briefing.usual_offered, Measure.OFFERED, day, counts.offered),
            briefing.offered_trend,
            (usual.low, usual.high) if isinstance(usual := briefing.usual_offered, UsualFigure) else None,
            self.range_alone(briefing.usual_offered, Measure.OFFERED, counts.offered),
        )
        handle_text = Substitute(
            self.say("Average handle"),
            self.printed_time(briefing.usual_handle_time, _seconds(handle)),
            self._slower(briefing, _average_handle),
            self.usual_of(briefing.usual_handle_time, Measure.HANDLE_TIME, day, _seconds(handle)),
            range_alone=self.range_alone(briefing.usual_handle_time, Measure.HANDLE_TIME, _seconds(handle)),
        )
        answer_text = Substitute(
            self.say("Average answer"),
            self.printed_time(briefing.usual_speed_of_answer, _seconds(answer)),
            self._slower(briefing, _average_answer),
            self.usual_of(briefing.usual_speed_of_answer, Measure.SPEED_OF_ANSWER, day, _seconds(answer)),
            range_alone=self.range_alone(briefing.usual_speed_of_answer, Measure.SPEED_OF_ANSWER, _seconds(answer)),
        )
        pairs = ((counts.offered, offered_text), (handle, handle_text), (answer, answer_text))
        return [text for figure, text in pairs if figure is not None]

    def range_alone(self, usual: Usual | None, measure: Measure, value: float | None) -> str:
        """100,690–105,310: the usual range without words, for a tile with too little room. "" if there is none."""
        return self.ends(usual, measure, value) if isinstance(usual, UsualFigure) else ""

    def figures(self, briefing: Briefing) -> tuple[Figure, ...]:
        """Offered, answered, abandoned, average handle, average answer, not in time."""
        if briefing.media:
            return self._figures_of_media(briefing)
        counts = briefing.counts
        per_contact = self.say("per contact")
        return (
            Figure(self.say("Offered"), self.count(counts.offered), self._growth(briefing) or self.say("contacts")),
            Figure(self.say("Answered"), self.count(counts.answered), self._of_offered(briefing, counts.answered)),
            Figure(self.say("Abandoned"), self.count(counts.abandoned), self._of_offered(briefing, counts.abandoned)),
            Figure(
                self.say("Avg handle"),
                self.average_time(counts.average_handle_ms),
                self._slower(briefing, _average_handle) or per_contact,
            ),
            Figure(
                self.say("Avg answer"),
                self.average_time(counts.average_answer_ms),
                self._slower(briefing, _average_answer) or per_contact,
            ),
            Figure(self.say("Not in time"), self.count(counts.late), self._of_counted(briefing)),
        )

    def _figures_of_media(self, briefing: Briefing) -> tuple[Figure, ...]:
        """The sums over all media, each with its parts, and the averages of the medium with the most contacts."""
        first, counts = briefing.media[0], briefing.counts
        return (
            Figure(self.say("Offered"), self.count(counts.offered), self._parts(briefing, lambda c: c.offered)),
            Figure(self.say("Answered"), self.count(counts.answered), self._parts(briefing, lambda c: c.answered)),
            Figure(self.say("Abandoned"), self.count(counts.abandoned), self._parts(briefing, lambda c: c.abandoned)),
            Figure(
                self.in_medium(self.say("Avg handle"), first.medium),
                self.average_time(first.counts.average_handle_ms),
                self._second(briefing, lambda counts: self.average_time(counts.average_handle_ms)),
            ),
            Figure(
                self.in_medium(self.say("Avg answer"), first.medium),
                self.average_time(first.counts.average_answer_ms),
                self._second(briefing, lambda counts: self.average_time(counts.average_answer_ms)),
            ),
            Figure(self.say("Not in time"), self.count(counts.late), self._parts(briefing, lambda c: c.late)),
        )

    def _parts(self, briefing: Briefing, count: Callable[[Counts], int | None]) -> str:
        """Voice 400, email 600; of more than two media the first and the sum of the others."""
        first, *other_lines = briefing.media
        numbers = [count(line.counts) for line in other_lines]
        numbers_given = [number for number in numbers if number is not None]
        second = self.medium(other_lines[0].medium) if len(other_lines) == 1 else self.say("others")
        total = sum(numbers_given) if len(numbers_given) == len(numbers) else None
        texts = ((self.medium(first.medium), count(first.counts)), (second, total))
        return ", ".join(
            self.say("{medium} {value}", medium=name, value=self.count(number))
            for name, number in texts
            if number is not None
        )

    def _second(self, briefing: Briefing, average: Callable[[Counts], str]) -> str:
        """Email 12:30, where the day has two media."""
        other_lines = briefing.media[1:]
        if len(other_lines) != 1:
            return ""
        return self.say(
            "{medium} {value}", medium=self.medium(other_lines[0].medium), value=average(other_lines[0].counts)
        )

    def _of_offered(self, briefing: Briefing, part: int | None) -> str:
        """93.6% of offered, or "of 3 offered" where a percentage of so few says little.

        More than all of them is no share: 15 more than offered, which came before midnight.
        """
        counts = briefing.counts
        if part is None or counts.offered is None or part == counts.offered == 0:
            return self.say("contacts")
        if sum(filter(None, (counts.answered, counts.abandoned))) > counts.offered >= part:
            return self.say("contacts")  # the shares of those answered and abandoned would be more than all
        if part > counts.offered:
            return self.say("{number} more than offered", number=self.count(part - counts.offered))
        if is_shown_as_counts(briefing.tile(Metric.ABANDONMENT).reading):
            return self.say("of {number} offered", number=self.count(counts.offered))
        return self.say("{percent} of offered", percent=self.percent(part / counts.offered))

    def _of_counted(self, briefing: Briefing) -> str:
        """15.6% of offered, or 5.3% of 95 counted where others are offered than count towards the service level."""
        counts, reading = briefing.counts, briefing.tile(Metric.SERVICE_LEVEL).reading
        counted = counted_of(reading)
        if not counted or counted == counts.offered or counts.late is None:
            return self._of_offered(briefing, counts.late if counted else None)
        percent = self.percent(counts.late / counted)
        return self.say("{percent} of {number} counted", percent=percent, number=self.count(counted))

    def _growth(self, briefing: Briefing) -> str:
        previous, offered = briefing.previous_counts, briefing.counts.offered
        if previous is None or not previous.offered or offered is None:
            return ""
        growth = offered / previous.offered - 1
        return self._compared(briefing, self.signed_percent(growth) if half_up(growth, 3) else self.say("no change"))

    def _slower(self, briefing: Briefing, average: Callable[[Counts], float | None]) -> str:
        previous = briefing.previous_counts
        earlier, current = average(previous) if previous else None, average(briefing.counts)
        if earlier is None or current is None:
            return ""
        seconds = int(half_up((current - earlier) / 1000))
        size = ("+" if seconds > 0 else MINUS) + self.average_time(1000 * abs(seconds))
        return self._compared(briefing, size if seconds else self.say("no change"))

    def _compared(self, briefing: Briefing, change: str) -> str:
        days = [change.days[0] for tile in briefing.tiles for change in tile.changes if change.kind == "previous"]
        day = self.weekday(days[0]) if days else self.say("day before")
        return self.say("{change} vs {day}", change=change, day=day)


def _average_handle(counts: Counts) -> float | None:
    return counts.average_handle_ms


def _average_answer(counts: Counts) -> float | None:
    return counts.average_answer_ms


def _seconds(milliseconds: float | None) -> float | None:
    return None if milliseconds is None else milliseconds / 1000
