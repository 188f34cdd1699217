"""Where a download may lead: checked by host, scheme and address, before any connection."""

from __future__ import annotations

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
    assert check_target(url, ORGANISATION, lambda _: ("93.184.216.34",)).path == "/x"


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
        check_target(url, ORGANISATION, lambda _: ("93.184.216.34",))


@pytest.mark.parametrize(
    "address",
    ["169.254.169.254", "10.1.2.3", "127.0.0.1", "192.168.0.1", "::1", "fe80::1%eth0", "fd00::1", "100.64.0.1"],
)
def test_an_allowed_name_with_a_private_address_is_refused(address: str) -> None:
    with pytest.raises(MalformedAnswer, match="private address"):
        check_target("https://files.example.com/x", ORGANISATION, lambda _: ("93.184.216.34", address))
