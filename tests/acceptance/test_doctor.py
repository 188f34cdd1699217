"""`standup doctor` with each permission taken away in turn, with wrong secrets, and with parts missing."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.request import urlopen
from zoneinfo import ZoneInfo

import pytest
from redis import Redis

from tests.acceptance.installation import ALL_WEEK, CLIENT_SECRET, Installation, zone_in_daytime

PERMISSIONS = (
    "analytics:conversationAggregate:view",
    "analytics:userAggregate:view",
    "routing:queue:view",
    "wfm:historicalAdherence:view",
    "routing:scheduleGroup:view",
    "routing:schedule:view",
    "analytics:dataExport:add",
    "analytics:dataExport:view",
    "reports:export",
    "reports:read",
)
ZONE = zone_in_daytime()
DEFINITION = {
    "reportId": "one",
    "name": "One",
    "dateFrom": "{{window.start}}",
    "dateTo": "{{window.end}}",
    "reportingType": "summary",
    "columns": [{"id": "queueName"}, {"id": "offered"}],
}


def name_of(permission: str) -> str:
    """An organisation's name, as an environment variable may hold it."""
    return "without_" + re.sub(r"\W", "_", permission).lower()


@pytest.fixture
def furnished(installation: Installation, redis_server: str) -> Iterator[Installation]:
    """A client for each lack, an organisation in the settings for each client, and three groups for each of them."""
    Redis.from_url(redis_server).config_set("appendonly", "yes")
    lacking = {name_of(one): [other for other in PERMISSIONS if other != one] for one in PERMISSIONS}
    installation.start_sandbox(
        {
            "quota": {"per_minute": 60_000},
            "clients": [
                {"id": "test-client", "secret": CLIENT_SECRET},
                *({"id": name, "secret": CLIENT_SECRET, "permissions": rest} for name, rest in lacking.items()),
            ],
            "groups": {"one": {"zone": ZONE, "queues": ["Q"], "agents": 2, "workdays": ALL_WEEK}},
            "schedule_groups": [{"name": "Closed", "zone": ZONE, "holidays": []}],
            "calendars": [{"id": "closed", "name": "Closed", "zone": ZONE, "holidays": []}],
        }
    )
    for name in lacking:
        prefix = f"ORGANISATIONS__{name.upper()}__"
        of_it = {"API_URL": installation.addresses["api"], "CLIENT_ID": name, "CLIENT_SECRET": CLIENT_SECRET}
        installation.configure(**{prefix + key: value for key, value in of_it.items()})
    for name in ("main", *lacking):
        installation.configure(**{f"ORGANISATIONS__{name.upper()}__QUOTA_PER_MINUTE": "60000"})
    installation.write_groups(groups_of(["main", *lacking], unit_of(installation)))
    (installation.folder / "report.json").write_text(json.dumps(DEFINITION))
    yield installation
    Redis.from_url(redis_server).config_set("appendonly", "no")


def unit_of(installation: Installation) -> str:
    with urlopen(f"{installation.addresses['api']}/_sandbox/state", timeout=10) as answer:
        unit: str = json.load(answer)["groups"]["one"]["managementUnit"]
        return unit


def groups_of(organisations: list[str], unit: str) -> dict[str, dict[str, Any]]:
    """Three groups an organisation, one a source; together they need every permission."""
    common = {"title": "T", "zone": ZONE, "queues": ["Q"], "deliver": {"email": ["one@example.com"]}}
    groups: dict[str, dict[str, Any]] = {}
    for name in organisations:
        asked = {"organisation": name, **common}
        calendar = {"kind": "schedule_group", "name": "Closed"}
        groups[f"{name}-queries"] = {**asked, "management_units": [unit], "calendar": calendar}
        groups[f"{name}-exports"] = {**asked, "source": "exports"}
        gateway = {"source": "reporting", "report": "report.json", "calendar": {"kind": "guide", "id": "closed"}}
        groups[f"{name}-gateway"] = {**asked, **gateway}
    return groups


def report(installation: Installation, *options: str, expect: int = 1) -> list[dict[str, str]]:
    said = installation.standup("doctor", "--json", *options, expect=expect)
    findings: list[dict[str, str]] = json.loads(said)["findings"]
    return findings


