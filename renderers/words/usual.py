"""Write the usual range of a figure, whether the figure is unusual, and the talking points about unusual figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from renderers.words.dates import DateWords
from renderers.words.numbers import MISSING, NumberWords
from renderers.words.ranges import (
    ends_of_count,
    ends_with_places,
    is_outside,
    places_apart,
    places_of_end,
    rounded_down,
    rounded_up,
    side_off_goal,
)
from renderers.words.readings import has_goal
from worker.domain.briefing.content import Briefing, Tile
from worker.domain.briefing.usual_content import ENOUGH_DAYS, Measure, NoUsualRange, Place, Usual, UsualFigure
from worker.domain.metrics import Metric
from worker.domain.usual.past_days import FEWEST_DAYS
from worker.domain.why.content import Why

_PLACES = {Measure.ABANDONMENT: 3}
"""To how many decimal places the ends of a range are rounded, as fractions, if not to whole percent."""
_PRINTED_PLACES = 3
"""To how many decimal places a percentage is printed, as a fraction."""
_TIMES = (Measure.HANDLE_TIME, Measure.SPEED_OF_ANSWER)


@dataclass(frozen=True, slots=True)
class UsualText:
    """What is usual for a figure. ``pill`` is "" for a figure that is not unusual.

    ``short`` is the text of a tile with too little room: without the number of days, beside a pill without the weekday
    and the side of the goal, and without the weekday before that side. ``side`` is the pill's word where it has more
    room: unusually low.
    """

    text: str
    short: str
    pill: str = ""
    side: str = ""

    @property
    def sentence(self) -> str:
        """Unusually low: usually 74–84% (6 days)."""
        return f"{self.side}: {self.text}" if self.side else self.text


class UsualWords(NumberWords, DateWords):
    """The words for usual ranges."""

    def usual_lines(self, briefing: Briefing, tile: Tile) -> tuple[str, ...]:
        """Return what is usual for a figure, and what would not be noticed there. Nothing if there is no range."""
        usual = self.usual(briefing, tile)
        return tuple(filter(None, (usual.sentence if usual else "", self.hidden_change(briefing, tile))))

    def usual(self, briefing: Briefing, tile: Tile) -> UsualText | None:
        """As usual: 74–84% on Wed. Unusual: usually 74–84% (6 days). Usual range: day 1 of 5.

        A range that misses the goal with both ends is not "as usual": usual here: 24–36%, below goal.
        """
        reading = tile.reading
        measure, value = Measure(reading.metric.value), reading.ratio.value if reading.ratio else None
        if not isinstance(tile.usual, UsualFigure) or not has_goal(reading):
            return self.usual_of(tile.usual, measure, briefing.reporting_day, value)
        (low, _), (high, _) = _rounded_ends(tile.usual, measure, value)
        side = side_off_goal(low, high, reading.metric, reading.goal)
        return self.usual_of(tile.usual, measure, briefing.reporting_day, value, side)

    def usual_of(
        self, usual: Usual | None, measure: Measure, day: date, value: float | None = None, side: str = ""
    ) -> UsualText | None:
        """Return the same of any figure. ``value``: the figure, a time in seconds. `printed_time` writes it beside.

        ``side``: that of its goal on which the whole range lies and misses it.
        """
        if isinstance(usual, NoUsualRange):
            text = self._no_range(usual)
            return UsualText(text, text)
        if usual is None or (usual.is_coarse and not usual.is_unusual):
            return None
        return self._range(usual, measure, day, value, side)

    def usual_on_tile(self, briefing: Briefing, tile: Tile) -> UsualText | None:
        """Return what a tile says of the usual: its range, or that there are too few contacts to tell a change."""
        usual = self.usual(briefing, tile)
        if usual is None and self.hidden_change(briefing, tile):
            text = self._cannot_tell(tile)
            return UsualText(text, text)
        return usual

    def _cannot_tell(self, tile: Tile) -> str:
        is_by_chance = isinstance(tile.usual, UsualFigure) and tile.usual.is_hidden_by_chance
        return self.say("too few contacts to tell") if is_by_chance else self.say("days differ too much to tell")

    def legend(self, days: int, known_days: int, *, has_band: bool) -> str:
        """Say how many business days a line of days spans, how many of them are known, and what is behind it."""
        if has_band and known_days == days:
            return self.say("Lines: last {days} business days · band = usual · dashes = goal", days=days)
        if has_band:
            return self.say(
                "Lines: {known} of the last {days} business days · band = usual · dashes = goal",
                known=known_days,
                days=days,
            )
        if known_days == days:
            return self.say("Lines: last {days} business days · dashes = goal", days=days)
        return self.say("Lines: {known} of the last {days} business days · dashes = goal", known=known_days, days=days)

    def _range(self, usual: UsualFigure, measure: Measure, day: date, value: float | None, side: str) -> UsualText:
        ends = self.ends(usual, measure, value)
        is_inside = usual.place is Place.INSIDE or _is_printed_inside(usual, measure, value)
        if not is_inside:
            text = self.say("usually {range}", range=ends)
        else:
            text = self.say("usual here: {range}", range=ends) if side else self.say("as usual: {range}", range=ends)
        whole = self._off_goal(" ".join((text, *self._basis(usual, day))), side)
        if usual.is_unusual:
            return UsualText(whole, text, *self._pill(usual.place))
        if side:
            return UsualText(whole, self._off_goal(self.say("usual: {range}", range=ends) if is_inside else text, side))
        return UsualText(whole, " ".join((text, *self._weekday(usual, day))))

    def _off_goal(self, text: str, side: str) -> str:
        """Usual here: 24–36% on Wed, below goal. The text alone where the range meets the goal with an end."""
        if not side:
            return text
        return (
            self.say("{usual}, below goal", usual=text)
            if side == "below"
            else self.say("{usual}, above goal", usual=text)
        )

    def _weekday(self, usual: UsualFigure, day: date) -> tuple[str, ...]:
        return (self.say("on {weekday}", weekday=self.weekday(day)),) if usual.is_of_weekday else ()

    def _basis(self, usual: UsualFigure, day: date) -> Iterator[str]:
        """Yield the weekday, if the range is its own, and the number of days, if they are few."""
        yield from self._weekday(usual, day)
        if usual.days < ENOUGH_DAYS:
            yield self.say("({days} days)", days=usual.days)

    def _pill(self, place: Place) -> tuple[str, ...]:
        """Return the word on the dark ground, and the same with the side on which the figure lies."""
        if place is Place.UNUSUALLY_LOW:
            return self.say("Unusual"), self.say("Unusually low")
        if place is Place.UNUSUALLY_HIGH:
            return self.say("Unusual"), self.say("Unusually high")
        return ()

    def _no_range(self, usual: NoUsualRange) -> str:
        if usual.is_after_closure:
            return self.say("no usual range after a holiday")
        return self.say("usual range: day {day} of {needed}", day=usual.known_days + 1, needed=FEWEST_DAYS)

    def hidden_change(self, briefing: Briefing, tile: Tile) -> str:
        """Say which change could not be told from an ordinary day, where that is more than 10 points.

        Nothing beside the explanation of a low service level, which tells a change.
        """
        usual = tile.usual
        if isinstance(briefing.explanation, Why) and tile.reading.metric is Metric.SERVICE_LEVEL:
            return ""
        if not isinstance(usual, UsualFigure) or usual.hidden_change is None or usual.is_unusual:
            return ""
        points = self.decimal(100 * usual.hidden_change)
        if usual.is_hidden_by_chance:
            return self.say("Too few contacts to tell a change under {points} points.", points=points)
        return self.say("Days here differ too much to tell a change under {points} points.", points=points)

    def ends(self, usual: UsualFigure, measure: Measure, value: float | None = None, places: int = 0) -> str:
        """74–84%, 4:20–4:51, or 180–240, rounded outwards.

        The end that ``value`` lies beyond is printed so that the printed figure lies beyond it: 69.4%, usually
        69.43–86%. ``places``: those of the fraction of a percentage that is printed with fewer than a tile has.
        """
        if measure in _TIMES:
            _, *ends = ends_with_places(value, usual.low, usual.high)
            return "–".join(self.average_time(1000 * seconds, end_places) for seconds, end_places in ends)
        if measure is Measure.OFFERED:
            return "–".join(self.count(count) for count in ends_of_count(usual.low, usual.high, value))
        low, high = _rounded_ends(usual, measure, value, places)
        return self.with_percent_sign(f"{self._end(*low)}–{self._end(*high)}")

    def printed_time(self, usual: Usual | None, seconds: float | None) -> str:
        """0:12, or 0:12.4 beside a usual range that it lies beyond by less than a second."""
        if seconds is None:
            return MISSING
        places = ends_with_places(seconds, usual.low, usual.high)[0] if isinstance(usual, UsualFigure) else 0
        return self.average_time(1000 * seconds, places)

    def _end(self, fraction: float, places: int) -> str:
        return self.bare_percent(fraction) if places <= _PRINTED_PLACES else self.decimal(100 * fraction, places - 2)

    def unusual_head(self, measure: Measure, place: Place) -> str:
        """Handle time unusually long."""
        return {
            (Measure.SERVICE_LEVEL, Place.UNUSUALLY_LOW): self.say("Service level unusually low"),
            (Measure.ABANDONMENT, Place.UNUSUALLY_HIGH): self.say("Abandonment unusually high"),
            (Measure.OFFERED, Place.UNUSUALLY_LOW): self.say("Unusually few contacts"),
            (Measure.OFFERED, Place.UNUSUALLY_HIGH): self.say("Unusually many contacts"),
            (Measure.HANDLE_TIME, Place.UNUSUALLY_LOW): self.say("Handle time unusually short"),
            (Measure.HANDLE_TIME, Place.UNUSUALLY_HIGH): self.say("Handle time unusually long"),
            (Measure.SPEED_OF_ANSWER, Place.UNUSUALLY_HIGH): self.say("Answers unusually slow"),
            (Measure.OCCUPANCY, Place.UNUSUALLY_LOW): self.say("Occupancy unusually low"),
            (Measure.OCCUPANCY, Place.UNUSUALLY_HIGH): self.say("Occupancy unusually high"),
            (Measure.ADHERENCE, Place.UNUSUALLY_LOW): self.say("Adherence unusually low"),
            (Measure.ADHERENCE, Place.UNUSUALLY_HIGH): self.say("Adherence unusually high"),
        }[measure, place]

    def unusual_queue_head(self, name: str, measure: Measure, place: Place) -> str:
        """Billing: handle time unusually long."""
        return {
            (Measure.SERVICE_LEVEL, Place.UNUSUALLY_LOW): self.say("{name}: service level unusually low", name=name),
            (Measure.SERVICE_LEVEL, Place.UNUSUALLY_HIGH): self.say("{name}: service level unusually high", name=name),
            (Measure.OFFERED, Place.UNUSUALLY_LOW): self.say("{name}: unusually few contacts", name=name),
            (Measure.OFFERED, Place.UNUSUALLY_HIGH): self.say("{name}: unusually many contacts", name=name),
            (Measure.HANDLE_TIME, Place.UNUSUALLY_LOW): self.say("{name}: handle time unusually short", name=name),
            (Measure.HANDLE_TIME, Place.UNUSUALLY_HIGH): self.say("{name}: handle time unusually long", name=name),
        }[measure, place]

    def question_on_unusual(self, figures: Mapping[str, Any]) -> str:
        """What helped? What changed?"""
        return self.say("What helped?") if figures["is_good"] else self.say("What changed?")

    def unusual_value(self, figures: Mapping[str, Any]) -> str:
        """5:11, usually 4:20–4:51 on Wed."""
        measure, usual = Measure(figures["measure"]), figures["usual"]
        ends = " ".join((self.ends(usual, measure, figures["value"]), *self._basis(usual, figures["day"]))).rstrip(".")
        if measure is Measure.OFFERED:
            number = round(figures["value"])
            return self.many("{n} contact, usually {range}.", "{n} contacts, usually {range}.", number, range=ends)
        if measure in _TIMES:
            return self.say("{value}, usually {range}.", value=self.printed_time(usual, figures["value"]), range=ends)
        value = self.percent(figures["value"])
        if "contacts" in figures:
            contacts = self.count(figures["contacts"])
            return self.say("{value} of {n} contacts, usually {range}.", value=value, n=contacts, range=ends)
        return self.say("{value}, usually {range}.", value=value, range=ends)


def _rounded_ends(
    usual: UsualFigure, measure: Measure, value: float | None, places: int = 0
) -> tuple[tuple[float, int], tuple[float, int]]:
    """Return both ends of a range of fractions as they are printed, each with its decimal places."""
    least = _PLACES.get(measure, 2)
    low_places, high_places = _places_of_percent(usual, least, value, places or _PRINTED_PLACES)
    return (rounded_down(usual.low, low_places), low_places), (rounded_up(usual.high, high_places), high_places)


def _places_of_percent(usual: UsualFigure, least: int, value: float | None, value_places: int) -> tuple[int, int]:
    """Return the places of both ends. The one that the figure lies beyond may have more than the least."""
    if value is None or not is_outside(value, usual.low, usual.high):
        return least, least
    places = places_of_end(value, usual.low, usual.high, least, value_places) or least
    return (places, least) if value < usual.low else (least, places)


def _is_printed_inside(usual: UsualFigure, measure: Measure, value: float | None) -> bool:
    """Return whether no number of places prints a figure outside its range. Unusual figures lie further away."""
    if value is None or usual.is_unusual or measure is Measure.OFFERED:
        return False
    if not is_outside(value, usual.low, usual.high):
        return False
    if measure in _TIMES:
        return places_apart(value, usual.low, usual.high) is None
    return places_of_end(value, usual.low, usual.high, _PLACES.get(measure, 2), _PRINTED_PLACES) is None
