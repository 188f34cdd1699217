"""The way of a briefing, a step each.

beat_schedule.py   every 30 s: what is due and not done?
      │
start.py           claims run support-emea:2026-11-20 once, sends its chain; the operator's shell knocks at this door
      │            only the run id travels between steps: no rows, no names, no secrets
      ├─ holiday_check.py   was the reporting day a business day?   no → render and deliver make and send the notice
      ├─ export.py          starts the export job
      ├─ poll.py            looks after 5, 10, 20, 40, 60 … s; fetches the rows; gives up after 3 min with an alert
      ├─ render.py          rows → briefing → PDF, workbook, message
      └─ deliver.py         to every recipient once, each recorded
step.py            what the steps share: the lease, skip if done, retry, or fail and alert
refresh.py         asks for look-ups anew while no briefing is under way
recover.py         resumes runs whose step went silent
watch.py           tells operations of a briefing that is late
forget.py          deletes what is older than it may be kept
outage.py          tells operations that Redis is away
alert.py           tells operations which run failed, where, and how to rerun it
"""

from tasks import alert, deliver, export, holiday_check, poll, render, start, watch
from tasks import upkeep as forget
from tasks import upkeep as recover
from tasks import upkeep as refresh
from worker.alerts import redis_outage as outage

__all__ = [
    "alert",
    "deliver",
    "export",
    "forget",
    "holiday_check",
    "outage",
    "poll",
    "recover",
    "refresh",
    "render",
    "start",
    "watch",
]
