"""Mistakes in a group's calendar, whose kind decides which keys it can have."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.groupfiles.conftest import DEFAULTS, HEALTHY, Read
from worker.groupfiles.reading import GroupFile

VALID = {
    "none": 'kind = "none"',
    "ical": 'kind = "ical", path = "closed.ics"',
    "country": 'kind = "country", country = "DE"',
    "guide": 'kind = "guide", id = "1"',
    "schedule_group": 'kind = "schedule_group", id = "1"',
}
FOREIGN_KEYS = [
    (kind, key) for kind in VALID for key in (*VALID, "path", "colour") if f"{key} =" not in VALID[kind] and key != kind
] + [(kind, kind) for kind in VALID if kind != "country"]


def _only_problem(group_file: GroupFile) -> str:
    assert group_file.groups == ()
    (problem,) = group_file.problems
    assert problem.groups == ("healthy",)
    return f"{problem.key}: found {problem.found}, expected {problem.expected}"


@pytest.mark.parametrize(("kind", "key"), FOREIGN_KEYS)
def test_a_key_of_no_meaning_in_a_calendar_is_named_even_if_it_names_a_kind(
    kind: str, key: str, read: Read, tmp_path: Path
) -> None:
    (tmp_path / "closed.ics").touch()
    problem = _only_problem(read(DEFAULTS + HEALTHY + f'calendar = {{ {VALID[kind]}, {key} = "DE" }}\n'))
    assert problem.startswith(f"groups.healthy.calendar.{key}: found an unknown key, expected one of kind")


def test_a_key_that_does_not_belong_to_the_inherited_kind_is_named(read: Read, tmp_path: Path) -> None:
    (tmp_path / "closed.ics").touch()
    defaults = DEFAULTS + f"calendar = {{ {VALID['ical']} }}\n"
    problem = _only_problem(read(defaults + HEALTHY + 'calendar = { country = "DE" }\n'))
    assert problem.startswith("groups.healthy.calendar.country: found an unknown key")


@pytest.mark.parametrize(("country", "value"), [("", "nothing"), (", country = 49", "49")])
def test_a_missing_or_wrong_country_is_named_by_its_key(country: str, value: str, read: Read) -> None:
    problem = _only_problem(read(DEFAULTS + HEALTHY + f'calendar = {{ kind = "country"{country} }}\n'))
    assert problem == f'groups.healthy.calendar.country: found {value}, expected an ISO 3166-1 code such as "DE"'


def test_a_misspelt_key_of_a_calendar_is_one_mistake(read: Read) -> None:
    problem = _only_problem(read(DEFAULTS + HEALTHY + 'calendar = { kind = "country", contry = "DE" }\n'))
    assert problem.startswith("groups.healthy.calendar.contry: found an unknown key")


def test_a_wrong_value_is_named_beside_a_misspelt_key_of_the_same_meaning(read: Read) -> None:
    group_file = read(DEFAULTS + HEALTHY + 'calendar = { kind = "country", country = 49, contry = "DE" }\n')
    assert [problem.key for problem in group_file.problems] == [
        "groups.healthy.calendar.country",
        "groups.healthy.calendar.contry",
    ]
