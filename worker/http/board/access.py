"""Who may see the board: a name and a password, or a user whom an authenticating proxy names in a header."""

from __future__ import annotations

import hmac
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address


@dataclass(frozen=True, slots=True)
class Access:
    """What a request must show. ``basic_auth`` is "name:password", "" for none, ``user_header`` a header's name.

    A request that has either is let in. The header counts only if the request comes from one of ``proxies``, because
    everyone else can write it too. An empty header is no user.
    """

    basic_auth: str
    user_header: str
    proxies: tuple[IPv4Network | IPv6Network, ...] = ()

    def allows(self, headers: Mapping[str, str], peer: str) -> bool:
        """Tell whether a request with these headers, from this address, may see the board."""
        if self.user_header and headers.get(self.user_header, "").strip() and self._is_proxy(peer):
            return True
        return bool(self.basic_auth) and hmac.compare_digest(_basic(headers), self.basic_auth.encode())

    def _is_proxy(self, peer: str) -> bool:
        try:
            address = _unmapped(ip_address(peer))
        except ValueError:  # a Unix socket has no address
            return False
        return any(address in network for network in self.proxies)


def _unmapped(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """Return the IPv4 address that a socket for both versions shows as ::ffff:192.0.2.1 (RFC 4291, section 2.5.5.2)."""
    return (address.ipv4_mapped if isinstance(address, IPv6Address) else None) or address


def _basic(headers: Mapping[str, str]) -> bytes:
    """Return the name and password that a request shows (RFC 7617, section 2), b"" if it shows none."""
    scheme, _, credentials = headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return b""
    try:
        return b64decode(credentials.strip(), validate=True)
    except ValueError:  # binascii.Error is one
        return b""
