"""What an analytics query was answered, with when and under which id; kept for the retries of a step."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime

from worker.genesys.kept import ANSWER_SECONDS, Kept
from worker.genesys.session import Session
from worker.genesys.shapes import Shape, read


class Told(Shape):
    """An answer: the id under which Genesys finds it in its logs, the instant (aware), the body."""

    correlation_id: str
    fetched_at: datetime
    body: dict[str, object]


def ask_once(
    session: Session,
    kept: Kept,
    clock: Callable[[], datetime],
    order_name: str,
    route: str,
    query: Mapping[str, object],
) -> Told:
    """Post the query, or take the answer that this order already got."""

    def ask() -> object:
        answer = session.post(route, query)
        told = Told(correlation_id=answer.correlation_id, fetched_at=clock(), body=dict(answer.body))
        return told.model_dump(mode="json", by_alias=True)

    asked = kept.once(ask, ANSWER_SECONDS, route, order_name, json.dumps(query, sort_keys=True))
    return read(Told, asked, f"A kept answer of POST {route}")
