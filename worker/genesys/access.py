"""Access to the organisations' APIs on behalf of a run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from worker.domain.runs import RunId
from worker.genesys.answer_cache import Answers, Flights
from worker.genesys.api.session import Session


class OpenSession(Protocol):
    """Opens a session with an organisation's API."""

    def __call__(self, organisation: str, run_id: RunId | None = None, rank: int | None = None) -> Session:
        """Return a session whose requests count for ``run_id``. Permits are given by ``rank``, smallest first."""


@dataclass(frozen=True, slots=True)
class OrganisationAccess:
    """Sessions, stored answers by organisation, and the flights of a run."""

    open_session: OpenSession
    answers_of: Callable[[str], Answers]
    flights_of: Callable[[RunId], Flights]
