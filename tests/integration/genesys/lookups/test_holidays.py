"""Holiday calendars at the organisation: schedule groups and the guide's resource."""

from __future__ import annotations

from datetime import date

import pytest

from tests.integration.genesys.conftest import MemoryAnswers, Reply, ScriptedApi
from worker import errors
from worker.domain.groups.calendar_kinds import GuideCalendar, ScheduleGroupCalendar
from worker.genesys.api.session import Session
from worker.genesys.lookups.holidays import holiday_of

GROUPS = "/api/v2/architect/schedulegroups"
SCHEDULES = "/api/v2/architect/schedules"
CHRISTMAS = date(2026, 12, 25)
BY_NAME = ScheduleGroupCalendar(kind="schedule_group", name="EMEA")
BY_ID = ScheduleGroupCalendar(kind="schedule_group", id="g1")
GUIDE = GuideCalendar(kind="guide", id="emea")


def group(*schedules: str, **fields: object) -> dict[str, object]:
    holidays = [{"id": item, "name": item} for item in schedules]
    return {"id": "g1", "name": "EMEA", "timeZone": "Europe/Berlin", "holidaySchedules": holidays, **fields}


def schedule(name: str, start: str, end: str, **fields: object) -> Reply:
    return Reply({"id": name, "name": name, "state": "active", "start": start, "end": end, **fields})


@pytest.fixture(autouse=True)
def script(api: ScriptedApi) -> None:
    api.script("GET", GROUPS, Reply({"entities": [group("xmas"), group(id="g2", name="EMEA 2")], "pageCount": 1}))
    api.script("GET", f"{GROUPS}/g1", Reply(group("xmas")))
    first = ("2020-12-25T00:00:00.000", "2020-12-26T00:00:00.000")
    api.script("GET", f"{SCHEDULES}/xmas", schedule("Christmas Day", *first, rrule="FREQ=YEARLY;INTERVAL=1"))
    dates = [{"date": "2026-12-25", "name": "Christmas Day"}, {"date": "2026-12-26"}]
    answer = {"id": "emea", "name": "EMEA", "timeZone": "Europe/Berlin", "holidays": dates}
    api.script("GET", "/api/v2/reporting/holidaycalendars/emea", Reply(answer))


@pytest.mark.parametrize("calendar", [BY_NAME, BY_ID, GUIDE])
def test_trap_empty_data_sets_on_holidays(session: Session, calendar: ScheduleGroupCalendar | GuideCalendar) -> None:
    assert holiday_of(session, calendar, CHRISTMAS) == "Christmas Day"
    assert holiday_of(session, calendar, date(2026, 12, 24)) is None


def test_a_holiday_without_a_name_is_a_holiday(session: Session) -> None:
    assert holiday_of(session, GUIDE, date(2026, 12, 26)) == "Holiday"


@pytest.mark.parametrize("state", ["inactive", "deleted"])
def test_a_schedule_that_is_not_active_closes_nothing(session: Session, api: ScriptedApi, state: str) -> None:
    days = ("2026-12-25T00:00:00.000", "2026-12-26T00:00:00.000")
    api.script("GET", f"{SCHEDULES}/xmas", schedule("Christmas Day", *days, state=state))
    assert holiday_of(session, BY_ID, CHRISTMAS) is None


@pytest.mark.parametrize("state", ["inactive", "deleted"])
def test_a_group_by_id_that_is_not_active_is_an_error(session: Session, api: ScriptedApi, state: str) -> None:
    api.script("GET", f"{GROUPS}/g1", Reply(group("xmas", state=state)))
    with pytest.raises(errors.LookupFailed, match=rf"The schedule group 'EMEA' \(g1\) is {state}\."):
        holiday_of(session, BY_ID, CHRISTMAS)


def test_a_reference_to_a_schedule_that_does_not_exist_is_an_error(session: Session, api: ScriptedApi) -> None:
    api.script("GET", f"{GROUPS}/g1", Reply(group("gone", "xmas")))
    with pytest.raises(errors.LookupFailed, match=r"refers to the holiday schedule 'gone', which does not exist"):
        holiday_of(session, BY_ID, date(2026, 12, 23))


def test_the_calendar_is_asked_for_once_for_many_days(
    session: Session, api: ScriptedApi, answers: MemoryAnswers
) -> None:
    for day in range(1, 31):
        holiday_of(session, BY_NAME, date(2026, 12, day), answers)
        holiday_of(session, GUIDE, date(2026, 12, day), answers)
    assert session.requests_sent == 3


def test_a_schedule_group_on_the_second_page_is_found(session: Session, api: ScriptedApi) -> None:
    changed_field = {"entities": [group(id="g9", name="APAC")], "pageCount": 2}
    api.script("GET", GROUPS, Reply(changed_field), Reply({"entities": [group("xmas")], "pageCount": 2}))
    assert holiday_of(session, BY_NAME, CHRISTMAS) == "Christmas Day"


