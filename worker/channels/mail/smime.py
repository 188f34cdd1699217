"""S/MIME: encrypt a finished letter so that only its recipient's key opens it.

Bodies and documents are encrypted (RFC 8551). The outer headers, the subject among them, stay readable. The cipher is
AES-256 with the recipient's RSA key.
"""

from __future__ import annotations

from dataclasses import replace

from worker.channels.mail.certificates import WAY_OUT, Certificate, CertificateFolder, library
from worker.channels.mail.mime import Letter
from worker.domain.clock import Clock
from worker.errors import SettingsError

_CONTENT_HEADERS = (b"content-", b"mime-version:")

_OVERHEAD_BYTES = 8_000


class Sealer:
    """Encrypts letters to recipients who have a certificate in the folder."""

    def __init__(self, certificates: CertificateFolder, clock: Clock) -> None:
        self._certificates = certificates
        self._clock = clock

    def seal(self, letter: Letter) -> Letter:
        """Encrypt the letter if its recipient has a certificate. Raises SettingsError for an unusable certificate."""
        certificate = self._certificates.certificate_for(letter.recipient)
        if certificate is None:
            return letter
        certificate.require_usable(self._clock())
        return replace(letter, content=_sealed(letter.content, certificate))


def sealed_size(size: int) -> int:
    """Return the largest size of a letter of ``size`` bytes after encryption, which encodes it in base64 again."""
    return size * 4 // 3 * 78 // 76 + _OVERHEAD_BYTES


def _sealed(content: bytes, certificate: Certificate) -> bytes:
    head, body = _split(content)
    pkcs7 = library("hazmat.primitives.serialization.pkcs7")
    ciphers = library("hazmat.primitives.ciphers.algorithms")
    serialization = library("hazmat.primitives.serialization")
    try:
        builder = pkcs7.PKCS7EnvelopeBuilder().set_data(body).add_recipient(certificate.x509)
        builder = builder.set_content_encryption_algorithm(ciphers.AES256)
        envelope: bytes = builder.encrypt(serialization.Encoding.SMIME, [pkcs7.PKCS7Options.Binary])
    except (TypeError, ValueError) as error:
        raise SettingsError(
            f"The certificate {certificate.file.name} cannot be used: {error}.", way_out=WAY_OUT
        ) from None
    return head + envelope.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


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
