"""Login, permissions, quota headers and each kind of trouble over HTTP."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from tests.integration.sandbox.conftest import Running
from tests.waiting import HANG_SECONDS

AGGREGATES = "/api/v2/analytics/conversations/aggregates/query"
DAY = "2026-11-19T23:00:00.000Z/2026-11-20T23:00:00.000Z"


def _ask(sandbox: Running, queue: str, session: requests.Session | None = None) -> requests.Response:
    query_filter = {"type": "and", "predicates": [{"dimension": "queueId", "value": sandbox.id_of(queue)}]}
    body = {"interval": DAY, "metrics": ["nOffered"], "groupBy": ["queueId"], "filter": query_filter}
    return (session or sandbox.session()).post(sandbox.api + AGGREGATES, json=body, timeout=HANG_SECONDS)


def _guide(sandbox: Running, session: requests.Session) -> str:
    body = {
        "reportingType": "summary",
        "columns": [{"id": "queueName"}],
        "dateFrom": "2026-11-20T00:00Z",
        "dateTo": "2026-11-21T00:00Z",
    }
    answer = session.post(f"{sandbox.api}/api/v2/reporting/reports/emea/export", json=body, timeout=HANG_SECONDS)
    return f"{sandbox.api}/api/v2/reporting/exports/{answer.json()['exportId']}"


@pytest.mark.parametrize(
    ("client", "secret", "description"), [("standup", "no", "authentication failed"), ("x", "y", "client not found")]
)
def test_a_wrong_secret_gets_no_token(sandbox: Running, client: str, secret: str, description: str) -> None:
    answer = sandbox.login(client, secret)
    assert (answer.status_code, answer.json()["description"]) == (401, description)


def test_every_answer_carries_quota_and_correlation_id(sandbox: Running) -> None:
    session = sandbox.session()
    api = session.get(f"{sandbox.api}/api/v2/tokens/me", timeout=HANG_SECONDS).headers
    guide = session.get(_guide(sandbox, session), timeout=HANG_SECONDS).headers
    assert api["inin-ratelimit-allowed"] == guide["X-RateLimit-Limit"] == "5000"
    assert int(guide["X-RateLimit-Remaining"]) == 5000 - int(api["inin-ratelimit-count"]) - 2
    assert 1 <= int(api["inin-ratelimit-reset"]) <= 60
    assert api["ININ-Correlation-Id"] != guide["ININ-Correlation-Id"]


def test_a_missing_permission_is_named(sandbox: Running) -> None:
    answer = _ask(sandbox, "Billing", sandbox.session("narrow"))
    assert (answer.status_code, answer.json()["code"]) == (403, "missing.permissions")
    assert answer.json()["messageParams"] == {"permissions": "analytics:conversationAggregate:view"}
    assert answer.json()["contextId"] == answer.headers["ININ-Correlation-Id"]


def test_an_old_token_is_refused(sandbox: Running) -> None:
    assert _ask(sandbox, "Billing", sandbox.session("brief")).status_code == 401


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b'{"interval": ', 400, "bad.request"),
        (b"[1]", 400, "bad.request"),
        (b" " * 512_001, 413, "request.entity.too.large"),
    ],
)
def test_a_body_that_cannot_be_read_is_refused(sandbox: Running, body: bytes, status: int, code: str) -> None:
    answer = sandbox.session().post(sandbox.api + AGGREGATES, data=body, timeout=HANG_SECONDS)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/api/v2/nowhere", 404), ("PUT", "/api/v2/users", 405)])
def test_an_unknown_path_is_an_error_body_too(sandbox: Running, method: str, path: str, status: int) -> None:
    answer = requests.request(method, sandbox.api + path, timeout=HANG_SECONDS)
    assert (answer.status_code, answer.json()["status"]) == (status, status)


def test_429_strikes_its_group_as_often_as_the_scenario_says(sandbox: Running) -> None:
    sandbox.trouble("emea", {"kind": "rate_limit", "times": 2, "retry_after": 7})
    answers = [_ask(sandbox, "Billing"), _ask(sandbox, "Sales"), _ask(sandbox, "Billing"), _ask(sandbox, "Billing")]
    assert [answer.status_code for answer in answers] == [429, 200, 429, 200]
    assert answers[0].headers["Retry-After"] == "7"
    assert answers[0].json()["code"] == "too.many.requests.retry.after"


def test_an_expired_token_stays_expired_and_a_new_token_works(sandbox: Running) -> None:
    sandbox.trouble("emea", {"kind": "expired_token"})
    session = sandbox.session()
    assert [_ask(sandbox, queue, session).status_code for queue in ("Sales", "Billing", "Sales")] == [200, 401, 401]
    assert _ask(sandbox, "Billing").status_code == 200


def test_forbidden_names_the_permission_and_spares_other_endpoints(sandbox: Running) -> None:
    sandbox.trouble("emea", {"kind": "forbidden", "permission": "analytics:conversationAggregate:view"})
    assert _ask(sandbox, "Billing").json()["messageParams"] == {"permissions": "analytics:conversationAggregate:view"}
    lookup = f"{sandbox.api}/api/v2/routing/queues?name=Billing"
    assert sandbox.session().get(lookup, timeout=HANG_SECONDS).status_code == 200


def test_not_yet_is_404_and_then_503_before_the_status(sandbox: Running) -> None:
    sandbox.trouble("emea", {"kind": "not_yet", "not_found": 2, "unavailable": 1})
    session = sandbox.session()
    url = _guide(sandbox, session)
    assert [session.get(url, timeout=HANG_SECONDS).status_code for _ in range(4)] == [404, 404, 503, 200]


@pytest.mark.parametrize(("style", "kind"), [("truncated", "application/json"), ("html", "text/html; charset=utf-8")])
def test_a_malformed_body_is_not_json(sandbox: Running, style: str, kind: str) -> None:
    sandbox.trouble("emea", {"kind": "malformed", "style": style, "times": 1})
    broken, whole = _ask(sandbox, "Billing"), _ask(sandbox, "Billing")
    assert (broken.status_code, broken.headers["content-type"]) == (200, kind)
    with pytest.raises(requests.JSONDecodeError):
        broken.json()
    assert whole.json()["results"]


def test_a_file_can_be_cut_off(sandbox: Running) -> None:
    session = sandbox.session()
    url = session.get(_guide(sandbox, session), timeout=HANG_SECONDS).json()["downloadUrl"]
    whole = requests.get(url, timeout=HANG_SECONDS).content
    sandbox.trouble("emea", {"kind": "malformed", "path": "/_files/"})
    assert requests.get(url, timeout=HANG_SECONDS).content == whole[: len(whole) // 2]


def test_down_closes_the_connection_or_answers_503(sandbox: Running) -> None:
    sandbox.trouble("emea", {"kind": "down", "times": 1}, {"kind": "down", "style": "503", "times": 1})
    with pytest.raises(requests.ConnectionError):
        _ask(sandbox, "Billing")
    assert [_ask(sandbox, "Billing").status_code for _ in range(2)] == [503, 200]


def test_trouble_can_be_limited_to_a_path(sandbox: Running) -> None:
    sandbox.trouble("emea", {"kind": "down", "style": "503", "path": "/routing/"})
    lookup = sandbox.session().get(f"{sandbox.api}/api/v2/routing/queues?name=Billing", timeout=HANG_SECONDS)
    assert (lookup.status_code, _ask(sandbox, "Billing").status_code) == (503, 200)


def test_a_calendar_that_names_a_group_shares_its_trouble(sandbox: Running) -> None:
    url = f"{sandbox.api}/api/v2/reporting/holidaycalendars/germany"
    assert sandbox.session().get(url, timeout=HANG_SECONDS).json()["holidays"] == [
        {"date": "2026-12-25", "name": "Weihnachten"}
    ]
    sandbox.trouble("emea", {"kind": "down", "style": "503"})
    assert sandbox.session().get(url, timeout=HANG_SECONDS).status_code == 503


@pytest.mark.parametrize(
    "body", [b"no json", b'{"group": "unknown", "trouble": []}', b'{"group": "emea", "trouble": [{"kind": "flood"}]}']
)
def test_an_unknown_trouble_or_group_is_refused(sandbox: Running, body: bytes) -> None:
    answer = requests.post(f"{sandbox.api}/_sandbox/trouble", data=body, timeout=HANG_SECONDS)
    assert answer.status_code == 400
    assert answer.json()["error"]


def test_a_signed_file_refuses_an_access_token_and_needs_its_signature(sandbox: Running) -> None:
    session = sandbox.session()
    url = session.get(_guide(sandbox, session), timeout=HANG_SECONDS).json()["downloadUrl"]
    answers = [
        session.get(url, timeout=HANG_SECONDS),
        requests.get(url + "x", timeout=HANG_SECONDS),
        requests.get(url, timeout=HANG_SECONDS),
    ]
    assert [answer.status_code for answer in answers] == [400, 403, 200]
    assert answers[2].text.splitlines() == ["queueName", "Billing"]


def test_the_request_log_has_client_status_and_group(sandbox: Running) -> None:
    old_entries = len(sandbox.request_log())
    sandbox.trouble("apac", {"kind": "down", "times": 1})
    session = sandbox.session()
    _ask(sandbox, "Billing", session)
    with pytest.raises(requests.ConnectionError):
        _ask(sandbox, "Sales", session)
    entries = [
        {key: entry[key] for key in ("client", "method", "path", "status", "group")}
        for entry in sandbox.request_log()[old_entries:]
    ]

    def expected(client: str | None, path: str, status: int, group: str | None) -> dict[str, Any]:
        return {"client": client, "method": "POST", "path": path, "status": status, "group": group}

    assert entries == [
        expected(None, "/oauth/token", 200, None),
        expected("standup", AGGREGATES, 200, "emea"),
        expected("standup", AGGREGATES, 0, "apac"),
    ]
