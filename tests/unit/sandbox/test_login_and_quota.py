"""Access tokens and the quota."""

from __future__ import annotations

import base64

import pytest

from sandbox.scenario.file import ClientEntry
from sandbox.wire.errors import ApiError
from sandbox.wire.oauth import LoginRefused, Tokens
from sandbox.wire.quota import Quota, QuotaState
from tests.unit.sandbox.conftest import Clock

FORM = {"grant_type": "client_credentials"}


def _basic(text: str) -> str:
    return "Basic " + base64.b64encode(text.encode()).decode()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def tokens(clock: Clock) -> Tokens:
    return Tokens([ClientEntry(id="standup", secret="pa:ss", token_seconds=300)], clock)


def test_the_right_secret_gets_a_bearer_token_with_its_lifetime(tokens: Tokens) -> None:
    issued = tokens.issue(_basic("standup:pa:ss"), FORM)
    assert (issued["token_type"], issued["expires_in"]) == ("bearer", 300)
    assert tokens.client_of(f"Bearer {issued['access_token']}").id == "standup"


@pytest.mark.parametrize(
    ("authorization", "form", "status", "error", "description"),
    [
        (_basic("stranger:pa:ss"), FORM, 401, "invalid_client", "client not found"),
        (_basic("standup:wrong"), FORM, 401, "invalid_client", "authentication failed"),
        (_basic("standup:pa:ss"), {}, 400, "unsupported_grant_type", "grant type None is not supported"),
        ("Basic %%%", FORM, 400, "invalid_request", "client credentials are missing"),
        ("", FORM, 400, "invalid_request", "client credentials are missing"),
    ],
)
def test_a_wrong_login_gets_the_login_hosts_error_body(
    tokens: Tokens, authorization: str, form: dict[str, str], status: int, error: str, description: str
) -> None:
    with pytest.raises(LoginRefused) as refusal:
        tokens.issue(authorization, form)
    assert refusal.value.status == status
    assert refusal.value.body == {"error": error, "description": description, "error_description": description}


@pytest.mark.parametrize(
    ("authorization", "code"),
    [("", "authentication.required"), ("Basic abc", "authentication.required"), ("Bearer made-up", "bad.credentials")],
)
def test_a_request_without_a_valid_token_is_unauthenticated(tokens: Tokens, authorization: str, code: str) -> None:
    with pytest.raises(ApiError) as refusal:
        tokens.client_of(authorization)
    assert (refusal.value.status, refusal.value.code) == (401, code)


def test_a_token_ends_with_its_lifetime_or_when_revoked(tokens: Tokens, clock: Clock) -> None:
    bearers = [f"Bearer {tokens.issue(_basic('standup:pa:ss'), FORM)['access_token']}" for _ in range(2)]
    tokens.revoke(bearers[0])
    with pytest.raises(ApiError):
        tokens.client_of(bearers[0])
    clock.now += 299.9
    tokens.client_of(bearers[1])
    clock.now += 0.1
    with pytest.raises(ApiError):
        tokens.client_of(bearers[1])


def test_the_quota_counts_each_client_in_its_own_window(clock: Clock) -> None:
    quota = Quota(2, 60, clock)
    assert quota.take("a") == QuotaState(count=1, allowed=2, reset=60)
    clock.now += 20.5
    assert quota.take("a") == QuotaState(count=2, allowed=2, reset=40)
    assert quota.take("b") == QuotaState(count=1, allowed=2, reset=60)


def test_requests_beyond_the_quota_get_429_until_the_window_ends(clock: Clock) -> None:
    quota = Quota(1, 60, clock)
    quota.take("a")
    clock.now += 18
    with pytest.raises(ApiError) as refusal:
        quota.take("a")
    assert (refusal.value.status, refusal.value.headers) == (429, {"Retry-After": "42"})
    assert refusal.value.message == "Rate limit exceeded the maximum. Retry the request in [42] seconds"
    clock.now += 42
    assert quota.take("a").count == 1


def test_both_families_of_headers_state_the_same_quota() -> None:
    state = QuotaState(count=295, allowed=300, reset=7)
    assert state.genesys_headers() == {
        "inin-ratelimit-count": "295",
        "inin-ratelimit-allowed": "300",
        "inin-ratelimit-reset": "7",
    }
    assert state.gateway_headers() == {
        "X-RateLimit-Limit": "300",
        "X-RateLimit-Remaining": "5",
        "X-RateLimit-Reset": "7",
    }
