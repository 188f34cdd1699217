from __future__ import annotations

from datetime import time
from pathlib import Path

import pytest

from tests.unit.groupfiles.conftest import DEFAULTS, HEALTHY, Read
from worker.domain.calendar.closures import EventFilter
from worker.domain.groups.calendar_kinds import CountryCalendar, IcalCalendar
from worker.domain.groups.targets import ContactTargets
from worker.groupfiles import reading as groupfile


def test_a_group_takes_missing_values_from_the_defaults(read: Read) -> None:
    group_file = read(DEFAULTS + HEALTHY)
    assert group_file.problems == ()
    (group,) = group_file.groups
    assert (group.key, group.zone, group.standup_at) == ("healthy", "Europe/Berlin", time(8, 30))
    assert (group.catch_up_until, group.queues) == (time(10, 30), ("Support",))
    assert group.deliver.email == ("lead@example.com",)


def test_tables_are_merged_key_by_key_and_lists_are_replaced(read: Read) -> None:
    defaults = DEFAULTS + "[defaults.targets]\nservice_level = 0.9\nabandonment = 0.03\n"
    (group,) = read(defaults + HEALTHY + 'queues = ["Sales"]\ntargets.abandonment = 0.02\n').groups
    assert (group.targets.service_level, group.targets.abandonment) == (0.9, 0.02)
    assert group.queues == ("Sales",)


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("", ()),
        ('behind = ["agents", "queues"]', ("agents", "queues")),
        ('behind = ["source", "agents"]', ("source", "agents")),
        ("include_source_pdf = true", ("source",)),
        ('behind = ["agents"]\ninclude_source_pdf = true', ("agents", "source")),
        ('behind = ["source", "agents"]\ninclude_source_pdf = true', ("source", "agents")),
    ],
)
def test_the_appendix_is_a_list_and_the_older_key_puts_the_sources_pdf_last(
    line: str, parts: tuple[str, ...], read: Read
) -> None:
    (group,) = read(DEFAULTS + HEALTHY + f'source = "exports"\n{line}\n').groups
    assert group.appendix_parts == parts
    assert group.wants_source_pdf == ("source" in parts)


def test_a_calendar_of_the_same_kind_is_merged_and_one_of_another_kind_replaces(read: Read, tmp_path: Path) -> None:
    (tmp_path / "closed.ics").touch()
    defaults = DEFAULTS + 'calendar = { kind = "country", country = "DE", subdivision = "BE" }\n'
    bavaria = HEALTHY + 'calendar = { subdivision = "BY" }\n'
    own_keys = HEALTHY.replace("healthy", "own_keys") + 'calendar = { kind = "ical", path = "closed.ics" }\n'
    group_file = read(defaults + bavaria + own_keys)
    assert group_file.problems == ()
    assert group_file.groups[0].calendar == CountryCalendar(kind="country", country="DE", subdivision="BY")
    assert isinstance(group_file.groups[1].calendar, IcalCalendar)


@pytest.mark.parametrize("line", ['"08:30"', '"08:30:00"', "08:30:00"])
def test_a_time_is_a_text_or_a_toml_time(line: str, read: Read) -> None:
    (group,) = read(DEFAULTS + HEALTHY.replace('"08:30"', line)).groups
    assert group.standup_at == time(8, 30)


def test_a_file_can_override_the_defaults_of_its_folder(read: Read) -> None:
    group_file = read(
        defaults=DEFAULTS + "lead_minutes = 20\n",
        a=HEALTHY,
        b="[defaults]\nlead_minutes = 30\n" + HEALTHY.replace("healthy", "second"),
    )
    assert group_file.problems == ()
    assert [(group.key, group.lead_minutes) for group in group_file.groups] == [("healthy", 20), ("second", 30)]


def test_the_defaults_of_one_file_are_not_those_of_another(read: Read) -> None:
    group_file = read(a=DEFAULTS + HEALTHY, b=HEALTHY.replace("healthy", "other"))
    assert [group.key for group in group_file.groups] == ["healthy"]
    assert {problem.groups for problem in group_file.problems} == {("other",)}


def test_paths_are_absolute_and_start_at_the_group_file(read: Read, tmp_path: Path) -> None:
    (tmp_path / "holidays").mkdir()
    (tmp_path / "holidays" / "berlin.ics").touch()
    (tmp_path / "daily.json").touch()
    (group,) = read(
        DEFAULTS
        + HEALTHY
        + 'source = "reporting"\nreport = "./daily.json"\ncalendar = { kind = "ical", path = "holidays/berlin.ics" }\n'
    ).groups
    assert group.report == str(tmp_path / "daily.json")
    assert isinstance(group.calendar, IcalCalendar)
    assert group.calendar.path == str(tmp_path / "holidays" / "berlin.ics")


def test_a_path_to_a_symbolic_link_is_not_resolved(read: Read, tmp_path: Path) -> None:
    (tmp_path / "first.json").touch()
    (tmp_path / "daily.json").symlink_to(tmp_path / "first.json")
    (group,) = read(DEFAULTS + HEALTHY + 'source = "reporting"\nreport = "daily.json"\n').groups
    assert group.report == str(tmp_path / "daily.json")


