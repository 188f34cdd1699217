"""Certificates for S/MIME, and what opens a letter that was sealed for one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509.oid import NameOID

NOW = datetime(2026, 11, 1, tzinfo=UTC)
Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


def new_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


def issue(
    folder: Path,
    key: Key,
    address: str,
    *,
    starts_at: datetime = NOW - timedelta(days=3650),
    ends_at: datetime = NOW + timedelta(days=36500),
    extensions: Iterable[x509.ExtensionType] = (),
) -> x509.Certificate:
    """Put a certificate for this address into the folder."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, address)])
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(starts_at).not_valid_after(ends_at)
    for extension in extensions:
        builder = builder.add_extension(extension, critical=False)
    certificate = builder.sign(key, hashes.SHA256())
    (folder / f"{address}.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    return certificate


def key_usage(*, signing: bool = False, encipherment: bool = False) -> x509.KeyUsage:
    """Return the extension that says what the key is for."""
    return x509.KeyUsage(
        digital_signature=signing,
        content_commitment=False,
        key_encipherment=encipherment,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )


def names(*addresses: str) -> x509.SubjectAlternativeName:
    """Return the extension that says whose certificate it is."""
    return x509.SubjectAlternativeName([x509.RFC822Name(address) for address in addresses])


def opened(letter: bytes, certificate: x509.Certificate, key: rsa.RSAPrivateKey) -> bytes:
    """The message inside a sealed letter, which may have been stored with either kind of line ends."""
    lines = letter.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    head, _, body = lines.partition(b"\r\n\r\n")
    sealed = head[head.index(b"MIME-Version") :] + b"\r\n\r\n" + body
    return pkcs7.pkcs7_decrypt_smime(sealed, certificate, key, [])
