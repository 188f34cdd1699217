"""The version of what is stored in Redis, in the key `standup:state-version`.

Most releases store the same, or add fields that older programs ignore: then the number stays. It is raised when a
program of the version before would misread or damage what the new one stores. A program reads all versions up to its
own, and leaves the runs of a newer one alone. docs/upgrading.md tells operators what follows.
"""

from __future__ import annotations

from redis import Redis

from worker.errors import SettingsError
from worker.state import scripts

STATE_VERSION = 2
"""The newest version that this program can read, and the one that it writes."""

KEY = "standup:state-version"
WAY_OUT = "Update the program on this machine: docs/upgrading.md."


class StateVersion:
    """The version of one Redis database. ``redis`` decodes responses, ``readable`` is this program's version."""

    def __init__(self, redis: Redis, readable: int = STATE_VERSION) -> None:
        self._redis = redis
        self.readable = readable

    def stored(self) -> int:
        """Return the stored version, 0 for a database without one: an empty one, or one of the first releases."""
        return int(self._redis.get(KEY) or 0)

    def raise_to_known(self) -> int:
        """Store this program's version in place of a lower one, and return what is stored then."""
        return int(scripts.call(self._redis, "state_version", [KEY], [self.readable]))

    def is_newer(self) -> bool:
        """Tell whether a newer program than this one writes the database."""
        return self.stored() > self.readable

    def refuse_newer(self) -> None:
        """Raise SettingsError if a newer program than this one writes the database."""
        if (stored := self.stored()) > self.readable:
            raise SettingsError(newer_sentence(stored, self.readable), way_out=WAY_OUT)


def newer_sentence(stored: int, readable: int) -> str:
    """Return the sentence for an operator about a database that is too new for this program."""
    return f"What Redis stores has version {stored}, and this program knows versions up to {readable}."
