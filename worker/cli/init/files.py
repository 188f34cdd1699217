"""The text of the first group file, and the settings in `.env`."""

from __future__ import annotations

import json
import os
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import dotenv

from worker.errors import SettingsError
from worker.groupfiles import reading
from worker.state.files import private_files

_LONGEST_KEY = 63
_LAST_START = "23:59"


@dataclass(frozen=True, slots=True)
class FirstGroup:
    """What the operator said of the group. ``country`` is "" if no public holidays are observed."""

    key: str
    title: str
    zone: str
    standup_at: str
    queues: tuple[str, ...]
    country: str
    email: str


def key_of(title: str) -> str:
    """Return a group's key for its title: `support-emea` for "Support EMEA", `group` if no letter of it remains."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_LONGEST_KEY].strip("-") or "group"


def group_text(group: FirstGroup) -> str:
    """Return the group file. A JSON string is a TOML string too (TOML 1.0, "String"), but for DEL."""
    quoted = {name: _quoted(getattr(group, name)) for name in ("title", "zone", "standup_at", "country", "email")}
    calendar = f'{{ kind = "country", country = {quoted["country"]} }}' if group.country else '{ kind = "none" }'
    lines = [
        "# docs/groups.md describes every key. `standup groups` reads this file and reports mistakes.",
        f"[groups.{group.key}]",
        f"title = {quoted['title']}",
        f"zone = {quoted['zone']}",
        f"standup_at = {quoted['standup_at']}",
        f'catch_up_until = "{_latest_start(group.standup_at)}"',
        f"queues = [{', '.join(map(_quoted, group.queues))}]",
        f"calendar = {calendar}",
        f"deliver.email = [{quoted['email']}]",
    ]
    return "\n".join(lines) + "\n"


def groups_folder(configured: str, default: Path) -> Path:
    """Return the folder for the group's file: that of STANDUP_GROUPS if it is set. Raise `SettingsError` for a file."""
    folder = Path(configured or default)
    if not folder.is_dir() and (folder.exists() or folder.suffix == ".toml"):
        raise SettingsError(
            f"STANDUP_GROUPS is the file {folder}, and a new group gets a file of its own in a folder.",
            way_out="Add the group to that file (docs/groups.md), or set STANDUP_GROUPS to a folder.",
        )
    writable = next((path for path in (folder, *folder.absolute().parents) if path.exists()), folder)
    if not os.access(writable, os.W_OK | os.X_OK):
        raise SettingsError(f"{folder} cannot be written.", way_out="Run `standup init` as a user who may write there.")
    return folder


def place_of(key: str, folder: Path) -> Path | None:
    """Return what has a group of this key already, its file or the folder, or None if it is free."""
    path = folder / f"{key}.toml"
    if path.exists():
        return path
    group_file = reading.read(folder) if folder.is_dir() else None
    if not group_file:
        return None
    stopped_keys = {stopped for problem in group_file.problems for stopped in problem.groups}
    return folder if key in {group.key for group in group_file.groups} | stopped_keys else None


def write(path: Path, group: FirstGroup, variables: Mapping[str, str], env_file: Path) -> None:
    """Write the group file and add the settings to `.env`, both for their owner only. Other lines of `.env` stay."""
    private_files.write(path, group_text(group).encode())
    private_files.append(env_file, b"")
    for name, value in variables.items():
        dotenv.set_key(env_file, name, value)
    env_file.chmod(0o600)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _latest_start(standup_at: str) -> str:
    """Return the time, three hours after the stand-up, until which a morning begins after an outage."""
    hour, minute = standup_at.split(":")[:2]
    return f"{int(hour) + 3:02}:{minute}" if int(hour) + 3 < 24 else _LAST_START
