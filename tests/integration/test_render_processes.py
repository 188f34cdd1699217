"""The processes that make documents: kept, replaced, and ended with their worker."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import psutil
import pytest

from tests.waiting import HANG_SECONDS, wait_until
from worker.errors import BeingFetched, NotYet, RenderProcessDied
from worker.render_processes import pool
from worker.render_processes.pool import RenderProcess, RenderProcesses

_WORKER = f"""
import os
from {pool.__name__} import RenderProcesses
print(RenderProcesses(1, 512).call(os.getpid), flush=True)
os.kill(os.getpid(), 9)
"""


@pytest.fixture
def processes() -> Iterator[RenderProcesses]:
    processes = RenderProcesses(1, 512)
    yield processes
    processes.close()


def being_fetched() -> None:
    raise BeingFetched("Another run asks.", flight="holidays", retry_after_seconds=3)


def test_a_process_is_kept_for_the_next_job(processes: RenderProcesses) -> None:
    assert processes.call(os.getpid) == processes.call(os.getpid) != os.getpid()


def test_the_garbage_collector_leaves_out_what_the_first_job_imported(processes: RenderProcesses) -> None:
    processes.call(os.getpid)
    assert processes.call(gc.get_freeze_count) > 1_000


def test_an_error_arrives_as_it_was_raised(processes: RenderProcesses) -> None:
    with pytest.raises(BeingFetched, match="Another run asks") as raised:
        processes.call(being_fetched)
    assert (raised.value.flight, raised.value.retry_after_seconds) == ("holidays", 3)


def test_a_process_that_ends_during_a_job_is_replaced(processes: RenderProcesses) -> None:
    first_pid = processes.call(os.getpid)
    with pytest.raises(RenderProcessDied, match="exit status 3"):
        processes.call(os._exit, 3)
    assert processes.call(os.getpid) != first_pid


def test_a_process_that_was_killed_between_jobs_is_replaced(processes: RenderProcesses) -> None:
    first_pid = processes.call(os.getpid)
    os.kill(first_pid, signal.SIGKILL)
    # a zombie whose threads still end has no exit status yet; WNOWAIT leaves the status to the pool
    os.waitid(os.P_PID, first_pid, os.WEXITED | os.WNOWAIT)
    assert processes.call(os.getpid) != first_pid


def test_a_process_ends_with_status_zero_when_its_connection_closes() -> None:
    process = RenderProcess.start(512)
    process.connection.close()  # before its standard input, which a thread of the process still reads
    assert process.popen.wait(HANG_SECONDS) == 0
    process.kill()


def test_a_step_that_finds_no_free_process_is_tried_later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "FREE_WITHIN_SECONDS", 0.0)
    with pytest.raises(NotYet, match="busy"):
        RenderProcesses(0, 512).call(os.getpid)


def test_a_killed_worker_takes_its_processes_along() -> None:
    command = [sys.executable, "-c", _WORKER]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=HANG_SECONDS)
    assert ended.returncode == -signal.SIGKILL
    pid = int(ended.stdout)
    wait_until(lambda: not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE, "it ended")
