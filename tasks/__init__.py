"""The Celery tasks. Each is a doorway: it loads the run, skips what is done, calls one use case, records the outcome.

beat_schedule.py   every 30 s: what is due and not done?
      │
start.py           claims run support-emea:2026-11-20 once and sends its chain; an operator's run starts here too
      │            only the run id travels between steps: no rows, no names, no secrets
      ├─ holiday_check.py   was the reporting day a business day?   no → render and deliver make and send the notice
      ├─ export.py          starts the export job
      ├─ poll.py            looks at the intervals of worker/domain/countdowns.py, fetches the rows, or gives up
      ├─ render.py          rows → briefing → PDF, workbook, message
      └─ deliver.py         to every recipient once, each recorded
step.py            what the steps share: enter, skip if done, retry, or fail with an alert
leases.py          renews the leases of the steps that this process does
upkeep.py          recovers silent runs, refreshes look-ups, deletes old data
watch.py           alerts operations of late briefings, and of a Redis that is away
alert.py           alerts operations of a run that has ended
artifact_probe.py  answers the doctor's question whether all workers share one artifact store
"""

from tasks import alert, artifact_probe, deliver, export, holiday_check, poll, render, start, upkeep, watch

__all__ = [
    "alert",
    "artifact_probe",
    "deliver",
    "export",
    "holiday_check",
    "poll",
    "render",
    "start",
    "upkeep",
    "watch",
]
