"""The workers' app with a task that occupies its thread until a test releases it."""

import time

from worker.celery import app
from worker.wiring import process

RELEASED = "tests:released"
"""The Redis key whose existence ends all these tasks."""


@app.task(name="tests.block")
def block() -> None:
    while not process.redis().exists(RELEASED):
        time.sleep(0.05)
