"""The workers' app with a visibility time-out of six seconds, which a step that lasts as long as some do outlasts."""

from worker.celery import app

app.conf.broker_transport_options = app.conf.broker_transport_options | {
    "visibility_timeout": 6,
    "unacked_restore_interval": 1,
}
