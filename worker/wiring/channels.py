"""The channels of the settings, each built when a delivery first needs it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from functools import cache, cached_property
from types import TracebackType
from typing import TypeVar

from worker.channels.bucket import Bucket, BucketChannel
from worker.channels.channel import Channel
from worker.channels.chat.slack import SlackChannel, SlackRoom
from worker.channels.chat.teams import TeamsChannel
from worker.channels.guards import (
    AllowedDomains,
    PersonalDataGuard,
    SlowReceiverGate,
    check_domain,
    check_names,
    secrecy_of,
)
from worker.channels.mail.certificates import CertificateFolder
from worker.channels.mail.smime import Sealer
from worker.channels.sendgrid import SendgridAccount, SendgridChannel
from worker.channels.smtp.channel import EmailChannel, SmtpServer
from worker.channels.smtp.cooldown import ServerCooldown
from worker.channels.smtp.oauth import MailAccess, OAuthClient
from worker.domain.clock import Clock
from worker.domain.deliveries import BUCKET, MAIL_CHANNELS, WhenUnknown
from worker.domain.groups import Group
from worker.domain.groups.model import plain
from worker.errors import SettingsError
from worker.settings import PREFIX, Settings
from worker.wiring.names import unknown_name
from worker.wiring.process import clock, settings

T = TypeVar("T")


class ChannelFactory:
    """Builds channels by kind and recipient. All channels of a process share one mail server cooldown and the gates."""

    def __init__(self, settings: Settings, certificates: CertificateFolder, clock: Clock) -> None:
        self._settings = settings
        self._certificates = certificates
        self._sealer = Sealer(certificates, clock)
        self._clock = clock
        self._cooldown = ServerCooldown()
        self._gates: defaultdict[str, SlowReceiverGate] = defaultdict(SlowReceiverGate)

    def email(self) -> EmailChannel:
        """Return the mail server's channel. Raises SettingsError if none is set."""
        smtp = self._settings.smtp
        if smtp is None:
            raise SettingsError("No mail server is set.", way_out="Set STANDUP_SMTP__HOST and STANDUP_SMTP__SENDER.")
        server = SmtpServer(**smtp.model_dump(exclude={"oauth", "resend_unknown"}), access=self._mail_access)
        when_unknown: WhenUnknown = "resend" if smtp.resend_unknown else "ask"
        return EmailChannel(server, self._sealer.seal, self._cooldown, when_unknown)

    def sendgrid(self) -> SendgridChannel:
        """Return the SendGrid account's channel. Raises SettingsError if none is set."""
        account = self._settings.sendgrid
        if account is None:
            raise SettingsError(
                "No SendGrid account is set.", way_out="Set STANDUP_SENDGRID__API_KEY and STANDUP_SENDGRID__SENDER."
            )
        return SendgridChannel(SendgridAccount(**dict(account)))

    def slack(self, name: str) -> SlackChannel:
        """Return the Slack channel of this name. Raises SettingsError with the known names."""
        room, setting = _entry_named("SLACK", self._settings.slack, name, "WEBHOOK_URL")
        return SlackChannel(SlackRoom(name, setting, **dict(room)))

    def teams(self, name: str) -> TeamsChannel:
        """Return the Teams channel of this name. Raises SettingsError with the known names."""
        room, setting = _entry_named("TEAMS", self._settings.teams, name, "WEBHOOK_URL")
        return TeamsChannel(name, setting, room.webhook_url)

    def bucket(self, name: str) -> BucketChannel:
        """Return the bucket of this name. Raises SettingsError with the known names."""
        bucket, setting = _entry_named("BUCKETS", self._settings.buckets, name, "URL")
        return BucketChannel(Bucket(name, setting, **dict(bucket)), self._clock)

    def only_allowed_domains(self, channel: Channel) -> Channel:
        """Return the channel restricted to addresses of the allowed domains."""
        return AllowedDomains(channel, self._settings.allowed_domains)

    def check(self, group: Group, kind: str, recipient: str, channel: Channel) -> None:
        """Raise what a delivery of the group's documents to this recipient would raise before anything is sent."""
        if kind in MAIL_CHANNELS:
            check_domain(recipient, self._settings.allowed_domains)
        if kind == BUCKET:
            self.bucket(recipient).check()
        sealed = bool(self._settings.password_for(group.key)) or (
            kind == "email" and self._certificates.covers(recipient)
        )
        check_names(group.personal_data, secrecy_of(channel.protection, sealed=sealed), recipient)

    def when_unknown(self, kind: str) -> WhenUnknown:
        """Return the rule of a kind of channel for a delivery with an unknown outcome."""
        if kind == "email":
            return self.email().when_unknown if self._settings.smtp else "ask"
        rules = {channel.kind: channel.when_unknown for channel in _FIXED_RULES}
        return rules[kind]

    def gate(self, kind: str) -> SlowReceiverGate:
        """Return the gate of all receivers of this kind."""
        return self._gates[kind]

    @cached_property
    def _mail_access(self) -> MailAccess | None:
        oauth = self._settings.smtp.oauth if self._settings.smtp else None
        return MailAccess(OAuthClient(**dict(oauth))) if oauth else None


