from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.unit.groupfiles.conftest import DEFAULTS, HEALTHY, Read
from worker.groupfiles import reading as groupfile
from worker.groupfiles.reading import GroupFile

SICK = """\
[groups.sick]
title = "Sick"
zone = "Europe/Berlin"
standup_at = "08:30"
"""


def _line(text: str, words: str) -> int:
    return text[: text.index(words)].count("\n") + 1


REPLACED = [
    ("zone", 'zone = "Europe/Berln"', 'found "Europe/Berln", expected an IANA zone such as Europe/Berlin'),
    ("zone", 'zone = "Europe/Berln"', '(did you mean "Europe/Berlin"?)'),
    ("zone", 'zone = "Berlin"', '(did you mean "Europe/Berlin"?)'),
    ("zone", 'zone = "europe/berlin"', '(did you mean "Europe/Berlin"?)'),
    ("zone", 'zone = "localtime"', "expected an IANA zone"),
    ("zone", "zone = 1", "found 1, expected an IANA zone"),
    (
        "standup_at",
        'standup_ad = "08:30"',
        "found an unknown key, expected a key of docs/groups.md (did you mean standup_at?)",
    ),
    ("standup_at", 'Standup_At = "08:30"', "(did you mean standup_at?)"),
    ("standup_at", 'standup_at = "25:30"', 'found "25:30", expected a local time from 00:00 to 23:59, such as "08:30"'),
    ("standup_at", "standup_at = 830", 'such as "08:30" (did you mean "08:30"?)'),
    ("standup_at", 'standup_at = "8:30"', '(did you mean "08:30"?)'),
    ("standup_at", 'standup_at = "8.30"', '(did you mean "08:30"?)'),
    ("standup_at", 'standup_at = "08:30+02:00"', "expected a local time"),
    ("standup_at", "standup_at = 2026-01-01T08:30:00Z", "expected a local time"),
    ("title", 'title = ""', 'found "", expected a text of 1 to 200 characters'),
]

