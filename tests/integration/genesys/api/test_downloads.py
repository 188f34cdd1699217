"""Files: only from where they may come, streamed and bounded, without an access token for strangers."""

from __future__ import annotations

import pytest

from tests.integration.genesys.conftest import CountedPermits, Reply, ScriptedApi, organisation_at, session_with
from worker import errors
from worker.genesys.api.downloads import Downloads, LinkExpired
from worker.genesys.api.session import Session


@pytest.fixture
def downloads(session: Session) -> Downloads:
    return Downloads(session)


@pytest.fixture
def both_downloads(api: ScriptedApi, foreign: ScriptedApi, permits: CountedPermits) -> Downloads:
    """Downloads that the settings allow from the port of another server too."""
    host = foreign.url.removeprefix("http://")
    return Downloads(session_with(organisation_at(api.url, download_hosts=(host,)), permits))


def content(downloads: Downloads, url: str) -> bytes:
    with downloads.file(url) as file:
        return file.read()


def test_a_file_is_fetched_without_an_access_token(api: ScriptedApi, downloads: Downloads) -> None:
    api.script("GET", "/files/1", Reply(b"a;b"))
    assert content(downloads, f"{api.url}/files/1?signature=abc") == b"a;b"
    assert "Authorization" not in api.calls("/files/1")[0].headers


def test_the_apis_own_host_is_asked_with_the_access_token_once_it_wants_one(
    api: ScriptedApi, downloads: Downloads, permits: CountedPermits
) -> None:
    api.script("GET", "/files/1", Reply(status=401), Reply(b"a;b"))
    assert content(downloads, f"{api.url}/files/1") == b"a;b"
    assert api.calls("/files/1")[1].headers["Authorization"] == "Bearer token-1"
    assert permits.taken_count == 1


def test_another_port_of_the_apis_host_is_refused(foreign: ScriptedApi, downloads: Downloads) -> None:
    with pytest.raises(errors.MalformedAnswer, match=r"at port \d+, which is not allowed"):
        content(downloads, f"{foreign.url}/files/1")
    assert foreign.requests == []


def test_another_allowed_port_gets_no_access_token(foreign: ScriptedApi, both_downloads: Downloads) -> None:
    foreign.script("GET", "/files/1", Reply(status=401))
    with pytest.raises(LinkExpired):
        content(both_downloads, f"{foreign.url}/files/1")
    assert foreign.requests
    assert all("Authorization" not in item.headers for item in foreign.requests)


@pytest.mark.parametrize(
    "target",
    [
        "http://169.254.169.254/latest/meta-data/",
        "http://[fe80::1]/",
        "http://10.0.0.5/",
        "http://2130706433/",
        "file:///etc/passwd",
        "ftp://127.0.0.1/x",
        "http://user:password@127.0.0.1/",
        "https://evil.example/",
        "http://127.0.0.1:99999/",
        "gopher:",
        "",
    ],
)
def test_a_link_or_redirect_to_another_host_is_refused_before_connecting(
    api: ScriptedApi, downloads: Downloads, target: str
) -> None:
    api.script("GET", "/files/1", Reply(status=302, headers={"Location": target}))
    if target:
        with pytest.raises(errors.MalformedAnswer, match="Nothing was downloaded"):
            content(downloads, target)
        with pytest.raises(errors.MalformedAnswer, match="Nothing was downloaded"):
            content(downloads, f"{api.url}/files/1")
    else:
        with pytest.raises(errors.RequestRefused):
            content(downloads, f"{api.url}/files/1")


def test_an_allowed_name_that_leads_to_a_private_address_is_refused(
    api: ScriptedApi, foreign: ScriptedApi, permits: CountedPermits
) -> None:
    port = foreign.url.rpartition(":")[2]
    organisation = organisation_at(api.url, download_hosts=(f"localhost:{port}",))
    downloads = Downloads(session_with(organisation, permits))
    with pytest.raises(errors.MalformedAnswer, match="private address"):
        content(downloads, foreign.url.replace("127.0.0.1", "localhost") + "/files/1")
    assert foreign.requests == []


def test_a_redirect_within_the_allowed_hosts_is_followed_without_the_access_token(
    api: ScriptedApi, foreign: ScriptedApi, both_downloads: Downloads
) -> None:
    api.script(
        "GET",
        "/downloads/1",
        Reply(status=401),
        Reply(status=302, headers={"Location": f"{foreign.url}/signed?s=1"}),
    )
    foreign.script("GET", "/signed", Reply(b"file"))
    assert content(both_downloads, f"{api.url}/downloads/1") == b"file"
    assert foreign.requests
    assert all("Authorization" not in item.headers for item in foreign.requests)


