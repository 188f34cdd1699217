"""Where the figures come from, which days they are compared with, and what is missing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from renderers.words.corrections import CorrectionWords
from renderers.words.gaps import GapWords
from renderers.words.readings import has_goal
from renderers.words.usual import UsualWords
from renderers.words.verdict import all_tiles
from worker.domain.briefing.content import Briefing, IncompleteFigure, Notice, PartWithoutFigure
from worker.domain.metrics import Metric, Reading
from worker.domain.rounding import half_up
from worker.domain.rows import Gap, SourceNote
from worker.domain.today.forecasts import ForecastOfMedium

_ID_LENGTH = 8
_MOST_NAMES = 3
_MOST_REFERENCES_WITH_ROOM = 2
"""A foot with more days to compare with, a previous day and an average, has no room for another note beside them."""


class CompletenessWords(CorrectionWords, GapWords, UsualWords):
    """The words about sources and gaps."""

    def completeness(self, briefing: Briefing) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Return rows of (label, lines) for the completeness panel."""
        notes = briefing.completeness.notes
        corrected = self.correction(briefing)
        return (
            (self.say("From"), (self.instant(briefing.window.start),)),
            (self.say("To"), (self.exclusive(briefing),)),
            (self.say("Time zone"), (briefing.zone,)),
            (self.say("Generated"), (self.instant(briefing.generated_at),)),
            (self.say("Sources"), (self._sources_head(briefing), *(self._source(note) for note in notes))),
            *self.references(briefing),
            *self._hidden_changes(briefing),
            *self._media(briefing),
            *self._forecast_scores(briefing),
            *([(self.say("Corrected"), (corrected.head,))] if corrected else ()),
            *self._not_judged(briefing),
            *self._incomplete_figures(briefing),
            *(
                (self._gap_head(gap), (self._metric_prefix(gap) + self.gap_detail(gap),))
                for gap in _widest_first(briefing.completeness.gaps)
            ),
        )

    def _hidden_changes(self, briefing: Briefing) -> list[tuple[str, tuple[str, ...]]]:
        """Return which change of the service level could not be told from an ordinary day, if that is a large one."""
        tile = briefing.tile(Metric.SERVICE_LEVEL)
        text = self.hidden_change(briefing, tile)
        return [(self.metric(Metric.SERVICE_LEVEL), (self.by_medium(text, tile.medium),))] if text else []

    def _media(self, briefing: Briefing) -> list[tuple[str, tuple[str, ...]]]:
        """Return why a medium comes first, and in which media of the group no contact came."""
        names = ", ".join(map(self.medium, briefing.completeness.media_without_contacts))
        empty = self.say("No contact in {media}.", media=names) if names else ""
        lines = tuple(filter(None, (self.leading_medium(briefing), empty)))
        return [(self.say("Medium"), lines)] if lines else []

    def _forecast_scores(self, briefing: Briefing) -> list[tuple[str, tuple[str, ...]]]:
        """Return how good the forecast of the day was, by medium if the day has several."""
        lines = tuple(self._forecast_score(score, is_only=not briefing.media) for score in briefing.forecast_scores)
        return [(self.say("Forecast"), lines)] if lines else []

    def forecast_note(self, briefing: Briefing) -> str:
        """Return how good the forecast of the day was, in the medium with the most contacts. "" without a forecast."""
        scores = [score for score in briefing.forecast_scores if not briefing.media or score.medium == briefing.medium]
        return self._forecast_score(scores[0], is_only=not briefing.media) if scores else ""

    def _forecast_score(self, forecast: ForecastOfMedium, *, is_only: bool) -> str:
        """4.2% above the contacts that came, half-hours 12.3% off (a perfect forecast: 9.1%). 27 of 34 …"""
        score = forecast.score
        values = {"error": self.growth(score.error), "chance": self.growth(score.chance_error)}
        bias, size = half_up(score.bias, 3), self.growth(score.bias)
        if bias > 0:
            text = self.say(
                "{bias} above the contacts that came, half-hours {error} off (a perfect forecast: {chance}).",
                bias=size,
                **values,
            )
        elif bias < 0:
            text = self.say(
                "{bias} below the contacts that came, half-hours {error} off (a perfect forecast: {chance}).",
                bias=size,
                **values,
            )
        else:
            text = self.say(
                "As many contacts as came, half-hours {error} off (a perfect forecast: {chance}).", **values
            )
        inside = self.many(
            "{inside} of {n} half-hour inside the expected band.",
            "{inside} of {n} half-hours inside the expected band.",
            score.half_hours,
            inside=self.count(score.inside),
        )
        return self.by_medium(f"{text} {inside}", None if is_only else forecast.medium)

    def _not_judged(self, briefing: Briefing) -> list[tuple[str, tuple[str, ...]]]:
        """Return why readings cannot be judged."""
        tiles = [tile for tile in all_tiles(briefing) if not has_goal(tile.reading)]
        lines = tuple(f"{self.tile_name(tile)}: {self.missing_reason(tile.reading)}" for tile in tiles)
        return [(self.say("No goal"), lines)] if lines else []

    def _incomplete_figures(self, briefing: Briefing) -> list[tuple[str, tuple[str, ...]]]:
        """Return which parts lack which figures. Figures that the same parts lack share a line."""
        figures: dict[tuple[PartWithoutFigure, ...], list[str]] = {}
        for figure in briefing.completeness.incomplete_figures:
            figures.setdefault(figure.parts, []).append(self._figure_name(figure))
        lines = tuple(
            self.say("{figures}: no figure for {parts}.", figures=", ".join(names), parts=self._parts_text(parts))
            for parts, names in figures.items()
        )
        return [(self.say("Not known"), lines)] if lines else []

    def _figure_name(self, figure: IncompleteFigure) -> str:
        is_metric = figure.name in set(Metric)
        name = self.metric(Metric(figure.name)) if is_metric else self.count_name(figure.name)
        return self.in_medium(name, figure.medium)

    def _parts_text(self, parts: tuple[PartWithoutFigure, ...]) -> str:
        """Sales, Billing (2 of 8 half-hours), Returns, + 3 more."""
        return ", ".join(self._at_most([self._part_text(part) for part in parts], _MOST_NAMES))

    def _at_most(self, names: list[str], most: int) -> list[str]:
        """Return the first names, and how many more there are."""
        hidden = len(names) - most
        return [*names[:most], *([self.say("+ {number} more", number=self.count(hidden))] if hidden > 0 else [])]

    def _part_text(self, part: PartWithoutFigure) -> str:
        blank_count, total = self.count(part.blank_count), self.count(part.total)
        if not part.queue:
            return self.say("{number} of {all} agents", number=blank_count, all=total)
        name = self.in_medium(self.clean(part.queue), part.medium)
        if part.blank_count == part.total:
            return name
        return self.say("{name} ({number} of {all} half-hours)", name=name, number=blank_count, all=total)

    def exclusive(self, subject_matter: Briefing | Notice) -> str:
        """2026-10-22T00:00:00-04:00 (exclusive)."""
        return self.say("{instant} (exclusive)", instant=self.instant(subject_matter.window.end))

    def gap(self, gap: Gap) -> str:
        """Not available: Adherence, no permission wfm:historicalAdherence:view."""
        return f"{self._gap_head(gap)}: {self._metric_prefix(gap)}{self.gap_detail(gap)}"

    def gaps(self, briefing: Briefing) -> tuple[str, ...]:
        """Return all gaps, first those that affect every figure."""
        ordered = _widest_first(briefing.completeness.gaps)
        incomplete = [f"{head}: {line}" for head, lines in self._incomplete_figures(briefing) for line in lines]
        return (*(self.gap(gap) for gap in ordered), *incomplete)

    def lacks(self, briefing: Briefing, fits: Callable[[str], bool] = lambda _: True) -> str:
        """Say in one line what is not available. The completeness page says why, an insight which part of the day.

        Of the figures that lack a part the line names as many as ``fits`` allows, and one at least.
        """
        general_reasons, names = self._not_available(briefing), self._incomplete_names(briefing)
        counts = range(min(len(names), _MOST_NAMES), 0, -1)
        lines = [" ".join([*general_reasons, self._not_known(names, count)]) for count in counts] or [
            " ".join(general_reasons)
        ]
        return next(filter(fits, lines), lines[-1])

    def _not_available(self, briefing: Briefing) -> list[str]:
        """Return the sentences about what the source says that it lacks."""
        gaps = [gap for gap in briefing.completeness.gaps_in_data if gap not in briefing.completeness.holes]
        metrics = dict.fromkeys(self.metric(Metric(gap.metric)) for gap in gaps if gap.metric in set(Metric))
        sentences = [self.say("Not available: {metrics}.", metrics=", ".join(metrics))] if metrics else []
        kinds = dict.fromkeys(gap.kind for gap in gaps if gap.metric not in set(Metric))
        return [*sentences, *(self._lack(kind) for kind in kinds)]

    def _incomplete_names(self, briefing: Briefing) -> list[str]:
        return list(dict.fromkeys(map(self._figure_name, briefing.completeness.incomplete_figures)))

    def _not_known(self, names: list[str], most: int) -> str:
        figures = ", ".join(self._at_most(names, most))
        return self.say("Not known, because a part is missing: {figures}.", figures=figures)

    def lacks_with_pointer(self, briefing: Briefing) -> str:
        """Say in a message what is not available, and where the PDF says why."""
        pointer = self.say("The PDF says why under “Data completeness”.")
        return f"{lacks} {pointer}" if (lacks := self.lacks(briefing)) else ""

    def _lack(self, kind: str) -> str:
        return {
            "unavailable": self.say("Some figures are not available."),
            "assumed_open": self.say("The calendar was not read."),
            "percent_only": self.say("The source gives percentages only."),
            "doubtful": self.say("Some figures are in doubt."),
        }[kind]

    def own_reason(self, briefing: Briefing, reading: Reading) -> str:
        """Return why there is no reading, unless the completeness page says so."""
        is_gap = any(gap.detail == reading.reason for gap in briefing.completeness.gaps)
        return "" if is_gap else self.missing_reason(reading)

    def data_state(self, briefing: Briefing) -> str:
        """Data complete, or data incomplete. Nothing of a day without contacts, of which page one says more."""
        if not briefing.has_interactions:
            return ""
        return self.say("Data complete") if briefing.completeness.is_all_known else self.say("Data incomplete")

    def footnotes(self, briefing: Briefing) -> tuple[str, str]:
        """Return the panel in two lines, for the foot of a wall page."""
        generated = f"{self.short_day(briefing.generated_at)}, {self.clock(briefing.generated_at)}"
        first = [
            self._sources_head(briefing),
            self.say("times in {zone}", zone=briefing.zone),
            self.say("generated {instant}", instant=generated),
        ]
        second = [f"{label}: {lines[0]}" for label, lines in self.references(briefing)]
        if briefing.service_level_seconds is not None:
            limit = self.seconds(briefing.service_level_seconds)
            with_room = first if len(second) > _MOST_REFERENCES_WITH_ROOM else second
            with_room.append(self.say("not in time = not answered within {seconds}", seconds=limit))
        return "  ·  ".join(first), "  ·  ".join(second)

    def _gap_head(self, gap: Gap) -> str:
        if gap.is_not_set_up:
            return self.say("Not set up")
        return {
            "partial": self.say("Incomplete"),
            "unavailable": self.say("Not available"),
            "late_data": self.say("Source is late"),
            "assumed_open": self.say("Calendar unread"),
            "percent_only": self.say("Percentages only"),
            "doubtful": self.say("In doubt"),
        }[gap.kind]

    def _metric_prefix(self, gap: Gap) -> str:
        return f"{self.metric(Metric(gap.metric))}, " if gap.metric in set(Metric) else ""

    def _sources_head(self, briefing: Briefing) -> str:
        number = len(briefing.completeness.notes)
        if not briefing.completeness.whole:
            return self.many("{n} source, incomplete", "{n} sources, incomplete", number)
        if briefing.completeness.lacks_figures:
            return self.many("{n} source, not all figures known", "{n} sources, not all figures known", number)
        return self.many("{n} source, all complete", "{n} sources, all complete", number)

    def _source(self, note: SourceNote) -> str:
        rows = self._rows(note.rows)
        return f"{self.source_name(note)} {self._short_id(note)} · {rows} · {self.source_status(note)}"

    def _rows(self, number: int) -> str:
        return self.many("{n} row", "{n} rows", number)

    def _short_id(self, note: SourceNote) -> str:
        return self.clean(note.id)[:_ID_LENGTH]

    def references(self, briefing: Briefing) -> list[tuple[str, tuple[str, ...]]]:
        """Return the days that changes are compared with. A metric whose days differ from the first one's is named."""
        metrics_by_days: dict[tuple[date, ...], list[Metric]] = {}
        rows: list[tuple[str, tuple[str, ...]]] = []
        for tile in briefing.tiles:
            for change in tile.changes:
                if change.kind == "weekday_average":
                    metrics_by_days.setdefault(tuple(sorted(change.days)), []).append(tile.reading.metric)
                elif not rows:
                    day = self.short_day(change.days[0])
                    rows.append((self.say("Calendar"), (self.say("{day} = previous business day", day=day),)))
        for number, (days, metrics) in enumerate(metrics_by_days.items()):
            names = f"{', '.join(map(self.metric, metrics))}: " if number else ""
            label, text = self._average_of(days)
            rows.append((label, (names + text,)))
        return rows

    def _average_of(self, days: tuple[date, ...]) -> tuple[str, str]:
        """Return label and text for the days of an average, which may be of one day."""
        if len(days) == 1:
            return self.say("Weekday"), self.say("{day}, the only earlier one known", day=self.short_day(days[0]))
        return self.say("Average"), f"{self.weekdays(days)}: {self.days_of_months(days)}"


def _widest_first(gaps: Iterable[Gap]) -> list[Gap]:
    """Return the gaps, first those that affect every figure."""
    return sorted(gaps, key=lambda gap: gap.kind not in ("partial", "late_data"))
