"""The files of an adherence job: downloaded once for all orders that share the job, and split by order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from worker.genesys.answer_cache import SHARED_SECONDS, AnswerCache
from worker.genesys.api.downloads import Downloads, LinkExpired
from worker.genesys.api.session import Answer, Session
from worker.genesys.api.shapes import AdherenceFile, BulkAdherence, Shape, read
from worker.genesys.sharing.plan import Batch

ROUTE = "/api/v2/workforcemanagement/adherence/historical/bulk"
JOB_ROUTE = f"{ROUTE}/jobs/{{jobId}}"


class AdherenceShare(Shape):
    """An order's part of a job's files."""

    asked_by: str
    files: tuple[AdherenceFile, ...]


class AdherenceFiles:
    """Remembers the addresses of a job's files and downloads them. If an address has expired, it asks the job again."""

    def __init__(self, session: Session, cache: AnswerCache, downloads: Downloads) -> None:
        self._session = session
        self._cache = cache
        self._downloads = downloads

    def remember(self, job_id: str, bulk: BulkAdherence) -> None:
        """Remember where the files of a finished job are."""
        self._cache.put(list(bulk.download_urls or ()), SHARED_SECONDS, "adherence-files", job_id)

    def is_finished(self, job_id: str) -> bool:
        """Return whether the job is known to be finished."""
        return self._cache.get("adherence-files", job_id) is not None

    def share(self, batch: Batch, name: str, job_id: str) -> AdherenceShare:
        """Return the order's share. The first run downloads the files for all orders of the batch."""
        lifetime = batch.plan.lifetime_seconds
        share = self._cache.share_or_ask(
            lambda: self._split(batch, name, job_id), lifetime, name, "adherence-part", job_id
        )
        return read(AdherenceShare, share, "The adherence file")

    def _split(self, batch: Batch, name: str, job_id: str) -> Mapping[str, object]:
        files = self._files(job_id)

        def share(units: frozenset[str]) -> object:
            own_files = [file for file in files if file.get("managementUnitId") in (None, *units)]
            return {"askedBy": name, "files": own_files}

        return {order: share(units) for order, units in batch.shares()}

    def _files(self, job_id: str) -> list[Mapping[str, object]]:
        try:
            return [self._downloads.json(url) for url in self._urls(job_id)]
        except LinkExpired:
            return [self._downloads.json(url) for url in self._fresh_urls(job_id)]

    def _urls(self, job_id: str) -> Iterable[str]:
        urls = self._cache.get("adherence-files", job_id)
        return map(str, urls) if isinstance(urls, list) else self._fresh_urls(job_id)

    def _fresh_urls(self, job_id: str) -> Iterable[str]:
        bulk = bulk_of(self._session.get(JOB_ROUTE, ids={"jobId": job_id}))
        self.remember(job_id, bulk)
        return bulk.download_urls or ()


def bulk_of(answer: Answer) -> BulkAdherence:
    """Read an answer of the job's routes."""
    return read(BulkAdherence, answer.body, answer.label)
