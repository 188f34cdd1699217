"""What stands around the work: the group file, the artifacts, the mail server, the alert webhook."""

from __future__ import annotations

from collections.abc import Iterator

from worker.alerts.webhook import Alert
from worker.channels.smtp.replies import advised_limit
from worker.doctor.finding import Finding, Level, of_error, ok, warning, wrong
from worker.domain.groups import Group
from worker.errors import StandupError
from worker.wiring import Parts, now

_PROBE = "checks/doctor.txt"


def group_file(parts: Parts) -> Iterator[Finding]:
    """Every mistake of the group file, and how many groups are in order."""
    try:
        found = parts.group_file()
    except StandupError as error:
        yield of_error("groups", error)
        return
    for problem in found.problems:
        yield wrong("groups", str(problem), "Correct it (docs/groups.md); the groups named do not run until then.")
    enabled = [group.key for group in found.groups if group.enabled]
    if not enabled:
        yield warning("groups", "no group is enabled", "Write one into the group file (docs/groups.md).")
    else:
        yield ok("groups", f"{len(enabled)} group{'s' if len(enabled) > 1 else ''} in order: {_some(enabled)}")


def artifacts(parts: Parts) -> Finding:
    """Write a file and read it back."""
    place, content = parts.settings.artifacts, now().isoformat().encode()
    way_out = "Correct STANDUP_ARTIFACTS, or give this user the right to write there."
    try:
        parts.artifacts.put(_PROBE, content)
        if parts.artifacts.get(_PROBE) == content:
            return ok("artifacts", f"{place} takes files and gives them back")
    except Exception as error:  # every fsspec backend has errors of its own
        return wrong("artifacts", f"{place} cannot be written and read ({type(error).__name__})", way_out)
    return wrong("artifacts", f"{place} gives back something else than was written", way_out)


def mail(parts: Parts, *, asked_for: bool) -> Finding:
    """Connect, encrypt, log in, hang up: no message is sent."""
    if parts.settings.smtp is None and not asked_for:
        return ok("mail", "no mail server is named, and no group asks for one")
    try:
        limit = parts.email.check()
    except StandupError as error:
        return of_error("mail", error)
    smtp = parts.settings.smtp
    assert smtp is not None, "parts.email would have raised"  # noqa: S101
    larger = _larger_messages(parts, limit)
    if larger:
        way_out = f"Set {' and '.join(larger)} {advised_limit(limit)}, or have the server take more."
        return warning("mail", f"mail server {smtp.host}:{smtp.port} takes messages up to {limit} bytes only", way_out)
    login = f"takes the login of {smtp.username}" if smtp.username else "asks for no login"
    return ok("mail", f"mail server {smtp.host}:{smtp.port} answers ({smtp.security}) and {login}")


def alerts(parts: Parts, *, send: bool) -> Finding:
    """Whether a webhook is set; with ``send`` it gets a test alert."""
    try:
        webhook = parts.alerts
        if webhook is None:
            return warning("alerts", "no alert webhook is set", "Set STANDUP_ALERTS__WEBHOOK_URL and _KIND.")
        if not send:
            return ok("alerts", "an alert webhook is set (--send-test-alert tries it)")
        webhook.send(_test_alert())
    except StandupError as error:
        return of_error("alerts", error, Level.WRONG)
    return ok("alerts", "the alert webhook took a test alert")


def _larger_messages(parts: Parts, limit: int) -> list[str]:
    """The settings that let messages be larger than the mail server takes; ``limit`` 0 is none."""
    if not limit:
        return []
    found = ["STANDUP_MAX_MESSAGE_BYTES"] if parts.settings.max_message_bytes >= limit else []
    groups = [each for each in _groups(parts) if (each.max_message_bytes or 0) >= limit]
    return found + [f"max_message_bytes of {group.key}" for group in groups]


def _groups(parts: Parts) -> list[Group]:
    try:
        return [group for group in parts.group_file().groups if group.enabled]
    except StandupError:
        return []  # said elsewhere


def _test_alert() -> Alert:
    return Alert(
        run_id="doctor",
        group_title="",
        step="",
        code="test",
        sentence="An operator tries this webhook by `standup doctor --send-test-alert`. Nothing has failed.",
        rerun_command="",
        at=now(),
        heading="Test: alerts arrive here",
    )


def _some(names: list[str], most: int = 5) -> str:
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more} more" if more > 0 else "")
