"""The files of an adherence job: where they are, fetched once for all orders that share the job, and split by order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from worker.genesys.api.downloads import Downloads, LinkExpired
from worker.genesys.api.session import Answer, Session
from worker.genesys.api.shapes import AdherenceFile, BulkAdherence, Shape, read
from worker.genesys.lookups.cache import SHARED_SECONDS, Kept
from worker.genesys.sharing.plan import Batch

ROUTE = "/api/v2/workforcemanagement/adherence/historical/bulk"
JOB_ROUTE = f"{ROUTE}/jobs/{{jobId}}"


class Share(Shape):
    """An order's part of a job's files."""

    asked_by: str
    files: tuple[AdherenceFile, ...]


class AdherenceFiles:
    """Keeps the addresses of a job's files and fetches them; asks the job again where an address has expired."""

    def __init__(self, session: Session, kept: Kept, downloads: Downloads) -> None:
        self._session = session
        self._kept = kept
        self._downloads = downloads

    def keep(self, job_id: str, bulk: BulkAdherence) -> None:
        """Remember where the files of a finished job are."""
        self._kept.put(list(bulk.download_urls or ()), SHARED_SECONDS, "adherence-files", job_id)

    def known(self, job_id: str) -> bool:
        """Whether the job has been seen to be done."""
        return self._kept.get("adherence-files", job_id) is not None

    def share(self, batch: Batch, name: str, job_id: str) -> Share:
        """The order's part; whoever comes first fetches for all orders of the batch."""
        lifetime = batch.plan.lifetime_seconds
        kept = self._kept.each_once(lambda: self._split(batch, name, job_id), lifetime, name, "adherence-part", job_id)
        return read(Share, kept, "The adherence file")

    def _split(self, batch: Batch, name: str, job_id: str) -> Mapping[str, object]:
        files = self._files(job_id)

        def share(units: frozenset[str]) -> object:
            own = [file for file in files if file.get("managementUnitId") in (None, *units)]
            return {"askedBy": name, "files": own}

        return {order: share(units) for order, units in batch.shares()}

    def _files(self, job_id: str) -> list[Mapping[str, object]]:
        try:
            return [self._downloads.json(url) for url in self._urls(job_id)]
        except LinkExpired:
            return [self._downloads.json(url) for url in self._asked_again(job_id)]

    def _urls(self, job_id: str) -> Iterable[str]:
        kept = self._kept.get("adherence-files", job_id)
        return map(str, kept) if isinstance(kept, list) else self._asked_again(job_id)

    def _asked_again(self, job_id: str) -> Iterable[str]:
        bulk = bulk_of(self._session.get(JOB_ROUTE, ids={"jobId": job_id}))
        self.keep(job_id, bulk)
        return bulk.download_urls or ()


def bulk_of(answer: Answer) -> BulkAdherence:
    """An answer of the job's routes."""
    return read(BulkAdherence, answer.body, answer.where)
