"""Export jobs of one organisation: started once, found again in the paged list, downloaded in two requests.

The API has no request for a single job. The list holds all of the caller's jobs, in an undocumented order, so it is
read until all jobs are found.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import datetime
from typing import IO

from worker.errors import MalformedAnswer
from worker.genesys.answer_cache import SHARED_SECONDS, AnswerCache
from worker.genesys.api.downloads import Downloads, LinkExpired, check_target
from worker.genesys.api.paging import MAX_PAGES, PAGE_SIZE, has_next
from worker.genesys.api.session import Session
from worker.genesys.api.shapes import Shape, read
from worker.genesys.exports.job_status import COMPLETED, ExportEntity
from worker.genesys.exports.plan import PlannedExport

ROUTE = "/api/v2/analytics/reporting/exports"
DOWNLOAD_ROUTE = "/api/v2/downloads/{downloadId}"

LIST_SECONDS = 4.0
"""How long looks share a page: less than the shortest wait between two looks of one run."""

_DOWNLOAD_PATH = re.compile(r"(?:/platform)?/api/v2/downloads/([A-Za-z0-9._~-]+)/?")


class SignedUrl(Shape):
    """The address of a download."""

    url: str


class _Page(Shape):
    """A page of the list, with the fields that are read."""

    entities: tuple[ExportEntity, ...]
    has_more: bool


class ExportJobs:
    """Starts, finds and downloads exports of one organisation."""

    def __init__(self, session: Session, cache: AnswerCache, downloads: Downloads) -> None:
        self._session = session
        self._cache = cache
        self._downloads = downloads

    def by_name(self, names: Collection[str]) -> dict[str, list[ExportEntity]]:
        """Return the listed jobs by their base name. A job that replaces another has a number after its name.

        The list is not cached here: a request whose answer was lost may have been accepted.
        """
        jobs: dict[str, list[ExportEntity]] = {}
        for entity in self._listing(fresh=True):
            name = base_name(entity)
            if name in names:
                jobs.setdefault(name, []).append(entity)
        return jobs

    def start(self, planned: PlannedExport, namesakes: Collection[ExportEntity]) -> str:
        """Return the id of the job: of a listed one with the same name and body, else of a new one."""
        for entity in namesakes:
            if entity.id and not entity.ended_badly and _is_same(entity, planned.body):
                return entity.id
        name = f"{planned.name}~{len(namesakes) + 1}" if namesakes else planned.name
        answer = self._session.post(ROUTE, {**planned.body, "name": name})
        entity = read(ExportEntity, answer.body, answer.label)
        if not entity.id:
            raise MalformedAnswer(f"{answer.label}: the export job has no id.")
        return entity.id

    def look(self, ids: Collection[str]) -> dict[str, ExportEntity]:
        """Return the listed jobs by id. Jobs that are known to be completed are not asked for again."""
        jobs = {export_id: entity for export_id in ids if (entity := self._finished_job(export_id))}
        missing_ids = {*ids} - jobs.keys()
        for entity in self._listing(fresh=False) if missing_ids else ():
            if entity.id in missing_ids:
                jobs[entity.id] = entity
                missing_ids.discard(entity.id)
                self._remember(entity)
            if not missing_ids:
                break
        return jobs

    @contextmanager
    def file(self, entity: ExportEntity) -> Iterator[IO[bytes]]:
        """Yield the job's file: the link has a download id, which gives a signed link, which gives the file."""
        download_id = self._download_id(entity)
        with ExitStack() as stack:
            try:
                file = stack.enter_context(self._downloads.file(self._signed(download_id)))
            except LinkExpired:
                file = stack.enter_context(self._downloads.file(self._signed(download_id)))
            yield file

    def _listing(self, *, fresh: bool) -> Iterator[ExportEntity]:
        for number in range(1, MAX_PAGES + 1):
            page = self._page(number, fresh=fresh)
            yield from page.entities
            if not page.has_more:
                return
        raise MalformedAnswer(f"GET {ROUTE}: the list does not end after {MAX_PAGES} pages.")

    def _page(self, number: int, *, fresh: bool) -> _Page:
        if fresh:
            return read(_Page, self._ask_page(number), f"GET {ROUTE}")
        page = self._cache.get_or_ask(lambda: self._ask_page(number), LIST_SECONDS, "exports-page", str(number))
        return read(_Page, page, f"GET {ROUTE}")

    def _ask_page(self, number: int) -> object:
        answer = self._session.get(ROUTE, {"pageSize": PAGE_SIZE, "pageNumber": number})
        page_entities = answer.body.get("entities")
        if not isinstance(page_entities, list):
            raise MalformedAnswer(f"{answer.label}: a page without entities.", way_out="Check the address of the API.")
        has_more = bool(page_entities) and has_next(answer.body, number, len(page_entities))
        page = read(_Page, {"entities": page_entities, "hasMore": has_more}, answer.label)
        return page.model_dump(mode="json", by_alias=True)

    def _finished_job(self, export_id: str) -> ExportEntity | None:
        stored = self._cache.get("export", export_id)
        return read(ExportEntity, stored, "A kept export") if stored is not None else None

    def _remember(self, entity: ExportEntity) -> None:
        if entity.status in COMPLETED and entity.id:
            self._cache.put(entity.model_dump(mode="json", by_alias=True), SHARED_SECONDS, "export", entity.id)

    def _download_id(self, entity: ExportEntity) -> str:
        label = f"The export {entity.name or entity.id}"
        if not entity.download_url:
            raise MalformedAnswer(f"{label} is completed without a download link.")
        # the link itself is not followed, so the address of its host does not matter
        target = check_target(entity.download_url, self._session.organisation)
        path_match = _DOWNLOAD_PATH.fullmatch(target.path)
        if not path_match:
            raise MalformedAnswer(f"{label} has a download link without a download's id: {target.path[:120]!r}.")
        return path_match[1]

    def _signed(self, download_id: str) -> str:
        params = {"issueRedirect": "false", "redirectToAuth": "false"}
        answer = self._session.get(DOWNLOAD_ROUTE, params, ids={"downloadId": download_id})
        return read(SignedUrl, answer.body, answer.label).url


def base_name(entity: ExportEntity) -> str:
    """Return the name that was asked for, without the number of a replacement."""
    return (entity.name or "").partition("~")[0]


def _is_same(entity: ExportEntity, body: Mapping[str, object]) -> bool:
    """Return whether a job with our name has our day, view and queues. The group may have changed meanwhile."""
    same_view = entity.view_type in (None, body["viewType"]) and entity.export_format in (None, body["exportFormat"])
    return same_view and _instants(entity.interval) in ((), _instants(str(body["interval"]))) and _wants(entity, body)


def _wants(entity: ExportEntity, body: Mapping[str, object]) -> bool:
    filters, body_filters = entity.filter or {}, body["filter"]
    assert isinstance(body_filters, Mapping)  # noqa: S101 - our own body
    return all(_texts(filters.get(key, values)) == _texts(values) for key, values in body_filters.items())


def _texts(values: object) -> set[str]:
    return set(map(str, values)) if isinstance(values, Iterable) else set()


def _instants(interval: str | None) -> tuple[datetime, ...]:
    """Return both ends, or none if the interval is not written as instants with an offset."""
    try:
        ends = tuple(datetime.fromisoformat(end) for end in (interval or "").split("/"))
    except ValueError:
        return ()
    return ends if len(ends) == 2 and all(end.tzinfo for end in ends) else ()
