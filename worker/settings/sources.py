"""Read settings from the environment, then from `.env`, a secrets directory and a secrets manager.

All four use the same names, in capitals or small letters. A secret belongs in a file
(``STANDUP_SECRETS_DIR=/run/secrets`` with ``standup_organisations__main__client_secret`` in it) or in an entry of that
name in a secrets manager (``STANDUP_SECRETS_MANAGER=aws:eu-central-1:standup``).
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, EnvSettingsSource, PydanticBaseSettingsSource

from worker.errors import SettingsError
from worker.settings import env_lines, managers
from worker.settings.env_lines import PREFIX

ENV_FILE = Path(".env")
SECRETS_DIR = f"{PREFIX}SECRETS_DIR"
SECRETS_MANAGER = managers.VARIABLE


class _Variables(EnvSettingsSource):
    """The environment, and the base of all sources.

    pydantic-settings ends with an error about a whole section if a value of it is not JSON. Here such a value stays
    text, so that the error about it names its variable (`worker.settings.mistakes`).
    """

    def decode_complex_value(self, field_name: str, field: FieldInfo, value: Any) -> Any:
        try:
            return super().decode_complex_value(field_name, field, value)
        except ValueError:
            return value


class _EnvFileSource(_Variables):
    """The lines of the file `.env`."""

    def _load_env_vars(self) -> Mapping[str, str | None]:
        return {name.lower(): value for name, value in _env_file().items() if value}


class _SecretFilesSource(_Variables):
    """The files in the secrets directory, under the names of variables in capitals or small letters."""

    def _load_env_vars(self) -> Mapping[str, str | None]:
        texts = {file.name.lower(): _secret_text(file) for file in _secret_files()}
        return {name: text for name, text in texts.items() if text}


class _ManagerSource(_Variables):
    """The entries of the secrets manager, under the names of variables."""

    def _load_env_vars(self) -> Mapping[str, str | None]:
        return _manager_entries()


def all_sources(settings_cls: type[BaseSettings]) -> Iterator[PydanticBaseSettingsSource]:
    """Yield the environment and the sources that it names, in order of precedence."""
    yield _Variables(settings_cls)
    yield _EnvFileSource(settings_cls)
    if variables().get(SECRETS_DIR):
        yield _SecretFilesSource(settings_cls)
    if variables().get(SECRETS_MANAGER):
        yield _ManagerSource(settings_cls)


def descriptions() -> list[str]:
    """Describe where this process reads its settings, for people and without values."""
    places = ["the environment", *([str(ENV_FILE.absolute())] if _env_file() else [])]
    if directory := variables().get(SECRETS_DIR):
        places.append(f"the files in {directory}")
    if manager := variables().get(SECRETS_MANAGER):
        places.append(f"{len(_manager_entries())} of {manager}")
    return places


def place_of(variable: str) -> str:
    """Return where a setting comes from, such as `.env` with the line, "" if no source has it."""
    if _is_set_in(os.environ, variable):
        return "the environment"
    if _is_set_in(_env_file(), variable):
        return f"{ENV_FILE.absolute()}:{env_lines.lines_of(_env_text())[variable][-1]}"
    for file in _secret_files():
        if file.name.upper() == variable:
            return str(file)
    return variables()[SECRETS_MANAGER] if _is_set_in(_manager_entries(), variable) else ""


def repeated_names() -> dict[str, list[int]]:
    """Return our variables that `.env` has more than once, with their lines. The last one counts."""
    return {name: lines for name, lines in env_lines.lines_of(_env_text()).items() if len(lines) > 1}


def _is_set_in(source: Mapping[str, str], variable: str) -> bool:
    return any(name.upper() == variable and value for name, value in source.items())


def refuse_unknown_names(settings_cls: type[BaseSettings], nearest: Callable[[str], str]) -> None:
    """Raise `SettingsError` for a variable, secret file or manager entry with our prefix that is not a setting.

    ``nearest`` returns the setting that a misspelt one probably means.
    """
    fields = {PREFIX + name.upper() for name in settings_cls.model_fields}
    names = fields | {SECRETS_DIR, SECRETS_MANAGER}
    _refuse((name for name in os.environ if name.startswith(PREFIX)), names, nearest)
    for name, lines in env_lines.lines_of(_env_text()).items():
        _refuse([name], names, nearest, f" in {ENV_FILE}, line {lines[-1]},")
    _refuse((file.name.upper() for file in _secret_files()), fields, nearest, f" in {variables().get(SECRETS_DIR)}")
    _refuse(map(str.upper, _manager_entries()), fields, nearest, f" in {variables().get(SECRETS_MANAGER)}")


def _refuse(names: Iterable[str], settings: set[str], nearest: Callable[[str], str], place: str = "") -> None:
    for name in names:
        first_part, *other_parts = name.split("__")
        if first_part not in settings:
            near = nearest(name) or "__".join(
                [*difflib.get_close_matches(first_part, settings, n=1, cutoff=0.8), *other_parts]
            )
            raise SettingsError(
                f"{name}{place} is not a setting.",
                way_out=f"Did you mean {near}?" if near.startswith(PREFIX) else "docs/configuration.md lists them all.",
            )


def variables() -> Mapping[str, str]:
    """Return the variables of the process, and our variables of `.env` that are not set in the process."""
    return {**_env_file(), **{name: value for name, value in os.environ.items() if value}}


def only_in_environment() -> list[str]:
    """Return the names of our variables that this process has and `.env` does not."""
    return sorted(name for name in os.environ.keys() - _env_file().keys() if name.startswith(PREFIX))


def _env_file() -> Mapping[str, str]:
    """Return our variables in the file `.env` of the working directory. Docker Compose's own are left out."""
    return env_lines.values_of(_env_text(), str(ENV_FILE.absolute()))


