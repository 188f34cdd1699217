"""Decides when a request for several orders is split, so that a mistake in one group harms no other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from worker.errors import MalformedAnswer, NotYet, PermissionMissing, RequestRefused, TransientError
from worker.genesys.answer_cache import AnswerCache
from worker.genesys.sharing.plan import Batch

REFUSALS = (RequestRefused, PermissionMissing, MalformedAnswer)
"""Errors that one group may cause for all that are asked for together."""

ATTEMPTS = 3
"""How often a request for several orders may fail for a temporary reason before each order asks alone."""

_BACKOFF_SECONDS = (2.0, 4.0)
_FAILURES_SECONDS = 120.0

_log = structlog.get_logger(__name__)


class BatchSplitter:
    """Remembers which batches are split, so that each order asks alone."""

    def __init__(self, cache: AnswerCache) -> None:
        self._cache = cache

    def is_split(self, batch: Batch) -> bool:
        """Return whether each order of the batch asks alone."""
        return not batch.plan.is_single and bool(self._cache.get("apart", *batch.key))

    @contextmanager
    def guard(self, batch: Batch) -> Iterator[None]:
        """Run the request of a batch, inside its flight, so that no run is woken before the outcome is known.

        An order that asks alone gets its errors unchanged. For several orders, a refusal splits the batch at once. A
        temporary failure becomes `NotYet`, because no single run has failed, and splits the batch after `ATTEMPTS`.
        """
        try:
            yield
        except REFUSALS as error:
            self._split(batch, error.code)
            raise
        except NotYet:
            raise
        except TransientError as error:
            if batch.plan.is_single:
                raise
            raise self._not_yet(batch, error) from None

    def _not_yet(self, batch: Batch, error: TransientError) -> NotYet:
        stored = self._cache.get("failures", *batch.key)
        failures = (stored if isinstance(stored, int) else 0) + 1
        self._cache.put(failures, _FAILURES_SECONDS, "failures", *batch.key)
        wait = error.retry_after_seconds or 0.0
        if failures < ATTEMPTS:
            wait = max(wait, _BACKOFF_SECONDS[failures - 1])
        else:
            self._split(batch, error.code)
        return NotYet(f"Asked for several groups, attempt {failures}: {error}", retry_after_seconds=wait)

    def _split(self, batch: Batch, reason: str) -> None:
        if not batch.plan.is_single:
            _log.warning("asked one by one from now on", what=batch.id_kind, reason=reason)
            self._cache.put(True, batch.plan.lifetime_seconds, "apart", *batch.key)
