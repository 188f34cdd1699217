"""``standup run`` on a machine whose worker is too busy to answer."""

from __future__ import annotations

from tests.acceptance.installation import DAY, Installation, group, sandbox_group


def test_a_worker_that_does_not_answer_is_seen_by_what_it_does(installation: Installation) -> None:
    installation.start_sandbox({"groups": {"support": sandbox_group("Support")}})
    installation.write_groups({"support": group("Support", "Support")})
    installation.record_past("support")
    installation.start_worker(app="tests.acceptance.silent_worker")
    installation.wait_for_log("worker", r"worker@\S+ ready")
    assert "No worker" not in installation.standup("run", "support", "--date", str(DAY))