def _env_text() -> str:
    path = ENV_FILE.absolute()
    try:
        return ENV_FILE.read_text("utf-8-sig")  # editors of Windows begin a file with a byte order mark
    except (FileNotFoundError, NotADirectoryError):
        return ""
    except UnicodeDecodeError as error:
        raise SettingsError(
            f"{path} is not UTF-8 text: byte {error.start + 1} cannot be read.",
            way_out="Save it in the encoding UTF-8.",
        ) from None
    except OSError as error:
        raise SettingsError(
            f"{path} cannot be read: {error.strerror}.",
            way_out="Make it a file that this user may read, or delete it.",
        ) from None


def _secret_files() -> list[Path]:
    """Return our files in the secrets directory."""
    directory = variables().get(SECRETS_DIR)
    if not directory:
        return []
    folder = Path(directory).expanduser()
    try:
        files = [file for file in folder.iterdir() if file.name.upper().startswith(PREFIX)]
    except (FileNotFoundError, NotADirectoryError):
        raise SettingsError(
            f"{SECRETS_DIR}: there is no folder {folder}.", way_out="Create it, or correct the setting."
        ) from None
    except OSError as error:
        raise SettingsError(
            f"{SECRETS_DIR} {folder} cannot be read: {error.strerror}.",
            way_out="Let this user list and open its files.",
        ) from None
    for file in files:
        if not file.resolve().is_relative_to(folder.resolve()):
            raise SettingsError(
                f"{file} is a link to a file outside of {folder}.", way_out="Put the file itself there."
            )
    return files


def _secret_text(file: Path) -> str:
    """Return a secret without the spaces and line ends around it."""
    try:
        return file.read_text("utf-8-sig").strip()
    except UnicodeDecodeError:
        raise SettingsError(f"{file} is not UTF-8 text.", way_out="Save it in the encoding UTF-8.") from None
    except OSError as error:
        raise SettingsError(
            f"{file} cannot be read: {error.strerror}.", way_out="Make it a file that this user may read."
        ) from None


def _manager_entries() -> Mapping[str, str]:
    place = variables().get(SECRETS_MANAGER)
    return managers.entries(place) if place else {}
