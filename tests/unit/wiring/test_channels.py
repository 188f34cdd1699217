"""From a group's names to channels: what the settings know, whatever the spelling, and what is said if they do not."""

from __future__ import annotations

import os
from datetime import UTC, datetime

import pytest

from worker import settings
from worker.channels.mail.certificates import CertificateFolder
from worker.domain.groups import Deliver
from worker.errors import SettingsError
from worker.wiring.channels import ChannelFactory

ENVIRONMENT = {
    "STANDUP_SLACK__OPS_EMEA__WEBHOOK_URL": "https://hooks.slack.example/planted-secret",
    "STANDUP_TEAMS__FLOOR_2__WEBHOOK_URL": "https://flow.example/planted-secret?sig=%2F",
    "STANDUP_BUCKETS__ARCHIVE__URL": "memory://archive",
    "STANDUP_SENDGRID__API_KEY": "planted-secret",
    "STANDUP_SENDGRID__SENDER": "standup@example.com",
    "STANDUP_ALLOWED_DOMAINS": " Example.com ,example.net,",
}


@pytest.fixture
def loaded(monkeypatch: pytest.MonkeyPatch) -> settings.Settings:
    for name in list(os.environ):
        if name.startswith("STANDUP_"):
            monkeypatch.delenv(name)
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    return settings.load()


@pytest.fixture
def factory(loaded: settings.Settings) -> ChannelFactory:
    return ChannelFactory(loaded, CertificateFolder(None), lambda: datetime(2026, 11, 23, tzinfo=UTC))


@pytest.mark.parametrize("name", ["ops-emea", "ops_emea", "OPS-EMEA"])
def test_a_name_is_found_whatever_its_case_and_dashes(name: str, factory: ChannelFactory) -> None:
    assert factory.slack(name).protection.encrypted


def test_an_unknown_channel_name_lists_the_known_ones_and_the_setting(factory: ChannelFactory) -> None:
    with pytest.raises(SettingsError, match=r"known: floor_2.*STANDUP_TEAMS__FLOOR_3__WEBHOOK_URL"):
        factory.teams("floor-3")


def test_without_a_mail_server_the_error_says_what_to_set(factory: ChannelFactory) -> None:
    with pytest.raises(SettingsError, match="STANDUP_SMTP__HOST"):
        factory.email()


def test_domains_are_read_with_commas_in_any_case(loaded: settings.Settings) -> None:
    assert loaded.allowed_domains == ("example.com", "example.net")


def test_every_webhook_address_and_key_is_a_secret(loaded: settings.Settings) -> None:
    assert "planted-secret" not in repr(loaded)
    assert len([secret for secret in loaded.secret_values if "planted-secret" in secret]) == 3


@pytest.mark.parametrize(
    ("kind", "resend", "rule"),
    [("bucket", False, "look_up"), ("email", False, "ask"), ("email", True, "resend"), ("slack", True, "ask")],
)
def test_each_channel_has_its_rule_for_an_unknown_outcome(kind: str, resend: bool, rule: str) -> None:
    smtp = {"host": "mail.example.com", "sender": "s@example.com", "resend_unknown": resend}
    factory = ChannelFactory(
        settings.Settings(smtp=smtp), CertificateFolder(None), lambda: datetime(2026, 11, 23, tzinfo=UTC)
    )
    assert factory.when_unknown(kind) == rule


@pytest.mark.parametrize(("encrypted", "word"), [(False, False), (True, True)])
def test_a_setting_states_whether_a_bucket_is_encrypted(encrypted: bool, word: bool) -> None:
    bucket = {"archive": {"url": "memory://archive", "encrypted": encrypted}}
    factory = ChannelFactory(
        settings.Settings(buckets=bucket), CertificateFolder(None), lambda: datetime(2026, 11, 23, tzinfo=UTC)
    )
    assert factory.bucket("archive").protection.encrypted is word


def test_a_groups_recipients_come_with_their_channel_buckets_first() -> None:
    deliver = Deliver(email=("a@example.com",), slack=("ops",), bucket=("archive",))
    assert deliver.recipients == (("bucket", "archive"), ("email", "a@example.com"), ("slack", "ops"))
