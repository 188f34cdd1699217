"""Worker and beat are back soon after the broker, however long it was away."""

from __future__ import annotations

import pytest
from kombu.exceptions import OperationalError
from kombu.utils import functional

from tests.redis_server import free_port
from worker.broker.reconnecting import LONGEST_PAUSE_SECONDS
from worker.celery import app

ATTEMPTS = 40


def test_the_pauses_between_attempts_stay_short_in_a_long_outage(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(functional, "sleep", lambda _: None)
    pauses: list[float] = []
    connection = app.connection_for_read(f"redis://127.0.0.1:{free_port()}/1")
    with pytest.raises(OperationalError):
        connection.ensure_connection(lambda _, pause: pauses.append(pause), ATTEMPTS)
    assert len(pauses) == ATTEMPTS
    assert 0 < max(pauses) <= LONGEST_PAUSE_SECONDS


def test_worker_and_beat_never_give_up_connecting() -> None:
    assert app.conf.broker_connection_max_retries is None
