"""`standup doctor` with each permission taken away in turn, with wrong secrets, and with parts missing."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from celery import Celery
from redis import Redis

from tests.acceptance.installation import ALL_WEEK, CLIENT_SECRET, ZONE, Installation, group, sandbox_group
from tests.waiting import wait_until

PERMISSIONS = (
    "analytics:conversationAggregate:view",
    "analytics:userAggregate:view",
    "routing:queue:view",
    "wfm:historicalAdherence:view",
    "wfm:intraday:view",
    "wfm:publishedSchedule:view",
    "wfm:shortTermForecast:view",
    "routing:scheduleGroup:view",
    "routing:schedule:view",
    "analytics:dataExport:add",
    "analytics:dataExport:view",
    "reports:export",
    "reports:read",
)
DEFINITION = {
    "reportId": "one",
    "name": "One",
    "dateFrom": "{{window.start}}",
    "dateTo": "{{window.end}}",
    "reportingType": "summary",
    "columns": [{"id": "queueName"}, {"id": "offered"}],
}

STARTING = re.compile(r".*(/analytics/reporting/exports|/reporting/reports/.*/export|/adherence/historical/bulk)")


def name_of(permission: str) -> str:
    """Return the name of the organisation without the permission, as an environment variable may hold it."""
    return "without_" + re.sub(r"\W", "_", permission).lower()


@pytest.fixture
def prepared(installation: Installation, redis_server: str) -> Iterator[Installation]:
    """For each permission an organisation whose client lacks it, and three groups for each organisation."""
    Redis.from_url(redis_server).config_set("appendonly", "yes")
    clients = [{"id": "test-client", "secret": CLIENT_SECRET}]
    for permission in PERMISSIONS:
        granted = [other_permission for other_permission in PERMISSIONS if other_permission != permission]
        clients.append({"id": name_of(permission), "secret": CLIENT_SECRET, "permissions": granted})  # type: ignore[dict-item]
    installation.start_sandbox(
        {
            "quota": {"per_minute": 60_000},
            "clients": clients,
            "groups": {"one": sandbox_group("Q", agents=2)},
            "schedule_groups": [{"name": "Closed", "zone": ZONE, "holidays": []}],
            "calendars": [{"id": "closed", "name": "Closed", "zone": ZONE, "holidays": []}],
        }
    )
    names = [name_of(permission) for permission in PERMISSIONS]
    for name in names:
        values = {"API_URL": installation.addresses["api"], "CLIENT_ID": name, "CLIENT_SECRET": CLIENT_SECRET}
        configure_organisation(installation, name, values)
    for name in ("main", *names):
        configure_organisation(installation, name, {"QUOTA_PER_MINUTE": "60000"})
    unit = installation.management_units()["one"]
    installation.write_groups({key: values for name in ("main", *names) for key, values in groups_of(name, unit)})
    (installation.folder / "report.json").write_text(json.dumps(DEFINITION))
    yield installation
    Redis.from_url(redis_server).config_set("appendonly", "no")


def configure_organisation(installation: Installation, name: str, values: dict[str, str]) -> None:
    installation.configure(**{f"ORGANISATIONS__{name.upper()}__{key}": value for key, value in values.items()})


def groups_of(organisation: str, unit: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield a group for each source. Together they need every permission."""
    calendar = {"kind": "schedule_group", "name": "Closed"}
    guide = {"source": "reporting", "report": "report.json", "calendar": {"kind": "guide", "id": "closed"}}
    for source, values in (
        ("queries", {"management_units": [unit], "calendar": calendar}),
        ("exports", {"source": "exports"}),
        ("gateway", guide),
    ):
        yield f"{organisation}-{source}", group("T", "Q", organisation=organisation, **values)


def report(installation: Installation, *options: str, expect: int = 1) -> list[dict[str, str]]:
    findings: list[dict[str, str]] = json.loads(installation.standup("doctor", "--json", *options, expect=expect))[
        "findings"
    ]
    return findings


def posts(installation: Installation) -> list[tuple[str, int]]:
    """Return path and status of each request that asked for an export or a calculation of adherence to start."""
    requests = [request for request in installation.requests() if request["method"] == "POST"]
    return [(request["path"], request["status"]) for request in requests if STARTING.fullmatch(request["path"])]


def test_each_missing_permission_is_named_with_the_way_to_grant_it(prepared: Installation) -> None:
    findings = report(prepared)
    for permission in PERMISSIONS:
        name = name_of(permission)
        problems = [finding for finding in findings if name in finding["area"] and finding["level"] != "ok"]
        refusals = [finding for finding in problems if finding["permission"]]
        assert [finding["permission"] for finding in refusals] == [permission], problems
        assert f"Grant {permission} to a role" in refusals[0]["way_out"]
        assert f"STANDUP_ORGANISATIONS__{name.upper()}__CLIENT_ID" in refusals[0]["way_out"]
        assert refusals[0]["level"] == ("warning" if permission.startswith("wfm:") else "wrong")
        assert all("no holiday" in finding["what"] for finding in problems if not finding["permission"]), problems
    assert [finding for finding in findings if "main" in finding["area"] and finding["permission"]] == []
    assert len({path for path, _ in posts(prepared)}) == 3
    assert [post for post in posts(prepared) if post[1] < 400] == [], "no export or calculation is started"


def tomorrow() -> str:
    """Return a weekday on which nothing is due while the test runs."""
    return ALL_WEEK[(datetime.now(ZoneInfo(ZONE)).weekday() + 1) % 7]


