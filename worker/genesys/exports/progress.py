"""What an order's exports have come to, as it is kept with the run between steps. Pure.

``ids`` hold the ids of the jobs: ``queues`` and ``agents`` (``queues-2`` … where one export cannot hold all) and
``pdf``. ``memory`` holds what is to be started anew, how often that was done, and how the adherence job stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from worker.genesys.source import ExportJob

SOURCE = "exports"
QUEUES, AGENTS, PDF = "queues", "agents", "pdf"
ADHERENCE = "adherence"

PDF_LOOKS = 2
"""So many looks more are given to the source's own PDF when the figures are there: they do not wait for it."""

_UNSTARTED, _LOOKS = "unstarted", "looks for pdf"


class Progress:
    """The ids and the memory of a job, to be read and changed."""

    def __init__(self, ids: Mapping[str, str], memory: Mapping[str, str] | None = None) -> None:
        self.ids = dict(ids)
        self.memory = dict(memory or {})

    def exports(self, kind: str = "") -> Iterator[str]:
        """The keys of the exports that are started, of one kind or of all."""
        return (key for key in self.ids if key.partition("-")[0] in ((kind,) if kind else (QUEUES, AGENTS, PDF)))

    def unstarted(self) -> list[str]:
        """The keys of exports that are to be started anew."""
        return self.memory.get(_UNSTARTED, "").split()

    def restarts(self, key: str) -> int:
        """How often an export was started anew."""
        return int(self.memory.get(f"restarts of {key}", "0"))

    def start_anew(self, key: str) -> None:
        """The next look is to start it."""
        del self.ids[key]
        self.memory[_UNSTARTED] = " ".join((*self.unstarted(), key))
        self.memory[f"restarts of {key}"] = str(self.restarts(key) + 1)

    def started(self, ids: Mapping[str, str]) -> None:
        """What was to be started anew is under way."""
        self.ids |= ids
        self.memory.pop(_UNSTARTED, None)

    def replace_exports(self, ids: Mapping[str, str]) -> None:
        """Other exports take the place of all there were."""
        for key in list(self.exports()):
            del self.ids[key]
        self.started(ids)

    def wait_for_pdf(self) -> bool:
        """Whether to look once more for the PDF alone; counts that look."""
        looks = int(self.memory.get(_LOOKS, "0"))
        self.memory[_LOOKS] = str(looks + 1)
        return looks < PDF_LOOKS

    @property
    def adherence(self) -> ExportJob:
        """The adherence job."""
        ids = {key: value for key, value in self.ids.items() if key.startswith(f"{ADHERENCE}_")}
        return ExportJob(SOURCE, "running" if self.memory.get(ADHERENCE) == "running" else "done", ids)

    def keep_adherence(self, job: ExportJob) -> None:
        """Take over how the adherence job stands."""
        for key in self.adherence.ids:
            del self.ids[key]
        self.ids |= job.ids
        self.memory[ADHERENCE] = job.state
