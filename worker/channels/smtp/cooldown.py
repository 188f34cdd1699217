"""Leave a mail server alone for a while after it failed, in all threads of a process.

Otherwise a server that hangs would hold a thread for each recipient of each group, and a wrong password would be tried
until the server locks the account.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from worker.channels.smtp.replies import LoginRefused
from worker.errors import ChannelBusy, DeliveryRefused

REFUSED_LOGIN_SECONDS = 300.0
"""How long to wait before trying a refused login again."""

_COOLDOWN_FACTOR = 3
_MIN_COOLDOWN_SECONDS = 1.0


class ServerCooldown:
    """The last failure to connect to a mail server, for as long as it counts."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._failure: ChannelBusy | DeliveryRefused | None = None
        self._ends_at = 0.0

    @contextmanager
    def respected(self) -> Iterator[None]:
        """Connect inside this block. It raises the failure of this attempt, or the last one while the cooldown lasts.

        The cooldown is three times as long as the failed attempt took. After a refused login it is five minutes.
        """
        with self._lock:
            if self._failure is not None and time.monotonic() < self._ends_at:
                raise self._failure
        started_at = time.monotonic()
        try:
            yield
        except (ChannelBusy, DeliveryRefused) as error:
            self._start(error, time.monotonic() - started_at)
            raise

    def _start(self, failure: ChannelBusy | DeliveryRefused, attempt_seconds: float) -> None:
        login_refused = isinstance(failure, LoginRefused)
        seconds = (
            REFUSED_LOGIN_SECONDS if login_refused else max(_MIN_COOLDOWN_SECONDS, attempt_seconds * _COOLDOWN_FACTOR)
        )
        with self._lock:
            self._failure, self._ends_at = failure, time.monotonic() + seconds
