"""Everything the environment can say: `STANDUP_…` variables, and files of the same names in a secrets directory.

Nested names are joined by two underscores: ``STANDUP_SMTP__HOST``, ``STANDUP_ORGANISATIONS__MAIN__CLIENT_SECRET``. A
secret is best a file: ``STANDUP_SECRETS_DIR=/run/secrets`` and in it ``standup_organisations__main__client_secret``.
docs/configuration.md lists every name; an unknown one is refused, because a misspelt setting is a setting that is off.
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit, urlunsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    NestedSecretsSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from worker.errors import SettingsError

PREFIX = "STANDUP_"
SECRETS_DIR = "STANDUP_SECRETS_DIR"


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class OrganisationSettings(_Section):
    """One Genesys Cloud organisation: where it is, and the OAuth client (client credentials) that asks.

    ``region`` is its domain, e.g. ``mypurecloud.de``; ``api_url`` and ``login_url`` replace what follows from it.
    ``quota_per_minute`` is what to start from; the API's own headers correct it. ``download_hosts`` may serve files
    beside the organisation's own hosts. ``allow_plain_http`` is for a gateway inside a private network.
    """

    region: str | None = None
    api_url: str | None = None
    login_url: str | None = None
    client_id: str
    client_secret: SecretStr
    quota_per_minute: int = Field(default=300, ge=1)
    allow_plain_http: bool = False
    download_hosts: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _somewhere(self) -> Self:
        if not self.region and not self.api_url:
            raise ValueError("expected region, e.g. mypurecloud.de, or api_url")
        return self


class SmtpOAuthSettings(_Section):
    """Client credentials for XOAUTH2, which replace the password: Microsoft 365 has no password login any more."""

    token_url: str
    client_id: str
    client_secret: SecretStr
    scope: str = "https://outlook.office365.com/.default"


class SmtpSettings(_Section):
    """The mail server that takes our messages. ``security = none`` is for loopback, or with ``allow_plaintext``.

    ``resend_unknown``: a message whose outcome nobody knows is sent again, with the same Message-ID, instead of asking
    the operator.
    """

    host: str
    port: int = Field(default=587, ge=1, le=65535)
    security: Literal["starttls", "tls", "none"] = "starttls"
    username: str | None = None
    password: SecretStr | None = None
    sender: str
    hello: str | None = Field(default=None, pattern=r"^[\x21-\x7e]+$")
    ca_file: Path | None = None
    allow_plaintext: bool = False
    timeout_seconds: float = Field(default=20, gt=0, le=60)
    oauth: SmtpOAuthSettings | None = None
    resend_unknown: bool = False


class SendgridSettings(_Section):
    """The SendGrid account. ``api_url`` is ``https://api.eu.sendgrid.com`` for accounts of the EU region."""

    api_key: SecretStr
    sender: str
    api_url: str = "https://api.sendgrid.com"


class SlackSettings(_Section):
    """One Slack channel. ``bot_token`` with ``channel``, its id, has the documents posted beside the message."""

    webhook_url: SecretStr
    bot_token: SecretStr | None = None
    channel: str | None = None
    api_url: str = "https://slack.com/api"


class TeamsSettings(_Section):
    """One Teams channel or chat, behind a workflow's webhook."""

    webhook_url: SecretStr


class BucketSettings(_Section):
    """One place for documents: any fsspec URL. ``encrypted`` is the operator's word that it is, and closed."""

    url: str
    link_days: int = Field(default=7, ge=1, le=7)
    encrypted: bool = False


class AlertSettings(_Section):
    """Where operations are told of failures; a webhook's URL is a secret."""

    webhook_url: SecretStr
    kind: Literal["slack", "teams", "json"] = "slack"
    per_hour: int = Field(default=20, ge=1)


class NoticesSettings(_Section):
    """The endpoint for "export finished" notices: whoever sends them signs with ``secret`` (docs/notifications.md)."""

    secret: SecretStr = Field(min_length=32)


class RetentionSettings(_Section):
    """After how many days something is deleted, by what it holds; ``standup forget`` deletes sooner.

    ``rows_days``: what the source yielded, with names · ``documents_days``: PDFs, workbooks, messages ·
    ``records_days``: the ledger, deliveries and remembered sums
    """

    rows_days: int = Field(default=30, ge=1)
    documents_days: int = Field(default=90, ge=1)
    records_days: int = Field(default=400, ge=7, le=400)


