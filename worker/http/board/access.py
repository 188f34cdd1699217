"""Who may see the board: a name and a password, or a user whom an authenticating proxy names in a header."""

from __future__ import annotations

import hmac
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Access:
    """What a request must show. ``basic_auth`` is "name:password", "" for none, ``user_header`` a header's name.

    A request that has either is let in. An empty header is no user.
    """

    basic_auth: str
    user_header: str

    def allows(self, headers: Mapping[str, str]) -> bool:
        """Tell whether a request with these headers may see the board."""
        if self.user_header and headers.get(self.user_header, "").strip():
            return True
        return bool(self.basic_auth) and hmac.compare_digest(_basic(headers), self.basic_auth.encode())


def _basic(headers: Mapping[str, str]) -> bytes:
    """Return the name and password that a request shows (RFC 7617, section 2), b"" if it shows none."""
    scheme, _, credentials = headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return b""
    try:
        return b64decode(credentials.strip(), validate=True)
    except ValueError:  # binascii.Error is one
        return b""
