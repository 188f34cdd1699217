"""Refuses to start Flower where strangers would reach it: it shows run ids, and it can start tasks and end workers."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any

from worker.domain import hosts
from worker.errors import SettingsError

_API_VARIABLE = "FLOWER_UNAUTHENTICATED_API"
_PASSWORD_WAY_OUT = "Set FLOWER_BASIC_AUTH=name:password"  # noqa: S105 - a name, not a password
_FALSE = ("", "0", "false", "f", "no", "n", "off")


def refuse_open_flower(arguments: Sequence[str]) -> None:
    """Raise `SettingsError` if Flower would be open with these arguments of ``celery -A worker flower``.

    Flower's own functions read them, so that its variables and its configuration file count too.
    """
    from flower import command

    command.apply_env_options()
    command.apply_options("flower", list(arguments))
    check(command.options, os.environ)


def check(options: Any, environment: Mapping[str, str]) -> None:
    """Raise `SettingsError` if Flower is open: no password on an address that others reach, or an open API."""
    if _has_login(options):
        return
    if environment.get(_API_VARIABLE, "").lower() not in _FALSE:
        raise SettingsError(
            f"With {_API_VARIABLE} and without a password any web page can make a browser start tasks in Flower.",
            way_out=f"{_PASSWORD_WAY_OUT}, or remove {_API_VARIABLE}.",
        )
    if not options.unix_socket and not hosts.is_loopback(options.address):
        raise SettingsError(
            f"Flower would listen on {options.address or 'all interfaces'} without a password.",
            way_out=f"{_PASSWORD_WAY_OUT}, or start it with --address=127.0.0.1.",
        )


def _has_login(options: Any) -> bool:
    names_and_passwords = [login.partition(":")[::2] for login in options.basic_auth or ()]
    return bool(options.auth) or (
        bool(names_and_passwords) and all(name and password for name, password in names_and_passwords)
    )
