"""S/MIME: encrypt a finished letter so that only its recipient's key opens it.

Bodies and documents are encrypted (RFC 8551). The outer headers, the subject among them, stay readable. The cipher is
AES-256 with the recipient's RSA key. Certificates come from a folder.
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
_CONTENT_HEADERS = (b"content-", b"mime-version:")

_OVERHEAD_BYTES = 8_000


class Certificates:
    """A folder of files such as ``ana@example.com.pem``, read on first use. None means no certificates."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def covers(self, recipient: str) -> bool:
        """Return whether mail to this address must be encrypted."""
        return recipient.lower() in self._files

    def seal(self, letter: Letter) -> Letter:
        """Encrypt the letter if its recipient has a certificate. Raises SettingsError for an unusable certificate."""
        file = self._files.get(letter.recipient.lower())
        return replace(letter, content=_sealed(letter.content, file)) if file else letter

    @cached_property
    def _files(self) -> dict[str, Path]:
        if self._folder is None:
            return {}
        if not self._folder.is_dir():
            raise SettingsError(f"The folder of S/MIME certificates, {self._folder}, does not exist.", way_out=_WAY_OUT)
        return {file.stem.lower(): file for file in self._folder.glob("*.pem")}


def sealed_size(size: int) -> int:
    """Return the largest size of a letter of ``size`` bytes after encryption, which encodes it in base64 again."""
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
    """Return the outer headers, and the part to encrypt with the headers that describe it."""
    head, _, body = content.partition(b"\r\n\r\n")
    outer, inner = b"", b""
    for header in _headers(head):
        if header.lower().startswith(_CONTENT_HEADERS):
            inner += header + b"\r\n"
        else:
            outer += header + b"\r\n"
    return outer, inner + b"\r\n" + body


def _headers(head: bytes) -> list[bytes]:
    """Return each header with its folded lines."""
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
            "S/MIME certificates are configured, but the encryption library is not installed.",
            way_out='Install "standup-briefings[protect]" on all workers.',
        ) from None
