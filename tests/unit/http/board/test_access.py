"""Who may see the board."""

from __future__ import annotations

from base64 import b64encode
from ipaddress import ip_network

import pytest

from worker.http.board.access import Access
from worker.settings.sections import BoardSettings

HERE = "127.0.0.1"
LOOPBACK = (ip_network("127.0.0.0/8"), ip_network("::1"))


def basic(text: str) -> dict[str, str]:
    return {"Authorization": f"Basic {b64encode(text.encode()).decode()}"}


@pytest.mark.parametrize(
    "headers",
    [
        {},
        basic("op:wrong"),
        basic("op"),
        basic(""),
        {"Authorization": "Basic"},
        {"Authorization": "Basic ä"},
        {"Authorization": "Bearer op:long enough"},
        {"X-User": "op"},
    ],
)
def test_without_name_and_password_nobody_is_let_in(headers: dict[str, str]) -> None:
    assert not Access("op:long enough", "").allows(headers, HERE)
    assert not Access("", "").allows(headers, HERE)


def test_a_name_with_its_password_is_let_in() -> None:
    assert Access("op:long enough", "").allows(basic("op:long enough"), "192.0.2.7")


@pytest.mark.parametrize(("user", "is_allowed"), [("dana@example.com", True), (" ", False)])
def test_a_user_whom_the_proxy_names_is_let_in(user: str, is_allowed: bool) -> None:
    assert Access("", "X-User", LOOPBACK).allows({"X-User": user}, HERE) == is_allowed


@pytest.mark.parametrize(
    ("peer", "is_allowed"),
    [("127.8.8.8", True), ("::1", True), ("::ffff:127.0.0.1", True), ("192.0.2.7", False), ("::2", False), ("", False)],
)
def test_a_user_header_counts_only_from_a_proxy(peer: str, is_allowed: bool) -> None:
    access = Access("op:long enough", "X-User", LOOPBACK)
    assert access.allows({"X-User": "dana"}, peer) == is_allowed
    assert not access.allows({"X-User": "dana", "X-Forwarded-For": HERE}, "192.0.2.7")


def test_the_proxies_are_those_of_the_settings_and_by_default_this_machine() -> None:
    assert BoardSettings(user_header="X-User").proxies == ("127.0.0.0/8", "::1")
    assert BoardSettings(user_header="X-User", proxies=("10.1.0.0/16",)).proxies == ("10.1.0.0/16",)


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"basic_auth": "op:short"},
        {"basic_auth": ":long enough"},
        {"user_header": "a b"},
        {"user_header": "X-User", "proxies": ["10.1.0.0/8"]},
        {"user_header": "X-User", "proxies": ["proxy.example.com"]},
    ],
)
def test_settings_without_a_usable_way_in_are_refused(values: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="BoardSettings"):
        BoardSettings.model_validate(values)
