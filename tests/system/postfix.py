"""A Postfix for the tests: configuration, queue, log and mailboxes in one folder, free ports on loopback.

It accepts mail for four people of one domain, keeps it in Maildirs and sends nothing on. It is as strict as Postfix can
be configured: TLS only, no pipelining out of turn, no bare line feeds, no addresses outside of RFC 5321.
"""

from __future__ import annotations

import dataclasses
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import trustme

from tests.redis_server import free_port
from tests.system.programs import need, run
from tests.waiting import wait_until
from worker.channels.smtp.server import Security, SmtpServer

LIMIT = 10_240_000
"""The bytes that a message may have: Postfix's own default."""

SENDER = "Standup <standup@example.com>"
NAMES = ("ana", "bob", "cem", "jürgen")
SMTPD = {
    "starttls": "smtpd_tls_security_level=encrypt",
    "tls": "smtpd_tls_wrappermode=yes",
    "full": "queue_minfree=999999999999999",
    "hurried": "smtpd_client_message_rate_limit=1",
    "choosy": "smtpd_end_of_data_restrictions=reject",
    "greylisting": "smtpd_end_of_data_restrictions=defer",
}
"""The ports, each with the one parameter in which it differs."""

MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file_prefixes = {folder}
maillog_file = {folder}/mail.log
myhostname = mail.example.com
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mydestination =
alias_maps =
default_transport = error:nothing leaves this machine
virtual_mailbox_domains = example.com
virtual_mailbox_base = {folder}/mail
virtual_mailbox_maps = texthash:{folder}/conf/mailboxes
virtual_uid_maps = static:65534
virtual_gid_maps = static:65534
message_size_limit = {limit}
smtpd_tls_chain_files = {folder}/server.pem
smtpd_tls_security_level = encrypt
smtpd_tls_mandatory_protocols = >=TLSv1.2
smtpd_client_event_limit_exceptions =
smtpd_relay_restrictions = reject_unauth_destination
smtpd_helo_required = yes
smtpd_helo_restrictions = reject_invalid_helo_hostname, reject_non_fqdn_helo_hostname
smtpd_sender_restrictions = reject_non_fqdn_sender
smtpd_recipient_restrictions = reject_non_fqdn_recipient
smtpd_data_restrictions = reject_unauth_pipelining
smtpd_forbid_bare_newline = reject
smtpd_forbid_bare_newline_exclusions =
strict_rfc821_envelopes = yes
"""
MASTER = """
postlog unix-dgram n - n - 1 postlogd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
anvil unix - - n - 1 anvil
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
"""


class Postfix:
    """A Postfix with the ``ports`` of `SMTPD`. ``authority`` is the PEM file of the issuer of its certificate."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.authority = folder / "authority.pem"
        self.ports = {name: free_port() for name in SMTPD}
        for name, owner in {"conf": "root", "queue": "root", "data": "postfix", "mail": "nobody"}.items():
            (folder / name).mkdir()
            shutil.chown(folder / name, owner)
        self._certify()
        self._configure()

    def start(self) -> None:
        self._postfix("start")

    def stop(self) -> None:
        self._postfix("stop")

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """Stop the server for as long as the block lasts.

        What it accepted is in the mailboxes by then: a Postfix that is stopped between putting a message there and
        taking it out of its queue puts it there again.
        """
        queues = [self.folder / "queue" / name for name in ("incoming", "active")]
        wait_until(
            lambda: not any(path.is_file() for queue in queues for path in queue.rglob("*")), "the queue is empty"
        )
        self._postfix("stop")
        try:
            yield
        finally:
            self._postfix("start")

    def server(self, port: str = "starttls", **changes: Any) -> SmtpServer:
        """Return a sender's settings for one of the ports, with changes."""
        security: Security = "tls" if port == "tls" else "starttls"
        usual = SmtpServer("localhost", self.ports[port], security, None, None, SENDER, ca_file=self.authority)
        return dataclasses.replace(usual, **changes)

    def letters(self, name: str, count: int = 1) -> list[bytes]:
        """Return a mailbox's messages once there are this many, without the lines that Postfix puts before each."""
        new = self.folder / "mail" / name / "new"
        wait_until(lambda: len(list(new.glob("*"))) >= count, f"{name} has {count} messages")
        return [as_sent(path.read_bytes()) for path in sorted(new.glob("*"), key=lambda path: path.stat().st_mtime_ns)]

    def empty(self) -> None:
        """Take all mail out of the mailboxes."""
        for path in (self.folder / "mail").glob("*/new/*"):
            path.unlink()

    @property
    def log(self) -> str:
        return (self.folder / "mail.log").read_text()

    def _certify(self) -> None:
        authority = trustme.CA()
        authority.cert_pem.write_to_path(str(self.authority))
        issued = authority.issue_cert("localhost")
        issued.private_key_and_cert_chain_pem.write_to_path(str(self.folder / "server.pem"))

    def _configure(self) -> None:
        conf = self.folder / "conf"
        (conf / "mailboxes").write_text("".join(f"{name}@example.com {name}/\n" for name in NAMES))
        (conf / "main.cf").write_text(MAIN.format(folder=self.folder, limit=LIMIT))
        listeners = (
            f"127.0.0.1:{self.ports[name]} inet n - n - - smtpd -o {{ {option} }}" for name, option in SMTPD.items()
        )
        (conf / "master.cf").write_text("\n".join(listeners) + MASTER)

    def _postfix(self, command: str) -> None:
        run("postfix", "postfix", "-c", str(self.folder / "conf"), command)


def as_sent(content: bytes) -> bytes:
    """Return a message of a Maildir as it was sent: with CRLF line ends and without the server's own headers."""
    lines = content.split(b"\n")
    first = next(number for number, line in enumerate(lines) if line.startswith(b"From:"))
    return b"\r\n".join(lines[first:])


@contextmanager
def running() -> Iterator[Postfix]:
    """Run a Postfix in a folder that its own users can enter, which they cannot with pytest's folders."""
    need("postfix", "postfix")
    if os.geteuid() != 0:
        pytest.fail("Postfix delivers for several users, which only root may start. Run this test as root.")
    with tempfile.TemporaryDirectory(prefix="standup-postfix-") as name:
        Path(name).chmod(0o755)
        postfix = Postfix(Path(name))
        postfix.start()
        try:
            yield postfix
        finally:
            postfix.stop()
