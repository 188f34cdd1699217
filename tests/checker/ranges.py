"""Printed ranges such as 74–84%, 4:20–4:51 or 180–240, against the exact ends and the printed figure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from tests.checker.findings import Finding
from tests.checker.grammar import Language
from tests.checker.rounding import Written
from tests.checker.statements import Statement

_NEAR = Fraction(1, 10**6)
_SAYS_OUTSIDE = {
    **dict.fromkeys(("outside", "outside_figure", "unusual", "unusual_figure"), True),
    **dict.fromkeys(("usually", "usually_time", "usually_contacts", "usually_then"), True),
    **dict.fromkeys(("usual", "usual_figure"), False),
}
"""The statements with a range, and whether the figure beside it lies outside."""


def written_time(text: str, language: Language) -> Written:
    """The seconds of 3:00, 1:02:07, 0:12.4 or 42 s, and their decimal places."""
    *minutes, last = text.removesuffix(" s").split(":")
    seconds = language.number(last)
    whole = sum(int(part) * 60**place for place, part in enumerate(reversed(minutes), start=1))
    return Written(seconds.value + whole, seconds.places)


def written_number(text: str, language: Language) -> Written:
    """A count or a percentage as it is, a time in seconds."""
    return written_time(text, language) if ":" in text or text.endswith(" s") else language.number(text)


@dataclass(frozen=True, slots=True)
class PrintedRange:
    """Both ends of a range as they are printed."""

    low: Written
    high: Written

    def contains(self, value: Fraction) -> bool:
        """Whether a figure lies inside."""
        return self.low.value <= value <= self.high.value

    def is_of(self, low: float, high: float, places: int, value: float | None = None) -> bool:
        """Whether the ends are rounded outwards, to ``places`` or more.

        The end that a count lies beyond may be the last count inside the range instead: 2–4 of 1.8–4.2, beside 5.
        """
        step_low, step_high = (Fraction(1, 10 ** max(places, end.places)) for end in (self.low, self.high))
        ends = [low, high]
        if value is not None and places == 0:
            is_last_low = value < low and self.low.value - 1 < Fraction(low) <= self.low.value
            is_last_high = high < value and self.high.value <= Fraction(high) < self.high.value + 1
            ends = [float(self.low.value) if is_last_low else low, float(self.high.value) if is_last_high else high]
        exact_low, exact_high = (Fraction(end) for end in ends)
        return (
            self.low.value - _NEAR <= exact_low < self.low.value + step_low + _NEAR
            and self.high.value - step_high - _NEAR < exact_high <= self.high.value + _NEAR
        )


def printed_range(text: str, language: Language) -> PrintedRange:
    """The range that a text is, with or without its unit."""
    low, high = re.sub(r" h$", "", text).split("–")
    return PrintedRange(written_number(low, language), written_number(high, language))


def contradictions(statements: Iterable[Statement], language: Language) -> Iterator[Finding]:
    """A printed figure lies outside the printed range beside it if the text says so, and only then."""
    figures: dict[tuple[str, str, str], Fraction] = {}
    for statement in statements:
        subject = _subject(statement)
        if (figure := _figure(statement, language)) is not None:
            figures[subject] = figure
        text, says_outside = _range_and_claim(statement)
        value = figures.get(subject)
        if text and value is not None and printed_range(text, language).contains(value) is says_outside:
            yield Finding("figure and range contradict", statement.place, statement.text, str(float(value)))


def _subject(statement: Statement) -> tuple[str, str, str]:
    """The tile, talking point or row that a statement belongs to."""
    context = statement.context
    name = context.get("label") or context.get("metric") or context.get("head") or context.get("factor") or ""
    return statement.place, str(name), str(context.get("medium"))


def _figure(statement: Statement, language: Language) -> Fraction | None:
    if statement.role == "substitute":
        return written_number(statement.text, language).value
    if (statement.role, statement.kind) == ("why", "row"):
        return written_number(re.sub(r" h$", "", statement.context["today"]), language).value
    is_level = statement.role == "talk" and statement.kind in ("window_level", "window_only_abandon")
    value = statement.values.get("level" if is_level else "value")
    has_figure = is_level or statement.role == "tile_value" or statement.kind in _SAYS_OUTSIDE
    if not has_figure or value is None:
        return None
    return value.value if isinstance(value, Written) else written_number(value, language).value


def _range_and_claim(statement: Statement) -> tuple[str, bool]:
    """The range that a statement names, and whether it says that the figure lies outside."""
    if (statement.role, statement.kind) == ("why", "row"):
        return statement.context["usual"], statement.context["verdict"] == "outside"
    return str(statement.values.get("range", "")), _SAYS_OUTSIDE.get(statement.kind, False)
