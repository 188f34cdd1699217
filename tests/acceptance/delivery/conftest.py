"""The mail server of a module's tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.mail_server import MailServer


@pytest.fixture(scope="module")
def mail_server() -> Iterator[MailServer]:
    server = MailServer()
    yield server
    server.stop()
