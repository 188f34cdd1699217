"""The agents' published schedules of a day: when they are on queue, when they start, who has time off.

One search answers for many agents of a business unit, and is split by the groups of the morning. Only what a plan needs
is kept of it: the reason of an absence is personal and is dropped at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial

from worker.domain.rows import Window
from worker.domain.today.plan import Movable, NotKnown
from worker.genesys.answer_cache import LOOKUP_SECONDS
from worker.genesys.api.downloads import Downloads
from worker.genesys.api.instants import interval_text, utc_text
from worker.genesys.api.session import Session
from worker.genesys.api.shapes import Shape, read
from worker.genesys.sharing.plan import Batch, Plan
from worker.genesys.wfm.files import result_of
from worker.genesys.wfm.parts import PLAN_SECONDS, Calculating, NotPlanned, SharedParts
from worker.genesys.wfm.shapes import Activity, ActivityCodes, AgentSchedule, AgentSchedules, Linked, SearchAnswer
from worker.genesys.wfm.shapes import Shift as ShiftShape
from worker.genesys.wfm.units import UNIT_ROUTE, BusinessUnit

SEARCH_ROUTE = f"{UNIT_ROUTE}/agentschedules/search"
CODES_ROUTE = f"{UNIT_ROUTE}/activitycodes"

ACTIVITY_CODES = "activity-codes"
"""What the answers are cached under."""

AGENTS_AT_ONCE = 500
"""No limit is stated. 500 ids make a body of 20 kB (512 kB are allowed)."""

ON_QUEUE, TIME_OFF = "OnQueueWork", "TimeOff"

_ENDED_BADLY = ("Error", "Canceled")

MOVABLE = {"Training": Movable.TRAINING, "Meeting": Movable.MEETING, "Meal": Movable.MEAL}
"""Categories of activities that planners can move."""


class AgentDay(Shape):
    """An agent's day. Instants are seconds since 1970. ``on_queue`` are pairs of start and end inside the day.

    ``start``: when the work of the first shift that begins on the day starts, None without one. ``absent``: time off
    all day. ``movable``: kind, start and end of trainings, meetings and meals inside the day.
    """

    on_queue: tuple[tuple[int, int], ...] = ()
    start: int | None = None
    absent: bool = False
    movable: tuple[tuple[Movable, int, int], ...] = ()

    def merged_with(self, second: AgentDay) -> AgentDay:
        """Return the day of an agent who is in the schedules of two business units, as one who moves between them."""
        starts = [start for start in (self.start, second.start) if start is not None]
        works_elsewhere = any(day.start is not None or day.on_queue for day in (self, second))
        return AgentDay(
            on_queue=tuple(sorted({*self.on_queue, *second.on_queue})),
            start=min(starts, default=None),
            absent=(self.absent or second.absent) and not works_elsewhere,
            movable=(*self.movable, *second.movable),
        )


class AgentDays(Shape):
    """The days of those agents who are in the published schedule, by user id."""

    agents: dict[str, AgentDay]


class AgentShifts:
    """Searches the schedules of agents."""

    def __init__(self, session: Session, parts: SharedParts, downloads: Downloads) -> None:
        self._session = session
        self._parts = parts
        self._downloads = downloads

    def days(self, unit: BusinessUnit, plan: Plan, name: str, window: Window) -> dict[str, AgentDay]:
        """Return the days of an order's agents who are in the unit's schedule. ``plan`` holds those asked together.

        Raises `NotPlanned` if nothing is published.
        """
        categories = self._categories(unit)
        agents: dict[str, AgentDay] = {}
        for batch in plan.batches("user_ids", name, AGENTS_AT_ONCE):
            key = ("agent-shifts", unit.id, interval_text(window), *batch.key)
            ask = partial(self._search, unit, batch, window, categories, key)
            answer = self._parts.share(ask, PLAN_SECONDS, name, *key)
            agents |= read(AgentDays, answer, "Kept schedules of agents").agents
        return agents

    def _categories(self, unit: BusinessUnit) -> Mapping[str, str]:
        answer = self._parts.part(lambda: self.ask_codes(unit.id), LOOKUP_SECONDS, ACTIVITY_CODES, unit.id)
        return {str(code): str(category) for code, category in answer.items()} if isinstance(answer, dict) else {}

    def ask_codes(self, unit_id: str) -> object:
        """Ask for the categories of a business unit's activity codes."""
        answer = self._session.get(CODES_ROUTE, ids={"businessUnitId": unit_id})
        url = read(Linked, {"downloadUrl": answer.body.get("downloadUrl")}, answer.label).download_url
        listing = answer.body if "entities" in answer.body else result_of(self._downloads, None, url, answer.label)
        codes = read(ActivityCodes, listing, answer.label).entities
        return {code.id: code.category for code in codes if code.category}

    def _search(
        self,
        unit: BusinessUnit,
        batch: Batch,
        window: Window,
        categories: Mapping[str, str],
        key: tuple[str, ...],
    ) -> Mapping[str, object]:
        """Search once. A search that ends without a result is sent once more."""
        body = {"startDate": utc_text(window.start), "endDate": utc_text(window.end), "userIds": list(batch.ids)}
        answer = self._session.post(SEARCH_ROUTE, body, ids={"businessUnitId": unit.id})
        search = read(SearchAnswer, answer.body, answer.label)
        if search.status in _ENDED_BADLY and not self._parts.is_first(*key):
            raise NotPlanned(NotKnown.UNREADABLE, f"the search for schedules ended {search.status} twice")
        if search.status != "Complete":
            raise Calculating(f"{answer.label}: the state is {search.status}.")
        result = result_of(self._downloads, search.result, search.download_url, answer.label)
        schedules = read(AgentSchedules, result, answer.label)
        if not schedules.published_schedules:
            raise NotPlanned(NotKnown.NO_SCHEDULE)
        reader = _DayReader(unit, window, categories)
        days = {schedule.user.id: reader.day(schedule) for schedule in schedules.agent_schedules or ()}
        return {order: _share(days, user_ids) for order, user_ids in batch.shares()}


