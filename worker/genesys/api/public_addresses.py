"""Connections to public addresses only, for hosts that an answer names.

A link must not reach into the network that the workers are in. The address is checked when the connection is made, and
the connection is made to that address. A second look-up of the name could give another one (DNS rebinding).
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable

from worker.errors import MalformedAnswer

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_NOT_PUBLIC = tuple(map(ipaddress.ip_network, ("192.0.0.0/24", "192.88.99.0/24", "3fff::/20")))
"""Protocol assignments (RFC 6890), relays of 6to4 (RFC 7526) and documentation (RFC 9637). Not all versions of Python
know them."""

_ISATAP = (b"\x00\x00\x5e\xfe", b"\x02\x00\x5e\xfe")

Resolve = Callable[[str, int], tuple[str, ...]]
"""The addresses of a host, for a port."""


def resolved(host: str, port: int) -> tuple[str, ...]:
    """Return all addresses of a host, as the system resolves it. Raises OSError if it is unknown."""
    try:
        records = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError as error:
        raise OSError(f"{host} is not a valid host name: {error}") from None
    return tuple(str(record[4][0]) for record in records)


def is_public(address: str) -> bool:
    """Tell whether an address is in the public internet, also an IPv4 address inside an IPv6 address."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    return all(_is_public(part) for part in (ip, *_embedded(ip)))


def connect(host: str, port: int, timeout: float | None, resolve: Resolve = resolved) -> socket.socket:
    """Return a connection to a public address of the host. Raises `PrivateAddress` if any of them is not public."""
    addresses = resolve(host, port)
    private = next((address for address in addresses if not is_public(address)), None)
    if private:
        raise PrivateAddress(host, private)
    failure: OSError = OSError(f"{host} has no address")
    for address in addresses:
        try:
            return socket.create_connection((address, port), timeout)
        except OSError as error:
            failure = error
    raise failure


class PrivateAddress(MalformedAnswer):
    """A link names a host that leads into a private network. Nothing was sent."""

    def __init__(self, host: str, address: str) -> None:
        super().__init__(
            f"A download link names {host!r}, which leads to the private address {address}. Nothing was downloaded.",
            way_out="Make the API name a public host, or serve the files from the API's own host.",
        )


def _is_public(ip: IPAddress) -> bool:
    if isinstance(ip, ipaddress.IPv6Address) and (ip in _NAT64 or ip.sixtofour or ip.ipv4_mapped):
        return True  # what counts is the IPv4 address inside
    if any(ip in network for network in _NOT_PUBLIC) or (isinstance(ip, ipaddress.IPv6Address) and ip.is_site_local):
        return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)


def _embedded(ip: IPAddress) -> list[ipaddress.IPv4Address]:
    """Return the IPv4 addresses to which routers translate an IPv6 address.

    IPv4-mapped (RFC 4291, 2.5.5.2), 6to4 (RFC 3056), Teredo (RFC 4380), NAT64 (RFC 6052), ISATAP (RFC 5214).
    """
    if isinstance(ip, ipaddress.IPv4Address):
        return []
    embedded = [ip.ipv4_mapped, ip.sixtofour, *(ip.teredo or ())]
    if ip in _NAT64 or ip.packed[8:12] in _ISATAP:
        embedded.append(ipaddress.IPv4Address(ip.packed[12:]))
    return [part for part in embedded if part is not None]
