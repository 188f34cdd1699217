"""Cause the situations of docs/runbook.md with real programs, and print how long it takes until operations know.

    python -m tests.acceptance.measure_symptoms

Each is then fixed by the command that the runbook, `explain`, `doctor` or the alert names. No test asserts the seconds:
they depend on the machine, whose load is printed. All waits are those of production.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.acceptance.installation import CLIENT_SECRET, DAY, Installation, empty_installation, group, sandbox_group
from tests.mail_server import MailServer
from tests.receivers import HttpReceiver, Reply
from tests.redis_server import free_port, running_redis
from tests.waiting import HANG_SECONDS, wait_until
from worker.cli.demo.processes import Program

TICK_SECONDS = 30
GONE = "gone@example.com"
FORBIDDEN = {"kind": "forbidden"}
ENDLESS = {"kind": "slow_export", "seconds": 300}


def main() -> None:
    """Play all situations."""
    measures: list[Callable[[], None]] = [measure_groups, measure_mail, measure_redis, measure_processes]
    for measure in measures:
        measure()


def report(symptom: str, seconds: float, known_by: str, repaired: str) -> None:
    """Print one line of the table."""
    print(f"{symptom:<34} {seconds:4.0f} s  {known_by:<28} {repaired}  (load {os.getloadavg()[0]:.0f})", flush=True)


@contextmanager
def running_installation(groups: list[str], **settings: str) -> Iterator[Installation]:
    """Give an installation with a sandbox, a worker, and a beat that asks as often as in production."""
    with (
        tempfile.TemporaryDirectory() as name,
        running_redis(Path(name), {"databases": "64", "appendonly": "yes"}, persist=True) as server,
        empty_installation(Path(name), f"redis://127.0.0.1:{server.port}/0") as installation,
    ):
        worlds = {key: sandbox_group(f"Queue {key}", wfm=False) for key in groups}
        clients = [{"id": name, "secret": CLIENT_SECRET} for name in ("test-client", "second-client")]
        mailbox = {"refuse": {GONE: "550 5.1.1 no such mailbox"}}
        installation.start_sandbox({"clients": clients, "groups": worlds, "mailbox": mailbox})
        installation.configure(TICK_SECONDS=str(TICK_SECONDS), **settings)
        installation.write_groups({})
        installation.record_past(*groups)
        yield installation


def start(installation: Installation) -> None:
    """Start worker and beat, and wait for beat's first question."""
    installation.start_worker()
    installation.start_beat()
    wait_until(installation.heartbeat.last, "beat has asked")


def seconds_until_alert(installation: Installation, began_at: float, code: str, word: str = "") -> float:
    """Return how long after ``began_at`` (seconds since 1970) the first alert with this code and word arrived."""

    def arrived_at() -> float:
        for path in sorted((installation.folder / "webhooks").glob("*.json")):
            text = path.read_text()
            if code in text and word in text:
                return path.stat().st_mtime
        return 0.0

    return wait_until(arrived_at, f"the alert {code} {word} has arrived") - began_at


def restart(installation: Installation, name: str) -> None:
    """Stop a program and start it again with the present settings."""
    program = program_called(installation, name)
    assert program.process is not None
    program.process.terminate()
    program.process.wait(HANG_SECONDS)
    installation.programs.start(program)


def program_called(installation: Installation, name: str) -> Program:
    """Return a running program."""
    return next(program for program in installation.programs.running if program.name == name)


def kill(installation: Installation, name: str) -> float:
    """Kill a program. Return the instant, in seconds since 1970."""
    process = program_called(installation, name).process
    assert process is not None
    process.kill()
    process.wait(HANG_SECONDS)
    return time.time()


def state_of(installation: Installation, key: str) -> str:
    """Return the state of a group's run once it has ended."""
    return installation.wait_for_run(f"{key}:{DAY}").state.value


def measure_groups() -> None:
    """Measure what goes wrong for single groups: it is caused by writing the group file."""
    chats = HttpReceiver()
    chats.script("/revoked", Reply(404, "no_service"))
    keys = ["secret", "permission", "renamed", "mailbox", "slack", "endless", "mistake"]
    settings = {
        "SLACK__REVOKED__WEBHOOK_URL": f"{chats.url}/revoked",
        "ORGANISATIONS__SECOND__CLIENT_ID": "second-client",
        "ORGANISATIONS__SECOND__CLIENT_SECRET": "not-the-secret",
    }
    with running_installation(keys, **settings) as installation:
        installation.configure(ORGANISATIONS__SECOND__API_URL=installation.addresses["api"])
        installation.set_troubles("permission", FORBIDDEN)
        installation.set_troubles("endless", ENDLESS)
        start(installation)
        groups = {key: group(key, f"Queue {key}") for key in keys}
        groups["secret"]["organisation"] = "second"
        groups["renamed"]["queues"] = ["Queue renamd"]
        groups["mailbox"]["deliver"] = {"email": [GONE, "mia@example.com"]}
        groups["slack"]["deliver"] = {"email": ["slack@example.com"], "slack": ["revoked"]}
        groups["endless"]["source"] = "exports"
        broken = groups | {"mistake": groups["mistake"] | {"zone": "Europe/Berln"}}
        began_at = time.time()
        installation.write_groups(broken)
        seconds_by_cause = {
            "secret": seconds_until_alert(installation, began_at, "credentials_refused"),
            "permission": seconds_until_alert(installation, began_at, "permission_missing"),
            "renamed": seconds_until_alert(installation, began_at, "lookup_failed"),
            "mistake": seconds_until_alert(installation, began_at, "group_file", "Berln"),
            "mailbox": seconds_until_alert(installation, began_at, "delivery_refused", "mailbox:"),
            "slack": seconds_until_alert(installation, began_at, "delivery_refused", "slack:"),
            "endless": seconds_until_alert(installation, began_at, "poll_timeout"),
        }
        repair_groups(installation, groups, chats, seconds_by_cause)
    chats.stop()


