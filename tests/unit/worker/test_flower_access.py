"""Where Flower may start without a password."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from worker.errors import SettingsError
from worker.flower_access import check


def options(**values: object) -> SimpleNamespace:
    return SimpleNamespace(**({"basic_auth": None, "auth": "", "address": "", "unix_socket": ""} | values))


@pytest.mark.parametrize(
    "values",
    [
        {"basic_auth": ["ops:secret"]},
        {"auth": r".*@example\.com"},
        {"address": "127.0.0.1"},
        {"address": "127.9.9.9"},
        {"address": "::1"},
        {"address": "localhost"},
        {"unix_socket": "/run/flower.sock"},
    ],
)
def test_flower_starts_with_a_login_or_on_this_machine_only(values: dict[str, object]) -> None:
    check(options(**values), {})


@pytest.mark.parametrize(
    "values",
    [{}, {"address": "0.0.0.0"}, {"address": "10.0.0.5"}, {"basic_auth": [""]}, {"basic_auth": ["ops:", "a:b"]}],  # noqa: S104
)
def test_flower_does_not_start_open_to_other_machines(values: dict[str, object]) -> None:
    with pytest.raises(SettingsError, match="FLOWER_BASIC_AUTH=name:password, or start it with --address"):
        check(options(**values), {})


def test_an_open_api_needs_a_password_on_this_machine_too() -> None:
    environment = {"FLOWER_UNAUTHENTICATED_API": "true"}
    with pytest.raises(SettingsError, match="FLOWER_UNAUTHENTICATED_API"):
        check(options(address="127.0.0.1"), environment)
    check(options(basic_auth=["ops:secret"]), environment)
    check(options(address="127.0.0.1"), {"FLOWER_UNAUTHENTICATED_API": "false"})
