"""E-mail addresses: what is one, what is none and why, and which two reach the same mailbox."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from email.headerregistry import Address

import idna

_INVISIBLE = frozenset({"Cc", "Cf", "Co", "Cs", "Zl", "Zp"})
_BLANKS = frozenset(map(chr, (0x34F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0, *range(0xFE00, 0xFE10))))
"""Letters, marks and symbols by their category that show nothing."""

_NAME_PARTS = frozenset(("\u200c", "\u200d")) | _BLANKS
"""In a display name they are part of an emoji or of a Persian word."""

_SPECIALS = re.compile(r'[\s"(),:;<>\[\]\\]')
_HOST = re.compile(r"\[[0-9A-Fa-f.:IPv]+\]|[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?")


def parse(text: str) -> Address:
    """Parse ``name@host`` or ``Display Name <name@host>``. Raises ValueError with the text and what is wrong.

    The display name may contain anything visible, with or without quotes around it. The host is returned in ASCII form
    (``bücher.example`` → ``xn--bcher-kva.example``) by IDNA 2008, because the older rules turn ``straße.de`` into
    another organisation's ``strasse.de``. The local part stays unchanged.
    """
    display_name, address = _split(text)
    fault = fault_of(address) or _invisible_fault(display_name, allowed=_NAME_PARTS)
    if fault:
        raise ValueError(f"{visible(text)!r} is not an e-mail address: {fault}; expected name@host or Name <name@host>")
    local, _, host = address.rpartition("@")
    return Address(display_name, username=local, domain=_ascii_host(host))


def fault_of(address: str) -> str:
    """Return why a bare address is none, "" if it is one. The sentence names the character that is wrong."""
    fault = _invisible_fault(address)
    if fault:
        return fault
    if address.count("@") != 1:
        return f"it has {address.count('@') or 'no'} @"
    special = _SPECIALS.search(address.partition("@")[0]) or re.search(r"\s", address)
    if special:
        return f"it contains {_description(special[0])}"
    local, _, host = address.partition("@")
    if not local or not host:
        return f"nothing is {'before' if host else 'after'} the @"
    return _host_fault(host)


def domain(text: str) -> str:
    """Return the part of addresses after the @, in lower case and ASCII form. Raises ValueError if it is none."""
    host = text.strip().lower()
    fault = fault_of(f"name@{host}")
    if fault:
        raise ValueError(f"expected the part of addresses after the @, such as example.com: {visible(host)!r} is none")
    return _ascii_host(host).lower()


def mailbox_of(address: str) -> str:
    """Return a text that is the same for two spellings of one mailbox.

    Hosts have no case. By RFC 5321, 2.4 local parts have one, but no mail system in use gives ``ana`` and ``Ana`` to
    two people. So this is for comparison, and mail goes to the address as it is written.
    """
    local, _, host = address.rpartition("@")
    try:
        return f"{local.casefold()}@{_ascii_host(host).lower()}"
    except ValueError:
        return address.casefold()


def one_for_each_mailbox(addresses: Iterable[str]) -> tuple[str, ...]:
    """Return the addresses without further spellings of the same mailbox. The first spelling stays."""
    by_mailbox: dict[str, str] = {}
    for address in addresses:
        by_mailbox.setdefault(mailbox_of(address), address)
    return tuple(by_mailbox.values())


def visible(text: str) -> str:
    """Return the text with each invisible character as its code: ``ana<U+200B>@example.com``."""
    return "".join(f"<{_code(c)}>" if _is_invisible(c) or (c.isspace() and c != " ") else c for c in text)


def _split(text: str) -> tuple[str, str]:
    """Return display name and address. The address is in the last angle brackets."""
    text = text.strip(" ")
    if not text.endswith(">") or "<" not in text:
        return "", text
    name, _, address = text[:-1].rpartition("<")
    name = name.strip(" ")
    if len(name) > 1 and name[0] == name[-1] == '"':
        name = re.sub(r"\\(.)", r"\1", name[1:-1])
    return name, address


def _invisible_fault(text: str, allowed: frozenset[str] = frozenset()) -> str:
    invisible = next((c for c in text if _is_invisible(c) and c not in allowed), "")
    return f"it contains the invisible character {_description(invisible)}" if invisible else ""


def _is_invisible(character: str) -> bool:
    """Tell whether it is a control, a format or bidi mark, or a letter without a shape."""
    return unicodedata.category(character) in _INVISIBLE or character in _BLANKS


def _description(character: str) -> str:
    name = unicodedata.name(character, "a control character")
    return f"{_code(character)} ({name})"


def _code(character: str) -> str:
    return f"U+{ord(character):04X}"


def _host_fault(host: str) -> str:
    try:
        ascii_host = _ascii_host(host)
    except ValueError as error:
        return str(error)
    return "" if _HOST.fullmatch(ascii_host) and ".." not in ascii_host else f"its host {host} is impossible"


def _ascii_host(host: str) -> str:
    if host.isascii():
        return host
    try:
        return idna.encode(host, uts46=True).decode("ascii")
    except idna.IDNAError as error:
        raise ValueError(f"its host is impossible: {error}") from None
