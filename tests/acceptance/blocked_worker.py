"""The workers' app with a task that occupies its thread until a test releases it, and a short time to end."""

import time

from worker import shutdown
from worker.celery import app
from worker.wiring import process

RELEASED = "tests:released"
"""The Redis key whose existence ends all these tasks."""

shutdown.GRACE_SECONDS = 1.0


@app.task(name="tests.block")
def block() -> None:
    while not process.redis().exists(RELEASED):
        time.sleep(0.05)
