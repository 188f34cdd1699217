"""Group files change under running programs."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from worker.errors import SettingsError
from worker.groupfiles.reloading import SETTLE_SECONDS, Groups

GROUP = """
[groups.{key}]
title = "T"
zone = "UTC"
standup_at = "08:00"
catch_up_until = "09:00"
queues = ["Q"]
deliver.email = []
"""


class Clock:
    """Goes when it is told."""

    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def path(tmp_path: Path) -> Path:
    touched = tmp_path / "groups.toml"
    touched.write_text(GROUP.format(key="support"))
    return touched


def edit(path: Path, text: str) -> None:
    """Write the file, a second later by its time of modification: that of two quick edits could be the same."""
    edited_at = path.stat().st_mtime if path.exists() else time.time()
    path.write_text(text)
    os.utime(path, (edited_at + 1, edited_at + 1))


@pytest.mark.parametrize("half_written", ["", GROUP.format(key="support")[:60], None])
def test_a_half_written_file_ends_no_run(path: Path, half_written: str | None) -> None:
    groups = Groups(path, Clock())
    assert groups.group("support").title == "T"
    if half_written is None:
        path.unlink()
    else:
        edit(path, half_written)
    assert groups.group("support").title == "T"
    edit(path, GROUP.format(key="support").replace('"T"', '"New"'))
    assert groups.group("support").title == "New"


def test_a_mistake_that_persists_is_reported_after_the_grace_period(path: Path) -> None:
    clock = Clock()
    groups = Groups(path, clock)
    groups.file()
    edit(path, GROUP.format(key="support").replace("UTC", "UTX"))
    assert groups.file().problems == ()
    clock.seconds = SETTLE_SECONDS
    with pytest.raises(SettingsError, match="UTX"):
        groups.group("support")


def test_a_change_without_a_mistake_counts_at_once_and_so_does_a_first_mistake(path: Path) -> None:
    groups = Groups(path, Clock())
    edit(path, GROUP.format(key="other"))
    assert groups.group("other")
    edit(path, "[groups.x")
    assert Groups(path, Clock()).file().problems


def test_a_misspelt_group_key_gets_the_nearest_key_as_a_suggestion(path: Path) -> None:
    edit(path, "".join(GROUP.format(key=f"support-{n}") for n in range(40)))
    with pytest.raises(SettingsError, match=r"Did you mean support-3\d?\? `standup groups` lists all 40\."):
        Groups(path).group("suport-3")


def test_a_group_that_cannot_run_is_explained_by_its_own_problems_alone(path: Path) -> None:
    broken = "".join(GROUP.format(key=key).replace("UTC", "UTX") for key in ("Support", "other"))
    edit(path, GROUP.format(key="a") + broken)
    with pytest.raises(SettingsError, match=r"groups\.Support: found") as own_error:
        Groups(path).group("support")
    assert "groups.other" not in str(own_error.value)
    with pytest.raises(SettingsError, match=r"The groups are: a\.") as unknown_error:
        Groups(path).group("o")
    assert "UTX" not in str(unknown_error.value)


def test_of_many_problems_three_are_named_and_the_others_counted(path: Path) -> None:
    edit(path, "".join(GROUP.format(key=f"team-{n}").replace("UTC", "UTX") for n in range(9)))
    with pytest.raises(SettingsError, match=r"\. \S+: groups\.team-2.*\. `standup groups` lists 6 more\.$") as error:
        Groups(path).group("nope")
    assert "team-3" not in str(error.value)
