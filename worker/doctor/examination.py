"""Run all checks in the order in which an operator would fix things. A check that cannot work is left out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path

from worker.doctor import (
    certificates,
    fonts,
    groups,
    installation,
    organisations,
    permissions,
    processes,
    recipients,
    redis,
)
from worker.doctor.finding import Finding, Level, of_error, ok, warning
from worker.doctor.groups import ExaminationAnswers
from worker.domain.groups import Group
from worker.errors import StandupError
from worker.groupfiles.reading import Places
from worker.wiring import alerts, channels, process, services, stores
from worker.wiring import organisations as wired_organisations

_YIELD_SECONDS = 24 * 3600
"""The doctor waits for permits behind every run of the next 24 hours."""


def examine(selected: Group | None = None, *, send_test_alert: bool = False) -> Iterator[Finding]:
    """Yield findings as the checks make them. With ``selected`` only that group and its organisation are checked."""
    settings = process.settings()
    yield ok("settings", f"the settings can be read: {', '.join(process.settings_places())}")
    for name, lines in process.repeated_settings().items():
        yield warning("settings", f"{name} is in .env {len(lines)} times", f"Only line {lines[-1]} counts.")
    yield from installation.group_file(stores.groups())
    redis_findings = list(redis.check(settings.redis_url, settings.broker, process.clock))
    yield from redis_findings
    yield installation.artifacts(stores.artifacts, settings.artifacts, process.clock)
    members = [selected] if selected else _healthy()
    yield installation.mail(
        channels.factory().email,
        settings.max_message_bytes,
        _healthy(),
        is_set=settings.smtp is not None,
        is_needed=any(group.deliver.email for group in members),
    )
    yield installation.alerts(alerts.webhook, process.clock, send=send_test_alert)
    yield from certificates.check(channels.certificates(), members, process.clock())
    yield from fonts.check(services.fonts(), members)
    yield from installation.passwords(
        settings.document_passwords, _all_keys(), are_used=any(settings.password_for(group.key) for group in members)
    )
    places = Places(settings.groups or Path())
    for group in members:
        place_of = partial(places.place_of, group.key)
        yield from organisations.check_name(wired_organisations.sessions().require, group, place_of)
        yield from recipients.check(channels.open_channels, group, place_of)
    if not redis.reachable(redis_findings):
        return  # permits, the run ledger and the broker are in Redis
    yield processes.state_version(stores.state_version())
    yield from processes.check(stores.heartbeat(), stores.artifacts, settings.artifacts)
    for name, members in _by_organisation(selected).items():
        if name in settings.organisations:
            yield from _organisation(name, members, places)


def _by_organisation(selected: Group | None) -> dict[str, list[Group]]:
    """Return enabled groups by organisation, also organisations without groups; or only the selected group."""
    if selected:
        return {selected.organisation: [selected]}
    groups_by_name: defaultdict[str, list[Group]] = defaultdict(
        list, {name: [] for name in process.settings().organisations}
    )
    for group in _healthy():
        groups_by_name[group.organisation].append(group)
    return dict(groups_by_name)


def _healthy() -> list[Group]:
    try:
        return [group for group in stores.groups().file().groups if group.enabled]
    except StandupError:
        return []


def _all_keys() -> list[str]:
    """Return the keys of all groups, also of those that do not run now."""
    try:
        file = stores.groups().file()
    except StandupError:
        return []
    return [group.key for group in file.groups] + [key for problem in file.problems for key in problem.groups]


def _organisation(name: str, members: Iterable[Group], places: Places) -> Iterator[Finding]:
    area, members = organisations.area_of(name), list(members)
    try:
        session = wired_organisations.sessions().open(name, rank=int(process.clock().timestamp()) + _YIELD_SECONDS)
    except StandupError as error:
        yield of_error(area, error)
        return
    quota_per_minute = process.settings().organisations[name].quota_per_minute
    findings = list(organisations.check(name, session, quota_per_minute, process.clock))
    yield from findings
    if any(finding.level == Level.WRONG for finding in findings):
        return
    probe_findings = []
    for finding in permissions.check(session, permissions.needs_of(members), area):
        probe_findings.append(finding)
        yield finding
    missing_permissions = frozenset(finding.permission for finding in probe_findings if finding.permission)
    answers = ExaminationAnswers()
    for group in members:
        place_of = partial(places.place_of, group.key)
        yield from groups.check(group, session, answers, missing_permissions, process.clock, place_of)
