"""Queues, their members and users, by name or id; kept for long, for names and members change rarely."""

from __future__ import annotations

import contextlib
import difflib
import itertools
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from worker.domain.rows import Queue
from worker.errors import LookupFailed
from worker.genesys.api.paging import PAGE_SIZE, entities, found_in
from worker.genesys.api.session import Session
from worker.genesys.api.shapes import NamedEntity, QueueEntity, Shape, read
from worker.genesys.lookups.cache import LOOKUP_SECONDS, Kept

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


ID_PREFIX = "id:"
_SETTINGS_NAME = {"voice": "call"}
_LISTED = 8


@dataclass(frozen=True, slots=True)
class FoundQueue:
    """A queue with its service level's threshold in milliseconds by media type, as far as they are told."""

    queue: Queue
    threshold_ms: Mapping[str, float]


class Lookups:
    """Looks things up in one organisation."""

    def __init__(self, session: Session, kept: Kept) -> None:
        self._session = session
        self._kept = kept
        self._directory = Directory(session, kept)

    def queues(self, wanted: Iterable[str]) -> tuple[FoundQueue, ...]:
        """The queues of these exact names or ``id:…``, in the same order, each once.

        `LookupFailed` where one matches nothing or several; it lists what is near.
        """
        found = {one.queue.id: one for one in (self._queue(text) for text in wanted)}
        return tuple(found.values())

    def learn(self, wanted: Iterable[str]) -> None:
        """Know many queues by name in fewer requests than one by one: from the list of all, where that is shorter."""
        unknown = {text for text in wanted if not text.startswith(ID_PREFIX) and not self._kept.get("queue", text)}
        for name, entity in self._directory.named(unknown).items():
            self._kept.put(entity, LOOKUP_SECONDS, "queue", name)

    def refresh(self, wanted: Iterable[str]) -> None:
        """Ask anew what is old of these queues and their members, so that no morning has to; broken names are left."""
        names = set(wanted)
        if self._directory.refresh():
            for name, entity in self._directory.named(names).items():
                self._kept.put(entity, LOOKUP_SECONDS, "queue", name)
        for name in sorted(names):
            with contextlib.suppress(LookupFailed):
                queue_id = self._queue(name).queue.id
                self._kept.refresh(partial(self._ask_members, queue_id), LOOKUP_SECONDS, "members", queue_id)

    def members(self, queue_id: str) -> Mapping[str, str]:
        """Names of the users who are members of the queue, by id; empty where the name is hidden from us."""
        return self._kept.once(lambda: self._ask_members(queue_id), LOOKUP_SECONDS, "members", queue_id)

    def names(self, user_ids: Iterable[str]) -> Mapping[str, str]:
        """Names of users by id, leavers too; a user who is not told of is absent."""
        wanted = sorted(set(user_ids))
        known = {user: name for user in wanted if isinstance(name := self._kept.get("user", user), str)}
        missing = [user for user in wanted if user not in known]
        for batch in batches(missing):
            for user in self._ask_users(batch):
                known[user.id] = user.name or ""
                self._kept.put(known[user.id], LOOKUP_SECONDS, "user", user.id)
        return known

    def _queue(self, wanted: str) -> FoundQueue:
        entity = self._kept.once(lambda: self._ask_queue(wanted), LOOKUP_SECONDS, "queue", wanted)
        queue = read(QueueEntity, entity, "A kept queue")
        return FoundQueue(Queue(queue.id, queue.name), dict(_thresholds(queue)))

    def _ask_queue(self, wanted: str) -> object:
        if wanted.startswith(ID_PREFIX):
            return self._the_one(wanted, list(self._listed(id=wanted.removeprefix(ID_PREFIX))))
        there = list(self._listed(name=wanted))
        return self._the_one(wanted, [queue for queue in there if queue.name == wanted], near=there)

    def _listed(self, **filters: str) -> Iterator[QueueEntity]:
        for entity in entities(self._session, "/api/v2/routing/queues", filters):
            yield read(QueueEntity, entity, "GET /api/v2/routing/queues")

    def _the_one(self, wanted: str, matching: list[QueueEntity], near: Iterable[QueueEntity] = ()) -> object:
        if len(matching) == 1:
            return matching[0].model_dump(by_alias=True)
        if matching:
            listed = ", ".join(f"id:{queue.id}" for queue in matching[:_LISTED])
            raise self._failed(
                f"The name {wanted!r} belongs to {len(matching)} queues: {listed}.", "Use one of the ids."
            )
        if wanted.startswith(ID_PREFIX):
            raise self._failed(f"There is no queue {wanted!r}.", "Check the id, and the divisions of the OAuth client.")
        names = self._near_names(wanted, near)
        hint = f" Near it: {', '.join(map(repr, names))}." if names else ""
        raise self._failed(f"There is no queue named {wanted!r}.{hint}", "Names must match to the letter.")

    def _near_names(self, wanted: str, near: Iterable[QueueEntity]) -> list[str]:
        longest = max(wanted.replace("_", " ").replace("-", " ").split() or [wanted], key=len)
        names = {queue.name for queue in near} | {queue.name for queue in self._listed(name=f"*{longest[:4]}*")}
        names = names or {queue.name for queue in itertools.islice(self._listed(), PAGE_SIZE)}
        closest = difflib.get_close_matches(wanted, names, n=_LISTED, cutoff=0.4)
        return closest or sorted(names)[:_LISTED]

    def _failed(self, what: str, way_out: str) -> LookupFailed:
        return LookupFailed(f"Organisation {self._session.organisation.name!r}: {what}", way_out=way_out)

    def _ask_members(self, queue_id: str) -> dict[str, str]:
        route = "/api/v2/routing/queues/{queueId}/members"
        found = entities(self._session, route, ids={"queueId": queue_id})
        members = [read(NamedEntity, entity, f"GET {route}") for entity in found]
        return {member.id: member.name or "" for member in members}

    def _ask_users(self, batch: list[str]) -> Iterator[NamedEntity]:
        for entity in entities(self._session, "/api/v2/users", {"id": batch, "state": "any"}):
            yield read(NamedEntity, entity, "GET /api/v2/users")


def memberships(lookups: Lookups, found: Iterable[FoundQueue]) -> tuple[dict[str, list[str]], dict[str, str]]:
    """The names of their queues and their own name by user id, of all members of these queues."""
    queues: dict[str, list[str]] = {}
    names: dict[str, str] = {}
    for one in found:
        for user, name in lookups.members(one.queue.id).items():
            queues.setdefault(user, []).append(one.queue.name)
            names[user] = name or names.get(user, "")
    return queues, names


def common_threshold_seconds(found: Iterable[FoundQueue], media: Iterable[str]) -> int | None:
    """Within how many seconds an answer is in time, where all queues and media types agree on it."""
    media = tuple(media)
    thresholds = {one.threshold_ms.get(medium) for one in found for medium in media}
    only = thresholds.pop() if len(thresholds) == 1 else None
    return round(only / 1000) if only is not None else None


def batches(ids: list[str], size: int = PAGE_SIZE) -> Iterator[list[str]]:
    """The ids, so many at a time."""
    for begin in range(0, len(ids), size):
        yield ids[begin : begin + size]


def _thresholds(queue: QueueEntity) -> Iterator[tuple[str, float]]:
    by_setting = {setting: media for media, setting in _SETTINGS_NAME.items()}
    for setting, chosen in (queue.media_settings or {}).items():
        goal = chosen.service_level if chosen else None
        if goal and goal.duration_ms is not None:
            yield by_setting.get(setting, setting), goal.duration_ms
