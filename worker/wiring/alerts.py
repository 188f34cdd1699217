"""The use cases of `worker.alerts`."""

from __future__ import annotations

import socket
from functools import cache

from worker.alerts.group_files import GroupFileAlerts
from worker.alerts.late import LateRunAlerts
from worker.alerts.lost_ledger import LostRunAlerts
from worker.alerts.newer_state import NewerStateWatch
from worker.alerts.pings import Pings, send_ping
from worker.alerts.receivers import ReceiverAlerts
from worker.alerts.redis_outage import RedisWatch, servers_of
from worker.alerts.rules import AlertRules
from worker.alerts.runs import RunAlerts
from worker.alerts.same_cause import SameCauseAlerts
from worker.alerts.sending import AlertSender
from worker.alerts.webhook import AlertWebhook
from worker.wiring import stores
from worker.wiring.process import clock, settings


@cache
def webhook() -> AlertWebhook | None:
    """Return the operations webhook, or None if none is set."""
    alerts = settings().alerts
    return AlertWebhook(alerts.webhook_url, kind=alerts.kind) if alerts else None


@cache
def sender() -> AlertSender:
    """Return the sender of alerts."""
    return AlertSender(webhook, settings().alerts_file)


@cache
def run_alerts() -> RunAlerts:
    """Return the alerts for runs that have ended."""
    from worker.celery import queue_alert

    rules = AlertRules(stores.alert_dedup(), stores.groups(), clock)
    return RunAlerts(stores.runs(), stores.alert_dedup(), stores.watch(), rules, sender(), queue_alert, clock)


@cache
def late_run_alerts() -> LateRunAlerts:
    """Return the alerts for late runs."""
    return LateRunAlerts(stores.runs(), stores.watch(), stores.groups(), sender(), clock)


@cache
def lost_run_alerts() -> LostRunAlerts:
    """Return the alerts for runs that the ledger has lost."""
    return LostRunAlerts(stores.alert_dedup(), stores.watch(), sender(), clock)


@cache
def receiver_alerts() -> ReceiverAlerts:
    """Return the alerts for channels that accept nothing."""
    return ReceiverAlerts(stores.runs(), stores.deliveries(), stores.counters(), stores.watch(), sender(), clock)


@cache
def same_cause_alerts() -> SameCauseAlerts:
    """Return the alerts for groups that one cause has stopped."""
    return SameCauseAlerts(stores.alert_dedup(), stores.runs(), stores.watch(), sender(), clock)


@cache
def group_file_alerts() -> GroupFileAlerts:
    """Return the alerts for mistakes in the group files."""
    return GroupFileAlerts(stores.alert_dedup(), sender())


@cache
def pings() -> Pings:
    """Return the pings to a monitor outside."""
    ping = settings().ping
    return Pings(ping.tick_url, ping.morning_url, stores.runs(), stores.watch(), send_ping)


def newer_state_watch() -> NewerStateWatch:
    """Return the watch of this process over the version of the stored state."""
    return NewerStateWatch(stores.state_version(), stores.alert_dedup(), sender(), clock, socket.gethostname())


def redis_watch() -> RedisWatch:
    """Return the watch of this process over the ledger's and the broker's Redis."""
    servers = servers_of(settings().redis_url, settings().broker, stores.outage_mark)
    return RedisWatch(servers, sender(), clock)
