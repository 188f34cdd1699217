"""Recent answers of the API, stored beside the artifacts, so that a repeated step does not ask again.

They are files, because answers name people.
"""

from __future__ import annotations

import hashlib
import json

from worker.domain.clock import Clock
from worker.state.files.artifacts import ArtifactMissing, Artifacts


class StoredAnswers:
    """Implements `worker.genesys.answer_cache.Answers` for one organisation or run (``scope``)."""

    def __init__(self, artifacts: Artifacts, scope: str, clock: Clock) -> None:
        self._artifacts = artifacts
        self._scope = scope
        self._clock = clock

    def get(self, key: str) -> object | None:
        """Return the stored value, or None if there is none or it has expired."""
        try:
            stored = json.loads(self._artifacts.get(self._name(key)))
        except (ArtifactMissing, ValueError):
            return None
        value: object = stored["value"]
        return value if stored["until"] > self._clock().timestamp() else None

    def put(self, key: str, value: object, lifetime_seconds: float) -> None:
        """Store a JSON value for a time."""
        stored = {"until": self._clock().timestamp() + lifetime_seconds, "value": value}
        self._artifacts.put(self._name(key), json.dumps(stored).encode())

    def _name(self, key: str) -> str:
        return f"answers/{self._scope}/{hashlib.sha256(key.encode()).hexdigest()[:32]}.json"
