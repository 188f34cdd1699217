"""A factor of the service level against its usual range: contacts, handle time, agents' hours, mix of queues."""

from __future__ import annotations

from dataclasses import dataclass

from renderers.words.numbers import NumberWords
from renderers.words.ranges import ends_of_count, ends_with_places
from renderers.words.rounding import half_up
from worker.domain.staffing.explanation import Factor
from worker.domain.why.content import ExplainedFactor, Why

_MINUTE = 60
_UNITS = {Factor.STAFFING: 3600}
"""In how many of its units a factor is printed: hours of agents."""
_TIMES = (Factor.HANDLE, Factor.MIX)


@dataclass(frozen=True, slots=True)
class FactorRow:
    """A factor against its own usual range, for a table."""

    name: str
    today: str
    usual: str
    verdict: str
    is_outside: bool


class FactorWords(NumberWords):
    """The words for a factor: its figure, its usual range, and its name as a cause."""

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

    def causes(self, explanation: Why) -> str:
        """Return the named causes, or nothing: 15% more contacts, 13 s longer handle time."""
        return ", ".join(self.cause(explanation.factor(factor)) for factor in explanation.causes)

    def cause(self, factor: ExplainedFactor) -> str:
        """15% more contacts, 13 s longer handle time, 12% fewer agent hours, or the mix of queues.

        Contacts are divided by the expected number as it is printed.
        """
        today, expected = factor.today or 0.0, factor.expected or 1.0
        if factor.factor is Factor.VOLUME:
            expected = max(float(half_up(expected)), 1.0)
        growth = self.growth(today / expected - 1, 0)
        if factor.factor is Factor.VOLUME and today > expected:
            return self.say("{percent} more contacts", percent=growth)
        if factor.factor is Factor.HANDLE and today > expected:
            longer = int(half_up(today)) - int(half_up(expected))
            if longer < _MINUTE:
                return self.say("{seconds} s longer handle time", seconds=longer)
            return self.say("{time} longer handle time", time=self.average_time(1000 * longer))
        if factor.factor is Factor.STAFFING and today < expected:
            return self.say("{percent} fewer agent hours", percent=growth)
        return self.say("the mix of queues") if factor.factor is Factor.MIX else self._short_name(factor.factor)

    def _short_name(self, factor: Factor) -> str:
        names = {
            Factor.VOLUME: self.say("contacts"),
            Factor.HANDLE: self.say("handle time"),
            Factor.STAFFING: self.say("agent hours"),
            Factor.MIX: self.say("mix"),
        }
        return names[factor]
