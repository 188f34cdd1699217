"""S/MIME: a finished letter becomes one that only its recipient's key opens.

All of the message goes inside, documents and bodies; the headers of its envelope, the subject among them, stay
readable. AES-256 with the recipient's RSA key; recipients are known by a folder of certificates.
"""

from __future__ import annotations

import importlib
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

from worker.channels.mail.mime import Letter
from worker.errors import SettingsError

_WAY_OUT = "Put a PEM certificate with an RSA key at STANDUP_SMIME_CERTIFICATES/<address>.pem."
_OF_THE_CONTENT = (b"content-", b"mime-version:")

_OVERHEAD_BYTES = 8_000


class Certificates:
    """A folder of ``ana@example.com.pem``, read when first asked for; None is a folder without any."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def has(self, recipient: str) -> bool:
        """Whether letters to this address are to be encrypted."""
        return recipient.lower() in self._files

    def seal(self, letter: Letter) -> Letter:
        """The letter, encrypted where its recipient has a certificate; SettingsError for one that cannot be used."""
        file = self._files.get(letter.recipient.lower())
        return replace(letter, content=_sealed(letter.content, file)) if file else letter

    @cached_property
    def _files(self) -> dict[str, Path]:
        if self._folder is None:
            return {}
        if not self._folder.is_dir():
            raise SettingsError(f"{self._folder}, the folder of S/MIME certificates, is not there.", way_out=_WAY_OUT)
        return {file.stem.lower(): file for file in self._folder.glob("*.pem")}


def sealed_size(size: int) -> int:
    """At most so many bytes has a letter of ``size`` bytes once it is encrypted: base64 a second time."""
    return size * 4 // 3 * 78 // 76 + _OVERHEAD_BYTES


def _sealed(content: bytes, file: Path) -> bytes:
    head, body = _split(content)
    pkcs7 = _cryptography("hazmat.primitives.serialization.pkcs7")
    ciphers = _cryptography("hazmat.primitives.ciphers.algorithms")
    serialization = _cryptography("hazmat.primitives.serialization")
    try:
        builder = pkcs7.PKCS7EnvelopeBuilder().set_data(body).add_recipient(_certificate(file))
        builder = builder.set_content_encryption_algorithm(ciphers.AES256)
        envelope: bytes = builder.encrypt(serialization.Encoding.SMIME, [pkcs7.PKCS7Options.Binary])
    except (TypeError, ValueError) as error:
        raise SettingsError(f"The certificate {file.name} cannot be used: {error}.", way_out=_WAY_OUT) from None
    return head + envelope.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def _certificate(file: Path) -> Any:
    return _cryptography("x509").load_pem_x509_certificate(file.read_bytes())


def _split(content: bytes) -> tuple[bytes, bytes]:
    """The headers of the envelope, and the part that is encrypted, with the headers that describe it."""
    head, _, body = content.partition(b"\r\n\r\n")
    outer, inner = b"", b""
    for header in _headers(head):
        if header.lower().startswith(_OF_THE_CONTENT):
            inner += header + b"\r\n"
        else:
            outer += header + b"\r\n"
    return outer, inner + b"\r\n" + body


def _headers(head: bytes) -> list[bytes]:
    """Each header with its folded lines."""
    headers: list[bytes] = []
    for line in head.split(b"\r\n"):
        if line[:1] in (b" ", b"\t") and headers:
            headers[-1] += b"\r\n" + line
        else:
            headers.append(line)
    return headers


def _cryptography(name: str) -> Any:
    try:
        return importlib.import_module(f"cryptography.{name}")
    except ImportError:
        raise SettingsError(
            "S/MIME certificates are set, and the library that encrypts is not installed.",
            way_out='Install "standup-briefings[protect]" for all workers.',
        ) from None
