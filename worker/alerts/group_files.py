"""Tells operations what is wrong in the group files: a group with a mistake gets no briefing, and silence is no way."""

from __future__ import annotations

import hashlib
from datetime import datetime

import structlog

from tasks import alert
from worker.alerts.webhook import Alert
from worker.errors import ChannelBusy
from worker.groupfiles.reading import GroupFile
from worker.state import once
from worker.wiring import Parts

REPEAT_SECONDS = 24 * 3600
"""The same mistakes are told again after a day; other ones at once."""

log = structlog.get_logger("standup.groups")


def tell(parts: Parts, found: GroupFile, now: datetime) -> None:
    """One alert for all problems, asked by every tick and sent once a day; a busy webhook has the next tick try."""
    if not found.problems:
        return
    text = "\n".join(str(problem) for problem in found.problems)
    told = f"standup:group-problems:{hashlib.sha256(text.encode()).hexdigest()[:20]}"
    if not once.first(parts.redis, told, once.TELLING_SECONDS):
        return
    for problem in found.problems:
        log.error("group file", problem=str(problem))
    try:
        alert.send(parts, _alert(text, now))
        parts.redis.expire(told, REPEAT_SECONDS)
    except ChannelBusy as error:
        log.warning("the alert webhook is busy", because=str(error))
        parts.redis.delete(told)


def _alert(text: str, now: datetime) -> Alert:
    return Alert(
        run_id="group files",
        group_title="Groups named below do not run",
        step="start",
        code="group_file",
        sentence=text,
        rerun_command="standup groups",
        at=now,
    )
