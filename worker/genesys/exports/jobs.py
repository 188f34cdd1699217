"""Export jobs of one organisation: started once, found again in the paged list, downloaded in two hops.

There is no asking for one job. The list holds all of the caller's jobs in an order and in pages that nobody promises,
so it is read until all that is looked for is found.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import datetime
from typing import IO

from worker.errors import MalformedAnswer
from worker.genesys.api.downloads import Downloads, LinkExpired, check_target
from worker.genesys.api.paging import MAX_PAGES, PAGE_SIZE, goes_on
from worker.genesys.api.session import Session
from worker.genesys.api.shapes import Shape, read
from worker.genesys.exports.plan import Part
from worker.genesys.exports.standing import COMPLETED, Entity
from worker.genesys.lookups.cache import SHARED_SECONDS, Kept

ROUTE = "/api/v2/analytics/reporting/exports"
DOWNLOAD_ROUTE = "/api/v2/downloads/{downloadId}"

LIST_SECONDS = 4.0
"""Chains that look at the same moment share a page; less than the shortest wait between two looks of one chain."""

_DOWNLOAD_PATH = re.compile(r"(?:/platform)?/api/v2/downloads/([A-Za-z0-9._~-]+)/?")


class SignedUrl(Shape):
    """Where a download really is."""

    url: str


class _Page(Shape):
    """A page of the list, as much of it as we read."""

    entities: tuple[Entity, ...]
    more: bool


class ExportJobs:
    """Asks one organisation for exports."""

    def __init__(self, session: Session, kept: Kept, downloads: Downloads) -> None:
        self._session = session
        self._kept = kept
        self._downloads = downloads

    def named(self, names: Collection[str]) -> dict[str, list[Entity]]:
        """The listed jobs by the name that was asked for; one that replaces another has a number behind its name.

        A request whose answer never came may have been accepted, so a step that is tried again looks with fresh eyes.
        """
        found: dict[str, list[Entity]] = {}
        for entity in self._listed(fresh=True):
            name = base_name(entity)
            if name in names:
                found.setdefault(name, []).append(entity)
        return found

    def start(self, part: Part, namesakes: Collection[Entity]) -> str:
        """The id of the part's job: of the one that the list has under its name, else of a new one."""
        for entity in namesakes:
            if entity.id and not entity.ended_badly and _is_same(entity, part.body):
                return entity.id
        name = f"{part.name}~{len(namesakes) + 1}" if namesakes else part.name
        answer = self._session.post(ROUTE, {**part.body, "name": name})
        entity = read(Entity, answer.body, answer.where)
        if not entity.id:
            raise MalformedAnswer(f"{answer.where}: the export job has no id.")
        return entity.id

    def look(self, ids: Collection[str]) -> dict[str, Entity]:
        """The jobs by id, as far as they are listed; what is known to be completed is not asked again."""
        known = {each: entity for each in ids if (entity := self._known(each))}
        missing = {*ids} - known.keys()
        for entity in self._listed(fresh=False) if missing else ():
            if entity.id in missing:
                known[entity.id] = entity
                missing.discard(entity.id)
                self._remember(entity)
            if not missing:
                break
        return known

    @contextmanager
    def file(self, entity: Entity) -> Iterator[IO[bytes]]:
        """The job's file: the link gives a download id, that a signed link, and that the file without a token."""
        download_id = self._download_id(entity)
        with ExitStack() as stack:
            try:
                file = stack.enter_context(self._downloads.file(self._signed(download_id)))
            except LinkExpired:
                file = stack.enter_context(self._downloads.file(self._signed(download_id)))
            yield file

    def _listed(self, *, fresh: bool) -> Iterator[Entity]:
        for number in range(1, MAX_PAGES + 1):
            page = self._page(number, fresh=fresh)
            yield from page.entities
            if not page.more:
                return
        raise MalformedAnswer(f"GET {ROUTE}: the list does not end after {MAX_PAGES} pages.")

    def _page(self, number: int, *, fresh: bool) -> _Page:
        if fresh:
            return read(_Page, self._ask_page(number), f"GET {ROUTE}")
        kept = self._kept.once(lambda: self._ask_page(number), LIST_SECONDS, "exports-page", str(number))
        return read(_Page, kept, f"GET {ROUTE}")

    def _ask_page(self, number: int) -> object:
        answer = self._session.get(ROUTE, {"pageSize": PAGE_SIZE, "pageNumber": number})
        found = answer.body.get("entities")
        if not isinstance(found, list):
            raise MalformedAnswer(f"{answer.where}: a page without entities.", way_out="Check the address of the API.")
        more = bool(found) and goes_on(answer.body, number, len(found))
        page = read(_Page, {"entities": found, "more": more}, answer.where)
        return page.model_dump(mode="json", by_alias=True)

    def _known(self, export_id: str) -> Entity | None:
        kept = self._kept.get("export", export_id)
        return read(Entity, kept, "A kept export") if kept is not None else None

    def _remember(self, entity: Entity) -> None:
        if entity.status in COMPLETED and entity.id:
            self._kept.put(entity.model_dump(mode="json", by_alias=True), SHARED_SECONDS, "export", entity.id)

    def _download_id(self, entity: Entity) -> str:
        where = f"The export {entity.name or entity.id}"
        if not entity.download_url:
            raise MalformedAnswer(f"{where} is completed without a download link.")
        # the link itself is not followed, so where its host's name leads plays no part
        target = check_target(entity.download_url, self._session.organisation, lambda _: ())
        found = _DOWNLOAD_PATH.fullmatch(target.path)
        if not found:
            raise MalformedAnswer(f"{where} has a download link without a download's id: {target.path[:120]!r}.")
        return found[1]

    def _signed(self, download_id: str) -> str:
        asked = {"issueRedirect": "false", "redirectToAuth": "false"}
        answer = self._session.get(DOWNLOAD_ROUTE, asked, ids={"downloadId": download_id})
        return read(SignedUrl, answer.body, answer.where).url


def base_name(entity: Entity) -> str:
    """The name that was asked for, without the number of one that replaces another."""
    return (entity.name or "").partition("~")[0]


def _is_same(entity: Entity, body: Mapping[str, object]) -> bool:
    """Whether a job of our name is of our day, view and queues; a group may have changed since it was started."""
    same = entity.view_type in (None, body["viewType"]) and entity.export_format in (None, body["exportFormat"])
    return same and _instants(entity.interval) in ((), _instants(str(body["interval"]))) and _wants(entity, body)


def _wants(entity: Entity, body: Mapping[str, object]) -> bool:
    asked, wanted = entity.filter or {}, body["filter"]
    assert isinstance(wanted, Mapping)  # noqa: S101 - our own body
    return all(_texts(asked.get(key, values)) == _texts(values) for key, values in wanted.items())


def _texts(values: object) -> set[str]:
    return set(map(str, values)) if isinstance(values, Iterable) else set()


def _instants(interval: str | None) -> tuple[datetime, ...]:
    """Both ends; none where the interval is not written as instants with an offset."""
    try:
        ends = tuple(datetime.fromisoformat(end) for end in (interval or "").split("/"))
    except ValueError:
        return ()
    return ends if len(ends) == 2 and all(end.tzinfo for end in ends) else ()