def test_with_everything_in_order_the_status_is_0_and_nothing_is_sent(prepared: Installation) -> None:
    unit = prepared.management_units()["one"]
    well = group("Well", "Q", standup_at="23:58", workdays=[tomorrow()], management_units=[unit])
    prepared.write_groups({"well": well})
    prepared.start_worker()
    prepared.start_beat()
    wait_until(prepared.heartbeat.last, "beat has asked what is due")
    output = prepared.standup("doctor", "--group", "well")
    assert "All is well" in output
    assert CLIENT_SECRET not in output
    assert prepared.mails() == prepared.alerts() == []
    assert posts(prepared)
    assert [post for post in posts(prepared) if post[1] < 400] == []
    prepared.standup("doctor", "--group", "well", "--send-test-alert")
    [alert] = prepared.alerts()
    assert "Nothing has failed" in str(alert)
    prepared.configure(ORGANISATIONS__MAIN__QUOTA_PER_MINUTE="70000")
    assert "QUOTA_PER_MINUTE=60000" in prepared.standup("doctor", "--group", "well", expect=2)


def test_wrong_secrets_and_names_and_missing_processes_are_named(prepared: Installation) -> None:
    prepared.configure(ORGANISATIONS__MAIN__CLIENT_SECRET="planted-wrong-secret")
    organisation = name_of("reports:read")
    prepared.write_groups({"lost": group("T", "Qu", organisation=organisation, management_units=["no-such-unit"])})
    problems = [finding for finding in report(prepared) if finding["level"] != "ok"]
    text = "\n".join(f"{finding['area']}: {finding['what']} {finding['way_out']}" for finding in problems)
    assert "STANDUP_ORGANISATIONS__MAIN__CLIENT_SECRET" in text
    assert "planted-wrong-secret" not in text
    assert "no queue named 'Qu'" in text
    places = {
        finding["place"].rpartition("/")[2].partition(":")[0] for finding in problems if "group lost" in finding["area"]
    }
    assert places == {"groups.toml"}, problems
    assert ": 'Q'" in text, "the name that is similar"
    assert "no management unit no-such-unit" in text
    assert "celery -A worker worker" in text
    assert "beat has never asked" in text


def test_unreadable_settings_and_an_unreachable_redis_are_findings(installation: Installation) -> None:
    groups = str(installation.folder / "none.toml")
    installation.configure(GROUPS=groups, REDIS_URL="redis://:planted-password@127.0.0.1:1/0")
    output = installation.standup("doctor", expect=1)
    assert "127.0.0.1:1/0 does not answer" in output
    assert "none.toml" in output
    assert "planted-password" not in output
    installation.configure(LOG_LEVEL="LOUD")
    assert "STANDUP_LOG_LEVEL" in installation.standup("doctor", expect=1)
    assert "STANDUP_LOG_LEVEL" in installation.standup("doctor", "--json", expect=1)


def test_a_group_in_order_is_one_of_a_count_and_a_problem_far_up_is_repeated(prepared: Installation) -> None:
    groups = {f"fine-{number:02}": group("Fine", "Q", calendar={"kind": "none"}) for number in range(12)}
    prepared.write_groups(groups | {"lost": group("Lost", "No such queue")})
    lines = prepared.standup("doctor", expect=1).splitlines()
    assert not [line for line in lines if line.startswith("✓ group fine-")]
    assert "✓ groups: 12 of 13 have all they need (--all: in detail)." in lines
    first_problem = next(line for line in lines if line.startswith("×"))
    assert lines.count(first_problem) == 2
    assert lines.index(first_problem) < len(lines) - 20
    assert "✓ group fine-00: 1 of 1 queues found." in prepared.standup("doctor", "--all", expect=1).splitlines()


@pytest.mark.parametrize("is_shared", [True, False])
def test_workers_are_asked_whether_they_share_the_artifact_store(prepared: Installation, *, is_shared: bool) -> None:
    prepared.write_groups({"well": group("Well", "Q", calendar={"kind": "none"})})
    prepared.start_worker("one", options=("-n", "w@one"))
    shared = prepared.environment["STANDUP_ARTIFACTS"]
    if not is_shared:
        prepared.configure(ARTIFACTS=str(prepared.folder / "of-its-own"))
    prepared.start_worker("two", options=("-n", "w@two"))
    prepared.configure(ARTIFACTS=shared)
    with Celery(broker=prepared.broker_url, set_as_current=False) as app:
        wait_until(lambda: len(app.control.ping(timeout=2)) == 2, "both workers answer")
    findings = [finding for finding in report(prepared) if "artifact store" in finding["what"]]
    expected = ("ok", "all workers use") if is_shared else ("wrong", "w@two and other workers do not share")
    assert [(finding["level"], expected[1] in finding["what"]) for finding in findings] == [(expected[0], True)]


def test_a_shell_with_another_artifact_store_than_its_only_worker_is_warned(prepared: Installation) -> None:
    prepared.write_groups({"well": group("Well", "Q", calendar={"kind": "none"})})
    prepared.start_worker()
    prepared.wait_for_log("worker", "@.* ready")
    prepared.configure(ARTIFACTS=str(prepared.folder / "of-its-own"))
    (finding,) = [finding for finding in report(prepared) if "another artifact store" in finding["what"]]
    assert finding["level"] == "warning"
    assert "Set STANDUP_ARTIFACTS here as for the workers" in finding["way_out"]
