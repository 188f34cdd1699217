"""The operator's shell against a running installation."""

from __future__ import annotations

import email
import email.policy
import json
from datetime import timedelta

from tests.acceptance.house import ALL_WEEK, House, awake_zone, yesterday
from worker.domain.runs import STEPS, RunState

ZONE = awake_zone()
DAY = yesterday(ZONE)
GROUP = {"title": "Support", "zone": ZONE, "queues": ["Line"], "deliver": {"email": ["lead@example.com"]}}


def furnish(house: House, *trouble: dict[str, object]) -> None:
    house.sandbox(
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
    house.groups({"support": GROUP})


def subjects(house: House) -> list[str]:
    return [
        str(email.message_from_bytes(mail.read_bytes(), policy=email.policy.default)["Subject"])
        for mail in house.mails()
    ]


def test_an_operator_runs_reruns_lists_and_explains(house: House) -> None:
    furnish(house)
    house.worker()
    begun = json.loads(house.shell("run", "support", "--date", str(DAY), "--json"))
    assert begun == {"run": f"support:{DAY}", "outcome": "begun"}
    house.wait(f"support:{DAY}")
    again = json.loads(house.shell("run", "support", "--date", str(DAY), "--json"))
    assert again["outcome"] == "already_there"
    house.celery("-A", "worker", "call", "briefing.rerun", f'--args=["support:{DAY}"]')
    second = house.wait(f"support:{DAY}.r2")
    assert second.state == RunState.DELIVERED
    assert subjects(house) == [
        f"Daily Standup Report - {DAY}",
        f"Daily Standup Report - {DAY} (corrected, rev 2)",
    ]
    listed = json.loads(house.shell("runs", "--json"))
    assert [run["run"] for run in listed] == [f"support:{DAY}.r2", f"support:{DAY}"]
    story = json.loads(house.shell("explain", f"support:{DAY}", "--json"))
    assert [event["step"] for event in story["timeline"]] == ["", *STEPS]
    [delivery] = story["deliveries"]
    assert delivery["state"] == "sent"
    assert delivery["proof"].startswith("250")
    text = house.shell("explain", f"support:{DAY}")
    assert "lead@example.com" in text
    assert "00:00:00" in text


def test_a_failed_run_goes_on_where_it_failed_when_its_cause_is_mended(house: House) -> None:
    furnish(house, {"kind": "forbidden"})
    house.worker()
    house.shell("run", "support", "--date", str(DAY))
    assert house.wait(f"support:{DAY}").code == "permission_missing"
    house.trouble("support")
    assert "resumed" in house.shell("run", "support", "--date", str(DAY))
    assert house.wait(f"support:{DAY}").state == RunState.DELIVERED
    assert len(house.mails()) == 1


def test_a_failed_revision_goes_on_where_it_failed_and_the_first_is_left_alone(house: House) -> None:
    furnish(house)
    house.worker()
    house.shell("run", "support")
    house.wait(f"support:{DAY}")
    house.trouble("support", {"kind": "forbidden"})
    house.shell("rerun", f"support:{DAY}")
    assert house.wait(f"support:{DAY}.r2").code == "permission_missing"
    house.trouble("support")
    assert f"support:{DAY}.r2: resumed" in house.shell("run", "support", "--date", str(DAY))
    assert house.wait(f"support:{DAY}.r2").state == RunState.DELIVERED
    assert f"support:{DAY}.r2: there already" in house.shell("run", "support", "--date", str(DAY))
    assert len(house.mails()) == 2


def test_a_preview_leaves_documents_and_message_and_sends_nothing(house: House) -> None:
    furnish(house)
    out = house.folder / "preview"
    said = json.loads(house.shell("preview", "support", "--date", str(DAY), "--out", str(out), "--json"))
    kinds = sorted(path.suffix for path in out.iterdir())
    assert kinds == [".eml", ".pdf", ".xlsx"]
    assert len(said["files"]) == 3
    assert house.mails() == []
    assert house.parts.runs.newest() == []


def test_what_cannot_be_is_said_in_one_sentence(house: House) -> None:
    furnish(house)
    assert "There is no healthy group 'suport'" in house.shell("run", "suport", expect=1)
    assert "is no run id" in house.shell("explain", "support", expect=1)
    assert "There is no run" in house.shell("explain", "support:2020-01-01", expect=1)
    assert "'support:2026-02-30' is no run id" in house.shell("explain", "support:2026-02-30", expect=1)
    inside_a_file = str(house.folder / "groups.toml" / "x")
    assert "Not a directory" in house.shell("preview", "support", "--out", inside_a_file, expect=1)
    house.settings(REDIS_URL=house.redis_url.replace("/0", "/4711"))
    assert "Redis refuses: DB index is out of range" in house.shell("runs", expect=1)
    house.settings(REDIS_URL="redis://127.0.0.1:1/0")
    assert "Redis does not answer" in house.shell("preview", "support", expect=1)
    house.settings(REDIS_URL=house.redis_url, ARTIFACTS="nowhere://x")
    assert "STANDUP_ARTIFACTS: Protocol not known" in house.shell("preview", "support", expect=1)


def test_a_day_that_is_not_over_is_not_briefed_so_that_its_own_morning_is(house: House) -> None:
    furnish(house)
    house.worker()
    today, far = DAY + timedelta(days=1), "9999-12-31"
    assert f"{today} is not over in {ZONE}. Name {DAY}" in house.shell("run", "support", "--date", str(today), expect=1)
    assert "is not over" in house.shell("rerun", f"support:{today}", expect=1)
    assert "is at the end of the calendar" in house.shell("run", "support", "--date", far, expect=1)
    house.celery("-A", "worker", "call", "briefing.run", f'--args=["support", "{today}"]')
    house.shell("run", "support")
    house.wait(f"support:{DAY}")
    assert [run["run"] for run in json.loads(house.shell("runs", "--json"))] == [f"support:{DAY}"]
