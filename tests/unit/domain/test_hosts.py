"""Which web addresses are complete, and which hosts are this machine."""

from __future__ import annotations

import pytest

from worker.domain import hosts


@pytest.mark.parametrize("text", ["https://hooks.example.com/T0/B0", "http://127.0.0.1:9095", "https://[::1]:8443/x"])
def test_a_complete_address_is_one(text: str) -> None:
    assert hosts.is_web_address(text)


@pytest.mark.parametrize(
    "text",
    [
        *("", "https://", "https:/host/path", "http:// host", "https://ho st/", "https://host:0/"),
        *("https://host:99999/", "ftp://host/", "host.example.com/path", "https://[::1/", "https://höst/"),
        "https://host/\n",
    ],
)
def test_an_address_that_no_one_could_ask_is_none(text: str) -> None:
    assert not hosts.is_web_address(text)


@pytest.mark.parametrize(
    ("host", "is_this_machine"),
    [("localhost", True), ("127.8.0.1", True), ("::1", True), ("localhost.example.com", False), ("10.0.0.1", False)],
)
def test_only_loopback_is_this_machine(host: str, is_this_machine: bool) -> None:
    assert hosts.is_loopback(host) == is_this_machine
