"""`standup init` takes a folder with nothing in it to a preview in the operator's mailbox."""

from __future__ import annotations

import email
import email.policy
import os
import subprocess
from pathlib import Path

import pytest
from dotenv import dotenv_values

from tests.acceptance.installation import CLIENT_SECRET, Installation, sandbox_group
from tests.waiting import HANG_SECONDS
from worker.cli.demo.processes import python
from worker.settings import PREFIX


@pytest.fixture(scope="module")
def installation(shared_installation: Installation) -> Installation:
    """The services that an operator's organisation has. Neither worker nor beat runs."""
    shared_installation.start_sandbox({"groups": {"support": sandbox_group("Line")}})
    return shared_installation


def answered(installation: Installation, folder: Path, answers: list[str]) -> subprocess.CompletedProcess[str]:
    """Answer the questions on standard input, where `getpass` reads too in a session without a terminal."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    environment[f"{PREFIX}ORGANISATIONS__MAIN__API_URL"] = installation.addresses["api"]
    return subprocess.run(
        python("-m", "worker.cli", "init"),
        cwd=folder,
        env=environment,
        input="\n".join(answers) + "\n",
        start_new_session=True,
        capture_output=True,
        text=True,
        check=False,
        timeout=HANG_SECONDS,
    )


def test_questions_lead_from_nothing_to_a_preview_in_the_mailbox(installation: Installation, tmp_path: Path) -> None:
    host, _, port = installation.addresses["smtp"].rpartition(":")
    organisation = ["test-client", "wrong", "test-client", CLIENT_SECRET]
    mail_server = [host, "none", port, "", "standup@example.com"]
    group = ["Support EMEA", "nonsense", "line", "Berlin", "Europe/Berlin", "08:30", "", "ana@example.com"]
    ended = answered(installation, tmp_path, [installation.redis_url, *organisation, *mail_server, *group])

    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert 'No queue has "nonsense" in its name.' in ended.stdout
    assert "  Taken: " in ended.stdout
    assert f"this shell has them: {PREFIX}ORGANISATIONS__MAIN__API_URL." in ended.stdout
    assert "✓ organisation main: the OAuth client's id and secret are accepted." in ended.stdout
    assert CLIENT_SECRET not in ended.stdout + ended.stderr
    (path,) = installation.mails()
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert (message["To"], message["Subject"][:9]) == ("ana@example.com", "Preview: ")
    env_file = tmp_path / ".env"
    assert dotenv_values(env_file)[f"{PREFIX}ORGANISATIONS__MAIN__CLIENT_SECRET"] == CLIENT_SECRET
    assert env_file.stat().st_mode & 0o077 == 0
    assert (tmp_path / "groups" / "support-emea.toml").exists()


def test_a_group_beside_others_stops_none_of_them(installation: Installation, tmp_path: Path) -> None:
    groups = tmp_path / "elsewhere"
    groups.mkdir()
    (groups / "team.toml").write_text('[groups.support]\ntitle = "Support"\n')
    (tmp_path / ".env").write_text(f"{PREFIX}GROUPS={groups}\n")
    host, _, port = installation.addresses["smtp"].rpartition(":")
    answers = [installation.redis_url, "test-client", CLIENT_SECRET, host, "none", port, "", "standup@example.com"]
    group = ["Support", "Sales", "line", "Europe/Berlin", "08:30", "", "Ana <ana@example.com>", "ana@example.com"]
    ended = answered(installation, tmp_path, [*answers, *group])

    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert f"{groups} has a group support already. Please take another title." in ended.stdout
    assert "An address such as ana@example.com, please: it contains " in ended.stdout
    assert dotenv_values(tmp_path / ".env")[f"{PREFIX}GROUPS"] == str(groups)
    assert sorted(path.name for path in groups.iterdir()) == ["sales.toml", "team.toml"]
    assert not (tmp_path / "groups").exists()


def test_what_ends_early_has_written_nothing(installation: Installation, tmp_path: Path) -> None:
    ended = answered(installation, tmp_path, ["redis://127.0.0.1:1/0", installation.redis_url, "test-client"])
    assert ended.returncode == 1
    assert "No Redis answers there: " in ended.stdout
    assert list(tmp_path.iterdir()) == []
