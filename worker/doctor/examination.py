"""All checks, one after another, in the order in which one would mend things. What cannot work is not tried."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from worker.doctor import fonts, groups, installation, organisations, permissions, processes, recipients
from worker.doctor import redis as store
from worker.doctor.finding import Finding, Level, of_error, ok
from worker.doctor.groups import Fresh
from worker.domain.groups import Group
from worker.errors import StandupError
from worker.settings import sources as settings_sources
from worker.wiring import Parts, now

_AFTER_ALL_SECONDS = 24 * 3600
"""An examination stands behind every run of the coming day in the line for permits."""


def examine(parts: Parts, only: Group | None = None, *, send_test_alert: bool = False) -> Iterator[Finding]:
    """Findings as they come; ``only`` looks at that group and its organisation alone."""
    yield ok("settings", f"the settings can be read: {', '.join(settings_sources.descriptions())}")
    yield from installation.group_file(parts)
    there = list(store.check(parts.settings))
    yield from there
    yield installation.artifacts(parts)
    members = [only] if only else _healthy(parts)
    yield installation.mail(parts, asked_for=any(group.deliver.email for group in members))
    yield installation.alerts(parts, send=send_test_alert)
    yield from fonts.check(parts, members)
    for group in members:
        yield from recipients.check(parts, group)
    if not store.reachable(there):
        return  # permits, the ledger and the broker are Redis'
    yield from processes.check(parts)
    for name, members in _by_organisation(parts, only).items():
        yield from _organisation(parts, name, members)


def _by_organisation(parts: Parts, only: Group | None) -> dict[str, list[Group]]:
    """Enabled groups by organisation, organisations without any among them; with ``only`` that group alone."""
    if only:
        return {only.organisation: [only]}
    found: defaultdict[str, list[Group]] = defaultdict(list, {name: [] for name in parts.settings.organisations})
    for group in _healthy(parts):
        found[group.organisation].append(group)
    return dict(found)


def _healthy(parts: Parts) -> list[Group]:
    try:
        return [group for group in parts.group_file().groups if group.enabled]
    except StandupError:
        return []


def _organisation(parts: Parts, name: str, members: Iterable[Group]) -> Iterator[Finding]:
    area, members = organisations.area_of(name), list(members)
    try:
        session = parts.session(name, rank=int(now().timestamp()) + _AFTER_ALL_SECONDS)
    except StandupError as error:
        yield of_error(area, error)
        return
    about = list(organisations.check(parts, name, session))
    yield from about
    if any(finding.level == Level.WRONG for finding in about):
        return
    probed = []
    for finding in permissions.check(session, permissions.needs_of(members), area):
        probed.append(finding)
        yield finding
    missing = frozenset(finding.permission for finding in probed if finding.permission)
    fresh = Fresh()
    for group in members:
        yield from groups.check(group, session, fresh, missing)
