"""Whatever comes instead of a list, a link or a file has an error by name, and no stranger gets a secret."""

from __future__ import annotations

import pytest

from tests.integration.genesys.conftest import Reply, ScriptedApi
from tests.integration.genesys.exports.conftest import LIST, Platform
from worker.errors import MalformedAnswer, PermissionMissing, SourceUnavailable, StandupError
from worker.genesys.api.session import JSON_LIMIT
from worker.genesys.exports.source import ExportsSource
from worker.genesys.source import ExportJob, Order

JOB = ExportJob("exports", "running", {"queues": "e1", "agents": "e2"})
MISSING = {"code": "missing.permissions", "messageParams": {"permissions": "analytics:dataExport:view"}}


@pytest.mark.parametrize(
    ("says", "error", "sentence"),
    [
        (Reply(b'{"entities": [{"id": "e1", "sta'), MalformedAnswer, "broken JSON, perhaps cut off"),
        (Reply(b"<html><body>Sign in</body></html>"), MalformedAnswer, "a web page instead of JSON"),
        (Reply({"entities": None}), MalformedAnswer, "a page without entities"),
        (Reply({"entities": [{"id": "e1"}]}), MalformedAnswer, "entities.0.status"),
        (Reply(b" " * (JSON_LIMIT + 1)), MalformedAnswer, "more than 32 MB. The rest was not read"),
        (Reply(MISSING, 403), PermissionMissing, "analytics:dataExport:view"),
    ],
)
def test_a_page_that_is_no_list_is_a_named_error(
    platform: Platform,
    source: ExportsSource,
    the_order: Order,
    says: Reply,
    error: type[StandupError],
    sentence: str,
) -> None:
    platform.lists(says)
    with pytest.raises(error, match=sentence):
        source.look(the_order, JOB)


def test_an_endless_list_is_given_up(
    platform: Platform, source: ExportsSource, the_order: Order, api: ScriptedApi
) -> None:
    platform.lists(Reply({"entities": [platform.job("other")], "pageCount": 10**9}))
    with pytest.raises(MalformedAnswer, match="does not end after 200 pages"):
        source.look(the_order, JOB)
    assert len(api.calls(LIST)) == 200


@pytest.mark.parametrize(
    ("link", "sentence"),
    [
        ("{foreign}/platform/api/v2/downloads/d-e1", "add it to STANDUP_ORGANISATIONS__MAIN__DOWNLOAD_HOSTS"),
        ("http://169.254.169.254/api/v2/downloads/d-e1", "169.254.169.254.*not allowed. Nothing was downloaded"),
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
    the_order: Order,
    api: ScriptedApi,
    link: str | None,
    sentence: str,
) -> None:
    visible = link and link.format(foreign="http://127.0.0.2:9", own=api.url)
    job = platform.finished(downloadUrl=visible)
    with pytest.raises(MalformedAnswer, match=sentence):
        source.collect(the_order, job)
    assert [item.path for item in api.requests if "download" in item.path or "files" in item.path] == []


@pytest.mark.parametrize(
    "signed",
    ["http://169.254.169.254/latest/meta-data", "https://files.example.com/x.csv", "file:///etc/passwd", "ftp://x/y"],
)
def test_a_signed_link_to_a_foreign_host_is_not_followed(
    platform: Platform, source: ExportsSource, the_order: Order, signed: str
) -> None:
    job = platform.finished()
    platform.file("e1", b"", Reply({"url": signed}))
    with pytest.raises(MalformedAnswer, match="Nothing was downloaded"):
        source.collect(the_order, job)


def test_a_redirect_of_the_file_to_a_foreign_host_is_not_followed(
    platform: Platform, source: ExportsSource, the_order: Order, api: ScriptedApi, foreign: ScriptedApi
) -> None:
    job = platform.finished()
    host = foreign.url.replace("127.0.0.1", "localhost")
    api.script("GET", "/files/e1.csv", Reply(status=302, headers={"Location": f"{host}/stolen"}))
    with pytest.raises(MalformedAnswer, match="'localhost', which is not allowed"):
        source.collect(the_order, job)
    assert foreign.requests == []


def test_a_redirect_of_the_link_is_not_followed_with_the_access_token(
    platform: Platform, source: ExportsSource, the_order: Order, foreign: ScriptedApi
) -> None:
    job = platform.finished()
    platform.file("e1", b"", Reply(status=302, headers={"Location": f"{foreign.url}/stolen"}))
    with pytest.raises(StandupError, match="a redirect, which is not followed"):
        source.collect(the_order, job)
    assert foreign.requests == []


@pytest.mark.parametrize(
    ("content", "sentence"),
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
def test_an_export_file_that_is_no_table_is_a_named_error(
    platform: Platform, source: ExportsSource, the_order: Order, content: bytes, sentence: str
) -> None:
    job = platform.finished()
    platform.file("e1", content)
    with pytest.raises(MalformedAnswer, match=sentence):
        source.collect(the_order, job)


def test_a_file_that_is_cut_off_on_the_wire_is_tried_again_by_the_step(
    platform: Platform, source: ExportsSource, the_order: Order, api: ScriptedApi
) -> None:
    job = platform.finished()
    api.script("GET", "/files/e1.csv", Reply(b"Interval Start,Queue Id", promised=10_000))
    with pytest.raises(SourceUnavailable):
        source.collect(the_order, job)
