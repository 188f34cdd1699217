"""Check the S/MIME certificates of recipients: whether each can be used, and for how long."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

from worker.channels.mail.certificates import Certificate, CertificateFolder
from worker.doctor.finding import Finding, Level, of_error, ok, warning
from worker.domain.addresses import mailbox_of
from worker.domain.groups import Group
from worker.errors import SettingsError, StandupError

_AREA = "S/MIME"
_EXPIRES_SOON = timedelta(days=30)


def check(folder: CertificateFolder, groups: Iterable[Group], now: datetime) -> Iterator[Finding]:
    """Yield what is wrong with a certificate, or will be within 30 days. Without certificates yield nothing.

    A fault is wrong if a group has the recipient, because nothing is sent to it. Otherwise it is a warning.
    """
    try:
        files = folder.files()
    except StandupError as error:
        yield of_error(_AREA, error)
        return
    recipients = {mailbox_of(address) for group in groups for address in group.deliver.email}
    findings = [finding for file in files for finding in _faults(file, recipients, now)]
    yield from findings
    if len(findings) < len(files):
        usable = len(files) - len(findings)
        yield ok(_AREA, f"{usable} certificate{'s' if usable > 1 else ''} can be used for more than 30 days")


def _faults(file: Path, recipients: set[str], now: datetime) -> Iterator[Finding]:
    level = Level.WRONG if mailbox_of(file.stem) in recipients else Level.WARNING
    try:
        certificate = Certificate.read(file)
        certificate.require_usable(now)
    except SettingsError as error:
        yield of_error(_AREA, error, level)
        return
    if certificate.ends_at - now <= _EXPIRES_SOON:
        yield warning(
            _AREA,
            f"the certificate {file.name} expires on {certificate.ends_at:%Y-%m-%d}",
            f"Ask {certificate.address} for the next one. From that day on nothing is sent there.",
        )
