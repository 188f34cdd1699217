"""The operator's shell against a running installation."""

from __future__ import annotations

import email
import email.policy
import json
from datetime import timedelta

from tests.acceptance.installation import ALL_WEEK, Installation, yesterday, zone_in_daytime
from worker.domain.runs import STEPS, RunState

ZONE = zone_in_daytime()
DAY = yesterday(ZONE)
GROUP = {"title": "Support", "zone": ZONE, "queues": ["Line"], "deliver": {"email": ["lead@example.com"]}}


def furnish(installation: Installation, *trouble: dict[str, object]) -> None:
    installation.start_sandbox(
        {
            "groups": {
                "support": {
                    "zone": ZONE,
                    "queues": ["Line"],
                    "agents": 4,
                    "workdays": ALL_WEEK,
                    "trouble": list(trouble),
                }
            }
        }
    )
    installation.write_groups({"support": GROUP})


def subjects(installation: Installation) -> list[str]:
    return [
        str(email.message_from_bytes(mail.read_bytes(), policy=email.policy.default)["Subject"])
        for mail in installation.mails()
    ]


def test_an_operator_runs_reruns_lists_and_explains(installation: Installation) -> None:
    furnish(installation)
    installation.start_worker()
    begun = json.loads(installation.standup("run", "support", "--date", str(DAY), "--json"))
    assert begun == {"run": f"support:{DAY}", "outcome": "begun"}
    installation.wait_for_run(f"support:{DAY}")
    again = json.loads(installation.standup("run", "support", "--date", str(DAY), "--json"))
    assert again["outcome"] == "already_there"
    installation.celery("-A", "worker", "call", "briefing.rerun", f'--args=["support:{DAY}"]')
    second = installation.wait_for_run(f"support:{DAY}.r2")
    assert second.state == RunState.DELIVERED
    assert subjects(installation) == [
        f"Daily Standup Report - {DAY}",
        f"Daily Standup Report - {DAY} (corrected, rev 2)",
    ]
    listed = json.loads(installation.standup("runs", "--json"))
    assert [run["run"] for run in listed] == [f"support:{DAY}.r2", f"support:{DAY}"]
    story = json.loads(installation.standup("explain", f"support:{DAY}", "--json"))
    assert [event["step"] for event in story["timeline"]] == ["", *STEPS]
    [delivery] = story["deliveries"]
    assert delivery["state"] == "sent"
    assert delivery["proof"].startswith("250")
    text = installation.standup("explain", f"support:{DAY}")
    assert "lead@example.com" in text
    assert "00:00:00" in text


def test_a_failed_run_goes_on_where_it_failed_when_its_cause_is_mended(installation: Installation) -> None:
    furnish(installation, {"kind": "forbidden"})
    installation.start_worker()
    installation.standup("run", "support", "--date", str(DAY))
    assert installation.wait_for_run(f"support:{DAY}").code == "permission_missing"
    installation.set_troubles("support")
    assert "resumed" in installation.standup("run", "support", "--date", str(DAY))
    assert installation.wait_for_run(f"support:{DAY}").state == RunState.DELIVERED
    assert len(installation.mails()) == 1


def test_a_failed_revision_goes_on_where_it_failed_and_the_first_is_left_alone(installation: Installation) -> None:
    furnish(installation)
    installation.start_worker()
    installation.standup("run", "support")
    installation.wait_for_run(f"support:{DAY}")
    installation.set_troubles("support", {"kind": "forbidden"})
    installation.standup("rerun", f"support:{DAY}")
    assert installation.wait_for_run(f"support:{DAY}.r2").code == "permission_missing"
    installation.set_troubles("support")
    assert f"support:{DAY}.r2: resumed" in installation.standup("run", "support", "--date", str(DAY))
    assert installation.wait_for_run(f"support:{DAY}.r2").state == RunState.DELIVERED
    assert f"support:{DAY}.r2: there already" in installation.standup("run", "support", "--date", str(DAY))
    assert len(installation.mails()) == 2


def test_a_preview_leaves_documents_and_message_and_sends_nothing(installation: Installation) -> None:
    furnish(installation)
    out = installation.folder / "preview"
    said = json.loads(installation.standup("preview", "support", "--date", str(DAY), "--out", str(out), "--json"))
    kinds = sorted(path.suffix for path in out.iterdir())
    assert kinds == [".eml", ".pdf", ".xlsx"]
    assert len(said["files"]) == 3
    assert installation.mails() == []
    assert installation.parts.runs.newest() == []


def test_what_cannot_be_is_said_in_one_sentence(installation: Installation) -> None:
    furnish(installation)
    assert "have no group 'suport' that can run" in installation.standup("run", "suport", expect=1)
    assert "is no run id" in installation.standup("explain", "support", expect=1)
    assert "There is no run" in installation.standup("explain", "support:2020-01-01", expect=1)
    assert "'support:2026-02-30' is no run id" in installation.standup("explain", "support:2026-02-30", expect=1)
    inside_a_file = str(installation.folder / "groups.toml" / "x")
    assert "Not a directory" in installation.standup("preview", "support", "--out", inside_a_file, expect=1)
    installation.configure(REDIS_URL=installation.redis_url.replace("/0", "/4711"))
    assert "Redis refuses: DB index is out of range" in installation.standup("runs", expect=1)
    installation.configure(REDIS_URL="redis://127.0.0.1:1/0")
    assert "Redis does not answer" in installation.standup("preview", "support", expect=1)
    installation.configure(REDIS_URL=installation.redis_url, ARTIFACTS="nowhere://x")
    assert "STANDUP_ARTIFACTS: Protocol not known" in installation.standup("preview", "support", expect=1)


def test_a_day_that_is_not_over_is_not_briefed_so_that_its_own_morning_is(installation: Installation) -> None:
    furnish(installation)
    installation.start_worker()
    today, far = DAY + timedelta(days=1), "9999-12-31"
    assert f"{today} is not over in {ZONE}. Name {DAY}" in installation.standup(
        "run", "support", "--date", str(today), expect=1
    )
    assert "is not over" in installation.standup("rerun", f"support:{today}", expect=1)
    assert "is at the end of the calendar" in installation.standup("run", "support", "--date", far, expect=1)
    installation.celery("-A", "worker", "call", "briefing.run", f'--args=["support", "{today}"]')
    installation.standup("run", "support")
    installation.wait_for_run(f"support:{DAY}")
    assert [run["run"] for run in json.loads(installation.standup("runs", "--json"))] == [f"support:{DAY}"]