def _share(days: Mapping[str, AgentDay], user_ids: Iterable[str]) -> object:
    own_days = {user: days[user] for user in sorted(user_ids) if user in days}
    return AgentDays(agents=own_days).model_dump(mode="json", by_alias=True)


class _DayReader:
    """Reads agents' schedules. A schedule may begin the day before and end the day after."""

    def __init__(self, unit: BusinessUnit, window: Window, categories: Mapping[str, str]) -> None:
        self._unit = unit
        self._start, self._end = int(window.start.timestamp()), int(window.end.timestamp())
        self._categories = categories

    def day(self, schedule: AgentSchedule) -> AgentDay:
        """Return an agent's day. Time that no activity covers, or whose activity is not known, is not on queue."""
        shifts = schedule.shifts or ()
        work = [activity for shift in shifts for activity in shift.activities if self._is_work(activity)]
        on_queue = sorted(self._inside(activity) for activity in work if self._category(activity) == ON_QUEUE)
        starts = [start for shift in shifts if (start := self._start_of(shift)) is not None]
        has_marker = any(
            marker.business_unit_date == self._unit.day for marker in schedule.full_day_time_off_markers or ()
        )
        is_off = has_marker or any(self._touches(activity) for shift in shifts for activity in shift.activities)
        return AgentDay(
            on_queue=tuple((start, end) for start, end in on_queue if start < end),
            start=min(starts, default=None),
            absent=is_off and not work,
            movable=tuple(self._movable(work)),
        )

    def _movable(self, work: Iterable[Activity]) -> Iterator[tuple[Movable, int, int]]:
        for activity in work:
            if kind := MOVABLE.get(self._category(activity) or ""):
                yield kind, *self._inside(activity)

    def _start_of(self, shift: ShiftShape) -> int | None:
        """Return when the work of a shift that begins on this day starts. Time off at its beginning is no work."""
        if not self._start <= _seconds(shift.start_date) < self._end:
            return None
        starts = [_seconds(activity.start_date) for activity in shift.activities if self._is_work(activity)]
        return min(starts, default=None)

    def _is_work(self, activity: Activity) -> bool:
        return self._touches(activity) and self._category(activity) != TIME_OFF

    def _touches(self, activity: Activity) -> bool:
        start, end = self._inside(activity)
        return start < end

    def _inside(self, activity: Activity) -> tuple[int, int]:
        start = _seconds(activity.start_date)
        end = _seconds(activity.start_date.astimezone(UTC) + timedelta(minutes=activity.length_minutes))
        return max(start, self._start), min(end, self._end)

    def _category(self, activity: Activity) -> str | None:
        return self._categories.get(activity.activity_code_id or "")


def _seconds(instant: datetime) -> int:
    return int(instant.timestamp())
