"""Private certificate authorities, proxies and private addresses, over real sockets."""

from __future__ import annotations

import json
import socket
import ssl
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import trustme
from pydantic import SecretStr

from tests.integration.genesys.conftest import CountedPermits, MemoryTokenStore, system_clock
from tests.receivers import HttpReceiver, Reply
from tests.tls_proxy import TlsProxy
from tests.waiting import HANG_SECONDS
from worker.errors import MalformedAnswer, RequestRefused, SettingsError, SourceUnavailable
from worker.genesys.api import public_addresses
from worker.genesys.api.auth import AccessTokens
from worker.genesys.api.downloads import Downloads
from worker.genesys.api.organisation import Organisation
from worker.genesys.api.public_addresses import Resolve
from worker.genesys.api.session import Session
from worker.genesys.api.wire import Wire

TOKEN = Reply(body=json.dumps({"access_token": "token-1", "expires_in": 3600, "token_type": "bearer"}))
QUEUES = "/api/v2/routing/queues"
PASSWORD = "planted-proxy-password"


@pytest.fixture
def receiver() -> Iterator[HttpReceiver]:
    receiver = HttpReceiver()
    yield receiver
    receiver.stop()


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def encrypted(receiver: HttpReceiver, authority: trustme.CA) -> Iterator[str]:
    """The receiver behind TLS with a certificate of the private authority."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    proxy = TlsProxy(urlsplit(receiver.url).port or 0, context)
    yield f"https://127.0.0.1:{proxy.port}"
    proxy.stop()


@pytest.fixture
def ca_file(authority: trustme.CA, tmp_path: Path) -> Path:
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    return tmp_path / "ca.pem"


def session_of(organisation: Organisation) -> Session:
    tokens = AccessTokens(organisation, MemoryTokenStore(), clock=system_clock)
    return Session(organisation, CountedPermits(), tokens, clock=system_clock)


def organisation_at(url: str, **fields: object) -> Organisation:
    return Organisation("main", url, url, "client-1", SecretStr("secret"), **fields)  # type: ignore[arg-type]


def script(receiver: HttpReceiver, prefix: str = "") -> None:
    receiver.script(f"{prefix}/oauth/token", TOKEN)
    receiver.script(f"{prefix}{QUEUES}", Reply(body='{"entities": []}'))
    receiver.script(f"{prefix}/files/1", Reply(body="a;b"))


def ask_everything(session: Session, url: str) -> None:
    """Log in, ask the API and download a file."""
    assert session.get(QUEUES).body == {"entities": []}
    with Downloads(session).file(f"{url}/files/1") as file:
        assert file.read() == b"a;b"


def test_a_private_authority_is_trusted_for_login_api_and_downloads(
    receiver: HttpReceiver, encrypted: str, ca_file: Path
) -> None:
    script(receiver)
    ask_everything(session_of(organisation_at(encrypted, ca_file=ca_file)), encrypted)
    assert len(receiver.arrived) == 3


def test_without_its_file_a_private_authority_is_refused_and_the_setting_is_named(
    receiver: HttpReceiver, encrypted: str
) -> None:
    with pytest.raises(SourceUnavailable, match="CA_FILE"):
        session_of(organisation_at(encrypted)).get(QUEUES)
    assert receiver.arrived == []


@pytest.mark.parametrize("content", [None, "no certificate"])
def test_an_unreadable_authority_file_is_refused_by_its_setting(content: str | None, tmp_path: Path) -> None:
    file = tmp_path / "ca.pem"
    if content:
        file.write_text(content)
    with pytest.raises(SettingsError, match="STANDUP_ORGANISATIONS__MAIN__CA_FILE"):
        session_of(organisation_at("https://api.example.com", ca_file=file)).get(QUEUES)


def test_a_proxy_gets_login_api_and_downloads(receiver: HttpReceiver) -> None:
    """A proxy for plain HTTP gets the whole address in the request line (RFC 9112, 3.2.2)."""
    url = "http://api.gateway.invalid"
    script(receiver, url)
    proxy = SecretStr(receiver.url.replace("http://", f"http://standup:{PASSWORD}@"))
    ask_everything(session_of(organisation_at(url, allow_plain_http=True, proxy=proxy)), url)
    assert {request.headers["Proxy-Authorization"].split()[0] for request in receiver.arrived} == {"Basic"}
    assert [request.path.partition("?")[0] for request in receiver.arrived] == [
        f"{url}/oauth/token",
        f"{url}{QUEUES}",
        f"{url}/files/1",
    ]


@pytest.mark.parametrize("proxy", [f"socks5://:{PASSWORD}@h:1", "proxy.example.com:3128", f"http://{PASSWORD}@h:99999"])
def test_an_impossible_proxy_is_refused_by_its_setting_and_not_shown(proxy: str) -> None:
    with pytest.raises(SettingsError, match="STANDUP_ORGANISATIONS__MAIN__PROXY") as caught:
        organisation_at("https://api.example.com", proxy=SecretStr(proxy))
    assert PASSWORD not in str(caught.value)


def test_a_proxys_password_is_in_no_error_and_no_representation() -> None:
    proxy = SecretStr(f"http://standup:{PASSWORD}@127.0.0.1:1")
    organisation = organisation_at("https://api.example.com", proxy=proxy)
    with pytest.raises(SourceUnavailable) as caught:
        session_of(organisation).get(QUEUES)
    assert PASSWORD not in str(caught.value) + repr(organisation)


@pytest.mark.parametrize("api", ["https://api.example.com", "http://api.gateway.invalid"])
def test_a_proxy_that_wants_another_password_is_named(api: str) -> None:
    """For https the proxy answers to CONNECT, for http to the request itself."""
    with socket.create_server(("127.0.0.1", 0)) as listener, ThreadPoolExecutor() as executor:
        answer = b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n"
        answered = executor.submit(answer_once, listener, answer)
        address = f"127.0.0.1:{listener.getsockname()[1]}"
        proxy = SecretStr(f"http://standup:{PASSWORD}@{address}")
        with pytest.raises(
            SourceUnavailable, match=rf"the proxy {address} .*407 Proxy Authentication Required.*PROXY"
        ) as caught:
            session_of(organisation_at(api, proxy=proxy, allow_plain_http=True)).get(QUEUES)
        answered.result(HANG_SECONDS)
    assert PASSWORD not in str(caught.value)


PAGE = "<html><head><title>Blocked</title></head></html>"


@pytest.mark.parametrize(
    ("status", "error", "message"),
    [
        (200, MalformedAnswer, "a web page instead of JSON.*no proxy answers in its place"),
        (403, RequestRefused, "answers 403 and a web page instead of JSON.*STANDUP_ORGANISATIONS__MAIN__PROXY"),
        (404, RequestRefused, "answers 404 and a web page instead of JSON"),
        (502, SourceUnavailable, "answers 502 and a web page instead of JSON, as a proxy.*retried automatically"),
    ],
)
def test_a_web_page_of_a_proxy_or_portal_is_called_that(
    receiver: HttpReceiver, status: int, error: type[Exception], message: str
) -> None:
    """It used to be a missing permission, or a wrong id of the group."""
    receiver.script("/oauth/token", TOKEN)
    receiver.script(QUEUES, Reply(status=status, body=f"\n{PAGE}", headers={"Content-Type": "text/html"}))
    with pytest.raises(error, match=message):
        session_of(organisation_at(receiver.url)).get(QUEUES)


def answer_once(listener: socket.socket, answer: bytes) -> None:
    connection, _ = listener.accept()
    with connection:
        connection.recv(65536)
        connection.sendall(answer)


class Resolver:
    """A name server that gives another address each time it is asked (DNS rebinding)."""

    def __init__(self, *addresses: str) -> None:
        self.addresses = list(addresses)
        self.questions: list[str] = []

    def __call__(self, host: str, port: int) -> tuple[str, ...]:
        self.questions.append(host)
        return (self.addresses.pop(0),)


@pytest.fixture
def store(receiver: HttpReceiver, authority: trustme.CA) -> Iterator[int]:
    """The port of a store whose certificate is for files.example.com."""
    receiver.script("/files/1", Reply(body="a;b"))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("files.example.com").configure_cert(context)
    proxy = TlsProxy(urlsplit(receiver.url).port or 0, context)
    yield proxy.port
    proxy.stop()


def downloads_from(store: int, ca_file: Path, resolver: Resolve) -> Downloads:
    organisation = organisation_at(
        "https://api.example.com", ca_file=ca_file, download_hosts=(f"files.example.com:{store}",)
    )
    wire = Wire.for_organisation(organisation, resolver)
    tokens = AccessTokens(organisation, MemoryTokenStore(), clock=system_clock, wire=wire)
    return Downloads(Session(organisation, CountedPermits(), tokens, clock=system_clock, wire=wire))


def test_a_download_connects_to_the_address_that_was_checked(
    store: int, ca_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(public_addresses, "is_public", lambda address: address == "127.0.0.1")
    resolver = Resolver("127.0.0.1", "10.0.0.1")
    with downloads_from(store, ca_file, resolver).file(f"https://files.example.com:{store}/files/1") as file:
        assert file.read() == b"a;b"
    assert resolver.questions == ["files.example.com"]


@pytest.mark.parametrize("address", ["127.0.0.1", "::ffff:127.0.0.1", "64:ff9b::7f00:1"])
def test_a_download_from_a_private_address_is_refused_before_connecting(
    address: str, store: int, ca_file: Path, receiver: HttpReceiver
) -> None:
    downloads = downloads_from(store, ca_file, Resolver(address))
    url = f"https://files.example.com:{store}/files/1"
    with pytest.raises(MalformedAnswer, match=f"private address {address}"), downloads.file(url):
        pass
    assert receiver.arrived == []


def test_an_unknown_host_is_a_failed_connection(store: int, ca_file: Path) -> None:
    def unknown(host: str, port: int) -> tuple[str, ...]:
        raise OSError("no such host")

    downloads = downloads_from(store, ca_file, unknown)
    with pytest.raises(SourceUnavailable), downloads.file(f"https://files.example.com:{store}/files/1"):
        pass
