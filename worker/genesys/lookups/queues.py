"""Looks up queues, their members and users by name or id. Answers are cached for long, since they change rarely."""

from __future__ import annotations

import contextlib
import difflib
import itertools
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial

from worker.domain.rows import Queue, ServiceObjective
from worker.errors import LookupFailed
from worker.genesys.answer_cache import LOOKUP_SECONDS, AnswerCache
from worker.genesys.api.paging import MAX_PAGES, PAGE_SIZE, entities, entities_of_page
from worker.genesys.api.session import Session
from worker.genesys.api.shapes import NamedEntity, QueueEntity, ServiceLevelGoal, Shape, read

ROUTE = "/api/v2/routing/queues"


class _Page(Shape):
    """A page of queues, and the number of pages."""

    pages: int
    queues: tuple[QueueEntity, ...]


class QueueDirectory:
    """The list of all queues, whose pages are cached like other look-ups."""

    def __init__(self, session: Session, cache: AnswerCache) -> None:
        self._session = session
        self._cache = cache

    def unique_by_name(self, names: Collection[str]) -> Mapping[str, object]:
        """Return queues whose name is unique, by name. Empty if asking name by name takes fewer requests."""
        if not names or self._page(1).pages > len(names):
            return {}
        by_name: dict[str, list[QueueEntity]] = {}
        for queue in self._queues():
            by_name.setdefault(queue.name, []).append(queue)
        return {name: by_name[name][0].model_dump(by_alias=True) for name in names if len(by_name.get(name, ())) == 1}

    def refresh_stale(self) -> bool:
        """Ask for the pages that are old. Returns whether there were any. No list is longer than `MAX_PAGES`."""
        was_asked = self._refresh(1)
        for number in range(2, min(self._page(1).pages, MAX_PAGES) + 1):
            was_asked |= self._refresh(number)
        return was_asked

    def _queues(self) -> Iterator[QueueEntity]:
        for number in range(1, self._page(1).pages + 1):
            yield from self._page(number).queues

    def _page(self, number: int) -> _Page:
        page = self._cache.get_or_ask(lambda: self._ask(number), LOOKUP_SECONDS, "queue-page", str(number))
        return read(_Page, page, "A kept page of queues")

    def _refresh(self, number: int) -> bool:
        return self._cache.refresh(lambda: self._ask(number), LOOKUP_SECONDS, "queue-page", str(number))

    def _ask(self, number: int) -> object:
        answer = self._session.get(ROUTE, {"pageSize": PAGE_SIZE, "pageNumber": number})
        queues = tuple(read(QueueEntity, entity, answer.label) for entity in entities_of_page(answer))
        pages = answer.body.get("pageCount")
        return _Page(pages=pages if isinstance(pages, int) else 1, queues=queues).model_dump(by_alias=True)


def names_of_all_queues(session: Session) -> tuple[str, ...]:
    """Return the names of the queues that the client may see, each once."""
    queues = (read(QueueEntity, entity, "A page of queues") for entity in entities(session, ROUTE))
    return tuple(dict.fromkeys(queue.name for queue in queues))


ID_PREFIX = "id:"
_SETTINGS_NAME = {"voice": "call"}
_LISTED = 8


@dataclass(frozen=True, slots=True)
class FoundQueue:
    """A queue with its service level thresholds in milliseconds by media type, as far as the API tells them.

    ``target`` is the share of contacts, by media type, that it should answer within the threshold.
    """

    queue: Queue
    threshold_ms: Mapping[str, float]
    target: Mapping[str, float] = field(default_factory=dict)