def test_a_byte_order_mark_and_windows_line_ends_are_accepted(read: Read) -> None:
    group_file = read(b"\xef\xbb\xbf" + (DEFAULTS + HEALTHY).replace("\n", "\r\n").encode())
    assert group_file.problems == ()
    assert len(group_file.groups) == 1


def test_hidden_files_of_editors_are_not_read(read: Read, tmp_path: Path) -> None:
    (tmp_path / ".#a.toml").write_text("no toml")
    assert read(a=DEFAULTS + HEALTHY).problems == ()


def test_the_example_in_the_reference_is_valid(tmp_path: Path) -> None:
    text = (Path(__file__).parents[3] / "docs" / "groups.md").read_text(encoding="utf-8")
    example = text.split("```toml\n")[1].split("```")[0]
    (tmp_path / "groups.toml").write_text(example)
    for name in ("closed-days.ics", "daily-report.json"):
        (tmp_path / name).touch()
    group_file = groupfile.read(tmp_path / "groups.toml")
    assert [str(problem) for problem in group_file.problems] == []
    assert len(group_file.groups) >= 3


def test_a_calendar_files_filters_are_read_under_their_keys(read: Read, tmp_path: Path) -> None:
    (tmp_path / "uk.ics").write_text("BEGIN:VCALENDAR\nEND:VCALENDAR\n", encoding="utf-8")
    calendar = 'calendar = { kind = "ical", path = "uk.ics", only = ["Public holiday"], except = ["Pancake Day"] }\n'
    group_file = read(DEFAULTS + HEALTHY + calendar)
    assert group_file.problems == ()
    assert isinstance(group_file.groups[0].calendar, IcalCalendar)
    assert group_file.groups[0].calendar.event_filter == EventFilter(("Public holiday",), ("Pancake Day",))


@pytest.mark.parametrize("targets", ['targets = "organisation"', 'targets.service_level = "organisation"'])
def test_the_organisations_targets_can_be_chosen_in_two_ways(targets: str, read: Read) -> None:
    (group,) = read(DEFAULTS + HEALTHY + targets + "\n").groups
    assert (group.targets.service_level, group.targets.adherence) == ("organisation", 0.92)


@pytest.mark.parametrize(
    ("inherited", "targets", "service_level", "adherence"),
    [
        ('"organisation"', "{ adherence = 0.9 }", "organisation", 0.9),
        ("{ adherence = 0.95 }", '"organisation"', "organisation", 0.95),
        ('"organisation"', "{ service_level = 0.7 }", 0.7, 0.92),
        ("{ service_level = 0.7, seconds = 30, adherence = 0.95 }", '"organisation"', "organisation", 0.95),
        ("{ service_level = 0.7, seconds = 30 }", '{ service_level = "organisation" }', "organisation", 0.92),
        ("{ chat = { service_level = 0.7, seconds = 30 } }", '{ chat.service_level = "organisation" }', 0.8, 0.92),
    ],
)
def test_the_organisations_targets_are_merged_key_by_key(
    inherited: str, targets: str, service_level: object, adherence: float, read: Read
) -> None:
    group_file = read(f"{DEFAULTS}targets = {inherited}\n{HEALTHY}targets = {targets}\n")
    assert group_file.problems == ()
    (group,) = group_file.groups
    assert (group.targets.service_level, group.targets.adherence) == (service_level, adherence)
    assert group.targets.seconds is None


def test_a_mistake_beside_the_organisations_targets_is_at_its_own_line(read: Read) -> None:
    (problem,) = read(f'{DEFAULTS}targets = "organisation"\n{HEALTHY}targets.adherence = 92\n').problems
    assert (problem.line, problem.key) == (10, "groups.healthy.targets.adherence")


def test_targets_of_queues_and_media_are_merged_with_the_defaults(read: Read) -> None:
    text = (
        DEFAULTS
        + "[defaults.targets]\nadherence = 0.9\nchat = { service_level = 0.9, seconds = 30 }\n"
        + HEALTHY
        + "targets.chat.abandonment = 0.1\n"
        + 'queue_targets."Support" = { service_level = 0.7, chat = { abandonment = 0 } }\n'
    )
    group_file = read(text)
    assert group_file.problems == ()
    group = group_file.groups[0]
    assert group.targets.adherence == 0.9
    assert group.targets.chat == ContactTargets(service_level=0.9, seconds=30, abandonment=0.1)
    of_support = group.targets_of_queue("7f", "support")
    assert of_support is not None
    assert (of_support.service_level, of_support.chat) == (0.7, ContactTargets(abandonment=0))


def test_two_spellings_of_a_mailbox_are_one_recipient_as_written_first(read: Read) -> None:
    text = DEFAULTS + HEALTHY + 'deliver.email = ["Ana@Example.com", "bo@example.com", "ana@example.com"]\n'
    (group,) = read(text).groups
    assert group.deliver.recipients == (("email", "Ana@Example.com"), ("email", "bo@example.com"))
