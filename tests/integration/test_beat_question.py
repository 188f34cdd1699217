"""When a worker discards a question of beat: by the clock of Redis, not by its own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from celery import Celery
from celery.utils import uuid
from celery.worker import request as celery_request
from redis import Redis

from worker.beat_question import BeatQuestion

HOUR = timedelta(hours=1)


def ask() -> None:
    """The task of a question."""


@pytest.fixture
def app(redis_url: str) -> Iterator[Celery]:
    with Celery(broker=redis_url, set_as_current=False) as app:
        app.task(name="ask", shared=False)(ask)
        yield app


@pytest.fixture(params=[-HOUR, timedelta(0), HOUR], ids=["behind", "right", "ahead"])
def own_clock(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    set_own_clock(monkeypatch, request.param)


def set_own_clock(monkeypatch: pytest.MonkeyPatch, offset: timedelta) -> None:
    class Clock(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:  # type: ignore[override]
            return datetime.now(tz) + offset

    monkeypatch.setattr(celery_request, "datetime", Clock)


def is_answered(app: Celery, expires_at: datetime | None) -> bool:
    """Send the question, receive it, and tell whether the worker would answer it."""
    app.send_task("ask", task_id=uuid(), expires=expires_at)
    with app.connection_for_read() as connection:
        queue = connection.SimpleQueue("celery")
        message = queue.get(timeout=5)
        question = BeatQuestion(message, app=app)
        question._already_revoked = False
        expired = question.maybe_expire()
        queue.close()
    return not expired


@pytest.mark.usefixtures("own_clock")
@pytest.mark.parametrize(("seconds", "expected"), [(20, True), (-20, False)])
def test_a_question_expires_by_the_clock_of_redis(app: Celery, redis: Redis, seconds: int, expected: bool) -> None:
    now, _ = redis.time()
    assert is_answered(app, datetime.fromtimestamp(now + seconds, UTC)) == expected


def test_a_question_without_an_end_never_expires(app: Celery) -> None:
    assert is_answered(app, None)


def test_without_an_answer_of_redis_the_clock_of_the_worker_decides(
    app: Celery, redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("worker.beat_question.redis_now", lambda message: None)
    set_own_clock(monkeypatch, HOUR)
    now, _ = redis.time()
    assert not is_answered(app, datetime.fromtimestamp(now + 20, UTC))
