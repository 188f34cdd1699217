"""The way from the average to the day's service level: one step for each factor, and one for the rest.

What is printed sums up: the parts are rounded to tenths of a point so that they sum to the printed change.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from renderers.words.rounding import half_up
from renderers.words.why.factors import FactorWords
from worker.domain.staffing.explanation import Factor
from worker.domain.why.content import ExplainedFactor, Why

MINUS = "−"
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


def rounded_to_sum(values: Sequence[float], total: int) -> list[int]:
    """Round values to whole numbers that sum to ``total``: by largest remainder, the first of equals."""
    floors = [int(value // 1) for value in values]
    shortfall = total - sum(floors)
    order = sorted(range(len(values)), key=lambda index: (floors[index] - values[index], index))
    extra = {index: shortfall // len(values) for index in order}
    for index in order[: shortfall % len(values)]:
        extra[index] += 1
    return [floor + extra[index] for index, floor in enumerate(floors)]


class WaterfallWords(FactorWords):
    """The words beside the waterfall."""

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
        sign = "+" if points > 0 else MINUS if points < 0 else ""
        return sign + self.decimal(abs(points), 1)

    def _step_label(self, factor: ExplainedFactor, part: int) -> str:
        """More contacts. Contacts and timing, where the sum alone would have moved the level the other way."""
        if self._factor_figure(factor.factor, factor.today) == self._factor_figure(factor.factor, factor.expected):
            return self._label_of_no_change(factor.factor)
        is_more = (factor.today or 0.0) > (factor.expected or 0.0)
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
            average=self._factor_figure(factor.factor, factor.expected),
        )
