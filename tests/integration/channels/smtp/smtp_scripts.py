"""A mail server's part of a talk, written down as a list."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass

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


def serve(*scripts: Script, context: Callable[[str], ssl.SSLContext] | None = None) -> ScriptedServer:
    """Follow one script a connection, the last one for ever."""

    def talk(wire: Wire) -> None:
        follow(wire, iter(scripts[min(wire.number, len(scripts)) - 1]), context)

    return ScriptedServer(talk, connections=12)


def follow(wire: Wire, script: Iterator[Part], context: Callable[[str], ssl.SSLContext] | None) -> None:
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
            say(wire, next(script, CUT))
        else:
            wire.hear()
            say(wire, part)
    wire.hear_the_rest()


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
