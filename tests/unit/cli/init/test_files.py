"""The group file that `standup init` writes says what the operator said, and `.env` keeps what it had."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from dotenv import dotenv_values
from hypothesis import given, settings
from hypothesis import strategies as st

from worker.cli.init.files import FirstGroup, group_text, groups_folder, key_of, place_of, write
from worker.errors import SettingsError
from worker.groupfiles.reading import read

GROUP = FirstGroup("support", "Support", "Europe/Berlin", "08:30", ("Billing", "Tech"), "DE", "ana@example.com")


@settings(deadline=None)
@given(st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1))
def test_every_title_and_queue_is_read_as_it_was_written(text: str) -> None:
    group = tomllib.loads(group_text(replace(GROUP, title=text, queues=(text,))))["groups"]["support"]
    assert (group["title"], group["queues"]) == (text, [text])


@pytest.mark.parametrize(("country", "kind"), [("DE", "country"), ("", "none")])
def test_the_group_file_has_no_mistake(tmp_path: Path, country: str, kind: str) -> None:
    path = tmp_path / "support.toml"
    path.write_text(group_text(replace(GROUP, country=country)))
    (group,) = read(path).groups
    assert (group.title, group.queues, group.deliver.email) == ("Support", ("Billing", "Tech"), ("ana@example.com",))
    assert group.calendar.kind == kind


@pytest.mark.parametrize(("standup_at", "latest"), [("08:30", "11:30"), ("21:15", "23:59")])
def test_a_morning_begins_until_three_hours_after_the_standup(standup_at: str, latest: str) -> None:
    assert f'catch_up_until = "{latest}"' in group_text(replace(GROUP, standup_at=standup_at))


@pytest.mark.parametrize(
    ("title", "key"),
    [("Support EMEA", "support-emea"), ("Kündigung & Rückgewinnung", "kundigung-ruckgewinnung"), ("客服", "group")],
)
def test_a_key_is_made_of_the_title(title: str, key: str) -> None:
    assert key_of(title) == key


@settings(deadline=None)
@given(st.text())
def test_every_key_may_be_used(title: str) -> None:
    (key,) = tomllib.loads(group_text(replace(GROUP, key=key_of(title))))["groups"]
    assert key == key_of(title)


def test_lines_of_env_stay_and_only_the_owner_reads_it(tmp_path: Path) -> None:
    env_file = tmp_path / ".env"
    env_file.write_text("# ours\nGROUPS_DIR=/etc\n")
    env_file.chmod(0o644)
    write(tmp_path / "groups" / "support.toml", GROUP, {"STANDUP_SMTP__PASSWORD": "it's $5 # \\"}, env_file)
    assert env_file.read_text().startswith("# ours\nGROUPS_DIR=/etc\n")
    assert dotenv_values(env_file)["STANDUP_SMTP__PASSWORD"] == "it's $5 # \\"
    assert (env_file.stat().st_mode & 0o777, (tmp_path / "groups").stat().st_mode & 0o777) == (0o600, 0o700)


def test_the_group_goes_into_the_folder_that_is_set(tmp_path: Path) -> None:
    (tmp_path / "ours").mkdir()
    assert groups_folder(str(tmp_path / "ours"), tmp_path / "groups") == tmp_path / "ours"
    assert groups_folder("", tmp_path / "groups") == tmp_path / "groups"


def test_a_file_of_groups_is_not_taken_for_a_folder(tmp_path: Path) -> None:
    (tmp_path / "all").write_text("")
    for name in ("all", "missing.toml"):
        with pytest.raises(SettingsError, match=rf"STANDUP_GROUPS is the file .*/{name}, and a new group gets a file"):
            groups_folder(str(tmp_path / name), tmp_path)


def test_a_key_of_another_file_is_not_free(tmp_path: Path) -> None:
    (tmp_path / "team.toml").write_text(group_text(GROUP) + group_text(replace(GROUP, key="stopped", zone="Nowhere")))
    assert [place_of(key, tmp_path) for key in ("support", "stopped", "sales")] == [tmp_path, tmp_path, None]
    assert place_of("team", tmp_path) == tmp_path / "team.toml"
    assert place_of("support", tmp_path / "missing") is None
