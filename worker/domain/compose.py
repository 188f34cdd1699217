"""Build a briefing from rows. The same rows, history and instants give the same briefing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime

from worker.domain.briefing.changed_parts import changed_parts
from worker.domain.briefing.content import Briefing, Completeness, Tile
from worker.domain.briefing.corrections import EarlierRevision, correction
from worker.domain.briefing.counts import counts
from worker.domain.briefing.history import History, reference_days
from worker.domain.briefing.incomplete.day import without_verdicts
from worker.domain.briefing.incomplete.figures import incomplete_figures
from worker.domain.briefing.judging import group_target
from worker.domain.briefing.lines import agent_lines, queue_lines
from worker.domain.briefing.media import without_contacts
from worker.domain.briefing.tiles.day_source import DaySource
from worker.domain.briefing.tiles.figures import common_seconds, medium_lines, tiles_of
from worker.domain.briefing.tiles.reasons import gap_detail
from worker.domain.briefing.usual_content import Measure
from worker.domain.briefing.usual_days import usual_days
from worker.domain.groups import Group
from worker.domain.insights import talk_about
from worker.domain.insights.follow_up import DayAfter, follow_up
from worker.domain.metrics import Metric
from worker.domain.rows import Rows, Window
from worker.domain.today.forecasts import DayForecast
from worker.domain.today.looking import LookingAhead, outlook_of
from worker.domain.today.plan import TodayPlan
from worker.domain.today.scoring import scores_of
from worker.domain.unusual.half_hours import range_of_run, silent_time
from worker.domain.unusual.queues import range_of_queue, unusual_queues
from worker.domain.why.content import NotExplained, Why
from worker.domain.why.explaining import DayToExplain, explain_day


def build(
    *,
    run_id: str,
    group: Group,
    reporting_day: date,
    revision: int,
    window: Window,
    generated_at: datetime,
    rows: Rows,
    history: History,
    business_days: Collection[date],
    earlier: EarlierRevision | None = None,
    today: TodayPlan | None = None,
    forecasts: Mapping[date, DayForecast] | None = None,
) -> Briefing:
    """Build the briefing of a group's day.

    ``business_days``: the group's own without holidays, those of `comparison_days` if there are.
    ``history``: what is known of them. Later days and the reporting day itself are ignored in both. ``earlier``: the
    revision before, for a corrected briefing. ``today``: the plan of the stand-up's own day.
    ``forecasts``: those of past days, that of the reporting day among them.
    """
    days = usual_days(reporting_day, business_days, group.workdays, history)
    source = DaySource(group, rows, window, reference_days(reporting_day, business_days), history, days)
    media = medium_lines(source)
    tiles = tiles_of(source)
    day = Briefing(
        run_id=run_id,
        group_key=group.key,
        group_title=group.title,
        reporting_day=reporting_day,
        revision=revision,
        language=group.language,
        window=window,
        zone=group.zone,
        generated_at=generated_at.astimezone(group.tz),
        service_level_seconds=rows.service_level_seconds,
        tiles=tiles,
        counts=counts(rows.intervals),
        insights=(),
        half_hours=media[0].half_hours if media else source.half_hours(rows),
        queues=queue_lines(group, rows, source.references, history),
        agents=agent_lines(rows.agents, group.targets, gap_detail(Metric.ADHERENCE, rows)),
        completeness=Completeness(
            rows.gaps, rows.notes, incomplete_figures(rows, source.media), without_contacts(group.media, source.media)
        ),
        previous_counts=source.previous_counts,
        correction=correction(earlier, source.figures, _queue_names(rows), tiles, group.insights.fewest_contacts)
        if earlier
        else None,
        media=media,
        usual_offered=source.usual_offered,
        offered_trend=source.offered_trend,
        usual_handle_time=source.usual_time(Measure.HANDLE_TIME),
        usual_speed_of_answer=source.usual_time(Measure.SPEED_OF_ANSWER),
        unusual_queues=unusual_queues(source.usual, source.figures, source.media, group, _queue_names(rows)),
        silent_time=silent_time(source.usual, source.figures, group, source.media),
        contacts_of_before=source.contacts_of_before,
        today=outlook_of(today, _looking_ahead(source)) if today else None,
        forecast_scores=scores_of(reporting_day, source.figures, forecasts or {}, history),
        explanation=_explanation(source, tiles),
    )
    if earlier and earlier.rows and day.correction:
        earlier_day = build(
            run_id=run_id,
            group=group,
            reporting_day=reporting_day,
            revision=earlier.revision,
            window=window,
            generated_at=generated_at,
            rows=earlier.rows,
            history=history,
            business_days=business_days,
        )
        day = replace(day, correction=replace(day.correction, parts=changed_parts(earlier_day, day)))
    insights = talk_about(day, source.usual_volume, group.insights, range_of_run(source.usual, group, source.media))
    day_after = DayAfter(day, group, rows, range_of_queue(source.usual, source.figures, group, source.media))
    briefing = replace(day, insights=insights, follow_up=follow_up(day_after, source.references.previous, history))
    return briefing if day.completeness.whole else without_verdicts(briefing)


def _queue_names(rows: Rows) -> dict[str, str]:
    return {queue.id: queue.name for queue in rows.queues}


def _explanation(source: DaySource, tiles: Iterable[Tile]) -> Why | NotExplained | None:
    """Explain the service level of the medium with the most contacts, if the day is whole and it lies low."""
    medium = next(iter(source.media), None)
    if medium is None or not Completeness(source.rows.gaps, ()).whole:
        return None
    return explain_day(
        DayToExplain(
            figures=source.figures,
            medium=medium,
            is_only_medium=len(source.group.media) == 1,
            within_seconds=common_seconds(source, medium),
            usual=next(tile.usual for tile in tiles if tile.reading.metric is Metric.SERVICE_LEVEL),
            usual_days=source.usual_days.days,
            history=source.history,
            reporting_day=source.usual.reporting_day,
            widening=source.group.insights.usual_widening,
        )
    )


def _looking_ahead(source: DaySource) -> LookingAhead:
    """Return what the outlook on today needs of the day and of the history. The day itself may be a week ago."""
    reporting_day = source.window.start.astimezone(source.group.tz).date()

    def goal_of(medium: str) -> float | None:
        queue_ids = {objective.queue_id for objective in source.rows.objectives if objective.medium == medium}
        target = group_target(Metric.SERVICE_LEVEL, source.group, source.rows, medium, queue_ids)
        return None if target.obstacle or isinstance(target.goal, tuple) else target.goal

    return LookingAhead(
        group=source.group,
        history={**source.history, reporting_day: source.figures},
        medium=next(iter(source.media), None),
        goal_of=goal_of,
        within_seconds=source.rows.service_level_seconds,
    )
