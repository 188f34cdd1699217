"""A whole installation whose mail server cannot be trusted: no mail, no password, and everything else as usual."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest
import trustme

from tests.acceptance.installation import ALL_WEEK, Installation, yesterday, zone_in_daytime
from tests.mail_server import MailServer
from worker.domain.runs import RunId, RunState

ZONE = zone_in_daytime()
DAY = yesterday(ZONE)


def untrusted() -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    return context


@pytest.mark.parametrize(
    ("tls", "says"), [(None, "somebody on the way removed the offer"), (untrusted(), "is not trusted")]
)
def test_a_way_to_the_mail_server_that_is_not_safe_carries_nothing_and_the_bucket_is_filled_all_the_same(
    installation: Installation, tmp_path: Path, tls: ssl.SSLContext | None, says: str
) -> None:
    post = MailServer(tls=tls)
    installation.start_sandbox(
        {"groups": {"support": {"zone": ZONE, "queues": ["Q"], "agents": 4, "workdays": ALL_WEEK}}}
    )
    login = {"SMTP__USERNAME": "standup", "SMTP__PASSWORD": "correct-horse"}
    installation.configure(SMTP__PORT=str(post.port), SMTP__SECURITY="starttls", **login)
    installation.configure(BUCKETS__ARCHIVE__URL=str(tmp_path / "archive"))
    deliver = {"email": ["ana@example.com", "li@example.com"], "bucket": ["archive"]}
    installation.write_groups({"support": {"title": "Support", "zone": ZONE, "queues": ["Q"], "deliver": deliver}})
    installation.start_worker()
    installation.standup("run", "support", "--date", str(DAY))
    assert installation.wait_for_run(f"support:{DAY}").state == RunState.PARTLY_DELIVERED
    post.stop()
    found = {each.recipient: each for each in installation.parts.deliveries.of(RunId("support", DAY))}
    assert [found[each].state for each in ("ana@example.com", "archive", "li@example.com")] == [
        "refused",
        "sent",
        "refused",
    ]
    assert says in found["ana@example.com"].why
    assert post.recipients() == []
    verbs = [line.split(" ")[0].upper() for line in post.heard]
    assert verbs.count("EHLO") == 1, "the second recipient need not be tried: the answer is known"
    assert set(verbs) <= {"EHLO", "STARTTLS", "QUIT"}
