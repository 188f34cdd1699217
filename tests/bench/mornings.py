"""P1 and P2: what the mornings of 200 groups ask of Genesys Cloud, and how long the quota lets them take."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import requests

from tests.acceptance.installation import CLIENT_SECRET
from tests.bench.figures import Figure
from tests.bench.scene import UNLIMITED, Scene
from worker.domain.runs import Run, RunState

SCARCE = 45
"""Requests a minute that make a morning of 200 groups last about a minute, as 300 would for 1,400 groups."""

FOREIGN_QUOTA = 60
"""Of which a foreign consumer takes half."""

ONE_BY_ONE = 8
"""Groups of a zone that are briefed one by one: what a briefing asks alone does not depend on how many there are."""


@dataclass(frozen=True)
class Morning:
    """How a morning went: its runs, and what was asked of the API meanwhile."""

    runs: Sequence[Run]
    requests_sent: Sequence[dict[str, Any]]
    mails: int

    @property
    def seconds(self) -> float:
        """From the first claim to the last delivery."""
        ended = max(run.finished_at for run in self.runs if run.finished_at)
        return (ended - min(run.created_at for run in self.runs)).total_seconds()

    @property
    def delivered(self) -> int:
        """Runs that reached everybody."""
        return sum(run.state == RunState.DELIVERED for run in self.runs)

    @property
    def per_briefing(self) -> float:
        """Requests for one briefing."""
        return len(self.requests_sent) / len(self.runs)

    @property
    def for_today_per_briefing(self) -> float:
        """Requests for the plan of today, of those for one briefing."""
        return sum(_is_for_today(request["path"]) for request in self.requests_sent) / len(self.runs)

    @property
    def request_instants(self) -> list[datetime]:
        """When the API got its requests, the first one first."""
        return sorted(datetime.fromisoformat(request["at"]) for request in self.requests_sent)

    @property
    def request_seconds(self) -> float:
        """From the first request to the last."""
        return (self.request_instants[-1] - self.request_instants[0]).total_seconds()

    @property
    def seconds_after_requests(self) -> float:
        """From the last request to the last delivery: what the groups that waited for it take to be briefed."""
        ended = max(run.finished_at for run in self.runs if run.finished_at)
        return (ended - self.request_instants[-1]).total_seconds()

    @property
    def refused(self) -> int:
        """429s."""
        return sum(request["status"] == 429 for request in self.requests_sent)

    def routes(self) -> str:
        """What was asked, in short."""
        kinds = Counter(_kind(request["path"]) for request in self.requests_sent)
        return ", ".join(f"{count} {kind}" for kind, count in kinds.most_common())


def measure(scene: Scene) -> Iterator[Figure]:
    """All figures of P1 and P2, in an order in which each scene leaves the next what it needs."""
    scene.organisation(UNLIMITED)
    cold = _morning(scene, days_back=2)
    scene.organisation(SCARCE)
    warm = _morning(scene, days_back=1)
    scene.organisation(UNLIMITED)
    scene.forget_token()
    one_by_one = _one_by_one(scene, warm.runs)
    scene.organisation(UNLIMITED)
    exports = _morning(scene, days_back=4, source="exports")
    yield from _requests(cold, warm, one_by_one, exports)
    yield from _duration(warm)
    scene.organisation(FOREIGN_QUOTA)
    yield from _beside_a_foreigner(scene)


def _morning(scene: Scene, days_back: int, source: str = "queries") -> Morning:
    """Run one whole morning, with look-ups as they are. ``days_back`` chooses a day that none before has asked for."""
    scene.forget_runs()
    scene.forget_answers()
    scene.establish()
    scene.groups(days_back, source)
    mails = len(scene.installation.mails())
    with scene.workers():
        scene.begin()
        runs = scene.ended(len(scene.centre.keys))
    return Morning(runs, scene.api_requests(), len(scene.installation.mails()) - mails)


def _one_by_one(scene: Scene, runs: Iterable[Run]) -> Morning:
    """Rerun some groups: each asks again, and for itself only."""
    first_runs = [run for run in runs if int(run.id.group.rpartition("-")[2]) < ONE_BY_ONE]
    mails = len(scene.installation.mails())
    with scene.workers():
        for run in first_runs:
            scene.send("briefing.rerun", str(run.id), True)  # also if nothing has changed
        rerun = scene.ended(len(first_runs))
    return Morning(rerun, scene.api_requests(), len(scene.installation.mails()) - mails)


def _requests(cold: Morning, warm: Morning, one_by_one: Morning, exports: Morning) -> Iterator[Figure]:
    count = len(warm.runs)
    yield Figure(
        "P1", f"requests per briefing, {count} groups, queries", warm.per_briefing, "", 0.35, "at most", warm.routes()
    )
    without_today = warm.per_briefing - warm.for_today_per_briefing
    yield Figure("P1", "the same without the plan of today", without_today, "", 0.25, "at most")
    yield Figure("P1", "the same with nothing looked up before", cold.per_briefing, "", compared_with=cold.routes())
    yield Figure(
        "P1",
        "the same one by one, all looked up before",
        one_by_one.per_briefing,
        "",
        compared_with=one_by_one.routes(),
    )
    yield Figure("P1", "requests per briefing, exports", exports.per_briefing, "", 0.5, "at most", exports.routes())
    for name, morning in (
        ("", warm),
        (" by exports", exports),
        (" with nothing looked up before", cold),
        (" one by one", one_by_one),
    ):
        share = morning.delivered / len(morning.runs)
        mails = f"{morning.mails} messages for {len(morning.runs)} runs"
        yield Figure("P1", f"delivered{name}", share, "", 1.0, "at least", mails)


def _duration(warm: Morning) -> Iterator[Figure]:
    count = len(warm.requests_sent)
    bound = count * 60 / SCARCE
    comparison = f"{warm.seconds:.1f} s; {count} requests at {SCARCE} a minute take {bound:.1f} s"
    yield Figure(
        "P2", "a morning's duration over the quota's own bound", warm.seconds / bound, "", 1.10, "at most", comparison
    )
    least_seconds = (count - 1) * 60 / SCARCE
    comparison = f"{warm.request_seconds:.1f} s; {least_seconds:.1f} s between {count} requests at {SCARCE} a minute"
    yield Figure(
        "P2",
        "the same from the first request to the last",
        warm.request_seconds / least_seconds,
        "",
        compared_with=comparison,
    )
    yield Figure("P2", "seconds from the last request to the last delivery", warm.seconds_after_requests, "s")
    yield Figure("P2", "429s in that morning", warm.refused, "", 0)


def _beside_a_foreigner(scene: Scene) -> Iterator[Figure]:
    foreigner = _Foreigner(scene.installation.addresses["api"], FOREIGN_QUOTA / 2)
    with foreigner:
        morning = _morning(scene, days_back=3)
    own_requests = len(morning.requests_sent) - foreigner.requests_sent
    failed = sum(run.state != RunState.DELIVERED for run in morning.runs)
    comparison = (
        f"{own_requests} requests of ours, {foreigner.answered} of the other's, {FOREIGN_QUOTA} a minute for both"
    )
    yield Figure("P2", "groups that fail while another takes half the quota", failed, "", 0, "at most", comparison)
    bound = own_requests * 60 / (FOREIGN_QUOTA / 2)
    duration = (
        f"{morning.seconds:.1f} s; our requests at what is left take {bound:.1f} s; {morning.refused} 429s for both"
    )
    yield Figure(
        "P2", "duration over what is left, beside another", morning.seconds / bound, "", compared_with=duration
    )


class _Foreigner:
    """Another program with the same OAuth client: asks at its own pace, and knows nothing of our bucket."""

    def __init__(self, api: str, per_minute: float) -> None:
        self._api = api
        self._pause = 60 / per_minute
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._ask, daemon=True)
        self.requests_sent = 0
        self.answered = 0

    def __enter__(self) -> _Foreigner:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        self._thread.join()

    def _ask(self) -> None:
        with requests.Session() as session:
            login = session.post(
                f"{self._api}/oauth/token",
                data={"grant_type": "client_credentials"},
                auth=("test-client", CLIENT_SECRET),
                timeout=10,
            )
            session.headers["Authorization"] = f"Bearer {login.json()['access_token']}"
            due = time.monotonic()
            while not self._stopped.wait(max(0.0, due - time.monotonic())):
                due += self._pause
                answer = session.get(f"{self._api}/api/v2/authorization/divisions", timeout=10)
                self.requests_sent += 1
                self.answered += answer.ok


def _is_for_today(path: str) -> bool:
    return "/workforcemanagement/" in path and "/adherence/" not in path


def _kind(path: str) -> str:
    if _is_for_today(path):
        return "for today's plan"
    for part, kind in (
        ("/members", "members"),
        ("/routing/queues", "lists of queues"),
        ("/conversations/aggregates", "queue queries"),
        ("/users/aggregates", "user queries"),
        ("/bulk/jobs/", "looks at jobs"),
        ("/bulk", "adherence jobs"),
        ("/reporting/exports/metadata", "export views"),
        ("/reporting/exports", "exports and their list"),
        ("/downloads/", "download links"),
    ):
        if part in path:
            return kind
    return "others"
