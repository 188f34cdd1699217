"""The next attempt at a step waits behind other steps, also if the sweep had sent this one to the front."""

from __future__ import annotations

import json

import pytest
from celery.exceptions import Retry
from redis import Redis

from tasks import step
from worker.broker.transport import BACK, FRONT
from worker.celery import WAITING_QUEUE, create_app
from worker.settings import Settings


@pytest.mark.parametrize("priority", [FRONT, BACK])
def test_a_retried_step_waits_behind_the_messages_that_are_there(priority: int, redis_url: str) -> None:
    settings = Settings(redis_url=redis_url)
    app = create_app(settings)
    app.send_task("other", queue=WAITING_QUEUE, ignore_result=True)

    @app.task(name="briefing.poll")
    def task(run_id: str) -> str:
        return run_id

    delivery = {"exchange": "", "routing_key": WAITING_QUEUE, "priority": priority}
    task.push_request(id="retried", args=["support:2026-11-20"], delivery_info=delivery, called_directly=False)
    try:
        assert isinstance(step.retry(task, 0.0), Retry)
    finally:
        task.pop_request()
    with Redis.from_url(settings.broker) as broker:
        waiting = [json.loads(element)["headers"]["id"] for element in broker.lrange(WAITING_QUEUE, 0, -1)]
    assert waiting[0] == "retried"
    assert len(waiting) == 2