class Lookups:
    """Looks up queues, members and users of one organisation."""

    def __init__(self, session: Session, cache: AnswerCache) -> None:
        self._session = session
        self._cache = cache
        self._directory = QueueDirectory(session, cache)

    def queues(self, names: Iterable[str]) -> tuple[FoundQueue, ...]:
        """Return the queues of these exact names or ``id:…``, in the same order, each once.

        Raises `LookupFailed`, with similar names, if one matches nothing or several.
        """
        by_id = {found_queue.queue.id: found_queue for found_queue in (self._queue(text) for text in names)}
        return tuple(by_id.values())

    def learn(self, names: Iterable[str]) -> None:
        """Cache many queues by name from the list of all queues, if that takes fewer requests than one by one."""
        unknown = {text for text in names if not text.startswith(ID_PREFIX) and not self._cache.get("queue", text)}
        for name, entity in self._directory.unique_by_name(unknown).items():
            self._cache.put(entity, LOOKUP_SECONDS, "queue", name)

    def refresh_stale(self, names_or_ids: Iterable[str]) -> None:
        """Ask for queues and members whose cached answers are old, so that no morning has to. Skips wrong names."""
        names = set(names_or_ids)
        was_asked = self._directory.refresh_stale()
        listed_queues = self._directory.unique_by_name(names)
        for name, entity in listed_queues.items() if was_asked else ():
            self._cache.put(entity, LOOKUP_SECONDS, "queue", name)
        for name in sorted(names):
            with contextlib.suppress(LookupFailed):
                if name not in listed_queues:
                    self._cache.refresh(partial(self._ask_queue, name), LOOKUP_SECONDS, "queue", name)
                queue_id = self._queue(name).queue.id
                self._cache.refresh(partial(self._ask_members, queue_id), LOOKUP_SECONDS, "members", queue_id)

    def members(self, queue_id: str) -> Mapping[str, str]:
        """Return the names of the queue's members by user id. A name is empty if it is hidden from this client."""
        return self._cache.get_or_ask(lambda: self._ask_members(queue_id), LOOKUP_SECONDS, "members", queue_id)

    def names(self, user_ids: Iterable[str]) -> Mapping[str, str]:
        """Return names of users by id, including users who left. Unknown users are absent."""
        user_ids_sorted = sorted(set(user_ids))
        by_id = {user: name for user in user_ids_sorted if isinstance(name := self._cache.get("user", user), str)}
        missing_ids = [user for user in user_ids_sorted if user not in by_id]
        for batch in batches(missing_ids):
            for user in self._ask_users(batch):
                by_id[user.id] = user.name or ""
                self._cache.put(by_id[user.id], LOOKUP_SECONDS, "user", user.id)
        return by_id

    def _queue(self, name: str) -> FoundQueue:
        entity = self._cache.get_or_ask(lambda: self._ask_queue(name), LOOKUP_SECONDS, "queue", name)
        queue = read(QueueEntity, entity, "A kept queue")
        return FoundQueue(Queue(queue.id, queue.name), dict(_thresholds(queue)), dict(_targets(queue)))

    def _ask_queue(self, name: str) -> object:
        if name.startswith(ID_PREFIX):
            return self._only_match(name, list(self._listing(id=name.removeprefix(ID_PREFIX))))
        listed_queues = list(self._listing(name=name))
        return self._only_match(name, [queue for queue in listed_queues if queue.name == name], similar=listed_queues)

    def _listing(self, **filters: str) -> Iterator[QueueEntity]:
        for entity in entities(self._session, "/api/v2/routing/queues", filters):
            yield read(QueueEntity, entity, "GET /api/v2/routing/queues")

    def _only_match(self, name: str, matching: list[QueueEntity], similar: Iterable[QueueEntity] = ()) -> object:
        if len(matching) == 1:
            return matching[0].model_dump(by_alias=True)
        if matching:
            ids = ", ".join(f"id:{queue.id}" for queue in matching[:_LISTED])
            raise self._failed(f"The name {name!r} belongs to {len(matching)} queues: {ids}.", "Use one of the ids.")
        if name.startswith(ID_PREFIX):
            raise self._failed(f"There is no queue {name!r}.", "Check the id, and the divisions of the OAuth client.")
        names = self._near_names(name, similar)
        hint = f" Similar names: {', '.join(map(repr, names))}." if names else ""
        raise self._failed(f"There is no queue named {name!r}.{hint}", "Names must match to the letter.")

    def _near_names(self, name: str, similar: Iterable[QueueEntity]) -> list[str]:
        longest = max(name.replace("_", " ").replace("-", " ").split() or [name], key=len)
        names = {queue.name for queue in similar} | {queue.name for queue in self._listing(name=f"*{longest[:4]}*")}
        names = names or {queue.name for queue in itertools.islice(self._listing(), PAGE_SIZE)}
        closest = difflib.get_close_matches(name, names, n=_LISTED, cutoff=0.4)
        return closest or sorted(names)[:_LISTED]

    def _failed(self, problem: str, way_out: str) -> LookupFailed:
        return LookupFailed(f"Organisation {self._session.organisation.name!r}: {problem}", way_out=way_out)

    def _ask_members(self, queue_id: str) -> dict[str, str]:
        route = "/api/v2/routing/queues/{queueId}/members"
        page_entities = entities(self._session, route, ids={"queueId": queue_id})
        members = [read(NamedEntity, entity, f"GET {route}") for entity in page_entities]
        return {member.id: member.name or "" for member in members}

    def _ask_users(self, batch: list[str]) -> Iterator[NamedEntity]:
        for entity in entities(self._session, "/api/v2/users", {"id": batch, "state": "any"}):
            yield read(NamedEntity, entity, "GET /api/v2/users")


