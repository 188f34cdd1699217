"""Read settings from the environment, then from files in a secrets directory, then from a secrets manager.

All three use the same names, in capitals or small letters. A secret belongs in a file
(``STANDUP_SECRETS_DIR=/run/secrets`` with ``standup_organisations__main__client_secret`` in it) or in an entry of that
name in a secrets manager (``STANDUP_SECRETS_MANAGER=aws:eu-central-1:standup``).
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterable, Iterator, Mapping

from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    NestedSecretsSettingsSource,
    PydanticBaseSettingsSource,
)

from worker.errors import SettingsError
from worker.settings import managers

PREFIX = "STANDUP_"
SECRETS_DIR = f"{PREFIX}SECRETS_DIR"
SECRETS_MANAGER = managers.VARIABLE


class _ManagerSource(EnvSettingsSource):
    """The entries of the secrets manager, under the names of variables."""

    def _load_env_vars(self) -> Mapping[str, str | None]:
        return _manager_entries()


def other_sources(
    settings_cls: type[BaseSettings], files: PydanticBaseSettingsSource
) -> Iterator[PydanticBaseSettingsSource]:
    """Yield the sources that the environment names, in order of precedence. Raise `SettingsError` if one fails.

    ``files`` is the source with which pydantic-settings reads a folder of files.
    """
    if directory := os.environ.get(SECRETS_DIR):
        yield NestedSecretsSettingsSource(
            files,
            secrets_dir=directory,
            secrets_dir_missing="error",
            secrets_prefix=PREFIX,
            secrets_nested_delimiter="__",
        )
    if os.environ.get(SECRETS_MANAGER):
        yield _ManagerSource(settings_cls)


def descriptions() -> list[str]:
    """Describe where this process reads its settings, for people and without values."""
    places = ["the environment"]
    if directory := os.environ.get(SECRETS_DIR):
        places.append(f"the files in {directory}")
    if manager := os.environ.get(SECRETS_MANAGER):
        places.append(f"{len(_manager_entries())} of {manager}")
    return places


def refuse_unknown_names(settings_cls: type[BaseSettings]) -> None:
    """Raise `SettingsError` for a variable or secrets manager entry with our prefix that is not a setting."""
    fields = {PREFIX + name.upper() for name in settings_cls.model_fields}
    _refuse((name for name in os.environ if name.startswith(PREFIX)), fields | {SECRETS_DIR, SECRETS_MANAGER})
    _refuse(map(str.upper, _manager_entries()), fields, f" in {os.environ.get(SECRETS_MANAGER)}")


def _refuse(names: Iterable[str], settings: set[str], place: str = "") -> None:
    for name in names:
        if name.split("__")[0] not in settings:
            near = difflib.get_close_matches(name.split("__")[0], settings, n=1)
            raise SettingsError(
                f"{name}{place} is not a setting.",
                way_out=f"Did you mean {near[0]}?" if near else f"The settings are: {', '.join(sorted(settings))}.",
            )


def _manager_entries() -> Mapping[str, str]:
    place = os.environ.get(SECRETS_MANAGER)
    return managers.entries(place) if place else {}
