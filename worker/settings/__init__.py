"""Read and validate all settings.

this module   `Settings`, and `load` to read them
sections      the nested parts: organisations, mail server, chats, buckets, alerts
sources       where values come from: environment, `.env`, secrets directory, secrets manager
env_lines     the variables in a file `.env`, and their lines
mistakes      what is wrong with a value, in our words
managers      the secrets managers of AWS, Azure and Google
reference     the page of all settings, docs/settings.md

Two underscores join nested names: ``STANDUP_SMTP__HOST``, ``STANDUP_ORGANISATIONS__MAIN__CLIENT_SECRET``.
docs/configuration.md lists every name. An unknown name is an error, because a misspelt setting would have no effect.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from worker.domain import addresses, redis_address
from worker.domain.groups.model import plain
from worker.errors import SettingsError
from worker.settings import mistakes, sources
from worker.settings.env_lines import PREFIX
from worker.settings.sections import (
    AlertSettings,
    BoardSettings,
    BucketSettings,
    NoticesSettings,
    OrganisationSettings,
    PingSettings,
    RenderingSettings,
    RetentionSettings,
    SendgridSettings,
    SlackSettings,
    SmtpSettings,
    TeamsSettings,
    TextList,
)

__all__ = ["PREFIX", "AlertSettings", "OrganisationSettings", "Settings", "SlackSettings", "SmtpSettings", "load"]


class Settings(BaseSettings):
    """All settings. Everything except groups and secrets has a default that works on one machine."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_nested_delimiter="__", extra="forbid", frozen=True, env_ignore_empty=True
    )

    groups: Path | None = None
    redis_url: str = "redis://127.0.0.1:6379/0"
    broker_url: str | None = None
    broker_secret: SecretStr | None = Field(default=None, min_length=32)
    artifacts: str = "var/artifacts"
    organisations: dict[str, OrganisationSettings] = {}
    smtp: SmtpSettings | None = None
    sendgrid: SendgridSettings | None = None
    slack: dict[str, SlackSettings] = {}
    teams: dict[str, TeamsSettings] = {}
    buckets: dict[str, BucketSettings] = {}
    allowed_domains: TextList = ()
    alerts: AlertSettings | None = None
    alerts_file: Path = Path("var/alerts.jsonl")
    notices: NoticesSettings | None = None
    ping: PingSettings = PingSettings()
    board: BoardSettings | None = None
    delivery_patience_minutes: float = Field(default=30, ge=0, le=720)
    max_message_bytes: int = Field(default=8_000_000, ge=200_000)
    document_password: SecretStr | None = None
    document_passwords: dict[str, SecretStr] = {}
    smime_certificates: Path | None = None
    retention: RetentionSettings = RetentionSettings()
    rendering: RenderingSettings = RenderingSettings()
    fonts: TextList = ()
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    traces: Literal["otlp", "console"] | None = None
    beat_file: Path = Path("var/beat-schedule")
    tick_seconds: float = Field(default=30, ge=1, le=60)

    @field_validator("allowed_domains")
    @classmethod
    def _are_domains(cls, domains: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(map(addresses.domain, domains))

    @field_validator("redis_url", "broker_url")
    @classmethod
    def _is_an_address_of_redis(cls, url: str | None) -> str | None:
        if url:
            redis_address.parse(url)
        return url

    @field_validator("organisations")
    @classmethod
    def _have_plain_names(cls, organisations: dict[str, OrganisationSettings]) -> dict[str, OrganisationSettings]:
        return {plain(name): organisation for name, organisation in organisations.items()}

    @property
    def broker(self) -> str:
        """Return the broker's Redis URL: by default the database after ours, so that it holds only messages."""
        if self.broker_url:
            return self.broker_url
        address = redis_address.parse(self.redis_url)
        return address.with_database(address.database + 1).url()

    @property
    def secret_values(self) -> list[str]:
        """Return every secret of these settings in clear text, which must never be logged."""
        return list(_secrets_in(self))

    def password_for(self, group_key: str) -> str:
        """Return the password of a group's documents, "" for none. Variables have ``_`` instead of the key's ``-``."""
        names = (group_key, group_key.replace("-", "_"))
        group_password = next(
            (self.document_passwords[name] for name in names if name in self.document_passwords), None
        )
        password = group_password or self.document_password
        return password.get_secret_value() if password else ""

    @property
    def groups_path(self) -> Path:
        """Return the group file or folder. Raise `SettingsError` if none is set."""
        if self.groups is None:
            raise SettingsError(
                "STANDUP_GROUPS is not set, so there is no group file.",
                way_out=f"Run `standup init`, or set {PREFIX}GROUPS to a .toml file or folder (docs/groups.md).",
            )
        try:
            self.groups.is_dir()
        except OSError as error:  # such as a name of more than 255 characters
            raise SettingsError(
                f"STANDUP_GROUPS: {str(self.groups)[:60]}… cannot be opened: {error.strerror}.",
                way_out=f"Set {PREFIX}GROUPS to a .toml file or folder (docs/groups.md).",
            ) from None
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
        """Return the caller's values, then the sources of `worker.settings.sources`."""
        return (init_settings, *sources.all_sources(settings_cls))


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
    """Read all sources. Raise `SettingsError` with every mistake and the name of its variable."""
    sources.refuse_unknown_names(Settings, lambda name: mistakes.nearest_variable(name, Settings))
    try:
        return Settings()
    except ValidationError as error:
        raise SettingsError(
            f"The settings have mistakes: {'; '.join(mistakes.clauses(error, Settings))}.", way_out=_way_out()
        ) from None
    except SettingsError:
        raise
    except Exception as error:
        raise SettingsError(
            f"The settings cannot be read: {type(error).__name__}: {error}.", way_out=_way_out()
        ) from None


def _way_out() -> str:
    return f"Read: {', '.join(sources.descriptions())}. See docs/configuration.md."
