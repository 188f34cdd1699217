"""E-mail addresses as SMTP and the headers need them: internationalised hosts in ASCII form."""

from __future__ import annotations

from email.headerregistry import Address
from email.utils import parseaddr

import idna


def parse(text: str) -> Address:
    """Parse ``name@host`` or ``Display Name <name@host>``. Raises ValueError with the text and what was expected.

    The host is returned in ASCII form (``bücher.example`` → ``xn--bcher-kva.example``) by IDNA 2008, because the older
    rules turn ``straße.de`` into another organisation's ``strasse.de``. The local part stays unchanged.
    """
    display_name, address = parseaddr(text)
    local, _, host = address.rpartition("@")
    if not local or not host or not text.isprintable() or " " in address:
        raise ValueError(f"{text!r} is not an e-mail address: expected name@host or Name <name@host>")
    return Address(display_name, username=local, domain=_ascii_host(text, host))


def _ascii_host(text: str, host: str) -> str:
    if host.isascii():
        return host
    try:
        return idna.encode(host, uts46=True).decode("ascii")
    except idna.IDNAError as error:
        raise ValueError(f"{text!r} has an impossible host: {error}") from None
