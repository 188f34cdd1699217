"""Refresh the look-ups of plans outside the morning: management units, business units, activity codes.

What is planned for a day is not refreshed: planners publish and edit in the morning.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from worker.errors import PermanentError
from worker.genesys.answer_cache import LOOKUP_SECONDS, REFRESH_SECONDS, AnswerCache
from worker.genesys.api.downloads import JSON_FILE_LIMIT, Downloads
from worker.genesys.api.session import Session
from worker.genesys.wfm.parts import NotPlanned, SharedParts
from worker.genesys.wfm.shifts import ACTIVITY_CODES, AgentShifts
from worker.genesys.wfm.units import BUSINESS_UNIT, MANAGEMENT_UNITS, Units


def refresh_stale(session: Session, cache: AnswerCache, management_units: Iterable[str]) -> None:
    """Refresh what is old of the look-ups that plans of these management units need."""
    names = tuple(dict.fromkeys(management_units))
    if not names:
        return
    parts = SharedParts(cache)
    units = Units(session, parts)
    shifts = AgentShifts(session, parts, Downloads(session, limit=JSON_FILE_LIMIT))
    _refresh(cache, units.ask_units, MANAGEMENT_UNITS)
    for unit_id in _business_units(cache.get(MANAGEMENT_UNITS), names):
        _refresh(cache, lambda unit_id=unit_id: units.ask_settings(unit_id), BUSINESS_UNIT, unit_id)  # type: ignore[misc]
        _refresh(cache, lambda unit_id=unit_id: shifts.ask_codes(unit_id), ACTIVITY_CODES, unit_id)  # type: ignore[misc]


def _business_units(known_units: object, management_units: Iterable[str]) -> list[str]:
    """Return the business units of those management units that this client sees."""
    if not isinstance(known_units, dict):
        return []
    return sorted({str(known_units[unit]) for unit in management_units if unit in known_units})


def _refresh(cache: AnswerCache, ask: Callable[[], object], *key: str) -> None:
    """Refresh a look-up. One that is refused counts as refreshed, so that it is not asked for all night."""
    try:
        cache.refresh(ask, LOOKUP_SECONDS, *key)
    except (NotPlanned, PermanentError):
        cache.put(True, REFRESH_SECONDS, "fresh", *key)
