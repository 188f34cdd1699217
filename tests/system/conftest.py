"""Programs that take a while to start, once for all tests of a session."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.acceptance.conftest import installation
from tests.system import postfix

__all__ = ["installation"]


@pytest.fixture(scope="session")
def started_postfix() -> Iterator[postfix.Postfix]:
    with postfix.running() as started:
        yield started


@pytest.fixture
def mail_server(started_postfix: postfix.Postfix) -> postfix.Postfix:
    """The session's Postfix, its mailboxes empty."""
    started_postfix.empty()
    return started_postfix