ADDED = [
    ('colour = "red"', "found an unknown key, expected one of title, enabled,"),
    ('lead_minutes = "45"', 'found "45", expected whole minutes from 0 to 720, without quotes'),
    ('lead_minutes = "045"', "(did you mean 45?)"),
    ("lead_minutes = true", "found true, expected whole minutes"),
    ('enabled = "no"', 'found "no", expected true or false (did you mean false?)'),
    ('pages = "A4"', 'expected "phone", "a4", "letter" or "both"'),
    ('language = "fr"', 'found "fr", expected "en" or "de"'),
    ("insights.agent_floor = 85", "found 85, expected a fraction from 0 to 1"),
    ("insights.streak_days = 1", "found 1, expected business days"),
    ("insights.agent_flor = 0.8", "an unknown key"),
    ("queues = []", "found [], expected a list of at least one"),
    ('queues = "Support, Sales"', '(did you mean ["Support", "Sales"]?)'),
    ('deliver.email = "ana@example.com"', '(did you mean ["ana@example.com"]?)'),
    ('workdays = ["mon", "tuesday"]', 'found "tuesday"'),
    ("workdays = []", "expected at least one weekday"),
    ('source = "reportin"', 'expected "queries", "exports" or "reporting" (did you mean "reporting"?)'),
    ('source = "reporting"', 'expected the path of a report definition, which source "reporting" needs'),
    ("include_source_pdf = true", 'expected source "exports" or "reporting", which can have a PDF of their own'),
    ('behind = ["queue"]', 'found "queue", expected a list out of "queues" "half_hours" "agents" "source"'),
    ('behind = ["queue"]', '(did you mean "queues"?)'),
    ('behind = "queues"', 'found "queues", expected a list out of'),
    ('behind = ["agents", "agents"]', 'found "agents" twice, expected each part once'),
    (
        'behind = ["source"]',
        'behind: found ["source"], expected source "exports" or "reporting", which can have a PDF of their own',
    ),
    ("targets.service_level = 80", '0.8 for 80 %, or "organisation" (did you mean 0.8?)'),
    ('targets.service_level = "80 %"', "(did you mean 0.8?)"),
    ("targets.abandon = 0.1", "(did you mean abandonment?)"),
    ("targets.chat.service_level = 90", 'found 90, expected a fraction from 0 to 1, such as 0.8 for 80 %, or "organi'),
    (
        "targets.chat.servce_level = 0.9",
        "seconds, abandonment (did you mean service_level?)",
    ),
    ("targets.fax.service_level = 0.9", "an unknown key, expected one of service_level"),
    ("targets.chat = 0.9", "found 0.9, expected a table of targets such as"),
    ("targets.email.abandonment = 7", "found 7, expected a fraction from 0 to 1"),
    ("targets.email.seconds = 30", "service_level: found nothing, expected a fraction such as 0.8, which seconds"),
    ('targets.service_level = "organization"', 'found "organization", expected a fraction from 0 to 1'),
    ('targets = "organization"', 'found "organization", expected a table of targets, or "organisation"'),
    ('queue_targets."Suport" = { service_level = 0.9 }', 'found "Suport", expected one of the group'),
    ('queue_targets."Support" = { service_level = 9 }', "Support.service_level: found 9, expected a fraction"),
    ('queue_targets."Support" = { chat = { abandonment = 9 } }', "Support.chat.abandonment: found 9, expected a frac"),
    ('queue_targets."Support".occupancy = [0.1, 0.2]', "an unknown key, expected one of service_level, seconds"),
    ("targets.occupancy = [0.9, 0.1]", "expected [low, high] with low below high"),
    ("targets.occupancy = [0.75]", "occupancy: found [0.75], expected two fractions"),
    (
        'targets = { service_level = "organisation", seconds = 30 }',
        'service_level: found "organisation", expected a fraction such as 0.8, which seconds',
    ),
    ('deliver.email = ["lead"]', 'found "lead", expected an e-mail address'),
    ('deliver.email = ["a@b.c", "a@b.c"]', 'found "a@b.c" twice'),
    ('deliver.sendgrid = ["lead"]', 'found "lead", expected an e-mail address'),
    (
        r'deliver.email = ["ana@example.com\u200b"]',
        'found "ana@example.com<U+200B>", expected an e-mail address such as ana@example.com (it contains the invis',
    ),
    (
        'deliver.email = ["ana@example.com\u200b"]',
        "(it contains the invisible character U+200B (ZERO WIDTH SPACE))",
    ),
    (r'deliver.email = ["ana\u202e@example.com"]', "ana<U+202E>@example.com"),
    ('deliver.email = ["a@evil.example@example.com"]', "(it has 2 @)"),
    ('deliver.sendgrid = ["ana maria@example.com"]', "(it contains U+0020 (SPACE))"),
    ('deliver.slack = ["https://hooks.slack.com/x"]', "expected a name of letters, digits, - and _ such as ops-emea"),
    ('deliver.bucket = ["a", "a"]', 'found "a" twice'),
    ('deliver.slak = ["ops"]', "did you mean slack"),
    ('calendar.kind = "icla"', 'did you mean "ical"?'),
    ('calendar.country = "DE"', "calendar.kind: found nothing, expected one of"),
    (
        'calendar = { kind = "ical", path = "gone.ics" }',
        'calendar.path: found "gone.ics", expected an existing file. There is no /',
    ),
    ('calendar = { kind = "ical", path = "." }', 'calendar.path: found ".", expected an existing file. /'),
    ('calendar = { kind = "ical", path = "." }', " is a folder"),
    ('calendar = { kind = "country", country = "D\u200bE" }', 'calendar.country: found "D<U+200B>E", '),
    ('calendar = { kind = "country", country = "de" }', 'calendar.country: found "de", expected DE, an ISO 3166-1'),
    ('calendar = { kind = "country", country = "United States" }', "expected US, an ISO 3166-1 code of two capitals"),
    ('calendar = { kind = "country", country = "DE", subdivision = "DE-BY" }', "expected BY, or another one of BB"),
    ('calendar = { kind = "country", country = "DE", subdivision = "XX" }', "expected one of BB, BE, BW, BY"),
    (
        'calendar = { kind = "country", country = "HK", categories = ["optionl"] }',
        'calendar.categories: found ["optionl"], expected categories out of optional, public',
    ),
    (
        'calendar = { kind = "ical", path = "gone.ics", exept = ["X"] }',
        "calendar.exept: found an unknown key, expected one of kind, path, only, except, on_unreachable (did you mean",
    ),
    (
        'calendar = { kind = "ical", path = "gone.ics", except = "X" }',
        'calendar.except: found "X", expected a list of categories or summaries',
    ),
    (
        'calendar = { kind = "ical", path = "gone.ics", only = [""] }',
        'calendar.only: found "", expected a list of categories or summaries',
    ),
    ('calendar = { kind = "schedule_group" }', "calendar: found neither, expected either id or name"),
    ('calendar = { kind = "schedule_group", id = "1", name = "x" }', "found both, expected either id or name"),
    ('key = "sick"', "expected no key, because the header [groups.<key>] names the group"),
]