def repair_groups(
    installation: Installation,
    groups: dict[str, dict[str, object]],
    chats: HttpReceiver,
    seconds_by_cause: dict[str, float],
) -> None:
    """Fix each cause, and send what is missing by the command that is named."""
    doctor = installation.standup("doctor", expect=1)
    assert "Europe/Berln" in installation.standup("groups", expect=1)
    for key, word in {"secret": "CLIENT_SECRET", "permission": "permission", "renamed": "Queue renamed"}.items():
        assert word in doctor, key
    for key in ("mailbox", "slack"):
        assert f"standup resend {key}:{DAY}" in installation.standup("explain", f"{key}:{DAY}")
    assert f"standup run endless --date {DAY}" in installation.standup("explain", f"endless:{DAY}")

    groups["renamed"]["queues"] = ["Queue renamed"]
    groups["mailbox"]["deliver"] = {"email": ["noah@example.com", "mia@example.com"]}
    installation.write_groups(groups)
    installation.set_troubles("permission")
    installation.set_troubles("endless")
    chats.script("/revoked", Reply())
    installation.configure(ORGANISATIONS__SECOND__CLIENT_SECRET=CLIENT_SECRET)
    restart(installation, "worker")
    installation.standup("rerun", "--failed", "--date", str(DAY))
    for key in ("mailbox", "slack"):
        installation.standup("resend", f"{key}:{DAY}", *(("--to", "noah@example.com") if key == "mailbox" else ()))
    commands = dict.fromkeys(seconds_by_cause, "standup rerun --failed") | dict.fromkeys(
        ("mailbox", "slack"), "standup resend RUN"
    )
    commands["mailbox"] += " --to ADDRESS"
    commands["mistake"] = "none: it begins by itself"
    for key, seconds in seconds_by_cause.items():
        report(key, seconds, "alert", f"{commands[key]}: {state_of(installation, key)}")


def measure_mail() -> None:
    """Measure a mail server that is away, and comes back."""
    port = free_port()
    with running_installation(["support"], SMTP__PORT=str(port)) as installation:
        installation.configure(SMTP__PORT=str(port))
        start(installation)
        began_at = time.time()
        installation.write_groups({"support": group("support", "Queue support")})
        seconds = seconds_until_alert(installation, began_at, "nothing_accepted")
        assert "mail server" in installation.standup("doctor", expect=1)
        server = MailServer(port=port)
        report("mail server away", seconds, "alert", f"none: {state_of(installation, 'support')} by itself")
        server.stop()


def measure_redis() -> None:
    """Measure a Redis that is killed, started again, and comes back empty."""
    folder = Path(tempfile.mkdtemp())
    config = {"databases": "64", "appendonly": "yes"}
    port = free_port()
    with empty_installation(folder, f"redis://127.0.0.1:{port}/0") as installation:
        with running_redis(folder, config, port=port, persist=True):
            installation.start_sandbox({"groups": {"support": sandbox_group("Queue support", wfm=False)}})
            installation.configure(TICK_SECONDS=str(TICK_SECONDS))
            installation.write_groups({"support": group("support", "Queue support")})
            installation.record_past("support")
            start(installation)
            state_of(installation, "support")
        began_at = time.time()
        seconds = seconds_until_alert(installation, began_at, "redis_away")
        assert "does not answer" in installation.standup("runs", expect=1)
        with running_redis(folder, config, port=port, persist=True):
            seconds_until_back = seconds_until_alert(installation, began_at, "redis_back")
            report("Redis is killed", seconds, "alert", f"start it: redis_back after {seconds_until_back:.0f} s")
            began_at = time.time()
            installation.redis.flushall()
            seconds = seconds_until_alert(installation, began_at, "ledger_lost")
            installation.standup("recover-ledger")
            report("Redis comes back empty", seconds, "alert", f"recover-ledger: {state_of(installation, 'support')}")
            assert len(installation.mails()) == 1


def measure_processes() -> None:
    """Measure workers and beat that are killed. No one inside can tell of that: `doctor` does."""
    with running_installation(["support"]) as installation:
        start(installation)
        began_at = kill(installation, "worker")
        finding = doctor_finding(installation, "worker")
        report("all workers are killed", time.time() - began_at, finding, "start one")
        installation.start_worker("second")
        installation.wait_for_log("second", r"second@\S+ ready")
        began_at = kill(installation, "beat")
        wait_until(lambda: installation.heartbeat.age_seconds() > 300, "beat has been silent for 300 s")
        finding = doctor_finding(installation, "beat")
        installation.write_groups({"support": group("support", "Queue support")})
        installation.start_beat("second-beat")
        report("beat is killed", time.time() - began_at, finding, f"start it: {state_of(installation, 'support')}")


def doctor_finding(installation: Installation, word: str) -> str:
    """Return what `doctor` finds wrong about this."""
    lines = installation.standup("doctor", expect=1).splitlines()
    return next(line for line in lines if line.startswith("×") and word in line)


if __name__ == "__main__":
    main()
