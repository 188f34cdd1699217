"""Everything that can be set, validated. `settings_sections` has the nested parts, `settings_sources` where values are.

Nested names are joined by two underscores: ``STANDUP_SMTP__HOST``, ``STANDUP_ORGANISATIONS__MAIN__CLIENT_SECRET``.
docs/configuration.md lists every name; an unknown one is refused, because a misspelt setting is a setting that is off.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit, urlunsplit

from pydantic import BaseModel, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

from worker.errors import SettingsError
from worker.settings import sources as settings_sources
from worker.settings.sections import (
    AlertSettings,
    BucketSettings,
    NoticesSettings,
    OrganisationSettings,
    RetentionSettings,
    SendgridSettings,
    SlackSettings,
    SmtpSettings,
    TeamsSettings,
)
from worker.settings.sources import PREFIX

__all__ = ["PREFIX", "AlertSettings", "OrganisationSettings", "Settings", "SlackSettings", "SmtpSettings", "load"]


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
        """What the caller says, then the sources of `settings_sources`."""
        return (
            init_settings,
            env_settings,
            *settings_sources.besides_the_environment(settings_cls, file_secret_settings),
        )


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
    """Read all sources; SettingsError lists every mistake with the variable's name."""
    settings_sources.refuse_unknown_names(Settings)
    try:
        return Settings()
    except ValidationError as error:
        raise SettingsError(f"The settings have mistakes: {'; '.join(_mistakes(error))}.", way_out=_way_out()) from None
    except SettingsError:
        raise
    except Exception as error:
        raise SettingsError(
            f"The settings cannot be read: {type(error).__name__}: {error}.", way_out=_way_out()
        ) from None


def _way_out() -> str:
    return f"Read: {', '.join(settings_sources.places())}. See docs/configuration.md."


def _mistakes(error: ValidationError) -> list[str]:
    """One clause a mistake, by variable name; never the value, which may be a secret."""
    return [
        f"{PREFIX}{'__'.join(str(part) for part in found['loc']).upper()}: {found['msg']}"
        for found in error.errors(include_input=False, include_url=False)
    ]