@pytest.mark.parametrize(("key", "line_text", "message"), REPLACED)
def test_a_wrong_value_or_key_names_its_place_what_was_found_and_what_is_expected(
    key: str, line_text: str, message: str, read: Read, tmp_path: Path
) -> None:
    sick = re.sub(rf"^{key} = .*$", line_text, SICK, flags=re.MULTILINE)
    group_file = read(text := DEFAULTS + sick + HEALTHY)
    _blames(
        group_file,
        f"{tmp_path / 'groups.toml'}:{_line(text, line_text)}: groups.sick.{line_text.split(' ')[0]}: ",
        message,
    )


@pytest.mark.parametrize(("line_text", "message"), ADDED)
def test_an_unknown_or_wrong_line_is_located_and_healthy_groups_still_run(
    line_text: str, message: str, read: Read, tmp_path: Path
) -> None:
    group_file = read(text := DEFAULTS + SICK + line_text + "\n" + HEALTHY)
    key = line_text.split(" ")[0].split(".")[0]
    line = _line(text, "[groups.sick]") if "needs" in message else _line(text, line_text)
    _blames(
        group_file, f"{tmp_path / 'groups.toml'}:{line}: groups.sick.{'report' if 'needs' in message else key}", message
    )


def _blames(group_file: GroupFile, place: str, message: str) -> None:
    """The healthy group runs, and one problem, the sick group's, says this of this place."""
    assert [group.key for group in group_file.groups] == ["healthy"]
    (problem,) = group_file.problems
    assert problem.groups == ("sick",)
    assert str(problem).startswith(place)
    assert message in str(problem)


def test_a_missing_key_is_reported_at_the_header_of_its_group(read: Read) -> None:
    text = DEFAULTS + SICK.replace('zone = "Europe/Berlin"\n', "") + HEALTHY
    (problem,) = read(text).problems
    assert (problem.line, problem.key) == (_line(text, "[groups.sick]"), "groups.sick.zone")
    assert "found nothing, expected an IANA zone" in str(problem)


def test_a_lead_that_reaches_into_the_day_before_is_refused(read: Read) -> None:
    (problem,) = read(DEFAULTS + SICK.replace("08:30", "00:30")).problems
    assert "groups.sick.lead_minutes: found 45, expected at most the minutes from midnight" in str(problem)


def test_contradictory_times_are_both_named(read: Read) -> None:
    (problem,) = read(DEFAULTS + SICK.replace("08:30", "11:30")).problems
    assert str(problem).endswith(
        ":2: defaults.catch_up_until: found 10:30, expected a time not before standup_at, 11:30."
        " These groups do not run because of it: sick"
    )


def test_a_name_that_could_not_be_an_id_is_refused_at_its_header(read: Read) -> None:
    (problem,) = read(DEFAULTS + HEALTHY + SICK.replace("[groups.sick]", '[groups."Süd West"]')).problems
    assert problem.key == 'groups."Süd West"'
    assert "lower-case letters" in problem.expected


