"""Secrets managers for the settings to ask: whole ones, or the whole internet behind a proxy that a test scripts."""

from __future__ import annotations

import os
import ssl
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import boto3
import pytest
import trustme

from tests.receivers import HttpReceiver
from worker.settings import managers as settings_managers

SECRET = "planted-s3cret"


class Internet(HttpReceiver):
    """A proxy that answers for every host itself, under TLS with a certificate of its own authority."""

    def __init__(self, authority: trustme.CA) -> None:
        self._authority = authority
        super().__init__()

    def _context(self, host: str) -> ssl.SSLContext:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self._authority.issue_cert(host).configure_cert(context)
        return context

    def _handler(internet: Internet) -> type[BaseHTTPRequestHandler]:
        class Handler(super()._handler()):  # type: ignore[misc]
            def do_CONNECT(self) -> None:
                self.send_response_only(200)
                self.end_headers()
                context = internet._context(self.path.rpartition(":")[0])
                self.connection = self.request = context.wrap_socket(self.connection, server_side=True)
                self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", 0)
                self.close_connection = False

        return Handler


@pytest.fixture
def internet(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Internet]:
    """All that this process can reach by HTTPS, known to clients as an installation would tell them of a proxy."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    whole = Internet(authority)
    monkeypatch.setenv("HTTPS_PROXY", whole.url)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "authority.pem"))
    yield whole
    whole.stop()


@pytest.fixture(autouse=True)
def as_if_just_started(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """No variable of ours or of a maker's, no profile in the home, nothing asked yet."""
    for name in list(os.environ):
        if name.startswith(("STANDUP_", "AWS_", "AZURE_", "GOOGLE_")) or name.lower() in ("no_proxy", "https_proxy"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    settings_managers.entries.cache_clear()
    yield
    settings_managers.entries.cache_clear()
