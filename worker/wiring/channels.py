"""Builds the channels from the settings, each when a delivery first asks for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from datetime import datetime
from functools import cached_property
from types import TracebackType
from typing import Literal, TypeVar

from worker.channels.bucket import Bucket, BucketChannel
from worker.channels.chat.slack import SlackChannel, SlackRoom
from worker.channels.chat.teams import TeamsChannel
from worker.channels.guards import AllowedDomains, SlowReceiverGate
from worker.channels.mail.smime import Certificates
from worker.channels.parcel import Channel
from worker.channels.sendgrid import SendgridAccount, SendgridChannel
from worker.channels.smtp.channel import EmailChannel, SmtpServer
from worker.channels.smtp.cooldown import ServerCooldown
from worker.channels.smtp.oauth import MailAccess, OAuthClient
from worker.errors import SettingsError
from worker.settings import PREFIX, Settings

T = TypeVar("T")

WhenUnknown = Literal["ask", "again", "look"]
"""What becomes of a delivery whose outcome nobody knows: the operator is asked, it is sent again with the same id, or
the receiver is looked into."""


class Routes:
    """From a channel's kind and a recipient to the channel; one per process."""

    def __init__(self, loaded: Settings, certificates: Certificates, now: Callable[[], datetime]) -> None:
        self._settings = loaded
        self._certificates = certificates
        self._now = now
        self._recess = ServerCooldown()
        self._turnstiles: defaultdict[str, SlowReceiverGate] = defaultdict(SlowReceiverGate)

    def email(self) -> EmailChannel:
        """The mail server; SettingsError when none is named."""
        smtp = self._settings.smtp
        if smtp is None:
            raise SettingsError("No mail server is named.", way_out="Set STANDUP_SMTP__HOST and STANDUP_SMTP__SENDER.")
        server = smtp.model_dump(exclude={"oauth", "resend_unknown"})
        return EmailChannel(SmtpServer(**server, access=self._mail_access), self._certificates.seal, self._recess)

    def sendgrid(self) -> SendgridChannel:
        """The SendGrid account; SettingsError when none is named."""
        account = self._settings.sendgrid
        if account is None:
            raise SettingsError(
                "No SendGrid account is named.", way_out="Set STANDUP_SENDGRID__API_KEY and STANDUP_SENDGRID__SENDER."
            )
        return SendgridChannel(SendgridAccount(**dict(account)))

    def slack(self, name: str) -> SlackChannel:
        """The Slack channel of this name; SettingsError names those there are."""
        found, setting = _named("SLACK", self._settings.slack, name, "WEBHOOK_URL")
        return SlackChannel(SlackRoom(name, setting, **dict(found)))

    def teams(self, name: str) -> TeamsChannel:
        """The Teams channel of this name; SettingsError names those there are."""
        found, setting = _named("TEAMS", self._settings.teams, name, "WEBHOOK_URL")
        return TeamsChannel(name, setting, found.webhook_url)

    def bucket(self, name: str) -> BucketChannel:
        """The bucket of this name; SettingsError names those there are."""
        found, setting = _named("BUCKETS", self._settings.buckets, name, "URL")
        return BucketChannel(Bucket(name, setting, **dict(found)), self._now)

    def allowed(self, channel: Channel) -> Channel:
        """The channel, for addresses of the allowed domains only."""
        return AllowedDomains(channel, self._settings.allowed_domains)

    def when_unknown(self, kind: str) -> WhenUnknown:
        """The policy for a delivery whose outcome nobody knows."""
        if kind == "bucket":
            return "look"
        smtp = self._settings.smtp
        return "again" if kind == "email" and smtp is not None and smtp.resend_unknown else "ask"

    def turnstile(self, kind: str) -> SlowReceiverGate:
        """What stands before all receivers of this kind."""
        return self._turnstiles[kind]

    @cached_property
    def _mail_access(self) -> MailAccess | None:
        oauth = self._settings.smtp.oauth if self._settings.smtp else None
        return MailAccess(OAuthClient(**dict(oauth))) if oauth else None


class Channels:
    """The channels of one handing over, in one thread; closing it hangs up on the mail server."""

    def __init__(self, routes: Routes, guarded: Callable[[str, Channel], Channel]) -> None:
        self._routes = routes
        self._guarded = guarded
        self._open = ExitStack()
        self._built: dict[tuple[str, str], Channel] = {}

    def __enter__(self) -> Channels:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self._open.close()

    def of(self, kind: str, recipient: str) -> Channel:
        """The channel for this recipient; SettingsError where the settings do not know it."""
        key = (kind, "" if kind in ("email", "sendgrid") else recipient)
        if key not in self._built:
            self._built[key] = self._guarded(kind, self._build(kind, recipient))
        return self._built[key]

    def bucket(self, name: str) -> BucketChannel:
        """A bucket as such, for lookups and links."""
        return self._routes.bucket(name)

    def when_unknown(self, kind: str) -> WhenUnknown:
        """The policy for a delivery whose outcome nobody knows."""
        return self._routes.when_unknown(kind)

    def turnstile(self, kind: str) -> SlowReceiverGate:
        """What stands before all receivers of this kind."""
        return self._routes.turnstile(kind)

    def _build(self, kind: str, recipient: str) -> Channel:
        routes = self._routes
        if kind == "email":
            return routes.allowed(self._open.enter_context(routes.email()))
        if kind == "sendgrid":
            return routes.allowed(routes.sendgrid())
        if kind == "slack":
            return routes.slack(recipient)
        return routes.teams(recipient) if kind == "teams" else routes.bucket(recipient)


def _named(section: str, known: Mapping[str, T], name: str, key: str) -> tuple[T, str]:
    """What the settings hold under a group's name for it, and how its settings begin."""
    setting = f"{PREFIX}{section}__{name.upper().replace('-', '_')}"
    found = {each.lower().replace("-", "_"): value for each, value in known.items()}
    if name.lower().replace("-", "_") not in found:
        names = ", ".join(sorted(found)) or "none"
        raise SettingsError(
            f'The settings know no {section.lower()} "{name}" (known: {names}).', way_out=f"Set {setting}__{key}."
        )
    return found[name.lower().replace("-", "_")], setting