def test_every_mistake_of_a_group_is_listed_at_once(read: Read) -> None:
    text = DEFAULTS + '[groups.sick]\ntitle = 3\nzone = "Mars"\nstandup_at = "8h30"\nqueue = ["x"]\n'
    assert [problem.key for problem in read(text).problems] == [
        "groups.sick.title",
        "groups.sick.zone",
        "groups.sick.standup_at",
        "groups.sick.queue",
    ]


def test_two_groups_of_one_name_in_two_files_do_not_run_and_each_names_the_other(read: Read, tmp_path: Path) -> None:
    group_file = read(defaults=DEFAULTS, a=SICK, b=HEALTHY, c=SICK)
    assert [group.key for group in group_file.groups] == ["healthy"]
    first, second = group_file.problems
    assert str(first).startswith(f"{tmp_path / 'a.toml'}:1: groups.sick: found another group with this name at ")
    assert f"{tmp_path / 'c.toml'}:1" in first.found
    assert f"{tmp_path / 'a.toml'}:1" in second.found


def test_three_groups_of_one_name_give_three_problems_that_name_the_others(read: Read) -> None:
    group_file = read(defaults=DEFAULTS, a=SICK, b=SICK, c=SICK)
    assert group_file.groups == ()
    assert len(group_file.problems) == 3
    assert not any(problem.found.endswith(f"{problem.file}:{problem.line}") for problem in group_file.problems)


def test_two_groups_of_one_name_in_one_file_do_not_run(read: Read) -> None:
    text = DEFAULTS + SICK + HEALTHY + SICK
    group_file = read(text)
    assert [group.key for group in group_file.groups] == ["healthy"]
    (problem,) = group_file.problems
    assert (problem.line, problem.key, problem.groups) == (text.count("\n") - 3, "groups.sick", ("sick",))


@pytest.mark.parametrize(
    ("line_text", "offset", "message"),
    [
        ("zone = Europe/Berlin", 2, "found zone = Europe/Berlin, expected valid TOML"),
        ("standup_at = 08:30", 3, 'did you mean standup_at = "08:30"?'),
        ('title = "open', 1, 'found title = "open, expected valid TOML'),
        ('title = """open', 1, 'found title = """open, expected valid TOML (the parser says: Unterminated string)'),
        ('queues = [\n  "a",\n  "b"', 4, "expected valid TOML"),
        ('title = "Sick"\ntitle = "Sick"', 2, "It is already in line 11"),
    ],
)
def test_a_line_that_is_no_toml_stops_only_its_group(line_text: str, offset: int, message: str, read: Read) -> None:
    key = line_text.split(" ")[0]
    lines = [line for line in SICK.splitlines() if not line.startswith(key)]
    lines.insert(min(offset, len(lines)), line_text)
    sick = "\n".join(lines) + "\n"
    text = DEFAULTS + HEALTHY + sick + HEALTHY.replace("healthy", "also")
    group_file = read(text)
    assert [group.key for group in group_file.groups] == ["healthy", "also"]
    (problem,) = group_file.problems
    assert problem.groups == ("sick",)
    assert message in str(problem)
    assert problem.line is not None
    assert text.splitlines()[problem.line - 1] in line_text


def test_a_table_that_is_no_toml_removes_its_whole_group(read: Read) -> None:
    group_file = read(DEFAULTS + SICK + "[groups.sick.targets]\nservice_level = high\n" + HEALTHY)
    assert [group.key for group in group_file.groups] == ["healthy"]
    assert [problem.key for problem in group_file.problems] == ["groups.sick.targets"]


def test_a_broken_header_loses_only_its_own_lines(read: Read) -> None:
    group_file = read(DEFAULTS + HEALTHY + SICK.replace("[groups.sick]", "[groups.sick"))
    assert [group.key for group in group_file.groups] == ["healthy"]
    assert "[groups.sick" in group_file.problems[0].found


