"""Lists that come in pages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from worker.errors import MalformedAnswer
from worker.genesys.api.session import Answer, Session
from worker.genesys.api.wire import Params

MAX_PAGES = 200
PAGE_SIZE = 100


def entities(
    session: Session, route: str, params: Params | None = None, *, ids: Mapping[str, str] | None = None
) -> Iterator[object]:
    """Yield all entities of a list, 100 a page. `MalformedAnswer` for a list without entities or without an end."""
    previous_page: list[object] = []
    for number in range(1, MAX_PAGES + 1):
        answer = session.get(route, {**(params or {}), "pageSize": PAGE_SIZE, "pageNumber": number}, ids=ids)
        page = entities_of_page(answer)
        if page and page == previous_page:
            raise MalformedAnswer(f"{answer.label}: page {number} is the same as the one before.")
        yield from page
        if not page or not has_next(answer.body, number, len(page)):
            return
        previous_page = page
    raise MalformedAnswer(f"{answer.label}: the list does not end after {MAX_PAGES} pages.")


def entities_of_page(answer: Answer) -> list[object]:
    """Return the entities of one page. `MalformedAnswer` if there is no list of them."""
    page = answer.body.get("entities")
    if not isinstance(page, list):
        raise MalformedAnswer(f"{answer.label}: a page without entities.", way_out="Check the address of the API.")
    return page


def has_next(body: Mapping[str, object], number: int, page_size: int) -> bool:
    """Return whether another page follows.

    Some lists state their page count. The others (queue members) end with a page that is not full.
    """
    count = body.get("pageCount")
    if isinstance(count, int):
        return number < count
    return bool(body.get("nextUri")) or page_size >= PAGE_SIZE
