"""Files of a folder that look like group files and have no effect."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.unit.groupfiles.conftest import DEFAULTS, HEALTHY, Read
from worker.groupfiles import reading
from worker.groupfiles.reloading import Groups

GERMAN = '\n[defaults]\nlanguage = "de"\n'


def _text(group_file: reading.GroupFile, folder: Path) -> str:
    assert [group.key for group in group_file.groups] == ["healthy"]
    (problem,) = group_file.problems
    assert problem.groups == ()
    assert not group_file.stops_groups
    return str(problem).replace(str(folder), "groups")


def test_defaults_in_a_misnamed_file_are_a_mistake_that_names_the_right_file(read: Read, tmp_path: Path) -> None:
    assert _text(read(default=GERMAN, a=DEFAULTS + HEALTHY), tmp_path) == (
        "groups/default.toml:2: defaults: found defaults in a file without groups, which have no effect, expected "
        "groups in the same file, or the name defaults.toml for the defaults of the folder (did you mean "
        "defaults.toml?)"
    )


def test_a_second_file_of_defaults_is_a_mistake_without_a_suggestion(read: Read, tmp_path: Path) -> None:
    text = _text(read(defaults=DEFAULTS, germany=GERMAN, a=HEALTHY), tmp_path)
    assert text.startswith("groups/germany.toml:2: defaults: ")
    assert "did you mean" not in text


@pytest.mark.parametrize("mistaken_group", [HEALTHY.replace("healthy", "sick") + "zone = Berlin\n", "[groups.sick\n"])
def test_defaults_beside_a_group_with_a_mistake_are_no_second_mistake(mistaken_group: str, read: Read) -> None:
    group_file = read(a=DEFAULTS + HEALTHY, b=GERMAN + mistaken_group)
    assert len(group_file.problems) == 1
    assert "no effect" not in str(group_file.problems)


@pytest.mark.parametrize(
    ("name", "suggestion"),
    [("H.TOML", "H.toml"), ("h.Toml", "h.toml"), ("Defaults.TOML", "defaults.toml")],
)
def test_a_group_file_whose_suffix_is_not_in_lower_case_is_a_mistake(
    name: str, suggestion: str, read: Read, tmp_path: Path
) -> None:
    (tmp_path / name).write_text(GERMAN)
    assert _text(read(a=DEFAULTS + HEALTHY), tmp_path) == (
        f"groups/{name}: found a group file that is not read, expected a name that ends in .toml, or begins with a dot "
        f"(did you mean {suggestion}?)"
    )


def test_group_files_in_a_subfolder_are_a_mistake_that_names_them(read: Read, tmp_path: Path) -> None:
    (tmp_path / "north").mkdir()
    (tmp_path / "north" / "k.toml").write_text(HEALTHY)
    (tmp_path / "north" / "L.TOML").write_text(HEALTHY)
    assert _text(read(a=DEFAULTS + HEALTHY), tmp_path) == (
        "groups/north: found group files that are not read: L.TOML, k.toml, expected group files in groups itself, or "
        "a folder whose name begins with a dot"
    )


def test_other_toml_and_hidden_folders_are_no_mistake(read: Read, tmp_path: Path) -> None:
    for place, text in {
        "other/pyproject.toml": "[project]\n",
        "..2026_11_30/k.toml": HEALTHY,
        "empty/a.txt": "",
    }.items():
        (tmp_path / place).parent.mkdir()
        (tmp_path / place).write_text(text)
    (tmp_path / "notes.TOML").write_text("title = 'Notes'\n")
    assert read(a=DEFAULTS + HEALTHY).problems == ()


def test_files_beside_a_single_group_file_are_no_mistake(read: Read, tmp_path: Path) -> None:
    (tmp_path / "H.TOML").write_text(GERMAN)
    assert read(DEFAULTS + HEALTHY).problems == ()


def test_a_file_that_only_gets_another_name_is_read_again(tmp_path: Path) -> None:
    (tmp_path / "default.toml").write_text(GERMAN)
    (tmp_path / "healthy.toml").write_text(DEFAULTS + HEALTHY)
    os.utime(tmp_path, (1, 1))
    groups = Groups(tmp_path)
    assert len(groups.file().problems) == 1
    (tmp_path / "default.toml").rename(tmp_path / "defaults.toml")
    assert groups.file().problems == ()
    assert groups.group("healthy").language == "de"
