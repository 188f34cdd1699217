"""Access tokens: one for all, renewed ahead of their end by one, never shown."""

from __future__ import annotations

import base64
import threading
from datetime import UTC, datetime, timedelta

import pytest

from tests.integration.genesys.conftest import SECRET, Reply, ScriptedApi
from worker import errors
from worker.genesys.api import auth
from worker.genesys.api.auth import AccessToken, AccessTokens, MemoryTokenStore
from worker.genesys.api.organisation import Organisation

LOGIN = "/oauth/token"


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 17, 6, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def moving() -> Clock:
    return Clock()


@pytest.fixture
def store() -> MemoryTokenStore:
    return MemoryTokenStore()


@pytest.fixture
def tokens(organisation: Organisation, store: MemoryTokenStore, moving: Clock) -> AccessTokens:
    return AccessTokens(organisation, store, clock=moving)


def value(token: AccessToken) -> str:
    return token.value.get_secret_value()


def test_the_client_is_identified_by_basic_authentication(api: ScriptedApi, tokens: AccessTokens) -> None:
    tokens.current()
    request = api.calls(LOGIN)[0]
    assert request.headers["Authorization"] == "Basic " + base64.b64encode(f"client-1:{SECRET}".encode()).decode()
    assert request.body == b"grant_type=client_credentials"


def test_trap_refreshing_the_token_before_each_request_costs_a_login_each_time(
    api: ScriptedApi, tokens: AccessTokens
) -> None:
    assert {value(tokens.current()) for _ in range(5)} == {"token-1"}
    assert len(api.calls(LOGIN)) == 1


@pytest.mark.parametrize(
    ("expires_in", "still_old_after", "new_after"),
    [(86400, 86400 - 301, 86400 - 299), (300, 269, 271)],
)
def test_trap_token_expiration_during_an_export_job(
    api: ScriptedApi, tokens: AccessTokens, moving: Clock, expires_in: int, still_old_after: int, new_after: int
) -> None:
    api.script(
        "POST",
        LOGIN,
        Reply({"access_token": "old", "expires_in": expires_in}),
        Reply({"access_token": "new", "expires_in": expires_in}),
    )
    begin = moving.now
    assert value(tokens.current()) == "old"
    moving.now = begin + timedelta(seconds=still_old_after)
    assert value(tokens.current()) == "old"
    moving.now = begin + timedelta(seconds=new_after)
    assert value(tokens.current()) == "new"


def test_a_failed_early_renewal_keeps_the_current_token(api: ScriptedApi, tokens: AccessTokens, moving: Clock) -> None:
    tokens.current()
    api.script("POST", LOGIN, Reply(status=503))
    moving.now += timedelta(seconds=86400 - 60)
    assert value(tokens.current()) == "token-1"
    moving.now += timedelta(seconds=61)
    with pytest.raises(errors.SourceUnavailable):
        tokens.current()


def test_waiting_for_another_workers_renewal_is_no_failed_attempt(
    api: ScriptedApi,
    organisation: Organisation,
    store: MemoryTokenStore,
    tokens: AccessTokens,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The other worker may have been killed. Its lock then blocks the runs of a whole morning for half a minute."""
    monkeypatch.setattr(auth, "_OTHERS_RENEWAL_SECONDS", 0.1)
    with store.renewing(organisation.client_key), pytest.raises(errors.NotYet):
        tokens.current()
    assert not api.calls(LOGIN)
    assert value(tokens.current()) == "token-1"


def test_only_the_token_that_failed_is_discarded(api: ScriptedApi, tokens: AccessTokens) -> None:
    first = tokens.current()
    second = tokens.after_refusal(first)
    assert value(second) == "token-2"
    assert value(tokens.after_refusal(first)) == "token-2"
    assert len(api.calls(LOGIN)) == 2


def test_a_refused_token_is_recognised_by_its_value_and_not_by_its_times(
    api: ScriptedApi, organisation: Organisation, store: MemoryTokenStore, moving: Clock
) -> None:
    tokens = AccessTokens(organisation, store, clock=moving)
    first = tokens.current()
    store.put(
        organisation.client_key, AccessToken(first.value, first.obtained_at, first.expires_at + timedelta(seconds=1))
    )
    assert value(tokens.after_refusal(first)) == "token-2"


def test_eight_workers_at_once_log_in_once(api: ScriptedApi, tokens: AccessTokens) -> None:
    received: list[str] = []
    threads = [threading.Thread(target=lambda: received.append(value(tokens.current()))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert received == ["token-1"] * 8
    assert len(api.calls(LOGIN)) == 1


@pytest.mark.parametrize("status", [400, 401])
def test_a_wrong_secret_names_organisation_and_settings_without_the_secret(
    api: ScriptedApi, tokens: AccessTokens, status: int
) -> None:
    api.script(
        "POST",
        LOGIN,
        Reply({"error": "invalid_client", "description": f"authentication failed {SECRET}"}, status),
    )
    with pytest.raises(errors.CredentialsRefused) as caught:
        tokens.current()
    text = str(caught.value)
    assert "'main'" in text
    assert "STANDUP_ORGANISATIONS__MAIN__CLIENT_ID" in text
    assert "STANDUP_ORGANISATIONS__MAIN__CLIENT_SECRET" in text
    assert SECRET not in text


@pytest.mark.parametrize(
    ("says", "expected"),
    [
        (Reply(status=503), errors.SourceUnavailable),
        (Reply(status=429, headers={"Retry-After": "9"}), errors.RateLimited),
        (Reply(status=404), errors.RequestRefused),
        (Reply(status=302, headers={"Location": "http://127.0.0.1:9/"}), errors.RequestRefused),
        (Reply(b"<html>login</html>"), errors.MalformedAnswer),
        (Reply({"token_type": "bearer"}), errors.MalformedAnswer),
        (Reply({"access_token": "a\r\nX-Evil: 1"}), errors.MalformedAnswer),
        (Reply({"access_token": ["list"]}), errors.MalformedAnswer),
        (Reply(hang_up=True), errors.SourceUnavailable),
    ],
)
def test_a_failing_login_host_has_a_separate_error(
    api: ScriptedApi, tokens: AccessTokens, says: Reply, expected: type[errors.StandupError]
) -> None:
    api.script("POST", LOGIN, says)
    with pytest.raises(expected, match="oauth/token"):
        tokens.current()


@pytest.mark.parametrize("sentence", [None, -1, 0, "3600", True, [1]])
def test_an_invalid_lifetime_counts_as_the_shortest(
    api: ScriptedApi, tokens: AccessTokens, moving: Clock, sentence: object
) -> None:
    api.script("POST", LOGIN, Reply({"access_token": "t", "expires_in": sentence}))
    assert tokens.current().expires_at == moving.now + timedelta(seconds=300)
