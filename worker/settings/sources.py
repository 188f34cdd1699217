"""Where settings come from: the environment, then files in a secrets directory, then a secrets manager.

All three use the same names, in capitals or small letters. A secret is best a file,
``STANDUP_SECRETS_DIR=/run/secrets`` and in it ``standup_organisations__main__client_secret``, or an entry of that name
in a secrets manager, ``STANDUP_SECRETS_MANAGER=aws:eu-central-1:standup``.
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
from worker.settings import managers as settings_managers

PREFIX = "STANDUP_"
SECRETS_DIR = f"{PREFIX}SECRETS_DIR"
SECRETS_MANAGER = settings_managers.VARIABLE


class _ManagerSource(EnvSettingsSource):
    """What the secrets manager holds, under the names that variables have."""

    def _load_env_vars(self) -> Mapping[str, str | None]:
        return _held()


def besides_the_environment(
    settings_cls: type[BaseSettings], files: PydanticBaseSettingsSource
) -> Iterator[PydanticBaseSettingsSource]:
    """The other sources that the environment names, the first before the second; SettingsError where one fails.

    ``files`` is what pydantic-settings would read a folder of files by.
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


def places() -> list[str]:
    """Where this process has its settings from, for people to read, without any value."""
    found = ["the environment"]
    if directory := os.environ.get(SECRETS_DIR):
        found.append(f"the files in {directory}")
    if manager := os.environ.get(SECRETS_MANAGER):
        found.append(f"{len(_held())} of {manager}")
    return found


def refuse_unknown_names(settings_cls: type[BaseSettings]) -> None:
    """SettingsError for a variable, or an entry of the secrets manager, that is ours by its name and no setting."""
    fields = {PREFIX + name.upper() for name in settings_cls.model_fields}
    _refuse((name for name in os.environ if name.startswith(PREFIX)), fields | {SECRETS_DIR, SECRETS_MANAGER})
    _refuse(map(str.upper, _held()), fields, f" in {os.environ.get(SECRETS_MANAGER)}")


def _refuse(names: Iterable[str], known: set[str], where: str = "") -> None:
    for name in names:
        if name.split("__")[0] not in known:
            near = difflib.get_close_matches(name.split("__")[0], known, n=1)
            raise SettingsError(
                f"{name}{where} is no setting.",
                way_out=f"Did you mean {near[0]}?" if near else f"Known: {', '.join(sorted(known))}.",
            )


def _held() -> Mapping[str, str]:
    place = os.environ.get(SECRETS_MANAGER)
    return settings_managers.held(place) if place else {}
