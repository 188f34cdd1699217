"""The nested parts of the settings: organisations, mail server, chats, buckets, alerts, notices, retention.

Names here become variables: ``host`` of `SmtpSettings` is ``STANDUP_SMTP__HOST``. docs/configuration.md lists them all.
"""

from __future__ import annotations

import json
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, field_validator, model_validator
from pydantic_settings import NoDecode

from worker.domain import hosts


def _texts(value: object) -> object:
    """Return the texts of a list: separated by commas, or in JSON."""
    if not isinstance(value, str):
        return value
    if not value.lstrip().startswith("["):
        return tuple(name for part in value.split(",") if (name := part.strip()))
    try:
        texts = json.loads(value)
    except ValueError:
        texts = [None]
    if not all(isinstance(text, str) for text in texts):
        raise ValueError('expected texts with commas between, or a JSON list of texts such as ["one", "two"]')
    return tuple(texts)


TextList = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_texts)]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class OrganisationSettings(_Section):
    """One Genesys Cloud organisation and its OAuth client (client credentials).

    ``region`` is its domain, e.g. ``mypurecloud.de``. ``api_url`` and ``login_url`` replace the URLs of the region.
    ``quota_per_minute`` is the initial quota, which the API's headers correct. ``download_hosts`` may serve files in
    addition to the organisation's own hosts. ``allow_plain_http`` is for a gateway inside a private network.
    ``ca_file`` (PEM) names authorities to trust besides the public ones, ``proxy`` the HTTP proxy for all requests.
    """

    region: str | None = None
    api_url: str | None = None
    login_url: str | None = None
    client_id: str
    client_secret: SecretStr
    quota_per_minute: int = Field(default=300, ge=1)
    allow_plain_http: bool = False
    download_hosts: TextList = ()
    ca_file: Path | None = None
    proxy: SecretStr | None = None

    @model_validator(mode="after")
    def _has_an_address(self) -> Self:
        if not self.region and not self.api_url:
            raise ValueError("expected its __REGION, such as mypurecloud.de, or its __API_URL")
        return self

    @field_validator("region")
    @classmethod
    def _is_a_region(cls, value: str | None) -> str | None:
        return hosts.region(value) if value else None


class SmtpOAuthSettings(_Section):
    """Client credentials for XOAUTH2 instead of a password, which Microsoft 365 no longer accepts."""

    token_url: str
    client_id: str
    client_secret: SecretStr
    scope: str = "https://outlook.office365.com/.default"


class SmtpSettings(_Section):
    """The mail server that sends our messages. ``security = none`` is for loopback, or with ``allow_plaintext``.

    ``resend_unknown``: send a message of unknown outcome again, with the same Message-ID, instead of asking the
    operator.
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

    @field_validator("host")
    @classmethod
    def _is_a_server(cls, value: str) -> str:
        return hosts.server(value)


class SendgridSettings(_Section):
    """The SendGrid account. ``api_url`` is ``https://api.eu.sendgrid.com`` for accounts of the EU region."""

    api_key: SecretStr
    sender: str
    api_url: str = "https://api.sendgrid.com"


class SlackSettings(_Section):
    """One Slack channel. With ``bot_token`` and ``channel`` (its id) the documents are posted too."""

    webhook_url: SecretStr
    bot_token: SecretStr | None = None
    channel: str | None = None
    api_url: str = "https://slack.com/api"


class TeamsSettings(_Section):
    """One Teams channel or chat, reached by a workflow's webhook."""

    webhook_url: SecretStr


class BucketSettings(_Section):
    """One place for documents: any fsspec URL. ``encrypted`` states that it is encrypted and private."""

    url: str
    link_days: int = Field(default=7, ge=1, le=7)
    encrypted: bool = False


class AlertSettings(_Section):
    """Where alerts about failures go. The URL of a webhook is a secret."""

    webhook_url: SecretStr
    kind: Literal["slack", "teams", "json"] = "slack"
    per_hour: int = Field(default=20, ge=1)


class PingSettings(_Section):
    """Addresses of a monitor outside that expects pings, e.g. healthchecks.io. Each is a secret.

    ``tick_url``: requested whenever beat has asked what is due. ``morning_url``: when all runs have reached people.
    """

    tick_url: SecretStr | None = None
    morning_url: SecretStr | None = None

    @field_validator("tick_url", "morning_url")
    @classmethod
    def _is_a_web_address(cls, url: SecretStr | None) -> SecretStr | None:
        if url and not hosts.is_web_address(url.get_secret_value()):
            raise ValueError("expected a web address, such as https://hc-ping.com/…")
        return url


class NoticesSettings(_Section):
    """The endpoint for "export finished" notices. Senders sign them with ``secret`` (docs/notifications.md)."""

    secret: SecretStr = Field(min_length=32)


class BoardSettings(_Section):
    """Who may see the board. ``basic_auth`` is "name:password". ``user_header`` is the header in which an
    authenticating proxy names the user. It counts only from ``proxies``, addresses or networks, by default from this
    machine.
    """

    basic_auth: SecretStr | None = None
    user_header: str | None = Field(default=None, pattern=r"^[A-Za-z0-9-]+$")
    proxies: TextList = ("127.0.0.0/8", "::1")

    @model_validator(mode="after")
    def _has_a_way_in(self) -> Self:
        if self.user_header is None and self.basic_auth is None:
            raise ValueError("expected its __BASIC_AUTH, or its __USER_HEADER behind an authenticating proxy")
        return self

    @field_validator("proxies")
    @classmethod
    def _are_networks(cls, values: tuple[str, ...]) -> tuple[str, ...]:
        for value in values:
            ip_network(value)  # its ValueError says what is wrong
        return values

    @field_validator("basic_auth")
    @classmethod
    def _has_a_name_and_a_long_password(cls, value: SecretStr | None) -> SecretStr | None:
        name, _, password = value.get_secret_value().partition(":") if value else ("name", "", "long enough")
        if not name or len(password) < 8:
            raise ValueError("expected name:password, with a password of 8 or more characters")
        return value


class RenderingSettings(_Section):
    """The processes of a worker that make documents, and how much memory each may use.

    ``processes = 0``: documents are made in the threads of the worker, and one that ends its process ends all steps.
    """

    processes: int = Field(default=2, ge=0, le=64)
    memory_mb: int = Field(default=1024, ge=256)


class RetentionSettings(_Section):
    """After how many days stored data is deleted. ``standup forget`` deletes it sooner.

    ``rows_days``: rows from the source, with names. ``documents_days``: PDFs, workbooks, messages. ``records_days``:
    the ledger, deliveries and remembered sums.
    """

    rows_days: int = Field(default=30, ge=1)
    documents_days: int = Field(default=90, ge=1)
    records_days: int = Field(default=400, ge=7, le=400)
