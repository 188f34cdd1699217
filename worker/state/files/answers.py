"""Recent answers of the API, stored beside the artifacts, so that a repeated step does not ask again.

They are files, because answers name people.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from worker.domain.clock import Clock
from worker.state.files.artifacts import ArtifactMissing, Artifacts
from worker.state.files.decoded_answers import DecodedAnswer, DecodedAnswers


class StoredAnswers:
    """Implements `worker.genesys.answer_cache.Answers` for one organisation or run (``scope``).

    ``decoded`` has the answers that this process has read. Callers must not change one.
    """

    def __init__(self, artifacts: Artifacts, scope: str, clock: Clock, decoded: DecodedAnswers) -> None:
        self._artifacts = artifacts
        self._scope = scope
        self._clock = clock
        self._decoded = decoded

    def get(self, key: str) -> object | None:
        """Return the stored value, or None if there is none or it has expired."""
        try:
            stored = self._stored(self._name(key))
        except (ArtifactMissing, ValueError):
            return None
        value: object = stored["value"]
        return value if stored["until"] > self._clock().timestamp() else None

    def put(self, key: str, value: object, lifetime_seconds: float) -> None:
        """Store a JSON value for a time. One that a loss of power damages counts as missing, and is asked for again."""
        stored = {"until": self._clock().timestamp() + lifetime_seconds, "value": value}
        self._artifacts.put(self._name(key), json.dumps(stored).encode(), is_synced=False)

    def _stored(self, name: str) -> Any:
        version = self._artifacts.version(name)  # before the content: a newer content is then read again, not missed
        if version is not None and (decoded := self._decoded.get(name, version)) is not None:
            return decoded
        content = self._artifacts.get(name)
        value = json.loads(content)
        if version is not None:
            self._decoded.put(name, DecodedAnswer(version, value, len(content)))
        return value

    def _name(self, key: str) -> str:
        return f"answers/{self._scope}/{hashlib.sha256(key.encode()).hexdigest()[:32]}.json"
