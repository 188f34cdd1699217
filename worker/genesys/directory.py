"""All queues of an organisation in one list, a hundred a page: fewer requests than asking for each name."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from worker.genesys.kept import LOOKUP_SECONDS, Kept
from worker.genesys.paging import PAGE_SIZE, found_in
from worker.genesys.session import Session
from worker.genesys.shapes import QueueEntity, Shape, read

ROUTE = "/api/v2/routing/queues"


class _Page(Shape):
    """A page, with how many there are."""

    pages: int
    queues: tuple[QueueEntity, ...]


class Directory:
    """The list of queues, each page of it kept as long as other look-ups."""

    def __init__(self, session: Session, kept: Kept) -> None:
        self._session = session
        self._kept = kept

    def named(self, names: Collection[str]) -> Mapping[str, object]:
        """Queues by name, as far as one queue alone has it; none where asking name by name takes fewer requests."""
        if not names or self._page(1).pages > len(names):
            return {}
        found: dict[str, list[QueueEntity]] = {}
        for queue in self._all():
            found.setdefault(queue.name, []).append(queue)
        return {name: found[name][0].model_dump(by_alias=True) for name in names if len(found.get(name, ())) == 1}

    def refresh(self) -> bool:
        """Ask anew for the pages that are old; whether there were any."""
        asked = self._refresh(1)
        for number in range(2, self._page(1).pages + 1):
            asked |= self._refresh(number)
        return asked

    def _all(self) -> Iterator[QueueEntity]:
        for number in range(1, self._page(1).pages + 1):
            yield from self._page(number).queues

    def _page(self, number: int) -> _Page:
        kept = self._kept.once(lambda: self._ask(number), LOOKUP_SECONDS, "queue-page", str(number))
        return read(_Page, kept, "A kept page of queues")

    def _refresh(self, number: int) -> bool:
        return self._kept.refresh(lambda: self._ask(number), LOOKUP_SECONDS, "queue-page", str(number))

    def _ask(self, number: int) -> object:
        answer = self._session.get(ROUTE, {"pageSize": PAGE_SIZE, "pageNumber": number})
        queues = tuple(read(QueueEntity, one, answer.where) for one in found_in(answer))
        pages = answer.body.get("pageCount")
        return _Page(pages=pages if isinstance(pages, int) else 1, queues=queues).model_dump(by_alias=True)
