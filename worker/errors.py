"""Everything that can go wrong, in one tree.

    StandupError                     code, problem, way out
    ├── TransientError               the same step may succeed later, after a wait
    │   ├── NotYet                   nothing was tried, so it counts as no attempt
    │   │   ├── QuotaWait            no permit before a known instant
    │   │   └── BeingFetched         another run is sending the same request
    │   ├── RateLimited              429: the API says how long
    │   ├── SourceUnavailable        no answer, time-out, 502, 503, 504
    │   ├── RenderProcessDied        the process that made the documents crashed or was killed
    │   └── ChannelBusy              the receiver says "later" (SMTP 4xx, HTTP 429 and 5xx)
    ├── OutcomeUnknown               the message was sent and no answer came: it may have arrived
    └── PermanentError               an operator has to fix something first
        ├── SettingsError            a setting is missing or impossible
        ├── CredentialsRefused       the client id or secret is wrong
        ├── PermissionMissing        403; names the permission
        ├── RequestRefused           the API refuses the request (400, 404 …)
        ├── LookupFailed             a name of a queue or calendar matches none or several
        ├── MalformedAnswer          the body is not what the API promises
        ├── DefinitionRefused        a report definition would give wrong figures
        ├── ExportFailed             the export job ended without a file
        ├── PollTimeout              the export job did not end in time
        ├── CalendarUnavailable      the holiday calendar could not be read
        ├── DeliveryRefused          the receiver says "never" (SMTP 5xx, HTTP 4xx)
        ├── OutOfMemory              the documents need more memory than a process may use
        └── StepTooLong              a step reached its time limit

``str(error)`` is one or two sentences for the operator: what happened, where, and how to fix it. It may name queues and
people, so it is stored in the run's record and sent in the alert, but Celery never gets it. Tasks raise ``StepFailed``
with the code only, because Flower shows exceptions.
"""

from __future__ import annotations

import traceback
from typing import Any


class StandupError(Exception):
    """The base of all our errors. ``code`` is a stable word for runs, alerts and Prometheus metrics."""

    code = "error"

    def __init__(self, problem: str, *, way_out: str = "") -> None:
        super().__init__(" ".join(part for part in (problem, way_out) if part))
        self.problem = problem
        self.way_out = way_out

    def __reduce__(self) -> tuple[Any, ...]:
        """Let a render process send any of our errors to its worker. Their constructors take different arguments."""
        return _restored, (type(self), self.args, self.__dict__)


def _restored(error_class: type[StandupError], args: tuple[object, ...], values: dict[str, object]) -> StandupError:
    error = error_class.__new__(error_class, *args)
    error.__dict__.update(values)
    return error


class TransientError(StandupError):
    """The same step may succeed later: in ``retry_after_seconds``, or after the caller's own wait if that is None."""

    code = "transient"

    def __init__(self, problem: str, *, way_out: str = "", retry_after_seconds: float | None = None) -> None:
        super().__init__(problem, way_out=way_out)
        self.retry_after_seconds = retry_after_seconds


class NotYet(TransientError):
    """Nothing was tried, so it does not count as an attempt."""

    code = "not_yet"


class QuotaWait(NotYet):
    """No permit is free before ``retry_after_seconds``. Nothing was sent."""

    code = "quota_wait"


class BeingFetched(NotYet):
    """Another run is sending the same request. Runs that wait for ``flight`` are woken when its answer is stored."""

    code = "being_fetched"

    def __init__(self, problem: str, *, flight: str, retry_after_seconds: float) -> None:
        super().__init__(problem, retry_after_seconds=retry_after_seconds)
        self.flight = flight


class RateLimited(TransientError):
    """The API answered 429."""

    code = "rate_limited"


class SourceUnavailable(TransientError):
    """The API gave no usable answer: refused connection, time-out, 502, 503, 504."""

    code = "source_unavailable"


class ChannelBusy(TransientError):
    """The receiver asks for a later attempt."""

    code = "channel_busy"


class OutcomeUnknown(StandupError):
    """The message was sent and the receiver's answer never came, so it may or may not have arrived."""

    code = "outcome_unknown"


class PermanentError(StandupError):
    """Another attempt fails too, until an operator has fixed something."""

    code = "permanent"


class SettingsError(PermanentError):
    """A setting, a group file or a secret is missing or impossible."""

    code = "settings"


class CredentialsRefused(PermanentError):
    """The OAuth client's id or secret is not accepted."""

    code = "credentials_refused"


class PermissionMissing(PermanentError):
    """The OAuth client lacks a permission, e.g. ``analytics:conversationAggregate:view``."""

    code = "permission_missing"

    def __init__(self, problem: str, *, permission: str, way_out: str = "") -> None:
        super().__init__(problem, way_out=way_out)
        self.permission = permission


class RequestRefused(PermanentError):
    """The API refuses the request. ``status`` is its HTTP status."""

    code = "request_refused"

    def __init__(self, problem: str, *, status: int, way_out: str = "") -> None:
        super().__init__(problem, way_out=way_out)
        self.status = status


class LookupFailed(PermanentError):
    """A name of a queue, calendar or schedule group matches nothing, or several things."""

    code = "lookup_failed"


class MalformedAnswer(PermanentError):
    """The body is not what the API promises: truncated, HTML, a missing key or column."""

    code = "malformed_answer"


class DefinitionRefused(PermanentError):
    """A report definition that would give wrong figures, e.g. with a moving date expression."""

    code = "definition_refused"


class ExportFailed(PermanentError):
    """The export job ended ``FAILED`` or ``CANCELLED``."""

    code = "export_failed"


class PollTimeout(PermanentError):
    """The export job did not end within the time that the group's morning allows."""

    code = "poll_timeout"


class CalendarUnavailable(PermanentError):
    """The holiday calendar could not be read and the group's policy is ``hold``."""

    code = "calendar_unavailable"


class DeliveryRefused(PermanentError):
    """The receiver refuses for good: unknown mailbox, message too large, wrong password."""

    code = "delivery_refused"


class StepTooLong(PermanentError):
    """A step reached its time limit and ended itself, before another worker takes it for lost."""

    code = "step_too_long"


class OutOfMemory(PermanentError):
    """Making a run's documents needs more memory than a render process may use."""

    code = "out_of_memory"


class RenderProcessDied(TransientError):
    """The process that made a run's documents crashed or was killed. Another attempt may succeed."""

    code = "render_process_died"


def frames_of(error: BaseException) -> list[str]:
    """Return the last three stack frames of an error, for logs. They have no data, which its message may have."""
    return traceback.format_tb(error.__traceback__)[-3:]
