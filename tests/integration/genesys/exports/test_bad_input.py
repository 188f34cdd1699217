"""Whatever comes instead of a list, a link or a file has an error by name, and no stranger gets a secret."""

from __future__ import annotations

import pytest

from tests.integration.genesys.conftest import Says, ScriptedApi
from tests.integration.genesys.exports.conftest import LIST, Platform
from worker.errors import MalformedAnswer, PermissionMissing, SourceUnavailable, StandupError
from worker.genesys.api.session import JSON_LIMIT
from worker.genesys.exports.source import ExportsSource
from worker.genesys.source import ExportJob, Order

JOB = ExportJob("exports", "running", {"queues": "e1", "agents": "e2"})
MISSING = {"code": "missing.permissions", "messageParams": {"permissions": "analytics:dataExport:view"}}


@pytest.mark.parametrize(
    ("says", "error", "said"),
    [
        (Says(b'{"entities": [{"id": "e1", "sta'), MalformedAnswer, "broken JSON, perhaps cut off"),
        (Says(b"<html><body>Sign in</body></html>"), MalformedAnswer, "a web page instead of JSON"),
        (Says({"entities": None}), MalformedAnswer, "a page without entities"),
        (Says({"entities": [{"id": "e1"}]}), MalformedAnswer, "entities.0.status"),
        (Says(b" " * (JSON_LIMIT + 1)), MalformedAnswer, "more than 64 MB; the rest was not read"),
        (Says(b'{"entities"', promised=200_000_000), SourceUnavailable, "the connection failed"),
        (Says(status=503), SourceUnavailable, "answers 503"),
        (Says(MISSING, 403), PermissionMissing, "analytics:dataExport:view"),
    ],
)
def test_a_list_that_is_none_is_named(
    platform: Platform, source: ExportsSource, wanted: Order, says: Says, error: type[StandupError], said: str
) -> None:
    platform.lists(says)
    with pytest.raises(error, match=said):
        source.look(wanted, JOB)


def test_a_list_without_an_end_is_given_up(
    platform: Platform, source: ExportsSource, wanted: Order, api: ScriptedApi
) -> None:
    platform.lists(Says({"entities": [platform.job("other")], "pageCount": 10**9}))
    with pytest.raises(MalformedAnswer, match="does not end after 200 pages"):
        source.look(wanted, JOB)
    assert len(api.calls(LIST)) == 200


@pytest.mark.parametrize(
    ("link", "said"),
    [
        ("{foreign}/platform/api/v2/downloads/d-e1", "add it to STANDUP_ORGANISATIONS__MAIN__DOWNLOAD_HOSTS"),
        ("http://169.254.169.254/api/v2/downloads/d-e1", "169.254.169.254.*not allowed; nothing was fetched"),
        ("https://apps.mypurecloud.de.evil.example/platform/api/v2/downloads/d-e1", "evil.example.*not allowed"),
        ("{own}/platform/api/v2/downloads/../../users", "without a download's id"),
        ("{own}/somewhere/else", "without a download's id"),
        ("no address at all", "not allowed"),
        (None, "completed without a download link"),
    ],
)
def test_a_link_that_is_not_the_platforms_own_is_not_followed(
    platform: Platform,
    source: ExportsSource,
    wanted: Order,
    api: ScriptedApi,
    link: str | None,
    said: str,
) -> None:
    shown = link and link.format(foreign="http://127.0.0.2:9", own=api.url)
    job = platform.finished(downloadUrl=shown)
    with pytest.raises(MalformedAnswer, match=said):
        source.collect(wanted, job)
    assert [one.path for one in api.asked if "download" in one.path or "files" in one.path] == []


@pytest.mark.parametrize(
    "signed",
    ["http://169.254.169.254/latest/meta-data", "https://files.example.com/x.csv", "file:///etc/passwd", "ftp://x/y"],
)
def test_a_signed_link_to_a_stranger_is_not_followed(
    platform: Platform, source: ExportsSource, wanted: Order, signed: str
) -> None:
    job = platform.finished()
    platform.file("e1", b"", Says({"url": signed}))
    with pytest.raises(MalformedAnswer, match="nothing was fetched"):
        source.collect(wanted, job)


def test_a_redirect_of_the_file_to_a_stranger_is_not_followed(
    platform: Platform, source: ExportsSource, wanted: Order, api: ScriptedApi, foreign: ScriptedApi
) -> None:
    job = platform.finished()
    host = foreign.url.replace("127.0.0.1", "localhost")
    api.on("GET", "/files/e1.csv", Says(status=302, headers={"Location": f"{host}/stolen"}))
    with pytest.raises(MalformedAnswer, match="'localhost', which is not allowed"):
        source.collect(wanted, job)
    assert foreign.asked == []


def test_a_redirect_of_the_link_is_not_followed_so_that_the_access_token_goes_nowhere(
    platform: Platform, source: ExportsSource, wanted: Order, foreign: ScriptedApi
) -> None:
    job = platform.finished()
    platform.file("e1", b"", Says(status=302, headers={"Location": f"{foreign.url}/stolen"}))
    with pytest.raises(StandupError, match="a redirect, which is not followed"):
        source.collect(wanted, job)
    assert foreign.asked == []


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "The file of the export standup-support-2026-11-16-queues is empty"),
        (b"<!DOCTYPE html><title>Sign in</title>", "is a web page"),
        (b"%PDF-1.7", "is a PDF"),
        (
            b"Interval Start,Queue Id,Offer,Answer\n",
            "lacks the columns Abandon; its header has: 'Interval Start', 'Queue",
        ),
        (b"Intervallbeginn;Angebot\n1;2\n", 'set source = "queries" for the group meanwhile'),
        (b'Interval Start,Queue Id,Offer,Answer,Abandon\n11/16/26 09:00 AM,q1,"12', "breaks off at line 2"),
        (b"Interval Start,Queue Id,Offer,Answer,Abandon\n11/16/26 09:00 AM,q1,12", "may be cut off"),
    ],
)
def test_a_file_that_is_none_is_named(
    platform: Platform, source: ExportsSource, wanted: Order, content: bytes, said: str
) -> None:
    job = platform.finished()
    platform.file("e1", content)
    with pytest.raises(MalformedAnswer, match=said):
        source.collect(wanted, job)


def test_a_file_that_is_cut_off_on_the_wire_is_tried_again_by_the_step(
    platform: Platform, source: ExportsSource, wanted: Order, api: ScriptedApi
) -> None:
    job = platform.finished()
    api.on("GET", "/files/e1.csv", Says(b"Interval Start,Queue Id", promised=10_000))
    with pytest.raises(SourceUnavailable):
        source.collect(wanted, job)
