"""What the API said a moment ago, kept beside the artifacts, so that a repeated step asks nothing twice.

Kept as files because answers name people; an expired answer is as good as none.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import datetime

from worker.state.artifacts import ArtifactMissing, Artifacts


class StoredAnswers:
    """Implements `worker.genesys.source.Answers` for one organisation or run (``scope``); ``clock`` gives aware now."""

    def __init__(self, artifacts: Artifacts, scope: str, clock: Callable[[], datetime]) -> None:
        self._artifacts = artifacts
        self._scope = scope
        self._clock = clock

    def get(self, key: str) -> object | None:
        """The kept value, or None when there is none or its lifetime is over."""
        try:
            kept = json.loads(self._artifacts.get(self._name(key)))
        except (ArtifactMissing, ValueError):
            return None
        value: object = kept["value"]
        return value if kept["until"] > self._clock().timestamp() else None

    def put(self, key: str, value: object, lifetime_seconds: float) -> None:
        """Keep a JSON value for a while."""
        kept = {"until": self._clock().timestamp() + lifetime_seconds, "value": value}
        self._artifacts.put(self._name(key), json.dumps(kept).encode())

    def _name(self, key: str) -> str:
        return f"answers/{self._scope}/{hashlib.sha256(key.encode()).hexdigest()[:32]}.json"