def test_with_each_permission_taken_away_it_names_that_one_and_how_to_grant_it(furnished: Installation) -> None:
    findings = report(furnished)
    for permission in PERMISSIONS:
        name = name_of(permission)
        about = [each for each in findings if name in each["area"] and each["level"] != "ok"]
        lacks = [each for each in about if each["permission"]]
        assert [each["permission"] for each in lacks] == [permission], about
        assert f"Grant {permission} to a role" in lacks[0]["way_out"]
        assert f"STANDUP_ORGANISATIONS__{name.upper()}__CLIENT_ID" in lacks[0]["way_out"]
        assert lacks[0]["level"] == ("warning" if permission.startswith("wfm:") else "wrong")
        assert all("no holiday" in each["what"] for each in about if not each["permission"]), about
    whole = [each for each in findings if "main" in each["area"] and each["permission"]]
    assert whole == []


def tomorrow(zone: str) -> str:
    """A weekday whose stand-up is not today's: nothing is due while the test runs, except what was missed long ago."""
    return ALL_WEEK[(datetime.now(ZoneInfo(zone)).weekday() + 1) % 7]


def wait_for_heartbeat(installation: Installation, seconds: float = 40) -> None:
    deadline = time.monotonic() + seconds
    while installation.parts.heartbeat.last() is None:
        assert time.monotonic() < deadline, "beat never asked"
        time.sleep(0.2)


def test_with_everything_in_order_the_status_is_0_and_no_mail_alert_or_export_has_left(furnished: Installation) -> None:
    well = {"title": "Well", "zone": ZONE, "standup_at": "23:58", "queues": ["Q"], "workdays": [tomorrow(ZONE)]}
    furnished.write_groups(
        {"well": well | {"management_units": [unit_of(furnished)], "deliver": {"email": ["a@example.com"]}}}
    )
    furnished.start_worker()
    furnished.start_beat()
    wait_for_heartbeat(furnished)
    said = furnished.standup("doctor", "--group", "well", expect=0)
    assert "All is well" in said
    assert CLIENT_SECRET not in said
    assert furnished.mails() == furnished.alerts() == []
    state = json.load(urlopen(f"{furnished.addresses['api']}/_sandbox/requests", timeout=10))
    assert all(one["status"] != 202 for one in state)
    furnished.standup("doctor", "--group", "well", "--send-test-alert", expect=0)
    [alert] = furnished.alerts()
    assert "Nothing has failed" in str(alert)
    furnished.configure(ORGANISATIONS__MAIN__QUOTA_PER_MINUTE="70000")
    assert "QUOTA_PER_MINUTE=60000" in furnished.standup("doctor", "--group", "well", expect=2)


def test_wrong_secrets_queues_units_and_absent_processes_are_named_with_their_way_out(furnished: Installation) -> None:
    furnished.configure(ORGANISATIONS__MAIN__CLIENT_SECRET="planted-wrong-secret")
    common = {"title": "T", "zone": ZONE, "organisation": name_of("reports:read"), "deliver": {"email": ["a@x.com"]}}
    furnished.write_groups({"lost": {**common, "queues": ["Qu"], "management_units": ["no-such-unit"]}})
    findings = report(furnished)
    said = "\n".join(f"{each['area']}: {each['what']} {each['way_out']}" for each in findings if each["level"] != "ok")
    assert "STANDUP_ORGANISATIONS__MAIN__CLIENT_SECRET" in said
    assert "planted-wrong-secret" not in said
    assert "There is no queue named 'Qu'. Near it: 'Q'" in said
    assert "no management unit no-such-unit" in said
    assert "celery -A worker worker" in said
    assert "beat has never asked" in said


def test_settings_that_cannot_be_read_and_a_redis_that_is_away_are_findings_too(installation: Installation) -> None:
    installation.configure(
        GROUPS=str(installation.folder / "none.toml"), REDIS_URL="redis://:planted-password@127.0.0.1:1/0"
    )
    said = installation.standup("doctor", expect=1)
    assert "127.0.0.1:1/0 does not answer" in said
    assert "none.toml" in said
    assert "planted-password" not in said
    installation.configure(LOG_LEVEL="LOUD")
    assert "STANDUP_LOG_LEVEL" in installation.standup("doctor", expect=1)
    assert "STANDUP_LOG_LEVEL" in installation.standup("doctor", "--json", expect=1)
