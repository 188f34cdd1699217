"""A worker that answers no question of `celery.control`, as one on a machine that is much too busy."""

from worker.celery import app

app.conf.worker_enable_remote_control = False