def test_endless_redirects_are_given_up(api: ScriptedApi, downloads: Downloads) -> None:
    api.script("GET", "/loop", Reply(status=302, headers={"Location": "/loop"}))
    with pytest.raises(errors.MalformedAnswer, match="more than 3 times"):
        content(downloads, f"{api.url}/loop")
    assert len(api.calls("/loop")) == 4


def test_a_file_beyond_the_bound_is_given_up(api: ScriptedApi, session: Session) -> None:
    api.script("GET", "/files/1", Reply(b"x" * 3_000_000, promised=200_000_000))
    with pytest.raises(errors.MalformedAnswer, match="more than 2 MB"):
        content(Downloads(session, limit=2 * 1024 * 1024), f"{api.url}/files/1")


def test_a_file_that_breaks_off_is_worth_another_attempt(api: ScriptedApi, downloads: Downloads) -> None:
    api.script("GET", "/files/1", Reply(b"a;b", promised=300))
    with pytest.raises(errors.SourceUnavailable):
        content(downloads, f"{api.url}/files/1")


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (403, LinkExpired),
        (404, LinkExpired),
        (410, LinkExpired),
        (429, errors.RateLimited),
        (503, errors.SourceUnavailable),
        (400, errors.RequestRefused),
    ],
)
def test_a_store_that_refuses_has_an_error_without_the_signature(
    api: ScriptedApi, downloads: Downloads, status: int, expected: type[errors.StandupError]
) -> None:
    api.script("GET", "/files/1", Reply(b"<Error/>", status))
    with pytest.raises(expected) as caught:
        content(downloads, f"{api.url}/files/1?signature=abc")
    assert "abc" not in str(caught.value)


def test_a_store_that_is_away_is_asked_again_when_it_says(api: ScriptedApi, downloads: Downloads) -> None:
    api.script("GET", "/files/1", Reply(b"<Error/>", 503, {"Retry-After": "42"}), Reply(b"<Error/>", 503))
    for seconds in (42, 20):
        with pytest.raises(errors.SourceUnavailable) as caught:
            content(downloads, f"{api.url}/files/1")
        assert caught.value.retry_after_seconds == seconds


def test_a_json_file_is_read_as_an_object(api: ScriptedApi, downloads: Downloads) -> None:
    api.script("GET", "/files/1", Reply({"userResults": []}), Reply(b'{"userResults": ['))
    assert downloads.json(f"{api.url}/files/1") == {"userResults": []}
    with pytest.raises(errors.MalformedAnswer, match="broken JSON"):
        downloads.json(f"{api.url}/files/1")


@pytest.mark.parametrize(
    "body",
    [
        b"<Error><Code>ExpiredToken</Code><Message>The provided token has expired.</Message></Error>",
        b"<Error><Code>RequestExpired</Code></Error>",
        b"<Error><Code>InvalidToken</Code></Error>",
        b"<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>",
    ],
)
def test_an_expired_signature_that_answers_400_asks_for_a_fresh_link(
    api: ScriptedApi, downloads: Downloads, body: bytes
) -> None:
    api.script("GET", "/files/1", Reply(body, 400))
    with pytest.raises(LinkExpired, match="has expired"):
        content(downloads, f"{api.url}/files/1")


def test_another_400_of_a_store_is_refused(api: ScriptedApi, downloads: Downloads) -> None:
    api.script("GET", "/files/1", Reply(b"<Error><Code>InvalidArgument</Code></Error>", 400))
    with pytest.raises(errors.RequestRefused) as caught:
        content(downloads, f"{api.url}/files/1")
    assert not isinstance(caught.value, LinkExpired)


@pytest.mark.parametrize(
    "answer",
    [
        *(Reply(b"queueName,off", status) for status in (206, 408, 421, 423, 425)),
        Reply(b"<Code>RequestTimeout</Code>", 400),
    ],
)
def test_a_store_that_timed_out_is_worth_another_attempt(api: ScriptedApi, downloads: Downloads, answer: Reply) -> None:
    api.script("GET", "/files/1", answer)
    with pytest.raises(errors.SourceUnavailable):
        content(downloads, f"{api.url}/files/1")
