"""Names of servers and of Genesys Cloud regions, as operators write them."""

from __future__ import annotations

import re
from ipaddress import ip_address

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
