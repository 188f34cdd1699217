"""A storage bucket or a folder: any fsspec URL. An object is written once and never overwritten.

So a delivery can be repeated at any time: an existing object with the same bytes counts as delivered, and one with
other bytes is refused. The message is stored beside the documents, so that a notice arrives here too.
"""

from __future__ import annotations

import hashlib
import os
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar

import fsspec
from fsspec.asyn import AsyncFileSystem, sync
from fsspec.implementations.local import LocalFileSystem

from worker.channels.channel import Link, OutgoingMessage, Proof, Protection
from worker.deadline import allowance_seconds
from worker.domain.clock import Clock
from worker.domain.deliveries import WhenUnknown
from worker.errors import ChannelBusy, DeliveryRefused, SettingsError


@dataclass(frozen=True)
class Bucket:
    """A bucket as groups name it. ``setting`` is the prefix of its settings.

    ``link_days``: how long signed links work, if the store can sign them (S3 allows 7 days). ``encrypted``: the
    operator states that the store is encrypted and open only to the group's people, which the program cannot check.
    """

    name: str
    setting: str
    url: str
    link_days: int = 7
    encrypted: bool = False


class BucketChannel:
    """Stores documents and message under ``<group>/<reporting day>/r<revision>/``.

    A store that does not answer within the time allowed for all objects together raises `ChannelBusy`. One instance
    serves one thread.
    """

    kind = "bucket"
    when_unknown: ClassVar[WhenUnknown] = "look_up"

    def __init__(self, bucket: Bucket, now: Clock, timeout_seconds: float = 20) -> None:
        self._bucket = bucket
        self._now = now
        self._timeout_seconds = timeout_seconds
        self._ends_at = 0.0
        self.protection = Protection(encrypted=bucket.encrypted)
        try:
            self._fs, root = fsspec.core.url_to_fs(bucket.url)
        except ImportError as error:
            raise SettingsError(
                f"{bucket.setting}__URL: {error}.",
                way_out='Install the driver: pip install "standup-briefings[s3]" (or [gcs], [azure]).',
            ) from None
        except ValueError as error:
            raise SettingsError(
                f"{bucket.setting}__URL: {error}.", way_out="Expected e.g. s3://bucket/folder."
            ) from None
        self._root = str(root).rstrip("/")

    def check(self) -> None:
        """Raise SettingsError if it is a folder in which this user may not write. Other stores are not asked."""
        if not isinstance(self._fs, LocalFileSystem):
            return
        folder = Path(self._root or "/")
        existing = next(part for part in (folder, *folder.parents) if os.path.exists(part))
        if not (existing.is_dir() and os.access(existing, os.W_OK | os.X_OK)):
            raise SettingsError(
                f"{self._bucket.setting}__URL: this user may not write in {existing}.",
                way_out="Give the user of the workers the right to write there, or correct the setting.",
            )

    def deliver(self, outgoing: OutgoingMessage, recipient: str, before_acceptance: Callable[[], None]) -> Proof:
        """Store every object. The proof is their location with the store's ETag or our SHA-256.

        `DeliveryRefused`: access denied, no such bucket, other bytes under the same name. `ChannelBusy`: all else.
        """
        before_acceptance()
        objects = dict(self._objects(outgoing))
        self._begin(objects)
        for path, content in objects.items():
            with self._failures_of(path):
                self._put(path, content)
        return self._proof(objects)

    def store(self, outgoing: OutgoingMessage) -> tuple[Link, ...]:
        """Store only the documents and return links to them. Raises the same errors as `deliver`."""
        objects = {self._path(outgoing, document.name): document.content for document in outgoing.documents}
        self._begin(objects)
        for path, content in objects.items():
            with self._failures_of(path):
                self._put(path, content)
        return self.links(outgoing)

    def find(self, outgoing: OutgoingMessage, recipient: str) -> Proof | None:
        """Return the proof of a delivery whose outcome is unknown, or None if an object is missing."""
        objects = dict(self._objects(outgoing))
        self._begin(objects)
        for path, content in objects.items():
            with self._failures_of(path):
                if self._content_at(path) != content:
                    return None
        return self._proof(objects)

    def links(self, outgoing: OutgoingMessage) -> tuple[Link, ...]:
        """Return links to the documents: signed with their expiry, or plain addresses if the store cannot sign."""
        return tuple(self._link(document.name, self._path(outgoing, document.name)) for document in outgoing.documents)

    def _objects(self, outgoing: OutgoingMessage) -> Iterator[tuple[str, bytes]]:
        for document in outgoing.documents:
            yield self._path(outgoing, document.name), document.content
        yield self._path(outgoing, "message.html"), outgoing.html.encode("utf-8", "replace")
        yield self._path(outgoing, "message.txt"), outgoing.text.encode("utf-8", "replace")

    def _path(self, outgoing: OutgoingMessage, name: str) -> str:
        return f"{self._root}/{outgoing.group_key}/{outgoing.reporting_day.isoformat()}/r{outgoing.revision}/{name}"

    def _put(self, path: str, content: bytes) -> None:
        try:
            self._create(path, content)
        except (FileNotFoundError, PermissionError):
            raise
        except OSError:
            # each store reports "exists" differently, so compare the content
            content_there = self._content_at(path)
            if content_there is None:
                raise
            if content_there != content:
                raise DeliveryRefused(
                    f"Bucket {self._bucket.name} already holds other bytes at {path}, which are not overwritten.",
                    way_out="Find out who wrote them. A rerun writes the next revision beside them.",
                ) from None

    def _create(self, path: str, content: bytes) -> None:
        """Write the whole object, unless one exists."""
        if not isinstance(self._fs, LocalFileSystem):
            self._ask("pipe_file", path, content, mode="create")
            return
        self._fs.makedirs(path.rpartition("/")[0], exist_ok=True)
        draft = f"{path}.{uuid.uuid4().hex}"
        self._fs.pipe_file(draft, content)
        try:
            self._fs.link(draft, path)
        finally:
            self._fs.rm_file(draft)

    def _content_at(self, path: str) -> bytes | None:
        try:
            return bytes(self._ask("cat_file", path))
        except FileNotFoundError:
            return None

    def _begin(self, objects: dict[str, bytes]) -> None:
        """Start the time that the store has for these objects."""
        size = sum(map(len, objects.values()))
        self._ends_at = time.monotonic() + allowance_seconds(self._timeout_seconds, size)

    def _ask(self, method: str, *args: Any, **kwargs: Any) -> Any:
        """Call the store's driver. Give up on one that works over a network when the time is over."""
        if not isinstance(self._fs, AsyncFileSystem):
            return getattr(self._fs, method)(*args, **kwargs)
        remaining_seconds = max(0.01, self._ends_at - time.monotonic())
        return sync(self._fs.loop, getattr(self._fs, f"_{method}"), *args, timeout=remaining_seconds, **kwargs)

    def _proof(self, objects: dict[str, bytes]) -> Proof:
        first, content = next(iter(objects.items()))
        place = str(self._fs.unstrip_protocol(first.rpartition("/")[0]))
        details: dict[str, Any] = {}
        with suppress(OSError):
            details = self._ask("info", first)
        tag = details.get("ETag") or details.get("etag")
        mark = f"ETag {tag}" if tag else f"SHA-256 {hashlib.sha256(content).hexdigest()}"
        return Proof(f"{len(objects)} objects; {first.rpartition('/')[2]}: {mark}", place)

    def _link(self, name: str, path: str) -> Link:
        validity = timedelta(days=self._bucket.link_days)
        ends_at = self._now() + validity
        with self._failures_of(path):
            try:
                return Link(name, str(self._fs.sign(path, expiration=int(validity.total_seconds()))), ends_at)
            except (NotImplementedError, AttributeError):
                # a folder, or Google's store without a private key to sign with
                return Link(name, str(self._fs.unstrip_protocol(path)))

    @contextmanager
    def _failures_of(self, path: str) -> Iterator[None]:
        """Turn the errors of the store's driver into ours."""
        name, setting = self._bucket.name, self._bucket.setting
        try:
            yield
        except (DeliveryRefused, ChannelBusy):
            raise
        except PermissionError as error:
            raise DeliveryRefused(
                f"Bucket {name} denies access to {path}: {error}.",
                way_out=f"Give this machine's identity permission to create and read objects under {setting}__URL.",
            ) from None
        except FileNotFoundError as error:
            raise DeliveryRefused(
                f"Bucket {name} does not exist: {error}.", way_out=f"Create it, or correct {setting}__URL."
            ) from None
        except Exception as error:  # each driver has its own tree of errors
            raise ChannelBusy(f"Bucket {name} did not accept {path}: {type(error).__name__}: {error}.") from None
