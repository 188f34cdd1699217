"""Organisations: regions known and new, plain HTTP only on loopback."""

from __future__ import annotations

import pytest
from pydantic import SecretStr

from worker.errors import SettingsError
from worker.genesys.api.organisation import Organisation

SECRET = SecretStr("s3cret")


def organisation(url: str, **fields: object) -> Organisation:
    return Organisation(
        **{"name": "main", "api_url": url, "login_url": url, "client_id": "c", "client_secret": SECRET, **fields}
    )


@pytest.mark.parametrize("domain", ["mypurecloud.ie", "usw2.pure.cloud", "a-region-of-tomorrow.example"])
def test_a_region_gives_all_addresses_whether_known_or_new(domain: str) -> None:
    built = Organisation.for_region(domain, name="main", client_id="c", client_secret=SECRET)
    assert built.api_url == f"https://api.{domain}"
    assert built.login_url == f"https://login.{domain}"
    assert built.download_hosts == (f"*.{domain}",)


@pytest.mark.parametrize("url", ["http://127.0.0.1:8080", "http://[::1]:8080", "http://localhost"])
def test_plain_http_to_localhost_is_allowed(url: str) -> None:
    assert organisation(url).api_url == url


@pytest.mark.parametrize("url", ["http://sandbox:8080", "http://api.mypurecloud.ie", "http://127.0.0.1.evil.example"])
def test_plain_http_to_another_machine_must_be_allowed(url: str) -> None:
    with pytest.raises(SettingsError, match=r"plain HTTP.*STANDUP_ORGANISATIONS__MAIN__API_URL"):
        organisation(url)
    assert organisation(url, allow_plain_http=True).may_go_plain(url.split("/")[2].split(":")[0])


@pytest.mark.parametrize(
    "url", ["", "api.mypurecloud.ie", "ftp://x", "https://", "https://x:99999", "https://[", "file:///etc/passwd"]
)
def test_a_wrong_address_names_the_setting(url: str) -> None:
    with pytest.raises(SettingsError, match="STANDUP_ORGANISATIONS__MAIN__API_URL"):
        organisation(url)


@pytest.mark.parametrize("url", ["https://user:hunter2@x.example", "https://x.example?key=hunter2"])
def test_an_address_with_a_secret_in_it_is_refused_without_showing_it(url: str) -> None:
    with pytest.raises(SettingsError) as caught:
        organisation(url)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("fields", [{"client_id": ""}, {"client_id": "a:b"}, {"client_secret": SecretStr("")}])
def test_a_client_that_cannot_log_in_names_the_setting(fields: dict[str, object]) -> None:
    with pytest.raises(SettingsError, match="STANDUP_ORGANISATIONS__MAIN__CLIENT_"):
        organisation("https://x.example", **fields)


def test_the_secret_does_not_show() -> None:
    assert "s3cret" not in repr(organisation("https://x.example"))


def test_the_client_key_is_the_same_for_one_client_only() -> None:
    item, changed_field = organisation("https://x.example"), organisation("https://x.example", client_id="d")
    assert item.client_key == organisation("https://x.example", name="second").client_key
    assert item.client_key != changed_field.client_key
