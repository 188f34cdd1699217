"""Say what is expected in a group's header that is not valid TOML, and which header was probably meant."""

from __future__ import annotations

import re
import unicodedata

from worker.domain.groups import KEY_FORM, KEY_PATTERN

BROKEN_HEADER = r"(?!\s*(?://|;|--|%))[^\w\"'=#]*groups\.[^\"'=#]+(?:#.*)?$"
"""A line that was meant as a header: ``groups.a]``, ``(groups.a)``, ``- [groups.a]``, and is no comment."""

_HEADER = re.compile(r"[^\w\"'=#]*groups\.(?P<key>[^\]\[)}\"'.]+)(?P<rest>[^\])}]*)[\])}]*\s*$")


def header_form(line: str) -> str:
    """Return what a group's header is expected to be, "" for any other line, and for a key that is in order."""
    header = _HEADER.match(line)
    return (
        "" if not header or re.fullmatch(KEY_PATTERN, header["key"]) else f"[groups.<key>], where <key> is {KEY_FORM}"
    )


def header(line: str) -> str:
    """Return the header that was probably meant, "" for any other line."""
    match = _HEADER.match(line)
    return f"[groups.{_plain_key(match['key'])}{match['rest']}]" if match else ""


def _plain_key(text: str) -> str:
    """Return the text as a key: ``Support Süd`` is ``support-sud``."""
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9_]+", "-", ascii_text).strip("-") or "support"
