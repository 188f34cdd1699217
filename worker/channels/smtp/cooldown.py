"""A mail server that has just failed is left alone for a while, by all threads of a process.

Otherwise a server that hangs would hold a thread for each recipient of each group, and a wrong password would be tried
until the account is locked.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from worker.channels.smtp.replies import LoginRefused
from worker.errors import ChannelBusy, DeliveryRefused

REFUSED_LOGIN_SECONDS = 300.0
"""How long a login that was refused is not tried again."""

_TIMES_THE_WAIT = 3
_LEAST_SECONDS = 1.0


class Recess:
    """What went wrong when a mail server was last connected to, for as long as that counts."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._failure: ChannelBusy | DeliveryRefused | None = None
        self._ends_at = 0.0

    @contextmanager
    def heeded(self) -> Iterator[None]:
        """Connect within this block; it raises what went wrong, this time or the last.

        After a failure nobody tries for three times as long as it took to show; after a refused login, for five
        minutes.
        """
        with self._lock:
            if self._failure is not None and time.monotonic() < self._ends_at:
                raise self._failure
        begun = time.monotonic()
        try:
            yield
        except (ChannelBusy, DeliveryRefused) as error:
            self._begin(error, time.monotonic() - begun)
            raise

    def _begin(self, failure: ChannelBusy | DeliveryRefused, took_seconds: float) -> None:
        refused = isinstance(failure, LoginRefused)
        seconds = REFUSED_LOGIN_SECONDS if refused else max(_LEAST_SECONDS, took_seconds * _TIMES_THE_WAIT)
        with self._lock:
            self._failure, self._ends_at = failure, time.monotonic() + seconds
