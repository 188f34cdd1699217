"""A wrong setting is answered with its variable and what is expected, in our words and without its value."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from worker import settings
from worker.errors import SettingsError
from worker.settings import sources

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
        ({"STANDUP_TICK_SECONDS": "abc"}, "STANDUP_TICK_SECONDS (the environment): expected a number."),
        ({"STANDUP_TICK_SECONDS": "90"}, "STANDUP_TICK_SECONDS (the environment): expected 60 or less."),
        ({"STANDUP_RETENTION__ROWS_DAYS": "-1"}, "STANDUP_RETENTION__ROWS_DAYS (the environment): expected 1 or more."),
        (
            {"STANDUP_RENDERING__PROCESSES": "25O"},
            "STANDUP_RENDERING__PROCESSES (the environment): expected a whole number.",
        ),
        (
            {"STANDUP_LOG_LEVEL": "LOUD"},
            "STANDUP_LOG_LEVEL (the environment): expected 'DEBUG', 'INFO', 'WARNING' or 'ERROR'.",
        ),
        (
            {"STANDUP_BROKER_SECRET": "short"},
            "STANDUP_BROKER_SECRET (the environment): expected 32 or more characters.",
        ),
        (
            {"STANDUP_REDIS_URL": "localhost:6379"},
            "STANDUP_REDIS_URL (the environment): expected redis://HOST:PORT/DATABASE",
        ),
        (
            {"STANDUP_BROKER_URL": "redis://h/0?timeout=5"},
            "STANDUP_BROKER_URL (the environment): unknown option timeout: expected db.",
        ),
        (
            {"STANDUP_BOARD__PROXIES": "10.0.0.1/8", "STANDUP_BOARD__USER_HEADER": "X-User"},
            "STANDUP_BOARD__PROXIES (the environment): 10.0.0.1/8 has host bits set.",
        ),
        (
            {"STANDUP_ALLOWED_DOMAINS": '["example.com", 1]'},
            "STANDUP_ALLOWED_DOMAINS (the environment): expected texts with commas between, or a JSON list",
        ),
        ({"STANDUP_FONTS": '["a.ttf"'}, "STANDUP_FONTS (the environment): expected texts with commas between"),
        ({"STANDUP_SMTP": '{"host": 1, "sender": "a"}'}, "STANDUP_SMTP__HOST (the environment): expected a text."),
        (
            {"STANDUP_ORGANISATIONS": "main"},
            "STANDUP_ORGANISATIONS (the environment): is a section, whose settings are named STANDUP_ORGANISATIONS__…",
        ),
        ({"STANDUP_SLACK__MAIN": "x"}, "settings are named STANDUP_SLACK__MAIN__…"),
        ({"STANDUP_SECRETS_DIR": "/nowhere"}, "STANDUP_SECRETS_DIR: there is no folder /nowhere."),
        ({"STANDUP_SECRETS_DIR": "/etc/passwd"}, "STANDUP_SECRETS_DIR: there is no folder /etc/passwd."),
        ({"STANDUP_SMTP__HOST": "mail"}, "STANDUP_SMTP__SENDER: required, because other settings"),
        (
            SMTP | {"STANDUP_SMTP__ALLOW_PLAINTEXT": "maybe"},
            "ALLOW_PLAINTEXT (the environment): expected true or false.",
        ),
        (SMTP | {"STANDUP_SMTP__TIMEOUT_SECONDS": "0"}, "TIMEOUT_SECONDS (the environment): expected more than 0."),
        (
            SMTP | {"STANDUP_SMTP__HELLO": "two words"},
            "STANDUP_SMTP__HELLO (the environment): expected one word of ASCII characters.",
        ),
        (
            SMTP | {"STANDUP_SMTP__HOSTT": "x"},
            "STANDUP_SMTP__HOSTT (the environment): is not a setting, did you mean STANDUP_SMTP__HOST?",
        ),
        ({"STANDUP_ALERTS__XYZ": "x"}, "STANDUP_ALERTS__XYZ (the environment): is not a setting"),
        (
            {"STANDUP_SLACK__OPS__WEBHOOK": "x"},
            "WEBHOOK (the environment): is not a setting, did you mean STANDUP_SLACK__OPS__WEBHOOK_URL?",
        ),
        ({"STANDUP_SMTP_HOST": "x"}, "STANDUP_SMTP_HOST is not a setting. Did you mean STANDUP_SMTP__HOST?"),
        ({"STANDUP_COLOUR": "x"}, "STANDUP_COLOUR is not a setting. docs/configuration.md lists them all."),
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
    with pytest.raises(SettingsError, match=r"STANDUP_SMTP__HOST \(the environment\): "):
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
    with pytest.raises(SettingsError, match=r"MAIN__REGION \(the environment\): expected the domain of a region"):
        read(monkeypatch, organisation(region))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"\xff\xfeS\x00", r"/\.env is not UTF-8 text: byte 1 cannot be read\. Save it in the encoding UTF-8\."),
        ("STANDUP_GROUPS=Süd".encode("latin-1"), "byte 17 cannot be read"),
        (b"A=1\nSTANDUP_GROUPS='it''s\n", r"/\.env, line 2: expected NAME=value\. A quotation mark"),
        (b"A\n\nSTANDUP_GROUPS\n", r"/\.env, line 3: expected NAME=value\. Put a = between"),
        (b"STANDUP_GROUPS: groups\n", r"/\.env, line 1: expected NAME=value\. Put a = between"),
        (b"\nSTANDUP_GROUPS='g\0.toml'\n", r"/\.env, line 2: the value contains a NUL character"),
        ("\nSTANDUP_GROUPS=“g.toml”\n".encode(), r"/\.env, line 2: “ is no quotation mark here\. Write '"),
        (b"\n\nSTANDUP_LOG_LEVEL=LOUD\n", r"STANDUP_LOG_LEVEL \(/.*/\.env:3\): expected 'DEBUG'"),
        (b"standup_log_level=LOUD\n", r"STANDUP_LOG_LEVEL \(/.*/\.env:1\): expected 'DEBUG'"),
        (
            b"\nSTANDUP_SMPT__HOST=x\n",
            r"STANDUP_SMPT__HOST in \.env, line 2, is not a setting\. Did you mean STANDUP_SMTP",
        ),
    ],
)
def test_a_file_env_that_cannot_be_read_names_the_place(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: bytes, sentence: str
) -> None:
    (tmp_path / ".env").write_bytes(content)
    with pytest.raises(SettingsError, match=sentence):
        read(monkeypatch, {})


def test_a_folder_in_the_place_of_the_file_env_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").mkdir()
    with pytest.raises(
        SettingsError, match=r"/\.env cannot be read: Is a directory\. Make it a file that this user may"
    ):
        read(monkeypatch, {})


def test_a_path_of_groups_that_no_file_can_have_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SettingsError, match=r"STANDUP_GROUPS: ggg.{1,80} cannot be opened: File name too long\. Set"):
        _ = read(monkeypatch, {"STANDUP_GROUPS": "g" * 5_000}).groups_path


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


def test_a_setting_that_env_has_twice_is_found_with_its_lines(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("\nSTANDUP_LOG_LEVEL=LOUD\nA=1\nA=2\nexport STANDUP_LOG_LEVEL=ERROR  # quiet\n")
    assert read(monkeypatch, {}).log_level == "ERROR"
    assert sources.repeated_names() == {"STANDUP_LOG_LEVEL": [2, 5]}


def test_the_place_of_a_secret_file_is_its_path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "standup_broker_secret").write_text("short")
    with pytest.raises(SettingsError, match=r"STANDUP_BROKER_SECRET \(/.*/standup_broker_secret\): expected 32"):
        read(monkeypatch, {"STANDUP_SECRETS_DIR": str(tmp_path)})


def test_a_list_that_env_has_in_the_wrong_form_is_named_with_its_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    lines = [*(f"STANDUP_ORGANISATIONS__MAIN__{name}={value}" for name, value in ORGANISATION.items())]
    (tmp_path / ".env").write_text("\n".join([*lines, 'STANDUP_ORGANISATIONS__MAIN__DOWNLOAD_HOSTS=["1.2.3.4", 1]']))
    with pytest.raises(
        SettingsError, match=r"MAIN__DOWNLOAD_HOSTS \(/.*/\.env:4\): expected texts with commas between"
    ):
        read(monkeypatch, {})


def test_a_secret_file_that_is_no_text_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "standup_document_password").write_bytes(b"\xff\xfe")
    with pytest.raises(SettingsError, match=r"/standup_document_password is not UTF-8 text\."):
        read(monkeypatch, {"STANDUP_SECRETS_DIR": str(tmp_path)})


@pytest.mark.parametrize("password", ["p#ss", "p/ss", "p?ss", "p:9/ss", "planted/w#rd%:é ?"])
def test_a_password_of_redis_is_never_quoted_and_its_form_is_said(
    monkeypatch: pytest.MonkeyPatch, password: str
) -> None:
    with pytest.raises(SettingsError) as raised:
        read(monkeypatch, {"STANDUP_REDIS_URL": f"redis://:{password}@127.0.0.1:6379/0"})
    assert "In a password write % as %25, @ as %40, / as %2F" in str(raised.value)
    assert "'p" not in str(raised.value)
    assert "planted" not in str(raised.value)


@pytest.mark.parametrize("value", ["'p${HOME}$w'", "p${HOME}$w"])
def test_a_dollar_in_a_secret_is_no_reference(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, value: str) -> None:
    (tmp_path / ".env").write_text(f"STANDUP_DOCUMENT_PASSWORD={value}\n")
    assert read(monkeypatch, {}).password_for("any") == "p${HOME}$w"


def organisation(region: str) -> dict[str, str]:
    return {
        f"STANDUP_ORGANISATIONS__MAIN__{name}": value for name, value in (ORGANISATION | {"REGION": region}).items()
    }
