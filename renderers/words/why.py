"""Why the service level is low: the parts of the change, and the sentences about its causes.

What is printed sums up: the parts are rounded to tenths of a point so that they sum to the printed change.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from renderers.words.dates import DateWords
from renderers.words.numbers import NumberWords
from renderers.words.ranges import ends_of_count, ends_with_places
from renderers.words.rounding import half_up
from worker.domain.staffing.explanation import Factor
from worker.domain.why.content import ExplainedFactor, NotExplained, Why

_MINUS = "−"
_MINUTE = 60
_UNITS = {Factor.STAFFING: 3600}
"""In how many of its units a factor is printed: hours of agents."""
_TIMES = (Factor.HANDLE, Factor.MIX)
_NEUTRAL_BELOW = 0.25
"""In points. A smaller part of the change is neither good nor bad."""

Tone = Literal["bad", "good", "neutral"]


@dataclass(frozen=True, slots=True)
class WhyStep:
    """A step of the waterfall: ``points`` is the change as it is printed."""

    label: str
    detail: str
    points: float


@dataclass(frozen=True, slots=True)
class Waterfall:
    """The way from the average to the day's service level, both in percent as they are printed.

    ``has_explanation``: whether the parts explain most of the change.
    """

    average: float
    level: float
    steps: tuple[WhyStep, ...]
    has_explanation: bool

    @property
    def change(self) -> float:
        """The printed change, which is the sum of the steps."""
        return float(half_up(self.level - self.average, 1))

    def tone(self, step: WhyStep) -> Tone:
        """Return how a step is coloured. The sign of a small part, or of any where most is chance, says nothing."""
        if not self.has_explanation or abs(step.points) < _NEUTRAL_BELOW:
            return "neutral"
        return "bad" if step.points < 0 else "good"


@dataclass(frozen=True, slots=True)
class FactorRow:
    """A factor against its own usual range, for a table."""

    name: str
    today: str
    usual: str
    verdict: str
    is_outside: bool


def rounded_to_sum(values: Sequence[float], total: int) -> list[int]:
    """Round values to whole numbers that sum to ``total``: by largest remainder, the first of equals."""
    floors = [int(value // 1) for value in values]
    shortfall = total - sum(floors)
    order = sorted(range(len(values)), key=lambda index: (floors[index] - values[index], index))
    extra = {index: shortfall // len(values) for index in order}
    for index in order[: shortfall % len(values)]:
        extra[index] += 1
    return [floor + extra[index] for index, floor in enumerate(floors)]


class WhyWords(NumberWords, DateWords):
    """The words for a low service level and its causes."""

    def waterfall(self, explanation: Why) -> Waterfall:
        """Return the waterfall. Parts of factors that are not known are left out."""
        average, level = (int(half_up(1000 * fraction)) for fraction in (explanation.average, explanation.level))
        factors = [factor for factor in explanation.factors if factor.part is not None]
        exact_parts = [1000 * (factor.part or 0.0) for factor in factors] + [1000 * explanation.unexplained]
        *tenths, rest = rounded_to_sum(exact_parts, level - average)
        steps = [
            WhyStep(self._step_label(factor, part), self._step_detail(factor), part / 10)
            for factor, part in zip(factors, tenths, strict=True)
        ]
        steps.append(WhyStep(*self._rest_label(explanation), rest / 10))
        return Waterfall(average / 10, level / 10, tuple(steps), not explanation.is_mostly_unexplained)

    def _rest_label(self, explanation: Why) -> tuple[str, str]:
        if explanation.is_staffing_known:
            return self.say("Not explained"), self.say("what the model cannot place")
        return self.say("Staffing or chance"), self.say("agents’ time is not known")

    def why_title(self) -> str:
        """Return the head of the page."""
        return self.say("Why service level was low")

    def why_summary(self, explanation: Why) -> tuple[str, ...]:
        """Return the conclusion, and how much of the change it is about."""
        if explanation.causes:
            causes = [self.cause(explanation.factor(factor)) for factor in explanation.causes]
            head = (
                self.say("One cause outside its usual range: {cause}.", cause=causes[0])
                if len(causes) == 1
                else self.say("Two causes: {cause}, {other}.", cause=causes[0], other=causes[1])
            )
            return head, self._share_of_causes(explanation)
        if explanation.is_mostly_unexplained:
            return (self.say("Cannot be explained from these figures."),)
        return self.say("No single cause."), self.say("No factor outside its usual range explains enough of it.")

    def _share_of_causes(self, explanation: Why) -> str:
        part = self._whole_part(sum(explanation.factor(factor).part or 0.0 for factor in explanation.causes))
        if len(explanation.causes) > 1:
            return self.say("Together they cost about {part} points.", part=part)
        return self.say("It cost about {part} points.", part=part)

    def _whole_part(self, part: float) -> str:
        """Return points of a fall in whole numbers. A part that raised the service level does not come here."""
        whole = half_up(abs(100 * part))
        return self.decimal(float(whole), 0) if whole else self.say("less than 1")

    def why_from_to(self, explanation: Why) -> str:
        """From 79.3% to 71.6%: −7.7 points."""
        waterfall = self.waterfall(explanation)
        return self.say(
            "From {average} to {level}: {change} points",
            average=self.with_percent_sign(self.decimal(waterfall.average, 1)),
            level=self.with_percent_sign(self.decimal(waterfall.level, 1)),
            change=self.signed(waterfall.change),
        )

    def why_average(self, explanation: Why) -> str:
        """Return the label of the first total."""
        return self.say("Average of {days} days", days=explanation.days)

    def signed(self, points: float) -> str:
        """+0.3, −4.0 or 0.0."""
        sign = "+" if points > 0 else _MINUS if points < 0 else ""
        return sign + self.decimal(abs(points), 1)

    def why_talk(self, explanation: Why) -> tuple[str, list[str]]:
        """Return the talking point: how far the service level is down, and why."""
        head = self.say(
            "Service level {number} points below average", number=self.decimal(abs(100 * explanation.change), 0)
        )
        question = self.say("Does it go on today?")
        return head, [*self._why_sentences(explanation), question]

    def _why_sentences(self, explanation: Why) -> Iterator[str]:
        if explanation.causes:
            yield self._named_causes([explanation.factor(factor) for factor in explanation.causes])
            yield from self._brought_back(explanation)
        elif explanation.is_mostly_unexplained:
            yield (
                self.say("Contacts, handle time and mix explain less than half of it.")
                if not explanation.is_staffing_known
                else self.say("Contacts, handle time, agent hours and mix explain less than half of it.")
            )
        else:
            parts = ", ".join(f"{name} {points}" for name, points in self._parts_in_words(explanation))
            yield self.say("No single cause: {parts}.", parts=parts)
        if explanation.causes and not explanation.is_staffing_known:
            yield self.say("The rest is staffing or chance.")

    def _named_causes(self, factors: Sequence[ExplainedFactor]) -> str:
        first = factors[0]
        parts = {"part": self._whole_part(first.part or 0.0), "cause": self.cause(first)}
        if len(factors) == 1:
            return self.say("About {part} points from {cause}.", **parts)
        return self.say(
            "About {part} points from {cause}, {other_part} from {other}.",
            other_part=self._whole_part(factors[1].part or 0.0),
            other=self.cause(factors[1]),
            **parts,
        )

    def _brought_back(self, explanation: Why) -> Iterator[str]:
        """Say how much all else raised the service level, where the causes cost more than it is down by."""
        rest = explanation.change - sum(explanation.factor(factor).part or 0.0 for factor in explanation.causes)
        if half_up(100 * rest) >= 1:
            yield self.say("All else brought back about {part}.", part=self._whole_part(rest))

    def _parts_in_words(self, explanation: Why) -> Iterator[tuple[str, str]]:
        """Yield each known factor and the rest, in whole points that sum to the whole points of the change."""
        factors = [factor for factor in explanation.factors if factor.part is not None]
        exact_parts = [100 * (factor.part or 0.0) for factor in factors] + [100 * explanation.unexplained]
        whole = rounded_to_sum(exact_parts, int(half_up(100 * explanation.change)))
        rest = self.say("not explained") if explanation.is_staffing_known else self.say("staffing or chance")
        names = [*(self._short_name(factor.factor) for factor in factors), rest]
        for name, points in zip(names, whole, strict=True):
            yield name, ("+" if points > 0 else _MINUS if points < 0 else "") + self.decimal(abs(points), 0)

    def _short_name(self, factor: Factor) -> str:
        names = {
            Factor.VOLUME: self.say("contacts"),
            Factor.HANDLE: self.say("handle time"),
            Factor.STAFFING: self.say("agent hours"),
            Factor.MIX: self.say("mix"),
        }
        return names[factor]

    def causes(self, explanation: Why) -> str:
        """Return the named causes, or nothing: 15% more contacts, 13 s longer handle time."""
        return ", ".join(self.cause(explanation.factor(factor)) for factor in explanation.causes)

    def cause(self, factor: ExplainedFactor) -> str:
        """15% more contacts, 13 s longer handle time, 12% fewer agent hours, or the mix of queues."""
        today, average = factor.today or 0.0, factor.average or 1.0
        growth = self.growth(today / average - 1, 0)
        if factor.factor is Factor.VOLUME and today > average:
            return self.say("{percent} more contacts", percent=growth)
        if factor.factor is Factor.HANDLE and today > average:
            longer = int(half_up(today)) - int(half_up(average))
            if longer < _MINUTE:
                return self.say("{seconds} s longer handle time", seconds=longer)
            return self.say("{time} longer handle time", time=self.average_time(1000 * longer))
        if factor.factor is Factor.STAFFING and today < average:
            return self.say("{percent} fewer agent hours", percent=growth)
        return self.say("the mix of queues") if factor.factor is Factor.MIX else self._short_name(factor.factor)

    def _step_label(self, factor: ExplainedFactor, part: int) -> str:
        """More contacts. Contacts and timing, where the sum alone would have moved the level the other way."""
        if self._factor_figure(factor.factor, factor.today) == self._factor_figure(factor.factor, factor.average):
            return self._label_of_no_change(factor.factor)
        is_more = (factor.today or 0.0) > (factor.average or 0.0)
        lowers = is_more is not (factor.factor is Factor.STAFFING)
        if factor.factor is not Factor.MIX and (part > 0 if lowers else part < 0):
            return self._label_with_timing(factor.factor)
        labels = {
            Factor.VOLUME: self.say("More contacts") if is_more else self.say("Fewer contacts"),
            Factor.HANDLE: self.say("Longer handle time") if is_more else self.say("Shorter handle time"),
            Factor.STAFFING: self.say("More agent hours") if is_more else self.say("Fewer agent hours"),
            Factor.MIX: self.say("Mix of queues"),
        }
        return labels[factor.factor]

    def _label_of_no_change(self, factor: Factor) -> str:
        """Return a label without more or fewer, where both printed figures are the same."""
        labels = {
            Factor.VOLUME: self.say("Contacts"),
            Factor.HANDLE: self.say("Handle time"),
            Factor.STAFFING: self.say("Agent hours"),
            Factor.MIX: self.say("Mix of queues"),
        }
        return labels[factor]

    def _label_with_timing(self, factor: Factor) -> str:
        labels = {
            Factor.VOLUME: self.say("Contacts and timing"),
            Factor.HANDLE: self.say("Handle time and timing"),
            Factor.STAFFING: self.say("Agent hours and timing"),
        }
        return labels[factor]

    def _step_detail(self, factor: ExplainedFactor) -> str:
        return self.say(
            "{today} against {average}",
            today=self._factor_figure(factor.factor, factor.today),
            average=self._factor_figure(factor.factor, factor.average),
        )

    def _factor_figure(self, factor: Factor, figure: float | None) -> str:
        """5,438, 5:44 or 553 h."""
        if figure is None:
            return ""
        unit = _UNITS.get(factor, 1)
        return self._with_unit(factor, self._bare_figure(factor, figure / unit, 0))

    def _bare_figure(self, factor: Factor, number: float, places: int) -> str:
        return self.average_time(1000 * number, places) if factor in _TIMES else self.decimal(number, places)

    def _with_unit(self, factor: Factor, text: str) -> str:
        return self.say("{hours} h", hours=text) if factor is Factor.STAFFING else text

    def _row_figures(self, factor: ExplainedFactor, low: float, high: float) -> tuple[str, str]:
        """Return a figure and its usual range: 553 h and 548–552.6 h, with the unit of the range only once."""
        kind, unit = factor.factor, _UNITS.get(factor.factor, 1)
        number = (factor.today or 0.0) / unit
        if kind is Factor.VOLUME:
            ends = "–".join(self.decimal(end) for end in ends_of_count(low, high, number))
            return self._factor_figure(kind, factor.today), ends
        places, *range_ends = ends_with_places(number, low / unit, high / unit)
        ends = "–".join(self._bare_figure(kind, end, end_places) for end, end_places in range_ends)
        return self._with_unit(kind, self._bare_figure(kind, number, places)), self._with_unit(kind, ends)

    def factor_rows(self, explanation: Why) -> tuple[FactorRow, ...]:
        """Return each factor that has a usual range, against it."""
        names = {
            Factor.VOLUME: self.say("Contacts offered"),
            Factor.HANDLE: self.say("Handle time, usual mix"),
            Factor.STAFFING: self.say("Agent hours"),
            Factor.MIX: self.say("Handle time from mix"),
        }
        return tuple(
            FactorRow(
                name=names[factor.factor],
                today=today,
                usual=usual,
                verdict=self.say("outside") if factor.is_outside else self.say("inside"),
                is_outside=factor.is_outside,
            )
            for factor in explanation.factors
            if factor.usual is not None
            for today, usual in [self._row_figures(factor, *factor.usual)]
        )

    def why_notes(self, explanation: Why) -> tuple[str, ...]:
        """Return what a reader must know of the method."""
        of_agents = (
            self.say("Agent hours are time, not head count: they hold absence, meetings and breaks alike.")
            if explanation.is_staffing_known
            else self.say("Agents’ time is not known, so the rest may be staffing or chance.")
        )
        return (
            self.say(
                "The parts add up to the total. Each is the share of the change that a model of waiting gives to it."
            ),
            self.say("A cause is named only if it lies outside its own usual range and explains enough of the change."),
            of_agents,
        )

    def not_explained(self, reason: NotExplained) -> str:
        """Say why a low service level is not explained."""
        reasons = {
            NotExplained.FEW_CONTACTS: self.say("Not explained: fewer than 150 contacts."),
            NotExplained.NO_THRESHOLD: self.say("Not explained: within how many seconds is in time is not known."),
            NotExplained.INCOMPLETE_DAY: self.say("Not explained: counts or handle times of the day are missing."),
            NotExplained.FEW_DAYS: self.say("Not explained: too few earlier days have all counts and handle times."),
            NotExplained.MEDIUM: self.say("Not explained: only calls and chats can be."),
        }
        return reasons[reason]
