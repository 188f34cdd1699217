"""The archive of a group: a hash with a field for each old run, its timeline and deliveries in one compressed text.

Three keys for each run would take more memory than what is in them. A field is the run id without the group. A caller
that writes deliveries of an archived run has to `restore` them first: the scripts answer `ARCHIVED` until then.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from redis import Redis
from redis.client import NEVER_DECODE, Pipeline

from worker.domain.runs import RunId
from worker.state import scripts
from worker.state.compressed import timelines
from worker.state.compressed.deflate import deflated, inflated

ARCHIVED = -1
"""The answer of a script that would write deliveries of an archived run."""

_DICTIONARY = timelines.DICTIONARY + (
    b'{"state":"refused","channel":"email","why":"550 5.1.1 ","tries":1,"recipient":"{"state":"sent","channel":"teams",'
    b'"tries":1,"recipient":"{"state":"sent","channel":"slack","tries":1,"proof":"ok","recipient":"{"state":"sent",'
    b'"channel":"email","tries":1,"message_id":".r1.@example.com","recipient":"@example.com","proof":"250 2.0.0 Ok: '
    b'queued as "}\n'
)
"""It is part of the stored form: another one needs another prefix."""

_PREFIX = b"a1 "


@dataclass(frozen=True, slots=True)
class ArchivedRun:
    """The elements of a run's timeline, and its delivery records in JSON by field."""

    elements: Sequence[str] = ()
    deliveries: Mapping[str, str] = field(default_factory=dict)


def key(run_id: RunId) -> str:
    """Return the key of the archive that has a run."""
    return f"standup:archive:{run_id.group}"


def field_of(run_id: RunId) -> str:
    """Return the field of a run."""
    return str(run_id).partition(":")[2]


def read(redis: Redis, run_ids: Sequence[RunId]) -> list[bytes | None]:
    """Return what is stored of each run, in one round trip."""
    with redis.pipeline(transaction=False) as pipe:
        for run_id in run_ids:
            get(pipe, run_id)
        return cast("list[bytes | None]", pipe.execute())


def get(pipe: Pipeline, run_id: RunId) -> None:
    """Let a pipeline read what is stored of a run."""
    options: dict[str, Any] = {NEVER_DECODE: []}
    pipe.execute_command("HGET", key(run_id), field_of(run_id), **options)  # type: ignore[no-untyped-call]


def encode(run_id: RunId, archived: ArchivedRun) -> bytes:
    """Return the stored form."""
    text = json.dumps([[*timelines.lines(archived.elements)], [*archived.deliveries.items()]], ensure_ascii=False)
    return _PREFIX + deflated(text.encode(), _dictionary(run_id))


def decode(run_id: RunId, stored: bytes | None) -> ArchivedRun:
    """Return what is archived of a run, nothing for None."""
    if stored is None:
        return ArchivedRun()
    text = inflated(stored.removeprefix(_PREFIX), _dictionary(run_id)).decode()
    lines, deliveries = json.loads(text)
    return ArchivedRun(tuple(timelines.elements_of(lines)), dict(deliveries))


def restore(redis: Redis, run_id: RunId) -> None:
    """Write an archived run's timeline and deliveries back to keys of their own, unless that was done."""
    (stored,) = read(redis, [run_id])
    if stored is None:
        return
    archived = decode(run_id, stored)
    keys = [key(run_id), f"standup:timeline:{run_id}", f"standup:deliveries:{run_id}", f"standup:run:{run_id}"]
    fields = [part for pair in archived.deliveries.items() for part in pair]
    scripts.call(redis, "restore", keys, [field_of(run_id), stored, timelines.compacted(archived.elements), *fields])


def _dictionary(run_id: RunId) -> bytes:
    """Return the dictionary with what the texts of a run repeat: its group and its day."""
    day = run_id.reporting_day.isoformat()
    return _DICTIONARY + f"{run_id.group}@{run_id.group}.{day}.r1.daily-standup-{run_id.group}-{day}".encode()
