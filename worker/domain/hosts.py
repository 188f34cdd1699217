"""Names of servers and of Genesys Cloud regions and web addresses, as operators write them."""

from __future__ import annotations

import re
from ipaddress import ip_address
from urllib.parse import urlsplit

_NAME = re.compile(r"[\w-]+(\.[\w-]+)*\.?")
_DOMAIN = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")


def server(text: str) -> str:
    """Return the name or IP address of a server, without the blanks around it. Raises ValueError if it is neither."""
    name = text.strip()
    if _NAME.fullmatch(name):
        return name
    try:
        return str(ip_address(name))
    except ValueError:
        raise ValueError(
            "expected only the name or address of a server, such as mail.example.com: no https://, no port, no space"
        ) from None


def region(text: str) -> str:
    """Return the domain of a Genesys Cloud region, in lower case. Raises ValueError if it is none."""
    domain = text.strip().lower()
    if not _DOMAIN.fullmatch(domain):
        raise ValueError("expected the domain of a region, such as mypurecloud.de or usw2.pure.cloud, without https://")
    return domain


def is_loopback(host: str) -> bool:
    """Return whether the name or IP address of a server is this machine itself. What is sent there needs no TLS."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def is_web_address(text: str) -> bool:
    """Return whether a text is a complete http or https address. Where it has to be https, the caller checks it."""
    try:
        parts = urlsplit(text)
        is_complete = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    return is_complete and text.isascii() and text.isprintable() and " " not in text
