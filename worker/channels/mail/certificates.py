"""The certificates of recipients who get encrypted mail: a folder of PEM files, and what makes one unusable."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from worker.domain.addresses import mailbox_of
from worker.errors import SettingsError

WAY_OUT = "Put a PEM certificate with an RSA key at STANDUP_SMIME_CERTIFICATES/<address>.pem."

_EMAIL_PROTECTION = "1.3.6.1.5.5.7.3.4"
_ANY_PURPOSE = "2.5.29.37.0"


@dataclass(frozen=True, slots=True)
class Certificate:
    """A recipient's certificate. ``x509`` is the object of the encryption library."""

    file: Path
    x509: Any

    @classmethod
    def read(cls, file: Path) -> Certificate:
        """Read a file, or raise SettingsError for one that is no certificate."""
        x509 = library("x509")
        try:
            return cls(file, x509.load_pem_x509_certificate(file.read_bytes()))
        except (OSError, ValueError) as error:
            raise SettingsError(f"The certificate {file.name} cannot be used: {error}.", way_out=WAY_OUT) from None

    @property
    def address(self) -> str:
        """The address that the file is named after."""
        return self.file.stem

    @property
    def ends_at(self) -> datetime:
        """When it expires, aware."""
        ends_at: datetime = self.x509.not_valid_after_utc
        return ends_at

    def fault(self, now: datetime) -> str:
        """Return why nothing may be encrypted with it, or "". The sentence continues "The certificate …"."""
        starts_at: datetime = self.x509.not_valid_before_utc
        if now > self.ends_at:
            return f"expired on {self.ends_at:%Y-%m-%d}"
        if now < starts_at:
            return f"is valid only from {starts_at:%Y-%m-%d}"
        try:
            return self._key_fault() or self._purpose_fault() or self._address_fault()
        except ValueError as error:
            return f"cannot be read ({error})"

    def require_usable(self, now: datetime) -> None:
        """Raise SettingsError if nothing may be encrypted with it."""
        fault = self.fault(now)
        if fault:
            raise SettingsError(
                f"Nothing is sent to {self.address}: the certificate {self.file.name} {fault}.",
                way_out="Replace the file by the recipient's present certificate, or remove it.",
            )

    def _key_fault(self) -> str:
        rsa = library("hazmat.primitives.asymmetric.rsa")
        return "" if isinstance(self.x509.public_key(), rsa.RSAPublicKey) else "has no RSA key"

    def _purpose_fault(self) -> str:
        """Check what the issuer allows the key for (RFC 8550, 4.4.2 and 4.4.4)."""
        usage = self._extension("KeyUsage")
        if usage and not (usage.key_encipherment or usage.key_agreement):
            return "is for signing only"
        purposes = {purpose.dotted_string for purpose in self._extension("ExtendedKeyUsage") or ()}
        if purposes and not purposes & {_EMAIL_PROTECTION, _ANY_PURPOSE}:
            return "is not for e-mail"
        return ""

    def _address_fault(self) -> str:
        """Compare the addresses in the certificate, if there are any, with the file's name (RFC 8550, 3)."""
        addresses = list(self._addresses())
        if not addresses or mailbox_of(self.address) in map(mailbox_of, addresses):
            return ""
        return f"is for {', '.join(addresses)}"

    def _addresses(self) -> Iterator[str]:
        x509 = library("x509")
        names = self._extension("SubjectAlternativeName")
        yield from (names.get_values_for_type(x509.RFC822Name) if names else ())
        subject = self.x509.subject.get_attributes_for_oid(x509.NameOID.EMAIL_ADDRESS)
        yield from (attribute.value for attribute in subject)

    def _extension(self, name: str) -> Any:
        x509 = library("x509")
        try:
            return self.x509.extensions.get_extension_for_class(getattr(x509, name)).value
        except x509.ExtensionNotFound:
            return None


class CertificateFolder:
    """A folder of files such as ``ana@example.com.pem``, listed on first use. None means no certificates."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def covers(self, recipient: str) -> bool:
        """Return whether mail to this address must be encrypted."""
        return mailbox_of(recipient) in self._files

    def certificate_for(self, recipient: str) -> Certificate | None:
        """Return the recipient's certificate, or None. Raises SettingsError if the file is no certificate."""
        file = self._files.get(mailbox_of(recipient))
        return Certificate.read(file) if file else None

    def files(self) -> list[Path]:
        """Return all files in their order. Raises SettingsError if the folder does not exist."""
        return sorted(self._files.values())

    @cached_property
    def _files(self) -> dict[str, Path]:
        if self._folder is None:
            return {}
        if not self._folder.is_dir():
            raise SettingsError(f"The folder of S/MIME certificates, {self._folder}, does not exist.", way_out=WAY_OUT)
        return {mailbox_of(file.stem): file for file in self._folder.glob("*.pem")}


def library(name: str) -> Any:
    """Return a module of the encryption library, which not every installation has."""
    try:
        return importlib.import_module(f"cryptography.{name}")
    except ImportError:
        raise SettingsError(
            "S/MIME certificates are configured, but the encryption library is not installed.",
            way_out='Install "standup-briefings[protect]" on all workers.',
        ) from None
