"""The session over real sockets: what leaves, what comes back, and what each status becomes."""

from __future__ import annotations

import gzip
import json
import logging

import pytest

from tests.integration.genesys.conftest import (
    SECRET,
    CountedPermits,
    Reply,
    ScriptedApi,
    organisation_at,
    session_with,
)
from worker import errors, step_time
from worker.domain.countdowns import retry_countdown_seconds
from worker.genesys.api.organisation import Organisation
from worker.genesys.api.session import Session

QUEUES = "/api/v2/routing/queues"


def test_a_request_carries_the_access_token_and_takes_one_permit(
    api: ScriptedApi, session: Session, permits: CountedPermits
) -> None:
    api.script("GET", QUEUES, Reply({"entities": []}, headers={"ININ-Correlation-Id": "c-1"}))
    answer = session.get(QUEUES, {"id": ["a", "b"]})
    request = api.calls(QUEUES)[0]
    assert request.headers["Authorization"] == "Bearer token-1"
    assert request.query == {"id": ["a", "b"]}
    assert (answer.status, answer.body, answer.correlation_id) == (200, {"entities": []}, "c-1")
    assert permits.taken_count == session.requests_sent == 1


@pytest.mark.parametrize(
    ("headers", "observed"),
    [
        ({"inin-ratelimit-count": "292", "inin-ratelimit-allowed": "300", "inin-ratelimit-reset": "17"}, (8, 300, 17)),
        ({"X-RateLimit-Remaining": "9", "X-RateLimit-Limit": "60", "X-RateLimit-Reset": "30"}, (9, 60, 30)),
        ({"X-RateLimit-Remaining": "-4"}, (0, None, None)),
    ],
)
def test_trap_ignoring_the_rate_limit_headers(
    api: ScriptedApi, session: Session, permits: CountedPermits, headers: dict[str, str], observed: tuple
) -> None:
    api.script("GET", QUEUES, Reply(headers=headers))
    session.get(QUEUES)
    assert permits.observed == [observed]


@pytest.mark.parametrize(
    "headers",
    [
        {"X-RateLimit-Remaining": "plenty"},
        {"inin-ratelimit-count": "-3", "inin-ratelimit-allowed": "300"},
        {"inin-ratelimit-count": "3", "inin-ratelimit-allowed": "0"},
        {},
    ],
)
def test_headers_that_lie_about_the_quota_are_not_passed_on(
    api: ScriptedApi, session: Session, permits: CountedPermits, headers: dict[str, str]
) -> None:
    api.script("GET", QUEUES, Reply(headers=headers))
    session.get(QUEUES)
    assert permits.observed == []


@pytest.mark.parametrize(
    ("headers", "message", "seconds"),
    [
        ({"Retry-After": "42"}, "slow down", 42),
        ({"Retry-After": "Tue, 17 Nov 2026 12:00:30 GMT", "Date": "Tue, 17 Nov 2026 12:00:00 GMT"}, "slow down", 30),
        ({}, "Rate limit exceeded the maximum. Retry the request in [17] seconds", 17),
        ({"Retry-After": "soon"}, "slow down", 60),
        ({"Retry-After": "-5"}, "slow down", 60),
        ({"Retry-After": "0"}, "slow down", 60),
        ({"Retry-After": "0"}, "Retry the request in [42] seconds", 42),
        ({"Retry-After": "Tue, 17 Nov 2026 12:00:00 GMT", "Date": "Tue, 17 Nov 2026 12:00:00 GMT"}, "slow down", 60),
        ({"Retry-After": "0", "inin-ratelimit-count": "300", "inin-ratelimit-allowed": "300"}, "slow down", 60),
        ({"Retry-After": "99999999"}, "slow down", 600),
        ({"inin-ratelimit-count": "300", "inin-ratelimit-allowed": "300", "inin-ratelimit-reset": "21"}, "no", 21),
    ],
)
def test_trap_answering_429_with_an_immediate_retry(
    api: ScriptedApi, session: Session, permits: CountedPermits, headers: dict[str, str], message: str, seconds: float
) -> None:
    api.script("GET", QUEUES, Reply({"message": message}, 429, headers))
    with pytest.raises(errors.RateLimited) as caught:
        session.get(QUEUES)
    assert len(api.calls(QUEUES)) == 1
    assert permits.hold_seconds == [pytest.approx(seconds)]
    assert caught.value.retry_after_seconds == pytest.approx(seconds)


def test_a_refused_access_token_is_renewed_once_and_the_request_asked_again(
    api: ScriptedApi, session: Session, permits: CountedPermits
) -> None:
    api.script("GET", QUEUES, Reply({"code": "bad.credentials"}, 401), Reply({"entities": []}))
    assert session.get(QUEUES).body == {"entities": []}
    assert [request.headers["Authorization"] for request in api.calls(QUEUES)] == ["Bearer token-1", "Bearer token-2"]
    assert permits.taken_count == 2


