"""The schedule: ``celery -A beat_schedule beat``.

There is no entry per group. Beat asks every 30 s "what is due and not done?", and asks again after any outage. Two
beats, a restarted beat or a DST night only ask once more, and the ledger gives the same answer.
"""

from __future__ import annotations

from worker import settings
from worker.celery import app

_loaded = settings.load()
_loaded.beat_file.parent.mkdir(parents=True, exist_ok=True)

app.conf.update(
    beat_scheduler="worker.beat_scheduler:BeatScheduler",
    beat_schedule_filename=str(_loaded.beat_file),
    beat_max_loop_interval=5,
    beat_schedule={
        "start-due": {
            "task": "briefing.start_due",
            "schedule": _loaded.tick_seconds,
            # An old question is useless: the next one asks the same.
            "options": {"expires": _loaded.tick_seconds},
        },
        "watch": {"task": "briefing.watch", "schedule": 60.0, "options": {"expires": 60.0}},
        "expire": {"task": "briefing.expire", "schedule": 6 * 3600.0, "options": {"expires": 3600.0}},
        # Each organisation's part ends when others need its quota. Nothing is asked while a briefing is under way.
        "refresh-lookups": {"task": "briefing.refresh_lookups", "schedule": 600.0, "options": {"expires": 300.0}},
        "recover": {"task": "briefing.recover", "schedule": 10.0, "options": {"expires": 15.0}},
    },
)

__all__ = ["app"]
