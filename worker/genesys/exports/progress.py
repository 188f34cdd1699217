"""The progress of an order's exports, as it is stored with the run between steps. Pure.

``ids`` hold the ids of the jobs: ``queues`` and ``agents`` (``queues-2`` … if one export cannot hold all) and
``pdf``. ``memory`` holds what must be restarted, how often that was done, and the state of the adherence job.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from worker.genesys.source import ExportJob

SOURCE = "exports"
QUEUES, AGENTS, PDF = "queues", "agents", "pdf"
ADHERENCE = "adherence"

PDF_LOOKS = 2
"""How many more looks the source's own PDF gets when the figures are complete."""

_TO_RESTART, _LOOKS = "unstarted", "looks for pdf"


class Progress:
    """The ids and the memory of a job, which can be changed."""

    def __init__(self, ids: Mapping[str, str], memory: Mapping[str, str] | None = None) -> None:
        self.ids = dict(ids)
        self.memory = dict(memory or {})

    def exports(self, kind: str = "") -> Iterator[str]:
        """Return the keys of the exports that are started, of one kind or of all."""
        return (key for key in self.ids if key.partition("-")[0] in ((kind,) if kind else (QUEUES, AGENTS, PDF)))

    def to_restart(self) -> list[str]:
        """Return the keys of exports that must be restarted."""
        return self.memory.get(_TO_RESTART, "").split()

    def restarts(self, key: str) -> int:
        """Return how often an export was restarted."""
        return int(self.memory.get(f"restarts of {key}", "0"))

    def schedule_restart(self, key: str) -> None:
        """Let the next look restart an export."""
        del self.ids[key]
        self.memory[_TO_RESTART] = " ".join((*self.to_restart(), key))
        self.memory[f"restarts of {key}"] = str(self.restarts(key) + 1)

    def started(self, ids: Mapping[str, str]) -> None:
        """Record the ids of restarted exports."""
        self.ids |= ids
        self.memory.pop(_TO_RESTART, None)

    def replace_exports(self, ids: Mapping[str, str]) -> None:
        """Replace all exports by others."""
        for key in list(self.exports()):
            del self.ids[key]
        self.started(ids)

    def may_wait_for_pdf(self) -> bool:
        """Return whether to look once more for the PDF alone, and count that look."""
        looks = int(self.memory.get(_LOOKS, "0"))
        self.memory[_LOOKS] = str(looks + 1)
        return looks < PDF_LOOKS

    @property
    def adherence(self) -> ExportJob:
        """The adherence job."""
        ids = {key: value for key, value in self.ids.items() if key.startswith(f"{ADHERENCE}_")}
        return ExportJob(SOURCE, "running" if self.memory.get(ADHERENCE) == "running" else "done", ids)

    def update_adherence(self, job: ExportJob) -> None:
        """Store the state of the adherence job."""
        for key in self.adherence.ids:
            del self.ids[key]
        self.ids |= job.ids
        self.memory[ADHERENCE] = job.state
