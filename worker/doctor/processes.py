"""Check whether workers answer, serve every queue, whether beat asks what is due, and what version Redis stores."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from worker.celery import RENDERING_QUEUE, WAITING_QUEUE, app
from worker.doctor.finding import Finding, ok, warning, wrong
from worker.domain.wording import first_names
from worker.state.files.artifacts import PROBE, PROBE_QUESTION, Artifacts
from worker.state.heartbeat import Heartbeat
from worker.state.version import WAY_OUT, StateVersion, newer_sentence

AREA = "processes"
BEAT_SILENT_SECONDS = 300.0
_ANSWER_SECONDS = 2.0


def check(heartbeat: Heartbeat, open_store: Callable[[], Artifacts], place: str) -> Iterator[Finding]:
    """Check the workers: queues, artifact store (at ``place``). Check the age of beat's last question."""
    try:
        queues = app.control.inspect(timeout=_ANSWER_SECONDS).active_queues() or {}
    except (OperationalError, RedisError, OSError) as error:
        if "maxmemory" in str(error):
            yield wrong(AREA, "the broker is full and takes no questions", "Give its Redis more memory (maxmemory).")
            return
        yield wrong(
            AREA, f"the broker cannot be asked ({type(error).__name__})", "Start Redis, or correct STANDUP_BROKER_URL."
        )
        return
    yield from _workers(queues)
    if queues:
        yield from _shared_artifacts(open_store, place, queues)
    yield _beat(heartbeat.age_seconds(), bool(queues))


def state_version(version: StateVersion) -> Finding:
    """Check that this program can read what Redis stores."""
    stored = version.stored()
    if stored > version.readable:
        return wrong(AREA, newer_sentence(stored, version.readable).rstrip("."), WAY_OUT)
    return ok(AREA, f"this program can read what Redis stores (version {stored})")


def _workers(queues: Mapping[str, list[dict[str, Any]]]) -> Iterator[Finding]:
    if not queues:
        yield wrong(AREA, "no worker answers", "Start one: celery -A worker worker.")
        return
    yield ok(AREA, f"{len(queues)} worker{'s answer' if len(queues) > 1 else ' answers'}: {', '.join(sorted(queues))}")
    served = {queue["name"] for worker_queues in queues.values() for queue in worker_queues}
    for name in (WAITING_QUEUE, RENDERING_QUEUE):
        if name not in served:
            yield wrong(AREA, f"no worker serves the queue {name}", f"Start one: celery -A worker worker -Q {name}.")


def _shared_artifacts(open_store: Callable[[], Artifacts], place: str, workers: Collection[str]) -> Iterator[Finding]:
    """Ask all workers for the content of the file that this program has just stored."""
    try:
        content = open_store().get(PROBE).decode()
    except Exception:  # the check of the artifact store has said what is wrong
        return
    replies = app.control.broadcast(PROBE_QUESTION, reply=True, timeout=_ANSWER_SECONDS) or []
    yield shared_artifacts(
        content, place, workers, {name: answer for reply in replies for name, answer in reply.items()}
    )


def shared_artifacts(content: str, place: str, workers: Collection[str], answers: Mapping[str, object]) -> Finding:
    """Compare what each worker finds with what this program has stored."""
    silent = sorted(name for name in workers if not isinstance(answers.get(name), str))
    strangers = sorted(name for name in workers if name not in silent and answers[name] != content)
    way_out = "Let all machines share this folder, or use a bucket, e.g. s3://…."
    if silent:
        fact = f"{first_names(silent)} cannot say whether {place} is shared"
        return warning(AREA, fact, "Update workers of an older version. See the log of one that cannot read the store.")
    if len(strangers) == len(workers):
        fact = (
            f"{first_names(strangers)} {'uses' if len(strangers) == 1 else 'use'} another artifact store than {place}"
        )
        return warning(AREA, fact, f"Set STANDUP_ARTIFACTS here as for the workers, such as in .env. {way_out}")
    if strangers:
        return wrong(
            AREA, f"{first_names(strangers)} and other workers do not share one artifact store ({place})", way_out
        )
    return ok(AREA, "all workers use this artifact store")


def _beat(age: float | None, workers: bool) -> Finding:
    way_out = "Start beat: celery -A beat_schedule beat." if workers else "Start a worker, and check whether beat runs."
    if age is None:
        return wrong(AREA, "beat has never asked what is due", f"{way_out} It asks within a minute of its start.")
    if age > BEAT_SILENT_SECONDS:
        return wrong(AREA, f"beat's question last arrived {age / 60:.0f} minutes ago", way_out)
    return ok(AREA, f"beat asked {age:.0f} s ago what is due")
