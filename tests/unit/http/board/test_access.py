"""Who may see the board."""

from __future__ import annotations

from base64 import b64encode

import pytest

from worker.http.board.access import Access
from worker.settings.sections import BoardSettings


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
    assert not Access("op:long enough", "").allows(headers)
    assert not Access("", "").allows(headers)


def test_a_name_with_its_password_is_let_in() -> None:
    assert Access("op:long enough", "").allows(basic("op:long enough"))


@pytest.mark.parametrize(("user", "is_allowed"), [("dana@example.com", True), (" ", False)])
def test_a_user_whom_the_proxy_names_is_let_in(user: str, is_allowed: bool) -> None:
    assert Access("", "X-User").allows({"X-User": user}) == is_allowed


@pytest.mark.parametrize(
    "values", [{}, {"basic_auth": "op:short"}, {"basic_auth": ":long enough"}, {"user_header": "a b"}]
)
def test_settings_without_a_usable_way_in_are_refused(values: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="BoardSettings"):
        BoardSettings.model_validate(values)
