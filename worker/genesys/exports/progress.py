"""What an order's exports have come to, as it is kept with the run between steps: one text by key. Pure.

``queues`` and ``agents`` (``queues-2`` … where one export cannot hold all) and ``pdf`` hold the ids of their jobs, or
nothing where a job is to be started anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from worker.genesys.source import ExportJob

SOURCE = "exports"
QUEUES, AGENTS, PDF = "queues", "agents", "pdf"
ADHERENCE = "adherence"

PDF_LOOKS = 2
"""So many looks more are given to the source's own PDF when the figures are there: they do not wait for it."""


class Progress:
    """The ids of a job, to be read and changed."""

    def __init__(self, ids: Mapping[str, str]) -> None:
        self.ids = dict(ids)

    def exports(self, kind: str = "") -> Iterator[str]:
        """The keys of the exports, of one kind or of all."""
        return (key for key in self.ids if key.partition("-")[0] in ((kind,) if kind else (QUEUES, AGENTS, PDF)))

    def unstarted(self) -> list[str]:
        """The keys of exports that are to be started anew."""
        return [key for key in self.exports() if not self.ids[key]]

    def restarts(self, key: str) -> int:
        """How often an export was started anew."""
        return int(self.ids.get(f"restarts of {key}", "0"))

    def start_anew(self, key: str) -> None:
        """The next look is to start it."""
        self.ids |= {key: "", f"restarts of {key}": str(self.restarts(key) + 1)}

    def replace_exports(self, ids: Mapping[str, str]) -> None:
        """Other exports take the place of all there were."""
        for key in list(self.exports()):
            del self.ids[key]
        self.ids |= ids

    def wait_for_pdf(self) -> bool:
        """Whether to look once more for the PDF alone; counts that look."""
        looks = int(self.ids.get("looks for pdf", "0"))
        self.ids["looks for pdf"] = str(looks + 1)
        return looks < PDF_LOOKS

    @property
    def adherence(self) -> ExportJob:
        """The adherence job."""
        ids = {key: value for key, value in self.ids.items() if key.startswith(f"{ADHERENCE}_")}
        return ExportJob(SOURCE, "running" if self.ids.get(ADHERENCE) == "running" else "done", ids)

    def keep_adherence(self, job: ExportJob) -> None:
        """Take over how the adherence job stands."""
        for key in self.adherence.ids:
            del self.ids[key]
        self.ids |= {**job.ids, ADHERENCE: job.state}
