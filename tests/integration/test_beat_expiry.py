"""When the questions of beat expire: by the clock of Redis, and without its answer by beat's own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from celery import Celery
from redis import Redis

from tests.redis_server import free_port
from worker.beat_scheduler import BeatScheduler

LIFETIME = 15


class Recorder(BeatScheduler):
    """A scheduler that records when the tasks that it sends expire."""

    def __init__(self, app: Celery, folder: Path) -> None:
        self.expiries: list[Any] = []
        super().__init__(app, schedule_filename=str(folder / "schedule"))

    def send_task(self, *_: Any, expires: Any, **__: Any) -> None:
        self.expiries.append(expires)


@pytest.fixture
def redis_port(request: pytest.FixtureRequest, redis_url: str) -> int:
    """The port of a Redis that answers, or one where none does."""
    return Redis.from_url(redis_url).connection_pool.connection_kwargs["port"] if request.param else free_port()


@pytest.fixture
def beat(redis_port: int, tmp_path: Path) -> Iterator[Recorder]:
    app = Celery(broker=f"redis://127.0.0.1:{redis_port}/1", set_as_current=False)
    app.conf.broker_transport_options = {"max_retries": 0}
    app.conf.beat_schedule = {"ask": {"task": "ask", "schedule": 10.0, "options": {"expires": LIFETIME}}}
    beat = Recorder(app, tmp_path)
    yield beat
    beat.close()


def send(beat: Recorder, *, after_loss: bool = False) -> Any:
    with beat.app.connection_for_write() as connection:
        producer = beat.app.amqp.Producer(connection, auto_declare=False)
        if after_loss:
            producer.channel  # noqa: B018 - opens it
            connection.collect()
        beat.apply_async(beat.schedule["ask"], producer, advance=False)
    return beat.expiries.pop()


@pytest.mark.parametrize("redis_port", [True], indirect=True)
def test_a_question_expires_by_the_clock_of_redis(beat: Recorder, redis: Redis) -> None:
    earliest_seconds, _ = redis.time()
    expiry = send(beat)
    latest_seconds, _ = redis.time()
    assert earliest_seconds <= expiry.timestamp() - LIFETIME < latest_seconds + 1
    assert beat.schedule["ask"].options["expires"] == LIFETIME, "the schedule itself is as before"


@pytest.mark.parametrize("redis_port", [False], indirect=True)
def test_without_an_answer_of_redis_it_expires_by_the_clock_of_beat(beat: Recorder) -> None:
    assert send(beat) == LIFETIME


@pytest.mark.parametrize("redis_port", [True], indirect=True)
def test_a_question_is_sent_though_the_connection_before_it_was_lost(beat: Recorder) -> None:
    assert send(beat, after_loss=True) == LIFETIME
