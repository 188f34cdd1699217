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
    """All entities of a list, 100 a page; `MalformedAnswer` for a list without entities or without an end."""
    before: list[object] = []
    for number in range(1, MAX_PAGES + 1):
        answer = session.get(route, {**(params or {}), "pageSize": PAGE_SIZE, "pageNumber": number}, ids=ids)
        found = found_in(answer)
        if found and found == before:
            raise MalformedAnswer(f"{answer.where}: page {number} is the same as the one before.")
        yield from found
        if not found or not goes_on(answer.body, number, len(found)):
            return
        before = found
    raise MalformedAnswer(f"{answer.where}: the list does not end after {MAX_PAGES} pages.")


def found_in(answer: Answer) -> list[object]:
    """The entities of one page; `MalformedAnswer` where there is no list of them."""
    found = answer.body.get("entities")
    if not isinstance(found, list):
        raise MalformedAnswer(f"{answer.where}: a page without entities.", way_out="Check the address of the API.")
    return found


def goes_on(body: Mapping[str, object], number: int, found: int) -> bool:
    """Whether another page follows.

    Some lists tell their page count; those that do not (queue members) end with a page that is not full.
    """
    count = body.get("pageCount")
    if isinstance(count, int):
        return number < count
    return bool(body.get("nextUri")) or found >= PAGE_SIZE