@pytest.mark.parametrize(
    ("entities", "message"),
    [
        ([], "no active schedule group named 'EMEA'"),
        ([group(name="emea")], "There are: 'emea'"),
        ([group(state="inactive")], "no active schedule group"),
        ([group(), group(id="g2")], "2 schedule groups: g1, g2"),
    ],
)
def test_a_name_that_matches_none_or_several_is_an_error(
    session: Session, api: ScriptedApi, entities: list[object], message: str
) -> None:
    api.script("GET", GROUPS, Reply({"entities": entities, "pageCount": 1}))
    with pytest.raises(errors.LookupFailed, match=message):
        holiday_of(session, BY_NAME, CHRISTMAS)


def test_an_unknown_id_is_refused(session: Session) -> None:
    with pytest.raises(errors.LookupFailed, match="'nowhere'"):
        holiday_of(session, ScheduleGroupCalendar(kind="schedule_group", id="nowhere"), CHRISTMAS)


def test_an_unreachable_calendar_does_not_count_as_an_open_day(session: Session, api: ScriptedApi) -> None:
    api.script("GET", f"{SCHEDULES}/xmas", Reply(status=503))
    with pytest.raises(errors.SourceUnavailable):
        holiday_of(session, BY_ID, CHRISTMAS)


@pytest.mark.parametrize("start", ["Christmas", "", "2026-13-01T00:00:00"])
def test_a_schedule_whose_times_make_no_sense_is_malformed(session: Session, api: ScriptedApi, start: str) -> None:
    api.script("GET", f"{SCHEDULES}/xmas", schedule("Christmas Day", start, "2026-12-26T00:00:00.000"))
    with pytest.raises(errors.MalformedAnswer, match="Christmas Day"):
        holiday_of(session, BY_ID, CHRISTMAS)


def script_date(api: ScriptedApi, text: str) -> None:
    answer = {"id": "emea", "name": "EMEA", "holidays": [{"date": text, "name": "Christmas Day"}]}
    api.script("GET", "/api/v2/reporting/holidaycalendars/emea", Reply(answer))


@pytest.mark.parametrize("text", ["2026-12-25T00:00", "2026-12-25T00:00:00.000Z", " 2026-12-25 "])
def test_a_date_of_the_guide_may_have_midnight_behind_it(session: Session, api: ScriptedApi, text: str) -> None:
    script_date(api, text)
    assert holiday_of(session, GUIDE, CHRISTMAS) == "Christmas Day"


@pytest.mark.parametrize("text", ["2026-12-24T23:00:00Z", "2026-12-25T00:00:00+01:00", "25.12.2026", "2026-12-251"])
def test_what_is_no_date_of_the_guide_is_an_error(session: Session, api: ScriptedApi, text: str) -> None:
    script_date(api, text)
    with pytest.raises(errors.MalformedAnswer, match="which is none"):
        holiday_of(session, GUIDE, CHRISTMAS)


def test_a_guide_calendar_without_the_key_holidays_is_an_error(session: Session, api: ScriptedApi) -> None:
    route = "/api/v2/reporting/holidaycalendars/emea"
    api.script("GET", route, Reply({"id": "emea", "entities": [{"date": "2026-12-25"}]}))
    with pytest.raises(errors.MalformedAnswer, match="holidays"):
        holiday_of(session, GUIDE, CHRISTMAS)
    api.script("GET", route, Reply({"id": "emea", "holidays": []}))
    assert holiday_of(session, GUIDE, CHRISTMAS) is None


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-12-24T23:00:00Z", "2026-12-25T23:00:00Z"),
        ("2026-12-25T00:00:00Z", "2026-12-26T00:00:00Z"),
        ("2026-12-24T18:00:00-05:00", "2026-12-25T18:00:00-05:00"),
    ],
)
def test_a_schedule_with_offsets_is_read_in_the_zone_of_its_group(
    session: Session, api: ScriptedApi, start: str, end: str
) -> None:
    api.script("GET", f"{SCHEDULES}/xmas", schedule("Christmas Day", start, end))
    assert [holiday_of(session, BY_ID, date(2026, 12, day)) for day in (24, 25, 26)] == [None, "Christmas Day", None]


def test_an_instant_without_the_zone_of_its_group_is_refused(session: Session, api: ScriptedApi) -> None:
    api.script("GET", f"{GROUPS}/g1", Reply(group("xmas", timeZone=None)))
    api.script("GET", f"{SCHEDULES}/xmas", schedule("X", "2026-12-24T23:00:00Z", "2026-12-25T23:00:00Z"))
    with pytest.raises(errors.MalformedAnswer, match="which is no local date-time"):
        holiday_of(session, BY_ID, CHRISTMAS)
