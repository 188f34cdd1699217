"""Management units, their business units, and the week that a day is in.

Groups name management units, and everything that is planned belongs to business units.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, timedelta
from zoneinfo import ZoneInfo

from worker.domain.groups import known_zones
from worker.domain.rows import Window
from worker.domain.today.plan import NotKnown
from worker.errors import MalformedAnswer
from worker.genesys.answer_cache import LOOKUP_SECONDS
from worker.genesys.api.paging import entities_of_page
from worker.genesys.api.session import Session
from worker.genesys.api.shapes import read
from worker.genesys.wfm.parts import NotPlanned, SharedParts
from worker.genesys.wfm.shapes import BusinessUnitAnswer, ManagementUnit

MANAGEMENT_UNITS_ROUTE = "/api/v2/workforcemanagement/managementunits"
UNIT_ROUTE = "/api/v2/workforcemanagement/businessunits/{businessUnitId}"

MANAGEMENT_UNITS, BUSINESS_UNIT = "management-units", "business-unit"
"""What the answers are cached under."""

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_HALF_A_DAY = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class BusinessUnit:
    """A business unit, with the day of the plan as a date of its own zone and the first day of that date's week."""

    id: str
    zone: str
    day: date
    week: date


class Units:
    """Looks up the business units of management units."""

    def __init__(self, session: Session, parts: SharedParts) -> None:
        self._session = session
        self._parts = parts

    def business_unit_ids(self, management_units: Iterable[str]) -> tuple[str, ...]:
        """Return the ids of the business units, each once.

        A unit that is missing from the list is one that this client may not see: permissions apply by division.
        """
        visible_units = self.all_business_unit_ids()
        for unit in management_units:
            if unit not in visible_units:
                cause = f"the OAuth client does not see the management unit {unit}"
                raise NotPlanned(NotKnown.NO_PERMISSION, cause)
        return tuple(dict.fromkeys(visible_units[unit] for unit in management_units))

    def all_business_unit_ids(self) -> dict[str, str]:
        """Return the business unit of each management unit that this client may see."""
        answer = self._parts.part(self.ask_units, LOOKUP_SECONDS, MANAGEMENT_UNITS, when_missing=NotKnown.NO_LICENCE)
        return {str(unit): str(business_unit) for unit, business_unit in _items(answer)}

    def business_unit(self, unit_id: str, window: Window) -> BusinessUnit:
        """Return a business unit, with the date that its zone has at noon of the day."""
        answer = self._parts.part(lambda: self.ask_settings(unit_id), LOOKUP_SECONDS, BUSINESS_UNIT, unit_id)
        zone, first_weekday = map(str, _pair(answer))
        noon = window.start.astimezone(UTC) + _HALF_A_DAY
        day = noon.astimezone(ZoneInfo(zone)).date()
        return BusinessUnit(unit_id, zone, day, first_day_of_week(day, first_weekday))

    def ask_units(self) -> object:
        """Ask for the business unit of each management unit."""
        answer = self._session.get(MANAGEMENT_UNITS_ROUTE)
        units = [read(ManagementUnit, entity, answer.label) for entity in entities_of_page(answer)]
        if not units:
            raise NotPlanned(NotKnown.NO_LICENCE)
        return {unit.id: unit.business_unit.id for unit in units if unit.business_unit}

    def ask_settings(self, unit_id: str) -> object:
        """Ask for the zone of a business unit, and for the first day of its weeks."""
        expand = "settings.timeZone,settings.startDayOfWeek"
        answer = self._session.get(UNIT_ROUTE, {"expand": expand}, ids={"businessUnitId": unit_id})
        settings = read(BusinessUnitAnswer, answer.body, answer.label).settings
        zone, weekday = (settings.time_zone, settings.start_day_of_week) if settings else (None, None)
        if zone not in known_zones() or (weekday or "").lower() not in _WEEKDAYS:
            raise MalformedAnswer(f"{answer.label}: the business unit's zone or its first day of the week is missing.")
        return [zone, (weekday or "").lower()]


def first_day_of_week(day: date, first_weekday: str) -> date:
    """Return the first day of the schedule week that a day is in. ``first_weekday`` is a name such as ``monday``."""
    return day - timedelta(days=(day.weekday() - _WEEKDAYS.index(first_weekday)) % 7)


def _items(answer: object) -> Iterable[tuple[object, object]]:
    return answer.items() if isinstance(answer, dict) else ()


def _pair(answer: object) -> tuple[object, object]:
    zone, weekday = answer if isinstance(answer, list) else ("UTC", _WEEKDAYS[0])
    return zone, weekday
