"""A wrong setting is answered with its variable and what is expected, in our words and without its value."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from worker import settings
from worker.errors import SettingsError

ORGANISATION = {"CLIENT_ID": "id", "CLIENT_SECRET": "planted-s3cret", "REGION": "mypurecloud.de"}
SMTP = {"STANDUP_SMTP__HOST": "mail.example.com", "STANDUP_SMTP__SENDER": "standup@example.com"}


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in list(os.environ):
        if name.startswith("STANDUP_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def read(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]) -> settings.Settings:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return settings.load()


@pytest.mark.parametrize(
    ("environment", "clause"),
    [
        ({"STANDUP_TICK_SECONDS": "abc"}, "STANDUP_TICK_SECONDS: expected a number."),
        ({"STANDUP_TICK_SECONDS": "90"}, "STANDUP_TICK_SECONDS: expected 60 or less."),
        ({"STANDUP_RETENTION__ROWS_DAYS": "-1"}, "STANDUP_RETENTION__ROWS_DAYS: expected 1 or more."),
        ({"STANDUP_RENDERING__PROCESSES": "25O"}, "STANDUP_RENDERING__PROCESSES: expected a whole number."),
        ({"STANDUP_LOG_LEVEL": "LOUD"}, "STANDUP_LOG_LEVEL: expected 'DEBUG', 'INFO', 'WARNING' or 'ERROR'."),
        ({"STANDUP_BROKER_SECRET": "short"}, "STANDUP_BROKER_SECRET: expected 32 or more characters."),
        ({"STANDUP_REDIS_URL": "localhost:6379"}, "STANDUP_REDIS_URL: expected redis://HOST:PORT/DATABASE"),
        ({"STANDUP_SMTP__HOST": "mail"}, "STANDUP_SMTP__SENDER: required, because other settings"),
        (SMTP | {"STANDUP_SMTP__ALLOW_PLAINTEXT": "maybe"}, "ALLOW_PLAINTEXT: expected true or false."),
        (SMTP | {"STANDUP_SMTP__TIMEOUT_SECONDS": "0"}, "TIMEOUT_SECONDS: expected more than 0."),
        (SMTP | {"STANDUP_SMTP__HELLO": "two words"}, "STANDUP_SMTP__HELLO: expected one word of ASCII characters."),
        (
            SMTP | {"STANDUP_SMTP__HOSTT": "x"},
            "STANDUP_SMTP__HOSTT: is not a setting, did you mean STANDUP_SMTP__HOST?",
        ),
        ({"STANDUP_ALERTS__XYZ": "x"}, "STANDUP_ALERTS__XYZ: is not a setting"),
        (
            {"STANDUP_SLACK__OPS__WEBHOOK": "x"},
            "STANDUP_SLACK__OPS__WEBHOOK: is not a setting, did you mean STANDUP_SLACK__OPS__WEBHOOK_URL?",
        ),
        ({"STANDUP_SMPT__HOST": "x"}, "STANDUP_SMPT__HOST is not a setting. Did you mean STANDUP_SMTP__HOST?"),
    ],
)
def test_a_mistake_says_what_is_expected(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], clause: str
) -> None:
    with pytest.raises(SettingsError) as raised:
        read(monkeypatch, environment)
    assert clause in str(raised.value)
    assert "Value error" not in str(raised.value)
    assert "Input should" not in str(raised.value)


@pytest.mark.parametrize("host", ["mail example.com", "smtp://mail.example.com", "mail.example.com:25", "a..b"])
def test_a_mail_server_is_only_a_name(monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    with pytest.raises(SettingsError, match="STANDUP_SMTP__HOST: "):
        read(monkeypatch, SMTP | {"STANDUP_SMTP__HOST": host})


@pytest.mark.parametrize("host", ["mail.example.com", "mail_server", "192.0.2.1", "::1", "bücher.example", "a.b."])
def test_every_name_and_address_of_a_mail_server_is_accepted(monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    loaded = read(monkeypatch, SMTP | {"STANDUP_SMTP__HOST": f" {host} "})
    assert loaded.smtp is not None
    assert loaded.smtp.host == host


@pytest.mark.parametrize(
    ("region", "domain"),
    [("MyPureCloud.de ", "mypurecloud.de"), ("usw2.pure.cloud", "usw2.pure.cloud")],
)
def test_blanks_and_capitals_do_not_matter_in_a_region(
    monkeypatch: pytest.MonkeyPatch, region: str, domain: str
) -> None:
    loaded = read(monkeypatch, organisation(region))
    assert loaded.organisations["main"].region == domain


@pytest.mark.parametrize("region", ["https://mypurecloud.de", "eu-central-1", "mypurecloud.de/", "my purecloud.de"])
def test_a_region_is_a_domain(monkeypatch: pytest.MonkeyPatch, region: str) -> None:
    with pytest.raises(SettingsError, match="STANDUP_ORGANISATIONS__MAIN__REGION: expected the domain of a region"):
        read(monkeypatch, organisation(region))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"\xff\xfeS\x00", r"/\.env is not UTF-8 text: byte 1 cannot be read\. Save it in the encoding UTF-8\."),
        ("STANDUP_GROUPS=Süd".encode("latin-1"), "byte 17 cannot be read"),
        (b"A=1\nSTANDUP_GROUPS='it''s\n", r"/\.env, line 2: expected NAME=value\. A quotation mark"),
    ],
)
def test_a_file_env_that_cannot_be_read_names_the_place(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: bytes, sentence: str
) -> None:
    (tmp_path / ".env").write_bytes(content)
    with pytest.raises(SettingsError, match=sentence):
        read(monkeypatch, {})


@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_a_file_env_from_windows_is_read_whole(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, start: bytes, end: bytes
) -> None:
    lines = [b"STANDUP_LOG_LEVEL=ERROR", b"STANDUP_DOCUMENT_PASSWORD=planted"]
    (tmp_path / ".env").write_bytes(start + end.join([*lines, b""]))
    loaded = read(monkeypatch, {})
    assert loaded.log_level == "ERROR"
    assert loaded.password_for("any") == "planted"


@pytest.mark.parametrize("value", ["'p${HOME}$w'", "p${HOME}$w"])
def test_a_dollar_in_a_secret_is_no_reference(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, value: str) -> None:
    (tmp_path / ".env").write_text(f"STANDUP_DOCUMENT_PASSWORD={value}\n")
    assert read(monkeypatch, {}).password_for("any") == "p${HOME}$w"


def organisation(region: str) -> dict[str, str]:
    return {
        f"STANDUP_ORGANISATIONS__MAIN__{name}": value for name, value in (ORGANISATION | {"REGION": region}).items()
    }
