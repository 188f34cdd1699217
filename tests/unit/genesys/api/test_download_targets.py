"""Where a download may lead: checked by host, port and scheme, before any connection."""

from __future__ import annotations

from contextlib import nullcontext

import pytest
from pydantic import SecretStr

from worker.errors import MalformedAnswer
from worker.genesys.api.downloads import check_target
from worker.genesys.api.organisation import Organisation

ORGANISATION = Organisation.for_region(
    "mypurecloud.ie", name="main", client_id="c", client_secret=SecretStr("s"), download_hosts=("files.example.com",)
)


@pytest.mark.parametrize(
    "url",
    [
        "https://api-downloads.mypurecloud.ie/x?sig=1",
        "https://APPS.mypurecloud.ie/x",
        "https://api.mypurecloud.ie/x",
        "https://files.example.com/x",
    ],
)
def test_hosts_of_the_region_and_of_the_settings_are_allowed(url: str) -> None:
    assert check_target(url, ORGANISATION).path == "/x"


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("https://files.example.com.evil.example/x", "not allowed"),
        ("https://evilmypurecloud.ie/x", "not allowed"),
        ("https://sub.files.example.com/x", "not allowed"),
        ("https://169.254.169.254/latest", "not allowed"),
        ("http://files.example.com/x", "without TLS"),
        ("http://api.mypurecloud.ie/x", "without TLS"),
        ("ftp://files.example.com/x", "without TLS"),
        ("https://user:pw@files.example.com/x", "password"),
        ("https://files.example.com:99999/x", "no address"),
        ("https://[::1", "no address"),
        ("//files.example.com/x", "without TLS"),
    ],
)
def test_everything_else_is_refused_with_the_setting_that_would_allow_it(url: str, reason: str) -> None:
    with pytest.raises(MalformedAnswer, match=f"{reason}.*STANDUP_ORGANISATIONS__MAIN__DOWNLOAD_HOSTS"):
        check_target(url, ORGANISATION)


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("https://files.example.com:443/x", True),
        ("https://files.example.com:8443/x", False),
        ("https://files.example.com:22/x", False),
        ("https://store.example.net/x", True),
        ("https://store.example.net:8443/x", True),
        ("https://store.example.net:9443/x", False),
        ("https://gateway.example.com:9000/x", True),
        ("https://gateway.example.com:9001/x", True),
        ("https://gateway.example.com/x", True),
        ("https://gateway.example.com:6379/x", False),
    ],
)
def test_a_port_is_allowed_if_the_settings_name_it(url: str, allowed: bool) -> None:
    gateway = Organisation(
        "main",
        "https://gateway.example.com:9000",
        "https://gateway.example.com:9001",
        "c",
        SecretStr("s"),
        download_hosts=("files.example.com", "store.example.net:8443"),
    )
    with nullcontext() if allowed else pytest.raises(MalformedAnswer, match=r"at port .*DOWNLOAD_HOSTS"):
        check_target(url, gateway)
