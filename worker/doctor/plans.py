"""Check whether the plan of today can be asked for: the licence, the business units of a group, and their schedules."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from worker.doctor.finding import Finding, Level, of_error, ok, warning
from worker.doctor.recipients import with_permit
from worker.domain.calendar.business_day import next_workday, window_of
from worker.domain.clock import Clock
from worker.domain.groups import Group
from worker.domain.rows import Window
from worker.domain.today.plan import NotKnown
from worker.errors import StandupError
from worker.genesys.answer_cache import AnswerCache, Answers
from worker.genesys.api.paging import entities_of_page
from worker.genesys.api.session import Session
from worker.genesys.wfm.parts import PLAN_SECONDS, NotPlanned, SharedParts
from worker.genesys.wfm.schedules import PublishedSchedules
from worker.genesys.wfm.units import Units

BUSINESS_UNITS_ROUTE = "/api/v2/workforcemanagement/businessunits"
FEATURE = "BuIntradayMonitoring"

_SWITCH = "or set today = false in the group file, so that briefings say nothing of it."


def check(area: str, group: Group, session: Session, answers: Answers, clock: Clock) -> Iterator[Finding]:
    """Check the group's management units. Nothing here stops a briefing, so each finding is a warning at most."""
    if not group.plans_today:
        return
    parts = SharedParts(AnswerCache(answers, session.organisation.client_key))
    units = Units(session, parts)
    try:
        business_units = with_permit(units.all_business_unit_ids)
        usable_units = with_permit(lambda: _usable_units(session, parts))
    except NotPlanned as error:
        yield _not_planned(area, error.reason)
    except StandupError as error:
        yield of_error(area, error, Level.WARNING)
    else:
        yield from _units(area, group, business_units, usable_units)
        group_units = {business_units[unit] for unit in group.management_units if unit in business_units}
        for unit_id in sorted(group_units & usable_units):
            yield from _day(area, PublishedSchedules(session, parts), units, unit_id, _next_standup_day(group, clock))


def _usable_units(session: Session, parts: SharedParts) -> frozenset[str]:
    ids = parts.part(lambda: _ask_usable_units(session), PLAN_SECONDS, "usable-business-units")
    return frozenset(map(str, ids)) if isinstance(ids, list) else frozenset()


def _ask_usable_units(session: Session) -> object:
    """Return the business units whose day the client may see. A listed unit may still be closed to the caller."""
    answer = session.get(BUSINESS_UNITS_ROUTE, {"feature": FEATURE})
    entities = (entity for entity in entities_of_page(answer) if isinstance(entity, dict))
    return [entity.get("id") for entity in entities if entity.get("authorized") is not False]


def _units(area: str, group: Group, business_units: dict[str, str], usable_units: frozenset[str]) -> Iterator[Finding]:
    invisible = [unit for unit in group.management_units if unit not in business_units]
    closed = [
        unit for unit in group.management_units if unit not in invisible and business_units[unit] not in usable_units
    ]
    for unit in invisible:
        yield warning(
            area,
            f"today's plan: the OAuth client does not see the management unit {unit}",
            f"Correct its id, grant a wfm role in the division of its business unit, {_SWITCH}",
        )
    for unit in closed:
        yield warning(
            area,
            f"today's plan: the OAuth client may not see the day of the management unit {unit}",
            f"Grant wfm:intraday:view in the division of its business unit, {_SWITCH}",
        )
    if not invisible and not closed:
        yield ok(area, "today's plan can be asked for: the business units of its management units can be seen")


def _next_standup_day(group: Group, clock: Clock) -> Window:
    """Return today, or the group's next workday if today is none."""
    yesterday = clock().astimezone(group.tz).date() - timedelta(days=1)
    return window_of(next_workday(yesterday, group.tz, group.workdays), group.tz)


def _day(area: str, schedules: PublishedSchedules, units: Units, unit_id: str, day: Window) -> Iterator[Finding]:
    """Check that the day has a published schedule that was made from a forecast."""
    try:
        unit = with_permit(lambda: units.business_unit(unit_id, day))
        schedule = with_permit(lambda: schedules.published(unit))
    except NotPlanned as error:
        if error.reason is NotKnown.NO_SCHEDULE:
            yield warning(
                area,
                f"today's plan: the business unit {unit_id} has no published schedule for {unit.day}",
                "Publish the schedule of the week in Genesys Cloud. Until then briefings have no staffing.",
            )
        return  # a permission that is missing is a finding of its own
    except StandupError as error:
        yield of_error(area, error, Level.WARNING)
        return
    if schedule.forecast_id is None:
        yield warning(
            area,
            f"today's plan: the schedule of the business unit {unit_id} for {unit.day} was made without a forecast",
            "Generate it from a short-term forecast. Until then briefings have no forecast.",
        )


def _not_planned(area: str, reason: NotKnown) -> Finding:
    if reason is NotKnown.NO_LICENCE:
        fact = (
            "today's plan: the OAuth client sees no management unit, so the organisation may have no licence for them"
        )
    else:
        fact = f"today's plan: the management units cannot be listed ({reason.value.replace('_', ' ')})"
    return warning(area, fact, f"Check the licence and the client's wfm roles, {_SWITCH}")