def memberships(lookups: Lookups, queues_found: Iterable[FoundQueue]) -> tuple[dict[str, list[str]], dict[str, str]]:
    """Return the names of their queues, and their own name, by user id, for all members of these queues."""
    queues: dict[str, list[str]] = {}
    names: dict[str, str] = {}
    for found_queue in queues_found:
        for user, name in lookups.members(found_queue.queue.id).items():
            queues.setdefault(user, []).append(found_queue.queue.name)
            names[user] = name or names.get(user, "")
    return queues, names


def common_threshold_seconds(queues_found: Iterable[FoundQueue], media: Iterable[str]) -> int | None:
    """Return within how many seconds an answer is in time, if all queues and media types agree."""
    media = tuple(media)
    thresholds = {found_queue.threshold_ms.get(medium) for found_queue in queues_found for medium in media}
    common_ms = thresholds.pop() if len(thresholds) == 1 else None
    return round(common_ms / 1000) if common_ms is not None else None


def objectives(queues_found: Iterable[FoundQueue], media: Iterable[str]) -> tuple[ServiceObjective, ...]:
    """Return the service level that each queue is set to have for each medium, where the API tells any part of it."""
    media = tuple(media)
    return tuple(
        ServiceObjective(found_queue.queue.id, medium, found_queue.target.get(medium), _seconds(found_queue, medium))
        for found_queue in queues_found
        for medium in media
        if medium in found_queue.target or medium in found_queue.threshold_ms
    )


def _seconds(found_queue: FoundQueue, medium: str) -> float | None:
    milliseconds = found_queue.threshold_ms.get(medium)
    return None if milliseconds is None else milliseconds / 1000


def batches(ids: list[str], size: int = PAGE_SIZE) -> Iterator[list[str]]:
    """Yield the ids, ``size`` at a time."""
    for begin in range(0, len(ids), size):
        yield ids[begin : begin + size]


def _thresholds(queue: QueueEntity) -> Iterator[tuple[str, float]]:
    for medium, goal in _goals(queue):
        if goal.duration_ms is not None:
            yield medium, goal.duration_ms


def _targets(queue: QueueEntity) -> Iterator[tuple[str, float]]:
    for medium, goal in _goals(queue):
        if goal.percentage is not None and goal.percentage <= 1:
            yield medium, goal.percentage


def _goals(queue: QueueEntity) -> Iterator[tuple[str, ServiceLevelGoal]]:
    by_setting = {setting: media for media, setting in _SETTINGS_NAME.items()}
    for setting, media_setting in (queue.media_settings or {}).items():
        if media_setting and media_setting.service_level:
            yield by_setting.get(setting, setting), media_setting.service_level
