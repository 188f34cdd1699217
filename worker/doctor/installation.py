"""Check what this installation needs: group files, artifacts, mail server and alert webhook."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator

from renderers import protect
from worker.alerts import headings
from worker.alerts.forms import Alert
from worker.alerts.sending import Webhook
from worker.channels.smtp.channel import EmailChannel
from worker.channels.smtp.replies import advised_limit
from worker.doctor.finding import Finding, Level, of_error, ok, warning, wrong
from worker.domain.clock import Clock
from worker.domain.groups import Group
from worker.domain.groups.model import plain
from worker.domain.wording import first_names
from worker.errors import StandupError
from worker.groupfiles.problems import nearest
from worker.groupfiles.reloading import Groups
from worker.state.files.artifacts import PROBE, Artifacts


def group_file(groups: Groups) -> Iterator[Finding]:
    """Yield every mistake in the group files, and the number of valid groups."""
    try:
        file = groups.file()
    except StandupError as error:
        yield of_error("groups", error)
        return
    for problem in file.problems:
        effect = " The groups it names do not run until then." if problem.stops_groups else ""
        yield wrong("groups", str(problem), f"Correct it (docs/groups.md).{effect}")
    enabled = [group.key for group in file.groups if group.enabled]
    if not enabled:
        yield warning("groups", "no group is enabled", "Add one to the group file (docs/groups.md).")
    else:
        yield ok("groups", f"{len(enabled)} group{'s' if len(enabled) > 1 else ''} in order: {first_names(enabled)}")


def artifacts(open_store: Callable[[], Artifacts], place: str, clock: Clock) -> Finding:
    """Check the artifact store: write a file and read it back."""
    content = clock().isoformat().encode()
    way_out = "Correct STANDUP_ARTIFACTS, or give this user the right to write there."
    try:
        store = open_store()
        store.put(PROBE, content)
        if store.get(PROBE) == content:
            return ok("artifacts", f"{place} stores files and returns them")
    except Exception as error:  # every fsspec backend raises its own errors
        return wrong("artifacts", f"{place} cannot be written and read ({type(error).__name__})", way_out)
    return wrong("artifacts", f"{place} returns something other than what was written", way_out)


def mail(
    email: Callable[[], EmailChannel], limit_bytes: int, groups: Iterable[Group], *, is_set: bool, is_needed: bool
) -> Finding:
    """Check the mail server: connect, encrypt, log in and hang up, without sending a message."""
    if not is_set and not is_needed:
        return ok("mail", "no mail server is set, and no group needs one")
    try:
        channel = email()
        limit = channel.check()
    except StandupError as error:
        return of_error("mail", error)
    smtp = channel.server
    settings = _too_large_settings(limit_bytes, groups, limit)
    if settings:
        way_out = f"Set {' and '.join(settings)} {advised_limit(limit)}, or raise the server's limit."
        return warning(
            "mail", f"mail server {smtp.host}:{smtp.port} accepts messages of up to {limit} bytes only", way_out
        )
    login = f"accepts the login of {smtp.username}" if smtp.username else "needs no login"
    return ok("mail", f"mail server {smtp.host}:{smtp.port} answers ({smtp.security}) and {login}")


def passwords(password_names: Collection[str], group_keys: Iterable[str], *, are_used: bool) -> Iterator[Finding]:
    """Check that documents can be encrypted, and that each password of a group is one of a group that exists."""
    if are_used:
        try:
            protect.require_libraries()
        except StandupError as error:
            yield of_error("settings", error)
    keys = {plain(key) for key in group_keys}
    for name in sorted(password_names):
        if plain(name) not in keys:
            near = nearest(plain(name), keys)
            way_out = f"Did you mean {near.upper()}? " if near else ""
            fact = f"STANDUP_DOCUMENT_PASSWORDS__{name.upper()} is the password of no group"
            yield warning("settings", fact, f"{way_out}Name it after the group's key, with _ for each -.")


def alerts(find_webhook: Callable[[], Webhook | None], clock: Clock, *, send: bool) -> Finding:
    """Check whether an alert webhook is set. With ``send`` it gets a test alert."""
    try:
        webhook = find_webhook()
        if webhook is None:
            return warning("alerts", "no alert webhook is set", "Set STANDUP_ALERTS__WEBHOOK_URL and _KIND.")
        if not send:
            return ok("alerts", "an alert webhook is set (--send-test-alert tries it)")
        webhook.send(_test_alert(clock))
    except StandupError as error:
        return of_error("alerts", error, Level.WRONG)
    return ok("alerts", "the alert webhook accepted a test alert")


def _too_large_settings(limit_bytes: int, groups: Iterable[Group], limit: int) -> list[str]:
    """Return the settings that allow larger messages than the mail server does. A limit of 0 means none."""
    if not limit:
        return []
    settings = ["STANDUP_MAX_MESSAGE_BYTES"] if limit_bytes >= limit else []
    large = [group for group in groups if (group.max_message_bytes or 0) >= limit]
    return settings + [f"max_message_bytes of {group.key}" for group in large]


def _test_alert(clock: Clock) -> Alert:
    return Alert(
        run_id="doctor",
        group_title="",
        step="",
        code="test",
        sentence="An operator is testing this webhook with `standup doctor --send-test-alert`. Nothing has failed.",
        rerun_command="",
        at=clock(),
        heading=headings.TEST,
    )
