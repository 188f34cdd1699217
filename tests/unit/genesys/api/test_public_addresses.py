"""Addresses of the public internet, and forms in which a private one hides."""

from __future__ import annotations

import pytest

from worker.genesys.api.public_addresses import is_public


@pytest.mark.parametrize(
    "address",
    [
        "169.254.169.254",
        "10.1.2.3",
        "127.0.0.1",
        "192.168.0.1",
        "100.64.0.1",
        "0.0.0.0",  # noqa: S104 - an address to refuse
        "224.0.0.1",
        "255.255.255.255",
        "192.0.0.8",
        "192.88.99.1",
        "3fff::1",
        "fec0::1",
        "::ffff:192.88.99.1",
        "64:ff9b::192.0.0.8",
        "::",
        "::1",
        "fe80::1%eth0",
        "fd00::1",
        "ff02::1",
        "::ffff:10.0.0.1",
        "::ffff:169.254.169.254",
        "::10.0.0.1",
        "64:ff9b::10.0.0.1",
        "64:ff9b::169.254.169.254",
        "64:ff9b:1::10.0.0.1",
        "2002:a00:1::1",
        "2002:a9fe:a9fe::",
        "2001:0:a00:1::",
        "2001:0:5db8:d822:0:0:f5ff:fffe",
        "2606:4700::5efe:10.0.0.1",
        "2606:4700::200:5efe:192.168.1.1",
    ],
)
def test_a_private_address_is_recognised_in_every_form(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    ["93.184.216.34", "2606:4700::1111", "64:ff9b::93.184.216.34", "2002:5db8:d822::1", "::ffff:93.184.216.34"],
)
def test_a_public_address_is_allowed_also_behind_nat64(address: str) -> None:
    assert is_public(address)
