"""What would keep a briefing from someone and is known from the files, with the group, the line and the way out."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from worker.channels.mail.certificates import CertificateFolder
from worker.doctor import installation, organisations, recipients
from worker.doctor.finding import Finding, Level
from worker.domain.groups import Group
from worker.errors import SettingsError
from worker.groupfiles import reading
from worker.groupfiles.reading import Places
from worker.settings import Settings, SlackSettings, SmtpSettings
from worker.settings.sections import BucketSettings, SendgridSettings, TeamsSettings
from worker.wiring.channels import ChannelFactory, OpenChannels
from worker.wiring.organisations import Sessions

NOW = datetime(2026, 11, 23, 7, tzinfo=UTC)
PLANTED = SecretStr("https://hooks.example/planted")
SMTP = SmtpSettings(host="mail.example.com", sender="standup@example.com")

GROUP = """\
[groups.one]
title = "T"
zone = "UTC"
standup_at = "08:00"
catch_up_until = "09:00"
queues = ["Q"]
"""


class Checked:
    """One group in a file, and the settings."""

    def __init__(self, path: Path, lines: str, **settings: Any) -> None:
        path.write_text(GROUP + lines)
        (self.group,) = reading.read(path).groups
        self._place_of = partial(Places(path).place_of, self.group.key)
        self._settings = settings

    def _open_channels(self, _: Group) -> OpenChannels:
        factory = ChannelFactory(Settings(**self._settings), CertificateFolder(None), lambda: NOW)
        return OpenChannels(factory, lambda _, channel: channel)

    def findings(self) -> list[Finding]:
        """Return what the doctor says of the recipients."""
        return list(recipients.check(self._open_channels, self.group, self._place_of))

    def organisation(self, *names: str) -> list[Finding]:
        """Return what the doctor says of the organisation's name."""
        sessions = Sessions(dict.fromkeys(names), None, None, None, lambda: NOW)  # type: ignore[arg-type]
        return list(organisations.check_name(sessions.require, self.group, self._place_of))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "groups.toml"


def test_what_keeps_the_briefing_from_all_recipients_of_a_group_is_one_finding(path: Path) -> None:
    checked = Checked(path, 'deliver.email = ["a@example.com", "b@example.com"]\n')
    [finding] = checked.findings()
    assert (finding.level, finding.fact, finding.place) == (Level.WRONG, "No mail server is set.", f"{path}:7")


def test_an_unknown_channel_is_wrong_and_the_others_are_counted(path: Path) -> None:
    checked = Checked(
        path,
        'deliver.slack = ["ops", "opps"]\ndeliver.sendgrid = ["a@example.com"]\n',
        slack={"ops": SlackSettings(webhook_url=PLANTED)},
    )
    findings = checked.findings()
    assert [finding.level for finding in findings] == [Level.WRONG, Level.WRONG, Level.OK]
    assert "STANDUP_SENDGRID__API_KEY" in findings[0].way_out
    assert findings[0].place == f"{path}:8"
    assert findings[1].fact == 'The settings know no slack "opps" (known: ops).'
    assert findings[1].way_out == 'Did you mean "ops"? Otherwise set STANDUP_SLACK__OPPS__WEBHOOK_URL.'
    assert findings[1].place == f"{path}:7"
    assert "1 of 3 recipients" in findings[2].fact
    assert "planted" not in str(findings)


@pytest.mark.parametrize(("kind", "section"), [("teams", "TEAMS"), ("bucket", "BUCKETS")])
def test_each_kind_of_name_that_no_setting_defines_is_found(path: Path, kind: str, section: str) -> None:
    entries = {
        "teams": {"ops_emea": TeamsSettings(webhook_url=PLANTED)},
        "buckets": {"ops_emea": BucketSettings(url="/x")},
    }
    (finding,) = Checked(path, f'deliver.{kind} = ["night-desk"]\n', **entries).findings()
    assert finding.level == Level.WRONG
    assert finding.way_out.startswith(f"Set STANDUP_{section}__NIGHT_DESK__")


def test_a_recipient_of_a_domain_that_is_not_allowed_is_found_in_its_line(path: Path) -> None:
    lines = 'deliver.email = [\n  "ana@example.com",\n  "bo@example.org",\n]\ndeliver.sendgrid = ["c@example.org"]\n'
    sendgrid = SendgridSettings(api_key=SecretStr("x"), sender="standup@example.com")
    findings = Checked(path, lines, smtp=SMTP, sendgrid=sendgrid, allowed_domains="example.com").findings()
    wrong = [finding for finding in findings if finding.level == Level.WRONG]
    assert [finding.place for finding in wrong] == [f"{path}:9", f"{path}:11"]
    assert "bo@example.org" in wrong[0].fact
    assert "STANDUP_ALLOWED_DOMAINS" in wrong[0].way_out
    assert "1 of 3 recipients" in findings[-1].fact


