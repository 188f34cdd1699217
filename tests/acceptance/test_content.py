"""What reaches a supervisor of a whole installation: a past for a new group, a correction, the group's own language."""

from __future__ import annotations

import email
import email.policy

from tests.acceptance.house import House
from tests.acceptance.test_shell import DAY, GROUP, furnish


def texts(house: House) -> list[str]:
    mails = (email.message_from_bytes(mail.read_bytes(), policy=email.policy.default) for mail in house.mails())
    return [str(mail.get_body(("plain",)).get_content()).replace("\r\n", "\n") for mail in mails]


def test_a_new_german_group_has_a_past_and_a_rerun_says_what_changed(house: House) -> None:
    furnish(house)
    house.groups({"support": GROUP | {"language": "de", "pages": "both"}})
    house.worker()
    house.shell("run", "support", "--date", str(DAY))
    house.wait(f"support:{DAY}")
    house.shell("rerun", f"support:{DAY}")
    house.wait(f"support:{DAY}.r2")
    first, second = texts(house)
    assert "WARTESCHLANGEN" in first
    assert " Ø " in first, "the average of the weekday, on the group's first day"
    assert "WAS SICH GEÄNDERT HAT" not in first
    assert "WAS SICH GEÄNDERT HAT\nNichts hat sich geändert: alle Werte wie in Rev. 1." in second
    assert len(house.parts.history.days("support")) > 20
