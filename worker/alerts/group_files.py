"""Alerts for mistakes in the group files, because a group with a mistake gets no briefing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import structlog

from worker.alerts import headings
from worker.alerts.forms import Alert
from worker.alerts.sending import AlertSender
from worker.errors import ChannelBusy
from worker.groupfiles.reading import GroupFile
from worker.state.alert_dedup import AlertDedup

log = structlog.get_logger("standup.groups")


@dataclass(frozen=True, slots=True)
class GroupFileAlerts:
    """Sends one alert for all mistakes, at most once a day."""

    dedup: AlertDedup
    sender: AlertSender

    def report(self, group_file: GroupFile, now: datetime) -> None:
        """Report the mistakes, if they are new. Every tick calls this. A busy webhook leaves it to the next one."""
        if not group_file.problems:
            return
        text = "\n".join(str(problem) for problem in group_file.problems)
        if not self.dedup.claim_group_problems(text):
            return
        for problem in group_file.problems:
            log.error("group file", problem=str(problem))
        try:
            self.sender.send(_alert(text, now, stops_groups=group_file.stops_groups))
            self.dedup.keep_group_problems(text)
        except ChannelBusy as error:
            log.warning("the alert webhook is busy", because=str(error))
            self.dedup.release_group_problems(text)


def _alert(text: str, now: datetime, *, stops_groups: bool) -> Alert:
    return Alert(
        run_id="group files",
        group_title="group files",
        step="start",
        code="group_file",
        sentence=text,
        rerun_command="standup groups",
        at=now,
        heading=headings.GROUP_FILES if stops_groups else headings.UNREAD_GROUP_FILES,
    )
