"""The workers' app with a visibility timeout of six seconds, which a slow delivery outlasts."""

from worker.celery import app

app.conf.broker_transport_options = app.conf.broker_transport_options | {
    "visibility_timeout": 6,
    "unacked_restore_interval": 1,
}
