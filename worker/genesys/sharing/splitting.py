"""When a request for several orders is given up, and each order asks for itself: one group's fault harms no other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from worker.errors import MalformedAnswer, NotYet, PermissionMissing, RequestRefused, TransientError
from worker.genesys.lookups.cache import Kept
from worker.genesys.sharing.plan import Batch

REFUSALS = (RequestRefused, PermissionMissing, MalformedAnswer)
"""What may be the fault of one group among those that are asked for together."""

ATTEMPTS = 3
"""So often a request for several orders fails for a passing reason before each asks for itself."""

_BACKOFF_SECONDS = (2.0, 4.0)
_FAILURES_SECONDS = 120.0

_log = structlog.get_logger(__name__)


class Parting:
    """Remembers which batches are asked one by one."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept

    def apart(self, batch: Batch) -> bool:
        """Whether each order of the batch asks for itself."""
        return not batch.plan.alone and bool(self._kept.get("apart", *batch.key))

    @contextmanager
    def watching(self, batch: Batch) -> Iterator[None]:
        """The request of a batch; inside the flight, so that nobody is woken before it is known how to go on.

        An order that asks alone gets its errors as they are. For several, a refusal parts them at once; a passing
        failure becomes `NotYet`, since no single run has failed, until there were enough of them.
        """
        try:
            yield
        except REFUSALS as error:
            self._part(batch, error.code)
            raise
        except NotYet:
            raise
        except TransientError as error:
            if batch.plan.alone:
                raise
            raise self._again(batch, error) from None

    def _again(self, batch: Batch, error: TransientError) -> NotYet:
        kept = self._kept.get("failures", *batch.key)
        failures = (kept if isinstance(kept, int) else 0) + 1
        self._kept.put(failures, _FAILURES_SECONDS, "failures", *batch.key)
        wait = error.retry_after_seconds or 0.0
        if failures < ATTEMPTS:
            wait = max(wait, _BACKOFF_SECONDS[failures - 1])
        else:
            self._part(batch, error.code)
        return NotYet(f"Asked for several groups, attempt {failures}: {error}", retry_after_seconds=wait)

    def _part(self, batch: Batch, because: str) -> None:
        if not batch.plan.alone:
            _log.warning("asked one by one from now on", what=batch.what, because=because)
            self._kept.put(True, batch.plan.lifetime_seconds, "apart", *batch.key)