def test_bytes_that_are_not_utf_8_stop_only_their_group(read: Read) -> None:
    group_file = read((DEFAULTS + HEALTHY).encode() + SICK.replace("Sick", "Süd").encode("latin-1"))
    assert [group.key for group in group_file.groups] == ["healthy"]
    assert "a byte that is not UTF-8; save the file in UTF-8)" in str(group_file.problems[0])
    str(group_file.problems[0]).encode()  # can be printed


def test_a_broken_file_does_not_affect_another_file(read: Read, tmp_path: Path) -> None:
    (tmp_path / "folder.toml").mkdir()
    group_file = read(defaults=DEFAULTS, a=b"\xff\xfe\x00\x01[[[", b=HEALTHY)
    assert [group.key for group in group_file.groups] == ["healthy"]
    assert {Path(problem.file).name for problem in group_file.problems} == {"a.toml", "folder.toml"}


@pytest.mark.parametrize(
    ("defaults", "complaint"),
    [
        (DEFAULTS + "lead_minuts = 20\n", "defaults.lead_minuts: found an unknown key"),
        (DEFAULTS + 'lead_minutes = "20"\n', 'defaults.lead_minutes: found "20"'),
        (DEFAULTS + "lead_minutes = twenty\n", "defaults: found lead_minutes = twenty, expected valid TOML"),
        (DEFAULTS.replace("[defaults]", "[default]"), "default: found an unknown key"),
        (DEFAULTS.replace("[defaults]\n", ""), "catch_up_until: found an unknown key"),
    ],
)
def test_a_mistake_in_the_defaults_is_reported_once_with_all_affected_groups(
    defaults: str, complaint: str, read: Read
) -> None:
    group_file = read(defaults=defaults, a=HEALTHY, b=SICK)
    assert group_file.groups == ()
    problem = next(problem for problem in group_file.problems if complaint in str(problem))
    assert problem.groups == ("healthy", "sick")
    assert str(problem).endswith(". These groups do not run because of it: healthy, sick")
    assert Path(problem.file).name == "defaults.toml"


def test_a_group_that_overrides_a_wrong_default_is_healthy(read: Read) -> None:
    group_file = read(DEFAULTS + "lead_minutes = 999\n" + HEALTHY + "lead_minutes = 30\n" + SICK)
    assert [group.key for group in group_file.groups] == ["healthy"]
    assert [problem.groups for problem in group_file.problems] == [("sick",)]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('title = "A"\n', "title: found an unknown key, expected it below [defaults] or [groups.<key>]"),
        ("[group.a]\n", "group: found an unknown key, expected [defaults] or [groups.<key>] (did you mean groups?)"),
        ("groups = 3\n", "groups: found 3, expected [groups.<key>]"),
        ("[[groups]]\ntitle = 'A'\n", "groups: found [{"),
        ("[groups]\nbilling = 'A'\n", 'groups.billing: found "A", expected a table, [groups.billing]'),
        ("", "found no group, expected at least one [groups.<key>]"),
        ("# nothing\n", "found no group"),
    ],
)
def test_a_file_of_the_wrong_form_is_reported(text: str, complaint: str, read: Read) -> None:
    group_file = read(text)
    assert group_file.groups == ()
    assert complaint in str(group_file.problems[0])


@pytest.mark.parametrize("name", ["gone.toml", "empty"])
def test_a_path_without_groups_is_reported_as_a_problem(name: str, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (problem,) = groupfile.read(tmp_path / name).problems
    assert str(problem).startswith(str(tmp_path / name))
    assert problem.line is None


def test_a_key_inside_a_text_of_many_lines_is_not_taken_for_the_key(read: Read) -> None:
    """Line numbers come from statements, not from searching for words."""
    text = DEFAULTS + '[groups.sick]\ntitle = """\n[groups.other]\nzone = 3\n"""\nzone = "Mars"\nstandup_at = "08:30"\n'
    (problem,) = read(text).problems
    assert problem.line == _line(text, 'zone = "Mars"')
