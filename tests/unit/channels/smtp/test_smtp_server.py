"""Which ways to a mail server are taken, and that its password shows nowhere."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from worker.channels.smtp.channel import SmtpServer
from worker.errors import SettingsError

PASSWORD = "correct-horse"


def server(**changes: Any) -> SmtpServer:
    usual: dict[str, Any] = {
        "host": "mail.example.com",
        "port": 587,
        "security": "starttls",
        "username": "standup",
        "password": SecretStr(PASSWORD),
        "sender": "Standup <standup@example.com>",
    }
    return SmtpServer(**(usual | changes))


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.8.8", "::1"])
def test_an_unencrypted_connection_to_localhost_is_allowed(host: str) -> None:
    assert server(host=host, security="none").security == "none"


@pytest.mark.parametrize("host", ["mail.example.com", "10.0.0.5", "localhost.example.com", "127.0.0.1.example.com"])
def test_an_unencrypted_connection_to_another_host_is_refused_unless_allowed(host: str) -> None:
    with pytest.raises(SettingsError, match="STANDUP_SMTP__ALLOW_PLAINTEXT"):
        server(host=host, security="none")
    assert server(host=host, security="none", allow_plaintext=True).host == host


@pytest.mark.parametrize(
    "changes",
    [
        {"username": None},
        {"password": None},
        {"password": SecretStr("")},
        {"password": SecretStr("pässwort")},
        {"sender": "nobody"},
        {"sender": "Standup <standup@example.com>\r\nBcc: x@example.net"},
    ],
)
def test_impossible_settings_are_refused_by_name(changes: dict[str, Any]) -> None:
    with pytest.raises(SettingsError, match=r"STANDUP_SMTP__(USERNAME|SENDER)"):
        server(**changes)


def test_a_missing_file_of_authorities_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"STANDUP_SMTP__CA_FILE.*missing\.pem"):
        server(ca_file=tmp_path / "missing.pem").tls_context()


def test_a_file_that_holds_no_certificate_is_named(tmp_path: Path) -> None:
    (tmp_path / "empty.pem").write_text("nothing")
    with pytest.raises(SettingsError, match=r"STANDUP_SMTP__CA_FILE.*empty\.pem"):
        server(ca_file=tmp_path / "empty.pem").tls_context()


def test_the_repr_does_not_show_the_password() -> None:
    assert PASSWORD not in repr(server())
    assert PASSWORD not in str(server())
