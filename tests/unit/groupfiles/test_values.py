"""Values of the right form that mean nothing, or the same as another one."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from tests.unit.groupfiles.conftest import DEFAULTS, HEALTHY, Read
from worker.groupfiles.reading import GroupFile

NFC, NFD = (unicodedata.normalize(form, "Köln") for form in ("NFC", "NFD"))


def _mistake(group_file: GroupFile) -> str:
    assert group_file.groups == ()
    (problem,) = group_file.problems
    assert problem.groups == ("healthy",)
    return f"{problem.key.removeprefix('groups.healthy.')}: found {problem.found}, expected {problem.expected}"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("media = []", "media: found [], expected at least one medium out of"),
        ('media = ["voice", "voice"]', 'media: found "voice" twice, expected each medium once'),
        ('queues = [""]', 'queues: found "", expected a queue\'s name, or id: and its id'),
        ('queues = ["Support", " "]', 'queues: found " ", expected a queue\'s name'),
        ('queues = ["id:"]', 'queues: found "id:", expected a queue\'s name'),
        ('management_units = [""]', 'management_units: found "", expected a list of management unit ids'),
        ('calendar = { kind = "guide", id = "" }', 'calendar.id: found "", expected the calendar\'s id'),
        (
            'calendar = { kind = "schedule_group", id = " " }',
            'calendar.id: found " ", expected the schedule group\'s id',
        ),
        (
            'calendar = { kind = "schedule_group", name = "" }',
            'calendar.name: found "", expected the schedule group\'s',
        ),
        (
            'calendar = { kind = "ical", path = "c.ics", only = [" "] }',
            'calendar.only: found " ", expected a list of cat',
        ),
        (
            'report = "healthy.json"',
            'report: found "healthy.json", expected no report definition, unless source is "rep',
        ),
        ('report = ""', 'report: found "", expected no report definition'),
        (
            'source = "reporting"\nreport = "gone.json"',
            'report: found "gone.json", expected an existing file. There is',
        ),
        (
            'deliver.slack = ["ops-emea", "OPS_EMEA"]',
            'deliver.slack: found "ops-emea" and "OPS_EMEA", which mean the sa',
        ),
        (
            'deliver.bucket = ["a-b", "a_b"]',
            'deliver.bucket: found "a-b" and "a_b", which mean the same, expected each',
        ),
    ],
)
def test_a_value_that_means_nothing_or_the_same_as_another_is_a_mistake(
    line: str, message: str, read: Read, tmp_path: Path
) -> None:
    for name in ("c.ics", "healthy.json"):
        (tmp_path / name).touch()
    assert _mistake(read(DEFAULTS + HEALTHY + line + "\n")).startswith(message)


@pytest.mark.parametrize(
    ("title", "shown_title"),
    [("   ", "   "), ("\u200b", "<U+200B>"), ("\ufeff \u00ad", "<U+FEFF> <U+00AD>"), ("\u3164", "<U+3164>")],
)
def test_a_title_without_a_visible_character_is_a_mistake(title: str, shown_title: str, read: Read) -> None:
    group_file = read(DEFAULTS + HEALTHY.replace('"Healthy"', f'"{title}"'))
    assert (
        _mistake(group_file) == f'title: found "{shown_title}", expected a text of 1 to 200 characters, not only spaces'
    )


@pytest.mark.parametrize("title", ["漢字", "👩\u200d💻", "\u200bSupport", "؟", "ﾀ"])
def test_a_title_with_a_visible_character_is_accepted(title: str, read: Read) -> None:
    group_file = read(DEFAULTS + HEALTHY.replace('"Healthy"', f'"{title}"'))
    assert [group.title for group in group_file.groups] == [title]


@pytest.mark.parametrize("names", [("Support", "support"), (NFC, NFD), ("Support", " Support ")])
def test_two_tables_of_targets_for_one_queue_are_a_mistake(names: tuple[str, str], read: Read) -> None:
    first, second = names
    targets = f'queue_targets = {{ "{first}" = {{ service_level = 0.9 }}, "{second}" = {{ service_level = 0.5 }} }}'
    group_file = read(DEFAULTS + HEALTHY + f'queues = ["{first}"]\n{targets}\n')
    pair = f'found "{first}" and "{second}", which mean the same'
    assert _mistake(group_file) == f"queue_targets: {pair}, expected each queue once"


@pytest.mark.parametrize(("queue", "key"), [(NFC, NFD), (NFD, NFC)])
def test_a_queues_targets_are_found_in_either_form_of_an_umlaut(queue: str, key: str, read: Read) -> None:
    (group,) = read(DEFAULTS + HEALTHY + f'queues = ["{queue}"]\nqueue_targets."{key}".service_level = 0.9\n').groups
    for name in (NFC, NFD):
        targets = group.targets_of_queue("7f", name)
        assert targets is not None
        assert targets.service_level == 0.9


def test_targets_for_an_id_in_other_capitals_are_a_mistake_because_no_queue_has_it(read: Read) -> None:
    lines = 'queues = ["id:7F"]\nqueue_targets."id:7f".service_level = 0.9\n'
    assert "expected one of the group's queues: id:7F" in _mistake(read(DEFAULTS + HEALTHY + lines))


def test_a_group_with_another_source_may_inherit_a_report_definition(read: Read, tmp_path: Path) -> None:
    (tmp_path / "daily.json").touch()
    defaults = DEFAULTS + 'source = "reporting"\nreport = "daily.json"\n'
    group_file = read(defaults + HEALTHY + 'source = "queries"\n')
    assert group_file.problems == ()
    assert [group.source for group in group_file.groups] == ["queries"]


def test_a_value_that_is_refused_is_not_suggested(read: Read) -> None:
    (problem,) = read(f"{DEFAULTS}{HEALTHY}targets.occupancy = 0.8\n").problems
    assert (problem.found, problem.meant) == ("0.8", "")