def test_an_access_token_that_is_refused_twice_names_the_settings(api: ScriptedApi, session: Session) -> None:
    api.script("GET", QUEUES, Reply({"code": "bad.credentials"}, 401))
    with pytest.raises(errors.CredentialsRefused, match="STANDUP_ORGANISATIONS__MAIN__API_URL"):
        session.get(QUEUES)
    assert len(api.calls(QUEUES)) == 2


@pytest.mark.parametrize(
    "body",
    [
        {
            "message": "Unable to perform the requested action. You are missing the following permission(s): x",
            "messageParams": {"permissions": "[routing:queue:view]"},
        },
        {"message": "You must have at least one of the following permissions assigned: [routing:queue:view]"},
    ],
)
def test_a_403_names_the_permission_that_is_missing(api: ScriptedApi, session: Session, body: object) -> None:
    api.script("GET", QUEUES, Reply(body, 403))
    with pytest.raises(errors.PermissionMissing, match="routing:queue:view") as caught:
        session.get(QUEUES)
    assert caught.value.permission == "routing:queue:view"
    assert "Admin" in caught.value.way_out


@pytest.mark.parametrize("status", [400, 404, 405, 413, 409])
def test_a_refused_request_carries_status_place_and_context(api: ScriptedApi, session: Session, status: int) -> None:
    body = {"message": "no good", "contextId": "ctx-7"}
    api.script("GET", QUEUES, Reply(body, status))
    with pytest.raises(errors.RequestRefused) as caught:
        session.get(QUEUES, {"name": "Private Queue"})
    assert caught.value.status == status
    assert f"GET {QUEUES}" in str(caught.value)
    assert "ctx-7" in str(caught.value)
    assert "Private" not in str(caught.value)


@pytest.mark.parametrize("status", [206, 408, 421, 423, 425, 500, 502, 503, 504, 507, 520, 530])
def test_a_server_error_is_temporary(api: ScriptedApi, session: Session, status: int) -> None:
    api.script("GET", QUEUES, Reply(b"<html>down</html>", status))
    with pytest.raises(errors.SourceUnavailable, match=str(status)):
        session.get(QUEUES)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "42"}, 42),
        ({"Retry-After": "Tue, 17 Nov 2026 12:00:30 GMT", "Date": "Tue, 17 Nov 2026 12:00:00 GMT"}, 30),
        ({"Retry-After": "600"}, 60),
        ({"Retry-After": "0"}, 20),
        ({}, 20),
    ],
)
@pytest.mark.parametrize("status", [408, 503])
@pytest.mark.parametrize("body", [{"message": "away"}, b"<html>away</html>"])
def test_a_server_that_is_away_is_asked_again_when_it_says(
    api: ScriptedApi, session: Session, status: int, body: object, headers: dict[str, str], seconds: float
) -> None:
    api.script("GET", QUEUES, Reply(body, status, headers))
    with pytest.raises(errors.SourceUnavailable) as caught:
        session.get(QUEUES)
    assert caught.value.retry_after_seconds == pytest.approx(seconds)


def test_a_server_that_hangs_up_is_unavailable(api: ScriptedApi, session: Session) -> None:
    api.script("GET", QUEUES, Reply(hang_up=True))
    with pytest.raises(errors.SourceUnavailable, match="connection failed"):
        session.get(QUEUES)


def test_an_unreachable_host_is_unavailable(permits: CountedPermits) -> None:
    session = session_with(organisation_at("http://127.0.0.1:9"), permits)
    with pytest.raises(errors.SourceUnavailable, match="main"):
        session.get(QUEUES)


def test_three_attempts_outlast_half_a_minute_without_the_host(permits: CountedPermits) -> None:
    session = session_with(organisation_at("http://127.0.0.1:9"), permits)
    with pytest.raises(errors.SourceUnavailable) as caught:
        session.get(QUEUES)
    waits = [retry_countdown_seconds(attempt, 0.0, caught.value.retry_after_seconds) for attempt in (1, 2)]
    assert sum(waits) > 30


def test_a_server_that_does_not_answer_runs_into_the_timeout(api: ScriptedApi, session: Session) -> None:
    api.script("GET", QUEUES, Reply(b"{", promised=100))
    with pytest.raises(errors.SourceUnavailable):
        session.get(QUEUES)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b'{"entities": [', "broken JSON"),
        (b"<!DOCTYPE html><html>Sign in</html>", "a web page"),
        (b"", "an empty body"),
        (b"[1, 2]", "a list where an object is promised"),
        (b'"text"', "a str where"),
        (b'{"a": NaN}', "JSON with NaN, which is no number"),
        (b'{"a": -Infinity}', "JSON with -Infinity, which is no number"),
        (b'{"a": 1e400}', "JSON with 1e400, which is no number"),
        (b"\xff\xfe\x00", "no JSON"),
        (b"[" * 100_000, "nested too deeply|broken JSON"),
        (b'{"a": ' + b"[" * 900 + b'"\\ud800"' + b"]" * 900 + b"}", "nested too deeply|broken JSON"),
    ],
)
def test_a_body_that_is_no_json_object_is_refused_with_its_kind(
    api: ScriptedApi, session: Session, body: bytes, message: str
) -> None:
    api.script("GET", QUEUES, Reply(body))
    with pytest.raises(errors.MalformedAnswer, match=message):
        session.get(QUEUES)


