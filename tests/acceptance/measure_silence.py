"""Print how long a morning is interrupted after all its connections to Redis fell silent.

    python -m tests.acceptance.measure_silence [GROUPS]

No test asserts these seconds. With the default of 20 groups the connections fall silent while runs are under way.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

from tests.acceptance.installation import DAY, empty_installation, group, sandbox_group
from tests.acceptance.silent_proxy import SilentProxy
from tests.redis_server import running_redis
from tests.waiting import wait_until
from worker.domain.runs import RunId, RunState


def main(group_count: int) -> None:
    """Play the morning and print the seconds."""
    keys = [f"group-{number}" for number in range(group_count)]
    with ExitStack() as cleanup:
        folder = Path(cleanup.enter_context(tempfile.TemporaryDirectory()))
        server = cleanup.enter_context(running_redis(folder, {"databases": "64"}))
        proxy = SilentProxy(server.port)
        cleanup.callback(proxy.stop)
        installation = cleanup.enter_context(empty_installation(folder, f"redis://127.0.0.1:{server.port}/0"))
        worlds = {key: sandbox_group(f"Queue {key}") for key in keys}
        installation.start_sandbox({"groups": worlds}, "--latency-ms", "300")
        installation.configure(REDIS_URL=f"redis://127.0.0.1:{proxy.port}/0")
        installation.write_groups({key: group(key, f"Queue {key}") for key in keys})
        installation.record_past(*keys)
        installation.start_worker(options=("--concurrency", "4"))
        installation.start_beat()

        def ended() -> int:
            runs = [installation.runs.get(RunId(key, DAY)) for key in keys]
            return sum(run is not None and run.state != RunState.OPEN for run in runs)

        count = wait_until(ended, "the first run has ended")
        silenced, began_at = proxy.silence(), time.monotonic()
        print(f"{silenced} connections fell silent after {count} of {group_count} runs")
        while ended() == count:
            time.sleep(0.1)
        print(f"{time.monotonic() - began_at:5.1f} s until the next run ended")
        wait_until(lambda: ended() == group_count, "all runs have ended")
        print(f"{time.monotonic() - began_at:5.1f} s until all had ended")
        messages = Counter(mail.stem.partition("-")[2] for mail in installation.mails())
        print(f"messages per recipient: {sorted(set(messages.values()))}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
