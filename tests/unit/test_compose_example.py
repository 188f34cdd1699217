"""The files of the demo profile fit together: settings, secret, groups and the sandbox's scenario."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sandbox.scenario import file as scenario
from worker import settings
from worker.channels.smtp.channel import SmtpServer
from worker.groupfiles import reading as groupfile

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "examples" / "compose"


def variables(path: Path) -> dict[str, str]:
    lines = [line for line in path.read_text("utf-8").splitlines() if "=" in line and not line.startswith("#")]
    return dict(line.split("=", 1) for line in lines)


@pytest.fixture
def loaded(monkeypatch: pytest.MonkeyPatch) -> settings.Settings:
    """The settings as the worker's container sees them."""
    for name in [name for name in os.environ if name.startswith(settings.PREFIX)]:
        monkeypatch.delenv(name)
    for name, value in variables(FOLDER / "demo.env").items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("STANDUP_SECRETS_DIR", str(FOLDER / "secrets"))
    return settings.load()


def test_the_worker_knows_the_client_that_the_sandbox_knows(loaded: settings.Settings) -> None:
    (client,) = scenario.load(FOLDER / "scenario.toml").clients
    main = loaded.organisations["main"]
    assert (main.client_id, main.client_secret.get_secret_value()) == (client.id, client.secret)


def test_mail_and_alerts_go_to_the_sandbox(loaded: settings.Settings) -> None:
    assert loaded.smtp
    assert loaded.alerts
    assert SmtpServer(**loaded.smtp.model_dump(exclude={"oauth", "resend_unknown"})).name == "sandbox:2525"
    assert loaded.alerts.webhook_url.get_secret_value() == "http://sandbox:8090/operations"


def test_every_group_is_healthy_and_its_queues_exist() -> None:
    group_files = groupfile.read(FOLDER / "groups")
    world = scenario.load(FOLDER / "scenario.toml").groups
    assert group_files.problems == ()
    assert {group.key: (group.zone, group.queues) for group in group_files.groups} == {
        key: (group.zone, tuple(queue.name for queue in group.queues)) for key, group in world.items()
    }


def test_the_example_settings_are_complete_once_the_blanks_are_filled_in(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith(settings.PREFIX)]:
        monkeypatch.delenv(name)
    for name, value in variables(ROOT / ".env.example").items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("STANDUP_ORGANISATIONS__MAIN__CLIENT_ID", "filled-in")
    monkeypatch.setenv("STANDUP_ORGANISATIONS__MAIN__CLIENT_SECRET", "filled-in")
    monkeypatch.setenv("STANDUP_ALERTS__WEBHOOK_URL", "https://hooks.example.com/x")
    assert settings.load().smtp
