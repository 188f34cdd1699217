"""Collect what the figures of a day are made from: its rows, earlier days, and what is usual."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from worker.domain.briefing import comparison
from worker.domain.briefing.content import Counts, HalfHour
from worker.domain.briefing.counts import counts, is_thin
from worker.domain.briefing.half_hours import contacts_of_before, half_hours
from worker.domain.briefing.history import DayFigures, History, MediumFigures, ReferenceDays, figures_of
from worker.domain.briefing.media import media_of, of_medium
from worker.domain.briefing.sums import sums
from worker.domain.briefing.usual import UsualSource, average_time
from worker.domain.briefing.usual_content import Measure, Usual
from worker.domain.briefing.usual_days import UsualDays
from worker.domain.groups import Group
from worker.domain.rows import Rows, Window


@dataclass(frozen=True)
class DaySource:
    """What the figures of a day are made from."""

    group: Group
    rows: Rows
    window: Window
    references: ReferenceDays
    history: History
    usual_days: UsualDays

    @cached_property
    def usual(self) -> UsualSource:
        """What is usual for the figures of the day."""
        day = self.window.start.astimezone(self.group.tz).date()
        return UsualSource(day, self.usual_days, self.history, self.group.insights, max(len(self.media), 1))

    @cached_property
    def figures(self) -> DayFigures:
        """The sums of the day, as they are remembered."""
        return figures_of(self.rows, self.group.tz)

    @cached_property
    def media(self) -> tuple[str, ...]:
        """The media with contacts, most contacts first."""
        return media_of(self.rows.intervals, self.group.media)

    def rows_of(self, medium: str | None) -> Rows:
        """Return the rows of a medium. They are all rows on a day with one medium or none."""
        if len(self.media) < 2 or medium is None:
            return self.rows
        return replace(self.rows, intervals=of_medium(self.rows.intervals, medium))

    @property
    def previous(self) -> DayFigures | None:
        """The figures of the previous business day."""
        return self.history.get(self.references.previous) if self.references.previous else None

    @property
    def previous_counts(self) -> Counts | None:
        """The counts of the previous business day, None if it or the reporting day is thin.

        They have average times only where both days have the same one medium, and each of enough contacts.
        """
        if self.previous is None or self._is_either_thin(counts(self.rows.intervals), self.previous.counts):
            return None
        if not self.media:
            return self.previous.counts
        pick = comparison.picker_of(self.group, self.media[0])
        has_one_medium = len(self.media) == 1 and not self.previous.media
        reference = pick(self.previous) if pick and has_one_medium else None
        handle, answer = self._comparable_averages(reference) if reference else (None, None)
        return replace(self.previous.counts, average_handle_ms=handle, average_answer_ms=answer)

    def _comparable_averages(self, reference: MediumFigures) -> tuple[float | None, float | None]:
        """Return average handle and answer time of the day before, None for one of few contacts then or now.

        Of 60 contacts offered, only three may have been answered: their average says little.
        """
        now, earlier = sums(self.rows.intervals), reference.counts
        handled = _handled(reference)
        return (
            None if self._are_few(now.handled, handled) else earlier.average_handle_ms,
            None if self._are_few(now.answered, earlier.answered) else earlier.average_answer_ms,
        )

    def _are_few(self, *contacts: int | None) -> bool:
        """Return whether one of these numbers is below the fewest contacts. An unknown number may be large."""
        return any(number is not None and number < self.group.insights.fewest_contacts for number in contacts)

    @property
    def usual_volume(self) -> comparison.UsualVolume | None:
        """The usual number of contacts in the medium with the most contacts of this day."""
        pick = comparison.picker_of(self.group, next(iter(self.media), None))
        fewest = self.group.insights.fewest_contacts
        return comparison.usual_volume(pick, self.references, self.history, fewest) if pick else None

    @property
    def usual_offered(self) -> Usual | None:
        """What is usual for the contacts offered in the medium with the most contacts."""
        leading = next(iter(self.media), None)
        pick = comparison.picker_of(self.group, leading)
        offered = counts(self.rows_of(leading).intervals).offered
        is_thin = offered is not None and offered < self.group.insights.fewest_contacts
        return self.usual.of_offered(offered, pick) if pick and not is_thin else None

    @property
    def offered_trend(self) -> tuple[int | None, ...]:
        """The contacts offered on the last business days and today, in the medium with the most contacts."""
        leading = next(iter(self.media), None)
        pick = comparison.picker_of(self.group, leading)
        if pick is None:
            return ()
        days = (self.history.get(day) for day in self.references.earlier)
        past_figures = [pick(figures) if figures else None for figures in days]
        past_counts = (figures.counts.offered if figures else None for figures in past_figures)
        return (*past_counts, counts(self.rows_of(leading).intervals).offered)

    def usual_time(self, measure: Measure) -> Usual | None:
        """What is usual for an average time in the medium with the most contacts, None if it is of few contacts."""
        pick = comparison.picker_of(self.group, next(iter(self.media), None))
        today = pick(self.figures) if pick else None
        figure = average_time(self.usual.reporting_day, measure, today)
        if pick is None or figure is None or self._are_few(round(figure.denominator)):
            return None
        return self.usual.of_time(measure, today, pick)

    def counts_before(self, now: Counts, medium: str) -> Counts | None:
        """Return the counts of a medium on the previous business day, None if it is thin then or ``now``."""
        pick = comparison.picker_of(self.group, medium)
        figures = pick(self.previous) if pick and self.previous else None
        return None if figures is None or self._is_either_thin(now, figures.counts) else figures.counts

    def _is_either_thin(self, now: Counts, earlier: Counts) -> bool:
        return self._is_thin(now) or self._is_thin(earlier)

    @property
    def contacts_of_before(self) -> int:
        """How many contacts at least came before midnight: nothing to mention where few of many did."""
        number, offered = contacts_of_before(self.rows.intervals, self.window), counts(self.rows.intervals).offered
        fewest = self.group.insights.fewest_contacts
        return number if number >= fewest or (offered is not None and offered < fewest) else 0

    def _is_thin(self, of_day: Counts) -> bool:
        return is_thin(of_day, None, self.group.insights.fewest_contacts)

    def busy_days(self, medium: str | None) -> History:
        """Return the known days on which enough contacts were offered, in one medium if there is one."""
        pick = comparison.picker_of(self.group, medium)
        by_day = {
            day: picked.counts if pick and (picked := pick(figures)) else figures.counts
            for day, figures in self.history.items()
        }
        return {day: figures for day, figures in self.history.items() if not self._is_thin(by_day[day])}

    def half_hours(self, rows: Rows) -> tuple[HalfHour, ...]:
        """Return the half-hours of these rows."""
        return half_hours(rows.intervals, self.window, self.group.tz, self.group.insights.fewest_contacts)


def _handled(figures: MediumFigures) -> int | None:
    """Return how many contacts the average handle time of a past day is of, those answered if it is not stored."""
    by_queue = [queue.handled for queue in figures.sums.values()]
    handled = [number for number in by_queue if number is not None]
    return sum(handled) if handled and len(handled) == len(by_queue) else figures.counts.answered