def test_a_recipient_who_comes_from_the_defaults_is_found_there(path: Path) -> None:
    lines = '[defaults]\ndeliver.email = ["bo@example.org"]\n'
    (finding,) = Checked(path, lines, smtp=SMTP, allowed_domains="example.com").findings()
    assert finding.place == f"{path}:8"


def test_an_address_in_an_allowed_domain_of_other_letters_is_in_order(path: Path) -> None:
    lines = 'deliver.email = ["ana@bücher.example"]\n'
    (finding,) = Checked(path, lines, smtp=SMTP, allowed_domains="BÜCHER.example").findings()
    assert finding.level == Level.OK


@pytest.mark.parametrize("domain", ["@example.com", "https://example.com", "*.example.com", "ana@example.com"])
def test_an_allowed_domain_that_no_address_can_have_is_refused(domain: str) -> None:
    with pytest.raises(ValueError, match="the part of addresses after the @"):
        Settings(allowed_domains=domain)


@pytest.mark.parametrize(
    ("policy", "encrypted", "password", "is_in_order"),
    [
        ('"allow"', False, None, False),
        ('"allow"', True, None, True),
        ('"allow"', False, "a password", True),
        ('"mask"', False, None, True),
        ('"refuse"', True, "a password", False),
    ],
)
def test_a_channel_that_may_not_carry_names_is_found(
    path: Path, tmp_path: Path, policy: str, encrypted: bool, password: str | None, is_in_order: bool
) -> None:
    bucket = BucketSettings(url=str(tmp_path), encrypted=encrypted)
    lines = f'personal_data = {policy}\ndeliver.bucket = ["ops"]\n'
    (finding,) = Checked(path, lines, buckets={"ops": bucket}, document_password=password).findings()
    assert (finding.level == Level.OK) == is_in_order
    if not is_in_order:
        assert "agents' names" in finding.fact
        assert finding.place == f"{path}:8"


def test_a_folder_where_this_user_may_not_write_is_found(path: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    bucket = BucketSettings(url=str(tmp_path / "file" / "briefings"))
    (finding,) = Checked(path, 'deliver.bucket = ["ops"]\n', buckets={"ops": bucket}).findings()
    assert finding.level == Level.WRONG
    assert "STANDUP_BUCKETS__OPS__URL" in finding.fact
    assert not os.path.isdir(tmp_path / "file")


def test_a_group_without_recipients_is_worth_a_warning(path: Path) -> None:
    (finding,) = Checked(path, "deliver = {}\n").findings()
    assert (finding.level, finding.place) == (Level.WARNING, f"{path}:7")


def test_an_organisation_that_no_setting_defines_is_found_with_its_group(path: Path) -> None:
    checked = Checked(path, 'organisation = "maine"\ndeliver = {}\n')
    (finding,) = checked.organisation("main")
    assert (finding.area, finding.level, finding.place) == ("group one", Level.WRONG, f"{path}:7")
    assert finding.fact == 'The settings know no organisation "maine" (known: main).'
    assert "STANDUP_ORGANISATIONS__MAINE__REGION" in finding.way_out
    assert checked.organisation("maine") == []


def test_an_organisation_may_be_written_with_capitals_and_hyphens(path: Path) -> None:
    assert Checked(path, 'organisation = "North-EU"\ndeliver = {}\n').organisation("main", "north_eu") == []
    (finding,) = Checked(path, 'organisation = "North-UE"\ndeliver = {}\n').organisation("main", "north_eu")
    assert (finding.place, finding.way_out[:25]) == (f"{path}:7", 'Did you mean "north_eu"? ')


def test_a_password_of_no_group_is_a_warning_that_names_the_group(monkeypatch: pytest.MonkeyPatch) -> None:
    keys = ["support-emea"]
    (finding,) = installation.passwords({"suport_emea"}, keys, are_used=True)
    assert finding.level == Level.WARNING
    assert "STANDUP_DOCUMENT_PASSWORDS__SUPORT_EMEA" in finding.fact
    assert "Did you mean SUPPORT_EMEA?" in finding.way_out
    assert list(installation.passwords({"support_emea"}, keys, are_used=True)) == []
    monkeypatch.setitem(__import__("sys").modules, "pikepdf", None)
    (finding,) = installation.passwords((), keys, are_used=True)
    assert finding.level == Level.WRONG
    assert "standup-briefings[protect]" in finding.way_out


def test_an_unknown_organisation_raises_the_same_error_for_a_run() -> None:
    sessions = Sessions({}, None, None, None, lambda: NOW)  # type: ignore[arg-type]
    with pytest.raises(SettingsError, match='no organisation "main"'):
        sessions.open("main")
