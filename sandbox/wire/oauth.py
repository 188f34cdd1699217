"""Access tokens for OAuth clients, by client credentials."""

from __future__ import annotations

import base64
import binascii
import secrets
from collections.abc import Callable, Iterable
from typing import Any

from sandbox.scenario.file import ClientEntry
from sandbox.wire.errors import unauthenticated


class LoginRefused(Exception):
    """A refusal of the login host: the HTTP status and the login host's own error body."""

    def __init__(self, status: int, error: str, description: str) -> None:
        super().__init__(description)
        self.status = status
        self.body = {"error": error, "description": description, "error_description": description}


class Tokens:
    """Issues access tokens, knows the client of each token, and lets tokens expire."""

    def __init__(self, clients: Iterable[ClientEntry], clock: Callable[[], float]) -> None:
        self._clients = {client.id: client for client in clients}
        self._clock = clock
        self._issued: dict[str, tuple[ClientEntry, float]] = {}

    def issue(self, authorization: str, form: dict[str, str]) -> dict[str, Any]:
        """Return the token response for a Basic header and a form. Raise `LoginRefused` if one of them is wrong."""
        client = self._identify(authorization)
        grant = form.get("grant_type")
        if grant != "client_credentials":
            raise LoginRefused(400, "unsupported_grant_type", f"grant type {grant} is not supported")
        token = secrets.token_urlsafe(48)
        self._issued[token] = (client, self._clock() + client.token_seconds)
        return {"access_token": token, "token_type": "bearer", "expires_in": int(client.token_seconds)}

    def _identify(self, authorization: str) -> ClientEntry:
        client_id, secret = _basic_credentials(authorization)
        client = self._clients.get(client_id)
        if client is None:
            raise LoginRefused(401, "invalid_client", "client not found")
        if not secrets.compare_digest(client.secret.encode(), secret.encode()):
            raise LoginRefused(401, "invalid_client", "authentication failed")
        return client

    def client_of(self, authorization: str) -> ClientEntry:
        """Return the client whose valid access token the header carries. Refuse other headers with a 401."""
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise unauthenticated("authentication.required")
        client, expires = self._issued.get(token.strip(), (None, 0.0))
        if client is None or self._clock() >= expires:
            raise unauthenticated()
        return client

    def revoke(self, authorization: str) -> None:
        """Make the access token in the header invalid."""
        self._issued.pop(authorization.partition(" ")[2].strip(), None)


def _basic_credentials(authorization: str) -> tuple[str, str]:
    scheme, _, encoded = authorization.partition(" ")
    try:
        client_id, colon, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        colon = ""
    if scheme.lower() != "basic" or not colon:
        raise LoginRefused(400, "invalid_request", "client credentials are missing")
    return client_id, secret