_FIXED_RULES = (BucketChannel, SendgridChannel, SlackChannel, TeamsChannel)
"""The kinds of channel whose rule for unknown outcomes does not depend on the settings."""


class OpenChannels:
    """The channels of one round of deliveries, in one thread. Closing them ends the connection to the mail server.

    ``guard`` wraps each channel in what the group's policy demands.
    """

    def __init__(self, factory: ChannelFactory, guard: Callable[[str, Channel], Channel]) -> None:
        self._factory = factory
        self._guard = guard
        self._exits = ExitStack()
        self._channels: dict[tuple[str, str], Channel] = {}

    def __enter__(self) -> OpenChannels:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._exits.close()

    def channel_for(self, kind: str, recipient: str) -> Channel:
        """Return the channel to this recipient. Raises SettingsError if the settings do not have it."""
        key = (kind, "" if kind in ("email", "sendgrid") else recipient)
        if key not in self._channels:
            self._channels[key] = self._guard(kind, self._build(kind, recipient))
        return self._channels[key]

    def check(self, group: Group, kind: str, recipient: str) -> None:
        """Raise what would keep the group's documents from this recipient, as far as it is known before."""
        self._factory.check(group, kind, recipient, self.channel_for(kind, recipient))

    def bucket(self, name: str) -> BucketChannel:
        """Return a bucket without guards, to look deliveries up and to make links."""
        return self._factory.bucket(name)

    def when_unknown(self, kind: str) -> WhenUnknown:
        """Return the rule of a kind of channel for a delivery with an unknown outcome."""
        return self._factory.when_unknown(kind)

    def gate(self, kind: str) -> SlowReceiverGate:
        """Return the gate of all receivers of this kind."""
        return self._factory.gate(kind)

    def _build(self, kind: str, recipient: str) -> Channel:
        factory = self._factory
        if kind == "email":
            return factory.only_allowed_domains(self._exits.enter_context(factory.email()))
        if kind == "sendgrid":
            return factory.only_allowed_domains(factory.sendgrid())
        if kind == "slack":
            return factory.slack(recipient)
        return factory.teams(recipient) if kind == "teams" else factory.bucket(recipient)


def _entry_named(section: str, entries: Mapping[str, T], name: str, key: str) -> tuple[T, str]:
    """Return the entry of this name, and how the names of its settings begin."""
    setting = f"{PREFIX}{section}__{plain(name).upper()}"
    by_name = {plain(entry_name): entry for entry_name, entry in entries.items()}
    entry = by_name.get(plain(name))
    if entry is None:
        raise unknown_name(section.lower(), name, by_name, f"Set {setting}__{key}.")
    return entry, setting


@cache
def certificates() -> CertificateFolder:
    """Return the certificates of recipients who get encrypted mail."""
    return CertificateFolder(settings().smime_certificates)


@cache
def factory() -> ChannelFactory:
    """Return the channel factory of this process."""
    return ChannelFactory(settings(), certificates(), clock)


def open_channels(group: Group) -> OpenChannels:
    """Return the channels for one round of a group's deliveries. They carry only what the group's policy allows."""

    def guard(kind: str, channel: Channel) -> Channel:
        sealed_for = certificates().covers if kind == "email" else lambda _: False
        return PersonalDataGuard(channel, group.personal_data, sealed_for)

    return OpenChannels(factory(), guard)
