"""What wiring builds, in a process of its own, because each builder builds once per process."""

from __future__ import annotations

import json
import os
import subprocess
import sys

BUILD_ALL = """
import json
from worker.wiring import alerts, services
print(json.dumps([
    type(builder()).__name__
    for module in (services, alerts)
    for name, builder in vars(module).items()
    if callable(builder) and getattr(builder, "__module__", "") == module.__name__
]))
"""
CHECK_A_HOLIDAY = """
import json, sys
from worker.wiring import services
services.holiday_check()
print(json.dumps(sorted(name for name in sys.modules if name.startswith(("worker.channels", "renderers", "smtplib")))))
"""


def printed(code: str, **settings: str) -> list[str]:
    """Return the JSON list that the code prints, in a process with these settings."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("STANDUP_")}
    process = subprocess.run(
        [sys.executable, "-c", code], env=environment | settings, capture_output=True, text=True, check=True
    )
    names: list[str] = json.loads(process.stdout)
    return names


def test_every_use_case_is_built_without_a_server() -> None:
    settings = {"STANDUP_GROUPS": "groups.toml", "STANDUP_ALERTS__WEBHOOK_URL": "https://alerts.example/x"}
    names = printed(BUILD_ALL, **settings)
    assert {"Delivering", "Rendering", "HolidayCheck", "RunAlerts", "RedisWatch", "AlertWebhook"} <= set(names)
    assert "NoneType" not in names


def test_a_holiday_check_imports_no_channel_and_no_renderer() -> None:
    assert printed(CHECK_A_HOLIDAY) == []
