"""What a supervisor reads: a past for a new group, a correction, the group's own language."""

from __future__ import annotations

import email
import email.policy

from tests.acceptance.installation import DAY, Installation, group, sandbox_group


def texts(installation: Installation) -> list[str]:
    mails = (email.message_from_bytes(mail.read_bytes(), policy=email.policy.default) for mail in installation.mails())
    return [str(mail.get_body(("plain",)).get_content()).replace("\r\n", "\n") for mail in mails]


def test_a_new_german_group_has_a_past_and_a_rerun_says_what_changed(installation: Installation) -> None:
    installation.start_sandbox({"groups": {"support": sandbox_group("Line")}})
    installation.write_groups({"support": group("Support", "Line", language="de", pages="both")})
    installation.start_worker()
    run = installation.brief("support", DAY)
    installation.standup("rerun", str(run.id), "--send-unchanged")
    installation.wait_for_run(f"support:{DAY}.r2")
    first, second = texts(installation)
    assert "WARTESCHLANGEN" in first
    assert " Ø " in first, "the average of the weekday, on the group's first day"
    assert "WAS SICH GEÄNDERT HAT" not in first
    assert "WAS SICH GEÄNDERT HAT\nKeine Zahl weicht von Rev. 1 ab." in second
    assert len(installation.history.days("support")) > 20