class Settings(BaseSettings):
    """The whole environment, validated. All has a default that works on one machine, but groups and secrets."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_nested_delimiter="__", extra="forbid", frozen=True, env_ignore_empty=True
    )

    groups: Path | None = None
    redis_url: str = "redis://127.0.0.1:6379/0"
    broker_url: str | None = None
    artifacts: str = "var/artifacts"
    organisations: dict[str, OrganisationSettings] = {}
    smtp: SmtpSettings | None = None
    sendgrid: SendgridSettings | None = None
    slack: dict[str, SlackSettings] = {}
    teams: dict[str, TeamsSettings] = {}
    buckets: dict[str, BucketSettings] = {}
    allowed_domains: Annotated[tuple[str, ...], NoDecode] = ()
    alerts: AlertSettings | None = None
    alerts_file: Path = Path("var/alerts.jsonl")
    notices: NoticesSettings | None = None
    delivery_patience_minutes: float = Field(default=30, ge=0, le=720)
    max_message_bytes: int = Field(default=8_000_000, ge=200_000)
    document_password: SecretStr | None = None
    document_passwords: dict[str, SecretStr] = {}
    smime_certificates: Path | None = None
    retention: RetentionSettings = RetentionSettings()
    fonts: Annotated[tuple[str, ...], NoDecode] = ()
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    beat_file: Path = Path("var/beat-schedule")
    tick_seconds: float = Field(default=30, ge=1, le=60)

    @field_validator("allowed_domains", "fonts", mode="before")
    @classmethod
    def _comma_separated(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        return tuple(part for each in value.split(",") if (part := each.strip()))

    @field_validator("allowed_domains")
    @classmethod
    def _in_small_letters(cls, domains: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(map(str.lower, domains))

    @field_validator("redis_url")
    @classmethod
    def _names_a_server_and_a_database(cls, url: str) -> str:
        at = urlsplit(url)
        impossible = at.port == 0  # a ValueError of its own where it is no number, or too large
        if at.scheme not in ("redis", "rediss") or impossible or not (at.path.strip("/") or "0").isdecimal():
            raise ValueError(
                "expected redis://HOST:PORT/DATABASE, such as redis://127.0.0.1:6379/0, or rediss:// for TLS"
            )
        return url

    @property
    def broker(self) -> str:
        """The broker's Redis database: by default the one after ours, so that its keys hold messages only."""
        if self.broker_url:
            return self.broker_url
        parts = urlsplit(self.redis_url)
        database = int(parts.path.strip("/") or 0) + 1
        return urlunsplit(parts._replace(path=f"/{database}"))

    @property
    def secret_values(self) -> list[str]:
        """Every secret of these settings in clear: what must never be logged."""
        return list(_secrets_in(self))

    def password_for(self, group_key: str) -> str:
        """What locks a group's documents; "" where nothing does. A variable's name has ``_`` for the key's ``-``."""
        names = (group_key, group_key.replace("-", "_"))
        own = next((self.document_passwords[name] for name in names if name in self.document_passwords), None)
        chosen = own or self.document_password
        return chosen.get_secret_value() if chosen else ""

    @property
    def groups_path(self) -> Path:
        """The group file or folder; SettingsError says how to name one."""
        if self.groups is None:
            raise SettingsError(
                "No group file is named.",
                way_out=f"Set {PREFIX}GROUPS to a .toml file or a folder of them (docs/groups.md).",
            )
        return self.groups

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment first, then the secrets directory."""
        directory = os.environ.get(SECRETS_DIR)
        if not directory:
            return init_settings, env_settings
        files = NestedSecretsSettingsSource(
            file_secret_settings,
            secrets_dir=directory,
            secrets_dir_missing="error",
            secrets_prefix=PREFIX,
            secrets_nested_delimiter="__",
        )
        return init_settings, env_settings, files


def _secrets_in(value: object) -> Iterator[str]:
    if isinstance(value, SecretStr):
        yield value.get_secret_value()
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _secrets_in(getattr(value, name))
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _secrets_in(inner)


def load() -> Settings:
    """Read the environment; SettingsError lists every mistake with the variable's name."""
    _refuse_unknown_names()
    try:
        return Settings()
    except ValidationError as error:
        raise SettingsError(
            "The environment has mistakes: " + "; ".join(_mistakes(error)), way_out="See docs/configuration.md."
        ) from None
    except Exception as error:
        raise SettingsError(
            f"The settings cannot be read: {type(error).__name__}: {error}.", way_out="See docs/configuration.md."
        ) from None


def _mistakes(error: ValidationError) -> list[str]:
    """One clause a mistake, by variable name; never the value, which may be a secret."""
    return [
        f"{PREFIX}{'__'.join(str(part) for part in found['loc']).upper()}: {found['msg']}"
        for found in error.errors(include_input=False, include_url=False)
    ]


def _refuse_unknown_names() -> None:
    known = {PREFIX + name.upper() for name in Settings.model_fields} | {SECRETS_DIR}
    for name in os.environ:
        if name.startswith(PREFIX) and name.split("__")[0] not in known:
            near = difflib.get_close_matches(name.split("__")[0], known, n=1)
            raise SettingsError(
                f"{name} is no setting.",
                way_out=f"Did you mean {near[0]}?" if near else f"Known: {', '.join(sorted(known))}.",
            )
