"""All connections to Redis fall silent, as after a firewall has forgotten them: no answer, and no end."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from tests.acceptance.installation import DAY, Installation, group, sandbox_group
from tests.acceptance.silent_proxy import SilentProxy
from tests.waiting import wait_until
from worker.domain.runs import RunState


@pytest.fixture
def proxy(installation: Installation) -> Iterator[SilentProxy]:
    proxy = SilentProxy(urlsplit(installation.redis_url).port or 0)
    yield proxy
    proxy.stop()


def test_worker_and_beat_go_on_after_all_their_connections_fell_silent(
    installation: Installation, proxy: SilentProxy
) -> None:
    keys = ("before", "afterwards")
    installation.start_sandbox({"groups": {key: sandbox_group(f"Queue {key}") for key in keys}})
    installation.configure(REDIS_URL=f"redis://127.0.0.1:{proxy.port}/0")
    groups = {key: group(key, f"Queue {key}") for key in keys}
    installation.write_groups({"before": groups["before"]})
    installation.record_past(*keys)
    worker = installation.start_worker()
    installation.start_beat()
    assert installation.wait_for_run(f"before:{DAY}").state == RunState.DELIVERED
    last_question = installation.heartbeat.last()
    assert proxy.silence() > 1
    installation.write_groups(groups)
    assert installation.wait_for_run(f"afterwards:{DAY}").state == RunState.DELIVERED
    assert [mail.stem.partition("-")[2] for mail in installation.mails()] == [f"{key}@example.com" for key in keys]
    assert last_question
    wait_until(lambda: (installation.heartbeat.last() or last_question) > last_question, "beat asks again")
    assert worker.process
    assert worker.process.poll() is None, "the worker died with its connections"
