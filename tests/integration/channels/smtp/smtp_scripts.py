"""A mail server's part of a talk, written down as a list, and what it heard meanwhile."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from tests.integration.channels.conftest import ScriptedServer, Wire

MESSAGE = "(hears the message to its final dot)"
CLOSE = "(hangs up)"
IN_CLEAR = "(answers the handshake in clear)"
CUT = "(resets the connection)"
TAKES = ("250 ok", "250 ok", "354 go on", MESSAGE, "250 2.0.0 taken")
"""MAIL, RCPT, DATA, the message, and the reply to it."""


@dataclass(frozen=True)
class Encrypt:
    """From here on under TLS, with the certificate that the test holds under this name."""

    certificate: str


Part = str | bytes | Encrypt
Script = tuple[Part, ...]
"""The greeting first; then each reply is given to one line. Bytes are said as they are."""


@dataclass
class Heard:
    """Over all connections: how many there were, the lines outside of messages, and how many messages came whole."""

    connections: int = 0
    lines: list[str] = field(default_factory=list)
    messages: int = 0

    def verbs(self, *names: str) -> list[str]:
        verbs = [line.split(" ")[0].upper() for line in self.lines]
        return [verb for verb in verbs if verb in names]


def serve(*scripts: Script, context: Callable[[str], ssl.SSLContext] | None = None) -> tuple[int, Heard]:
    """Follow one script a connection, the last one for ever; gives the port, and what is heard."""
    heard, remaining = Heard(), list(scripts)

    def talk(wire: Wire) -> None:
        heard.connections += 1
        follow(wire, iter(remaining.pop(0) if len(remaining) > 1 else remaining[0]), heard, context)

    return ScriptedServer(talk, connections=12).port, heard


def follow(wire: Wire, script: Iterator[Part], heard: Heard, context: Callable[[str], ssl.SSLContext] | None) -> None:
    """Say the greeting, then each part in its turn, and in the end listen until the other side hangs up."""
    say(wire, next(script))
    for part in script:
        if isinstance(part, Encrypt):
            assert context is not None
            wire.encrypt(context(part.certificate))
        elif part == IN_CLEAR:
            wire.take(1)
            wire.say("250 as if nothing had been said of TLS")
        elif part == MESSAGE:
            wire.hear_message()
            heard.messages += 1
            say(wire, next(script, CUT))
        else:
            heard.lines.append(wire.hear())
            say(wire, part)
    heard.lines.extend(wire.hear_the_rest())


def say(wire: Wire, part: Part) -> None:
    if part == CUT:
        wire.cut()
        raise ConnectionResetError
    if part == CLOSE:
        wire.hang_up()
    elif isinstance(part, bytes):
        wire.say_bytes(part)
    else:
        wire.say(str(part))
