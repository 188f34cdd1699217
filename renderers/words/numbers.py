"""Write counts, percentages, points and durations. None is a dash, never 0."""

from __future__ import annotations

from renderers.words.language import Translator
from renderers.words.rounding import Percent, half_up, shown_percent
from worker.domain.metrics import Ratio

MISSING = "–"
MINUS = "−"


class NumberWords(Translator):
    """How a language writes counts, percentages and durations."""

    def count(self, number: int | None) -> str:
        """1,017. A count below zero, of contacts that another day has too, is not shown."""
        return MISSING if number is None or number < 0 else self.decimal(number)

    def average_count(self, number: float) -> str:
        """175, or 12.5: an average number of contacts with the decimal place that it was rounded to."""
        return self.decimal(number, 0 if number == int(number) else 1)

    def percent(self, fraction: float | None, digits: int = 1, *edges: float) -> str:
        """77.5% for 0.775: a share with ``digits`` decimal places, or more as `rounding.shown_percent` says."""
        return MISSING if fraction is None else self.shown_percent(shown_percent(fraction, digits, *edges))

    def shown_percent(self, percent: Percent) -> str:
        """77.5%, rounded as in the workbook."""
        return self.with_percent_sign(self.decimal(percent.fraction * 100, percent.places))

    def growth(self, fraction: float, digits: int = 1) -> str:
        """8.3% for ±0.083: a growth, which is no share and may well be 100%."""
        return self.with_percent_sign(self.decimal(abs(fraction) * 100, digits))

    def signed_percent(self, fraction: float) -> str:
        """+8.3% for 0.083."""
        return ("+" if half_up(fraction, 3) >= 0 else MINUS) + self.growth(fraction)

    def ratio(self, ratio: Ratio | None, digits: int = 1) -> str:
        """A ratio's percentage."""
        return self.percent(ratio.value if ratio else None, digits)

    def round_percent(self, fraction: float) -> str:
        """80% for 0.8, 92.5% for 0.925: for goals."""
        return self.with_percent_sign(self.bare_percent(fraction))

    def percent_band(self, low: float, high: float) -> str:
        """78–86%."""
        return self.with_percent_sign(f"{self.bare_percent(low)}–{self.bare_percent(high)}")

    def bare_percent(self, fraction: float) -> str:
        """80 for 0.8, 92.5 for 0.925, without the percent sign."""
        return self.decimal(fraction * 100, 1).removesuffix(self.decimal(0, 1)[1:])

    def points(self, fraction: float) -> str:
        """5.4 points for ±0.054: a difference between percentages, without its sign."""
        return f"{self.bare_points(fraction)} {self.points_unit()}"

    def whole_points(self, fraction: float) -> str:
        """5.4 points for ±0.054, with the unit in full, where other texts have the short one of a language."""
        return self.say("{number} points", number=self.bare_points(fraction))

    def signed_points(self, points: float) -> str:
        """−5.4 pts for -5.4: in tables, which have too little room for the whole word."""
        sign = "+" if half_up(points, 1) >= 0 else MINUS
        return self.say("{number} pts", number=sign + self.bare_points(points / 100))

    def short_points(self, fraction: float) -> str:
        """5.4 pts for ±0.054, on tiles, beside a triangle instead of a sign."""
        return self.say("{number} pts", number=self.bare_points(fraction))

    def points_unit(self) -> str:
        """The unit of a difference between percentages."""
        return self.say("points")

    def bare_points(self, fraction: float) -> str:
        """5.4 for ±0.054, without sign and unit."""
        return self.decimal(abs(fraction) * 100, 1)

    def average_time(self, milliseconds: float | None, places: int = 0) -> str:
        """5:11, 0:19, or 1:02:07 from an hour on: an average handle time or speed of answer. 0:12.4 with one place."""
        if milliseconds is None:
            return MISSING
        seconds = half_up(milliseconds / 1000, places)
        whole_minutes, rest = divmod(int(seconds), 60)
        hours, rest_minutes = divmod(whole_minutes, 60)
        fraction = self.decimal(float(seconds % 1), places)[1:]  # without the 0 before the point
        return (f"{hours}:{rest_minutes:02}:{rest:02}" if hours else f"{rest_minutes}:{rest:02}") + fraction

    def seconds(self, whole: int) -> str:
        """20 s."""
        return self.say("{seconds} s", seconds=whole)

    def minutes(self, of_seconds: float | None) -> str:
        """54 min, or 1 h 58 from an hour on, rounded to the minute."""
        if of_seconds is None:
            return MISSING
        hours, rest = divmod(int(half_up(of_seconds / 60)), 60)
        if hours:
            return self.say("{hours} h {minutes}", hours=hours, minutes=f"{rest:02}")
        return self.say("{minutes} min", minutes=rest)
