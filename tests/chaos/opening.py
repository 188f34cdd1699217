"""Opens the stage of a morning: ports, proxies, settings, a small disk, and all servers."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import tomli_w

from tests.acceptance.installation import CLIENT_SECRET, Installation, sandbox_group
from tests.chaos.commands import SANDBOXES
from tests.chaos.groups import room_settings
from tests.chaos.moments import ServerName
from tests.chaos.plan import Morning
from tests.chaos.proxy import Proxy
from tests.chaos.stage import Stage
from tests.redis_server import free_port
from worker.cli.demo.processes import Programs

DISK_BYTES_PER_GROUP, SMALLEST_DISK_BYTES = 640_000, 64_000_000
"""Room for the rows and documents of a morning, which a fault takes away."""


@contextmanager
def open_stage(folder: Path, morning: Morning) -> Iterator[Stage]:
    """Give the stage with all servers running; workers and beat are still to be started."""
    (folder / "redis").mkdir(parents=True)
    ports: dict[ServerName, int] = {name: free_port() for name in (*SANDBOXES, "redis")}
    with ExitStack() as cleanup:
        proxies = {name: Proxy(port) for name, port in ports.items()}
        for proxy in proxies.values():
            cleanup.callback(proxy.stop)
        has_small_disk = cleanup.enter_context(_small_disk(folder / "artifacts", morning.groups))
        programs = cleanup.enter_context(Programs(folder / "logs", {}))
        cleanup.callback(programs.stop, 0)
        installation = Installation(folder, f"redis://127.0.0.1:{ports['redis']}/0", programs)
        stage = Stage(installation, morning, proxies, ports, has_small_disk)
        cleanup.callback(_kill_groups, stage.former_groups)
        _configure(stage)
        for name in ("redis", *SANDBOXES):
            stage.start(name)
        stage.wait_for_redis()
        for sandbox in SANDBOXES:
            stage.wait_for_server(sandbox)
        installation.record_past(*morning.group_keys)
        yield stage


@contextmanager
def _small_disk(folder: Path, groups: int) -> Iterator[bool]:
    """Give the artifacts a disk of their own that a fault can fill; False if only root could do that."""
    folder.mkdir()
    size = max(SMALLEST_DISK_BYTES, groups * DISK_BYTES_PER_GROUP)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "chaos", str(folder)]
    is_mounted = subprocess.run(mount, capture_output=True, check=False).returncode == 0
    try:
        yield is_mounted
    finally:
        if is_mounted:
            subprocess.run(["umount", "--lazy", str(folder)], check=False)


def _kill_groups(process_groups: list[int]) -> None:
    """Kill what a killed main process may have left behind."""
    for process_group in process_groups:
        with suppress(ProcessLookupError):
            os.killpg(process_group, signal.SIGKILL)


def _configure(stage: Stage) -> None:
    """Write the scenario and the group file, and set the settings that every program reads."""
    proxies, keys = stage.proxies, stage.morning.group_keys
    worlds = {key: sandbox_group(f"Queue {key}", agents=6) for key in keys}
    scenario = {"seed": 3, "clients": [{"id": "test-client", "secret": CLIENT_SECRET}], "groups": worlds}
    (stage.folder / "scenario.toml").write_text(tomli_w.dumps(scenario), encoding="utf-8")
    stage.installation.configure(
        GROUPS=str(stage.folder / "groups.toml"),
        REDIS_URL=f"redis://127.0.0.1:{proxies['redis'].port}/0",
        ARTIFACTS=str(stage.folder / "artifacts"),
        BEAT_FILE=str(stage.folder / "beat-file"),
        TICK_SECONDS="5",
        ORGANISATIONS__MAIN__API_URL=f"http://127.0.0.1:{proxies['platform'].port}",
        ORGANISATIONS__MAIN__CLIENT_ID="test-client",
        ORGANISATIONS__MAIN__CLIENT_SECRET=CLIENT_SECRET,
        ORGANISATIONS__MAIN__QUOTA_PER_MINUTE="3000",
        SMTP__HOST="127.0.0.1",
        SMTP__PORT=str(proxies["mail"].port),
        SMTP__SECURITY="none",
        SMTP__SENDER="standup@example.com",
        ALERTS__WEBHOOK_URL=f"http://127.0.0.1:{proxies['alerts'].port}/alerts",
        ALERTS__KIND="json",
        ALERTS__PER_HOUR="100000",
        ALERTS_FILE=str(stage.folder / "alerts.jsonl"),
        **room_settings(keys, f"http://127.0.0.1:{proxies['inbox'].port}", stage.folder / "shelves"),
    )
    stage.installation.environment["CHAOS_BEAT_OFFSET"] = str(stage.beat_offset)
