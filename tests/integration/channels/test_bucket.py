"""Objects in a folder and in a store that speaks S3: written once, never over others, with links that end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.request import urlopen

import fsspec
import pytest
from moto.server import ThreadedMotoServer

from tests.integration.channels.conftest import ScriptedServer
from tests.receivers import HttpReceiver, Reply
from tests.waiting import HANG_SECONDS
from worker.channels.bucket import Bucket, BucketChannel
from worker.channels.channel import OutgoingMessage
from worker.errors import ChannelBusy, DeliveryRefused, SettingsError

NOW = datetime(2026, 10, 22, 5, 15, tzinfo=UTC)
KEY = "support-emea/2026-10-21/r1"


@pytest.fixture(scope="module")
def s3_server() -> Iterator[str]:
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def s3(s3_server: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The URL of an empty bucket, reached as an installation would: by the environment."""
    speak_to(s3_server, monkeypatch)
    store = fsspec.filesystem("s3")
    if store.exists("briefings"):
        store.rm("briefings", recursive=True)
    store.mkdir("briefings")
    return "s3://briefings/standup"


def speak_to(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    surroundings = {"AWS_ENDPOINT_URL": url, "AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "key"}
    for name, value in (surroundings | {"AWS_DEFAULT_REGION": "us-east-1"}).items():
        monkeypatch.setenv(name, value)
    fsspec.get_filesystem_class("s3").clear_instance_cache()


@pytest.fixture(params=["folder", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    url: str = str(tmp_path / "briefings") if request.param == "folder" else request.getfixturevalue("s3")
    return url


def channel(url: str, **options: object) -> BucketChannel:
    return BucketChannel(Bucket("archive", "STANDUP_BUCKETS__ARCHIVE", url, **options), lambda: NOW)  # type: ignore[arg-type]


def content(url: str, name: str) -> bytes:
    with fsspec.open(f"{url}/{KEY}/{name}", "rb") as file:
        return bytes(file.read())


def test_documents_and_message_lie_under_group_day_and_revision(store: str, outgoing: OutgoingMessage) -> None:
    proof = channel(store).deliver(outgoing, "archive", lambda: None)
    assert content(store, outgoing.documents[0].name) == outgoing.documents[0].content
    assert content(store, "message.txt").decode() == outgoing.text
    assert content(store, "message.html").decode() == outgoing.html
    assert "3 objects" in proof.reply
    assert ("ETag" in proof.reply) == store.startswith("s3:")
    assert proof.message_id.endswith(KEY)


def test_the_same_delivery_again_is_the_same_delivery(store: str, outgoing: OutgoingMessage) -> None:
    first = channel(store).deliver(outgoing, "archive", lambda: None)
    assert channel(store).deliver(outgoing, "archive", lambda: None) == first
    assert channel(store).find(outgoing, "archive") == first


def test_an_existing_object_with_other_bytes_is_not_overwritten(store: str, outgoing: OutgoingMessage) -> None:
    channel(store).deliver(outgoing, "archive", lambda: None)
    other_content = replace(outgoing, text="other words")
    with pytest.raises(DeliveryRefused, match="other bytes"):
        channel(store).deliver(other_content, "archive", lambda: None)
    assert content(store, "message.txt").decode() == outgoing.text
    assert channel(store).find(other_content, "archive") is None


def test_an_incomplete_delivery_does_not_count_and_is_completed(store: str, outgoing: OutgoingMessage) -> None:
    message_only = replace(outgoing, documents=())
    channel(store).deliver(message_only, "archive", lambda: None)
    assert channel(store).find(outgoing, "archive") is None
    channel(store).deliver(outgoing, "archive", lambda: None)
    assert channel(store).find(outgoing, "archive") is not None


def test_a_signed_link_fetches_the_document_and_says_its_end(s3: str, outgoing: OutgoingMessage) -> None:
    archive = channel(s3, link_days=3)
    archive.deliver(outgoing, "archive", lambda: None)
    (link,) = archive.links(outgoing)
    assert link.ends_at == NOW + timedelta(days=3)
    with urlopen(link.url, timeout=HANG_SECONDS) as answer:
        assert answer.read() == outgoing.documents[0].content


def test_a_folder_gives_plain_addresses_without_an_end(tmp_path: Path, outgoing: OutgoingMessage) -> None:
    (link,) = channel(str(tmp_path)).links(outgoing)
    assert link.ends_at is None
    assert link.url.startswith("file://")
    assert link.url.endswith(outgoing.documents[0].name)


def test_no_temporary_file_remains_in_a_folder(tmp_path: Path, outgoing: OutgoingMessage) -> None:
    for _ in range(2):
        channel(str(tmp_path)).deliver(outgoing, "archive", lambda: None)
    assert sorted(path.name for path in (tmp_path / KEY).iterdir()) == sorted(
        ["message.html", "message.txt", outgoing.documents[0].name]
    )


DENIED = "<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>"


def test_a_store_that_denies_is_a_refusal_with_the_setting(
    outgoing: OutgoingMessage, monkeypatch: pytest.MonkeyPatch
) -> None:
    receiver = HttpReceiver()
    name = outgoing.documents[0].name
    receiver.script(f"/briefings/{KEY}/{name}", Reply(403, DENIED, {"Content-Type": "application/xml"}))
    speak_to(receiver.url, monkeypatch)
    with pytest.raises(DeliveryRefused, match="STANDUP_BUCKETS__ARCHIVE__URL"):
        channel("s3://briefings").deliver(outgoing, "archive", lambda: None)
    receiver.stop()


def test_a_store_that_does_not_answer_is_busy(outgoing: OutgoingMessage, monkeypatch: pytest.MonkeyPatch) -> None:
    store = ScriptedServer(lambda wire: wire.dribble("HTTP/1.1 100 Continue\r\n\r\n"), connections=20)
    speak_to(f"http://127.0.0.1:{store.port}", monkeypatch)
    bucket = Bucket("archive", "STANDUP_BUCKETS__ARCHIVE", "s3://briefings")
    with pytest.raises(ChannelBusy, match="archive did not accept"):
        BucketChannel(bucket, lambda: NOW, timeout_seconds=0.2).deliver(outgoing, "archive", lambda: None)


def test_a_missing_bucket_is_a_refusal(s3: str, outgoing: OutgoingMessage) -> None:
    with pytest.raises(DeliveryRefused, match="does not exist"):
        channel("s3://no-such-bucket").deliver(outgoing, "archive", lambda: None)


def test_a_place_that_cannot_be_written_is_busy_and_named(tmp_path: Path, outgoing: OutgoingMessage) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ChannelBusy, match="archive"):
        channel(str(tmp_path / "file" / "below")).deliver(outgoing, "archive", lambda: None)


@pytest.mark.parametrize(("url", "says"), [("nowhere://x", "Expected"), ("abfs://container@account/x", "pip install")])
def test_a_store_without_a_driver_is_a_settings_error(url: str, says: str) -> None:
    with pytest.raises(SettingsError, match=says):
        channel(url)