def test_a_body_of_200_mb_is_given_up_long_before_its_end(api: ScriptedApi, session: Session) -> None:
    api.script("GET", QUEUES, Reply(b"x" * 4_000_000, promised=200_000_000))
    with pytest.raises(errors.MalformedAnswer, match="more than 1 MB"):
        session.get(QUEUES, limit=1024 * 1024)


def test_a_body_that_unpacks_beyond_the_bound_is_given_up(api: ScriptedApi, session: Session) -> None:
    bomb = gzip.compress(b"0" * 50_000_000)
    api.script("GET", QUEUES, Reply(bomb, headers={"Content-Encoding": "gzip"}))
    with pytest.raises(errors.MalformedAnswer, match="more than 1 MB"):
        session.get(QUEUES, limit=1024 * 1024)


def test_a_packed_body_is_unpacked(api: ScriptedApi, session: Session) -> None:
    packed = gzip.compress(json.dumps({"entities": ["ü"]}).encode())
    api.script("GET", QUEUES, Reply(packed, headers={"Content-Encoding": "gzip"}))
    assert session.get(QUEUES).body == {"entities": ["ü"]}


def test_a_redirect_is_not_followed_and_takes_no_access_token_along(
    api: ScriptedApi, foreign: ScriptedApi, session: Session
) -> None:
    api.script("GET", QUEUES, Reply(status=302, headers={"Location": f"{foreign.url}/steal"}))
    with pytest.raises(errors.RequestRefused, match="redirect"):
        session.get(QUEUES)
    assert foreign.requests == []


def test_proxies_and_netrc_of_the_environment_are_not_used(
    api: ScriptedApi, session: Session, foreign: ScriptedApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", foreign.url)
    monkeypatch.setenv("http_proxy", foreign.url)
    api.script("GET", QUEUES, Reply({"entities": []}))
    session.get(QUEUES)
    assert foreign.requests == []


def test_cookies_are_not_kept(api: ScriptedApi, session: Session) -> None:
    api.script("GET", QUEUES, Reply(headers={"Set-Cookie": "track=1; Path=/"}))
    session.get(QUEUES)
    session.get(QUEUES)
    assert "Cookie" not in api.calls(QUEUES)[1].headers


@pytest.mark.parametrize("wrong", ["..", ".", ""])
def test_an_id_that_would_change_the_path_is_refused(api: ScriptedApi, session: Session, wrong: str) -> None:
    with pytest.raises(errors.LookupFailed):
        session.get("/api/v2/routing/queues/{queueId}", ids={"queueId": wrong})
    assert api.requests == []


def test_an_id_with_slashes_stays_one_segment(api: ScriptedApi, session: Session) -> None:
    with pytest.raises(errors.RequestRefused):
        session.get("/api/v2/routing/queues/{queueId}", ids={"queueId": "../../oauth?x=1"})
    assert api.requests[-1].path == "/api/v2/routing/queues/..%2F..%2Foauth%3Fx%3D1"


def test_lone_surrogates_in_names_are_replaced(api: ScriptedApi, session: Session) -> None:
    api.script("GET", QUEUES, Reply(b'{"entities": [{"name": "A\\ud83dB \\ud83d\\ude00"}]}'))
    assert session.get(QUEUES).body == {"entities": [{"name": "A\ufffdB \U0001f600"}]}


def test_the_hook_gets_each_answer_with_its_route(
    api: ScriptedApi, organisation: Organisation, permits: CountedPermits
) -> None:
    outcomes: list[tuple[str, int]] = []
    session = session_with(organisation, permits, on_request=lambda route, status, _: outcomes.append((route, status)))
    api.script("GET", f"{QUEUES}/7", Reply())
    session.get(QUEUES + "/{queueId}", ids={"queueId": "7"})
    with pytest.raises(errors.RequestRefused):
        session.get(QUEUES)
    assert outcomes == [(QUEUES + "/{queueId}", 200), (QUEUES, 404)]


def test_neither_secret_nor_access_token_shows_anywhere(
    api: ScriptedApi, organisation: Organisation, permits: CountedPermits, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    session = session_with(organisation, permits)
    api.script("GET", QUEUES, Reply({"message": "no"}, 400))
    with pytest.raises(errors.RequestRefused) as caught:
        session.get(QUEUES)
    token = session._tokens.current()
    visible = " ".join((repr(session), repr(organisation), repr(token), str(token), repr(caught.value), caplog.text))
    assert SECRET not in visible
    assert "token-1" not in visible


def test_no_request_is_sent_when_the_step_has_no_time_left(api: ScriptedApi, session: Session) -> None:
    with step_time.limited_to(-1), pytest.raises(errors.StepTooLong, match="it asked GET /api/v2/routing/queues"):
        session.get(QUEUES)
    assert api.calls(QUEUES) == []
