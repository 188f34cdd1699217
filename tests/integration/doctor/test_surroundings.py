"""Artifacts, mail server, webhook and beat, as the examination finds them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from redis import Redis

from sandbox.receivers.mailbox import Mailbox
from worker.alerts.webhook import AlertWebhook
from worker.channels.mail.certificates import CertificateFolder
from worker.doctor import installation, processes
from worker.doctor.finding import Finding, Level
from worker.groupfiles.reloading import Groups
from worker.settings import Settings, SmtpSettings
from worker.state.files.artifacts import Artifacts
from worker.state.heartbeat import Heartbeat
from worker.wiring.channels import ChannelFactory

NOW = datetime(2026, 11, 23, 7, tzinfo=UTC)


def clock() -> datetime:
    return NOW


def channels_of(**settings: Any) -> ChannelFactory:
    return ChannelFactory(Settings(**settings), CertificateFolder(None), clock)


def mail(smtp: SmtpSettings | None, *, is_needed: bool = True) -> Finding:
    """What the doctor says of this mail server, where messages may have 8 MB."""
    email = channels_of(smtp=smtp).email
    return installation.mail(email, 8_000_000, (), is_set=smtp is not None, is_needed=is_needed)


def test_a_store_that_takes_files_is_in_order(tmp_path: Path) -> None:
    assert installation.artifacts(lambda: Artifacts(str(tmp_path)), str(tmp_path), clock).level == Level.OK


def test_a_store_that_cannot_be_written_is_wrong(tmp_path: Path) -> None:
    blocked = tmp_path / "a-file"
    blocked.write_text("in the way")
    place = str(blocked / "artifacts")
    finding = installation.artifacts(lambda: Artifacts(place), place, clock)
    assert finding.level == Level.WRONG
    assert "STANDUP_ARTIFACTS" in finding.way_out


def test_a_missing_or_unreachable_mail_server_is_wrong() -> None:
    assert "STANDUP_SMTP__HOST" in mail(None).way_out
    smtp = SmtpSettings(host="127.0.0.1", port=1, security="none", sender="a@example.com")
    finding = mail(smtp)
    assert finding.level == Level.WRONG
    assert "127.0.0.1:1 " in finding.fact


@pytest.mark.parametrize(
    ("announces", "level"),
    [(2_000_000, Level.WARNING), (8_000_000, Level.WARNING), (8_000_001, Level.OK), (0, Level.OK)],
)
def test_a_mail_server_with_a_lower_size_limit_than_ours_is_reported(
    announces: int, level: Level, tmp_path: Path
) -> None:
    mailbox = Mailbox("127.0.0.1", 0, tmp_path, size_limit=announces)
    host, port = mailbox.start()
    smtp = SmtpSettings(host=host, port=port, security="none", sender="a@example.com")
    finding = mail(smtp)
    mailbox.stop()
    assert finding.level == level
    if announces == 2_000_000:
        assert "messages of up to 2000000 bytes only" in finding.fact
        assert "Set STANDUP_MAX_MESSAGE_BYTES to a few thousand bytes less than 2000000" in finding.way_out


def test_no_mail_server_is_needed_where_no_group_asks_for_one() -> None:
    assert mail(None, is_needed=False).level == Level.OK


@pytest.mark.parametrize(("url", "level"), [(None, Level.WARNING), ("https://x.example/hook", Level.OK)])
def test_without_send_a_webhook_is_checked_and_not_called(url: str | None, level: Level) -> None:
    finding = installation.alerts(lambda: AlertWebhook(SecretStr(url)) if url else None, clock, send=False)
    assert finding.level == level
    assert "x.example" not in finding.fact


def test_a_webhook_that_is_no_address_is_wrong() -> None:
    finding = installation.alerts(lambda: AlertWebhook(SecretStr("planted-no-address")), clock, send=False)
    assert finding.level == Level.WRONG
    assert "planted" not in f"{finding.fact} {finding.way_out}"


def test_mistakes_of_the_group_file_are_findings_and_healthy_groups_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "groups.toml"
    common = 'title = "T"\nstandup_at = "08:00"\ncatch_up_until = "09:00"\nqueues = ["Q"]\ndeliver.email = []\n'
    path.write_text(f'[groups.good]\nzone = "UTC"\n{common}[groups.bad]\nzone = "Europe/Berln"\n{common}')
    checked = list(installation.group_file(Groups(path)))
    assert [finding.level for finding in checked] == [Level.WRONG, Level.OK]
    assert "groups.bad.zone" in checked[0].fact
    assert "1 group in order: good" in checked[1].fact


def test_an_address_with_an_invisible_character_is_a_finding_that_names_it(tmp_path: Path) -> None:
    path = tmp_path / "groups.toml"
    path.write_text(
        '[groups.one]\nzone = "UTC"\ntitle = "T"\nstandup_at = "08:00"\ncatch_up_until = "09:00"\nqueues = ["Q"]\n'
        'deliver.email = ["ana@example.com", "bo@example.com\u200b"]\n',
        encoding="utf-8",
    )
    finding = next(iter(installation.group_file(Groups(path))))
    assert finding.level == Level.WRONG
    assert f'{path.name}:7: groups.one.deliver.email: found "bo@example.com<U+200B>"' in finding.fact
    assert "U+200B (ZERO WIDTH SPACE)" in finding.fact


@pytest.mark.parametrize(
    ("age", "level", "says"), [(None, Level.WRONG, "never"), (4.0, Level.OK, "4 s"), (360.0, Level.WRONG, "6 minutes")]
)
def test_the_age_of_beats_heartbeat_decides_its_level(age: float | None, level: Level, says: str) -> None:
    finding = processes._beat(age, workers=True)
    assert finding.level == level
    assert says in finding.fact


def test_beats_heartbeat_is_recorded_and_read(redis: Redis) -> None:
    heartbeat = Heartbeat(redis)
    assert heartbeat.age_seconds() is None
    heartbeat.record()
    age = heartbeat.age_seconds()
    assert age is not None
    assert age < 60


def test_a_queue_without_a_worker_is_wrong() -> None:
    checked = list(processes._workers({"w@host": [{"name": "briefing.waiting"}]}))
    assert [finding.level for finding in checked] == [Level.OK, Level.WRONG]
    assert "-Q briefing.rendering" in checked[1].way_out


@pytest.mark.parametrize(
    ("answers", "level", "says"),
    [
        ({"w@one": "now", "w@two": "now"}, Level.OK, "all workers use"),
        ({"w@one": "now", "w@two": ""}, Level.WRONG, "w@two and other workers do not share"),
        ({"w@one": "before", "w@two": "before"}, Level.WARNING, "w@one, w@two use another artifact store"),
        ({"w@one": "now"}, Level.WARNING, "w@two cannot say"),
        ({"w@one": "now", "w@two": {"error": "unknown command"}}, Level.WARNING, "w@two cannot say"),
    ],
)
def test_workers_must_find_what_the_doctor_stored(answers: dict[str, object], level: Level, says: str) -> None:
    finding = processes.shared_artifacts("now", "/srv/artifacts", ["w@one", "w@two"], answers)
    assert finding.level == level
    assert says in finding.fact
