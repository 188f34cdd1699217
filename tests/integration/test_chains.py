"""Each chain of messages has a root of its own, by which the steps of a run tell it from another chain of that run."""

from __future__ import annotations

import json
from datetime import date

import pytest
from redis import Redis

from worker import celery
from worker.domain.runs import RunId, Step
from worker.settings import Settings

RUN = RunId("support", date(2026, 11, 20))


def test_chains_that_are_sent_within_a_task_have_roots_of_their_own(
    redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(redis_url=redis_url)
    app = celery.create_app(settings)
    monkeypatch.setattr(celery, "app", app)

    @app.task(name="briefing.poll")
    def task() -> None:
        celery.send_chain(RUN, Step.EXPORT)
        celery.send_chain(RUN, Step.POLL)

    task.apply(task_id="waker")
    with Redis.from_url(settings.broker) as broker:
        headers = [json.loads(element)["headers"] for element in broker.lrange(celery.WAITING_QUEUE, 0, -1)]
    roots = {header["root_id"] for header in headers}
    assert len(roots) == 2
    assert roots == {header["id"] for header in headers}
