"""The parts of a plan: each is asked for once for all runs of a morning. Nothing here waits, and nothing fails a run.

A part that is still being calculated, or that the API cannot answer at the moment, is `NotYet`: the run that asked
returns after a countdown, and the others are woken when the answer is there. A part that is refused is not asked for
again for a while, and `NotPlanned` says why the plan does without it.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from typing import TypeVar

import structlog

from worker.domain.countdowns import poll_countdown_seconds
from worker.domain.today.plan import NotKnown
from worker.errors import NotYet, PermanentError, PermissionMissing, RequestRefused, StepTooLong, TransientError
from worker.genesys.answer_cache import ANSWER_SECONDS, AnswerCache

T = TypeVar("T")

PLAN_SECONDS = ANSWER_SECONDS
"""Planners publish and edit in the morning, so what they edit is asked for again after this time."""

_ATTEMPTS_SECONDS = 300.0

_log = structlog.get_logger(__name__)


class NotPlanned(Exception):
    """A part of the plan is not known, and asking again does not help now. ``cause`` is for operators, or ""."""

    def __init__(self, reason: NotKnown, cause: str = "") -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.cause = cause


class Calculating(NotYet):
    """The platform is still calculating. The same request may be sent again."""

    code = "calculating"


class SharedParts:
    """Asks for parts of plans once, and remembers refusals. ``scope`` is empty unless the run shares with no other."""

    def __init__(self, cache: AnswerCache, scope: tuple[str, ...] = ()) -> None:
        self.cache = cache
        self._scope = scope

    def part(
        self,
        ask: Callable[[], object],
        lifetime_seconds: float,
        *key: str,
        when_missing: NotKnown = NotKnown.UNREADABLE,
    ) -> object:
        """Return a part as a JSON value. ``when_missing`` is what a 404 means. Raises `NotPlanned` or `NotYet`."""
        return self.share(lambda: {"": ask()}, lifetime_seconds, "", *key, when_missing=when_missing)

    def share(
        self,
        ask: Callable[[], Mapping[str, object]],
        lifetime_seconds: float,
        sharer: str,
        *key: str,
        when_missing: NotKnown = NotKnown.UNREADABLE,
    ) -> object:
        """Return one sharer's share of a part, like `AnswerCache.share_or_ask`."""
        scoped_key = (*key, *self._scope) if lifetime_seconds <= PLAN_SECONDS else key
        self._refuse_again(key)
        return self.cache.share_or_ask(
            lambda: self._attempt(ask, key, when_missing), lifetime_seconds, sharer, *scoped_key
        )

    def is_first(self, *key: str) -> bool:
        """Return whether this is asked for the first time in a while, by any run of the morning."""
        if self.cache.get("once", *key, *self._scope):
            return False
        self.cache.put(True, _ATTEMPTS_SECONDS, "once", *key, *self._scope)
        return True

    def _refuse_again(self, key: tuple[str, ...]) -> None:
        reason = self.cache.get("not-planned", *key, *self._scope)
        if reason is not None:
            cause = self.cache.get("not-planned-cause", *key, *self._scope)
            raise NotPlanned(NotKnown(str(reason)), str(cause or ""))

    def _attempt(
        self, ask: Callable[[], Mapping[str, object]], key: tuple[str, ...], when_missing: NotKnown
    ) -> Mapping[str, object]:
        self._refuse_again(key)
        try:
            return ask()
        except NotPlanned as error:
            self._remember(error, key)
            raise
        except TransientError as error:
            raise self._not_yet(error, key) from None
        except StepTooLong:
            raise
        except PermanentError as error:
            _log.info("a part of today's plan is not known", part=key[0], because=error.code, error=str(error))
            reason = reason_of(error, when_missing)
            is_foreseen = reason is when_missing is not NotKnown.UNREADABLE
            refusal = NotPlanned(reason, "" if is_foreseen else cause_of(error))
            self._remember(refusal, key)
            raise refusal from None

    def _remember(self, refusal: NotPlanned, key: tuple[str, ...]) -> None:
        self.cache.put(refusal.cause, PLAN_SECONDS, "not-planned-cause", *key, *self._scope)
        self.cache.put(refusal.reason.value, PLAN_SECONDS, "not-planned", *key, *self._scope)

    def _not_yet(self, error: TransientError, key: tuple[str, ...]) -> NotYet:
        """Plan the next attempt as polls of an export job are planned. An error that states a time decides itself."""
        stored = self.cache.get("attempts", *key, *self._scope)
        attempts = stored if isinstance(stored, int) else 0
        self.cache.put(attempts + 1, _ATTEMPTS_SECONDS, "attempts", *key, *self._scope)
        wait = error.retry_after_seconds or poll_countdown_seconds(attempts, random.random())  # noqa: S311 - jitter
        return NotYet(str(error), retry_after_seconds=wait)


def reason_of(error: PermanentError, when_missing: NotKnown = NotKnown.UNREADABLE) -> NotKnown:
    """Return why a part is not known. A 403 that names no permission is taken for a missing licence."""
    if isinstance(error, PermissionMissing):
        return NotKnown.NO_PERMISSION if ":" in error.permission else NotKnown.NO_LICENCE
    is_missing = isinstance(error, RequestRefused) and error.status == 404
    return when_missing if is_missing else NotKnown.UNREADABLE


def cause_of(error: PermanentError) -> str:
    """Return what an operator needs to know of an error: the missing permission, or the error's code."""
    if not isinstance(error, PermissionMissing) or ":" not in error.permission:
        return error.code
    if ", " in error.permission:
        return f"permissions are missing, of which one may be enough: {error.permission}"
    return f"the permission {error.permission} is missing"


class PartCollector:
    """Collects the parts of one plan. A part that is not known becomes its reason, and ``pending`` are those to come.

    ``causes`` are for operators.

    All parts are begun, also behind one that is still being calculated, so that they are calculated at the same time.
    """

    def __init__(self) -> None:
        self.pending: list[TransientError] = []
        self.causes: list[str] = []

    def get(self, ask: Callable[[], T]) -> T | NotKnown:
        """Return what ``ask`` returns, or why it is not known."""
        try:
            return ask()
        except NotPlanned as error:
            self.causes.append(error.cause)
            return error.reason
        except TransientError as error:
            self.pending.append(error)
            self.causes.append(str(error))
            return NotKnown.NOT_IN_TIME
        except StepTooLong:
            raise
        except PermanentError as error:
            _log.info("a part of today's plan is not known", because=error.code, error=str(error))
            self.causes.append(cause_of(error))
            return reason_of(error)
