"""Everything that can go wrong, in one tree.

    StandupError                     code, sentence, way out
    ├── TransientError               the same step may succeed later; carries how long to wait
    │   ├── NotYet                   nothing was tried, so it counts as no attempt
    │   │   ├── QuotaWait            no permit before a known instant
    │   │   └── BeingFetched         another run is asking this very thing; its answer will serve both
    │   ├── RateLimited              429: the API says how long
    │   ├── SourceUnavailable        no answer, time-out, 502, 503, 504
    │   └── ChannelBusy              the receiver says "later" (SMTP 4xx, HTTP 429 and 5xx)
    ├── OutcomeUnknown               handed over, but no answer came: it may have arrived; never resent blindly
    └── PermanentError               an operator has to do something first
        ├── SettingsError            the environment says something impossible
        ├── CredentialsRefused       the client id or secret is wrong
        ├── PermissionMissing        403; names the permission
        ├── RequestRefused           the API took the request and says no (400, 404 …)
        ├── LookupFailed             a queue or calendar by name: none or several
        ├── MalformedAnswer          the body is not what the API promises
        ├── DefinitionRefused        a report definition that would give wrong figures
        ├── ExportFailed             the export job ended without a file
        ├── PollTimeout              the export job did not end in time
        ├── CalendarUnavailable      the holiday calendar could not be read
        └── DeliveryRefused          the receiver says "never" (SMTP 5xx, HTTP 4xx)

``str(error)`` is one or two whole sentences for the operator: what, where, and the way out. It may name queues and
people, so it goes into the run's record and the alert and never into Celery: tasks raise ``StepFailed`` with the code
alone, because exceptions show in Flower and in the result backend.
"""

from __future__ import annotations


class StandupError(Exception):
    """Base of all errors of ours; ``code`` is the stable word that runs, alerts and metrics carry."""

    code = "error"

    def __init__(self, what: str, *, way_out: str = "") -> None:
        super().__init__(" ".join(part for part in (what, way_out) if part))
        self.what = what
        self.way_out = way_out


class TransientError(StandupError):
    """The same step may succeed later: ``retry_after_seconds`` from now, or by the caller's backoff where None."""

    code = "transient"

    def __init__(self, what: str, *, way_out: str = "", retry_after_seconds: float | None = None) -> None:
        super().__init__(what, way_out=way_out)
        self.retry_after_seconds = retry_after_seconds


class NotYet(TransientError):
    """Nothing was tried: it counts as no attempt."""

    code = "not_yet"


class QuotaWait(NotYet):
    """No permit is free before ``retry_after_seconds``; nothing was sent."""

    code = "quota_wait"


class BeingFetched(NotYet):
    """Another run is asking this very thing. ``flight`` names it; whoever waits for it is woken when it is there."""

    code = "being_fetched"

    def __init__(self, what: str, *, flight: str, retry_after_seconds: float) -> None:
        super().__init__(what, retry_after_seconds=retry_after_seconds)
        self.flight = flight


class RateLimited(TransientError):
    """The API answered 429."""

    code = "rate_limited"


class SourceUnavailable(TransientError):
    """The API gave no usable answer: refused connection, time-out, 502, 503, 504."""

    code = "source_unavailable"


class ChannelBusy(TransientError):
    """The receiver asks to come back later."""

    code = "channel_busy"


class OutcomeUnknown(StandupError):
    """The message was handed over and the receiver's answer never came: neither "sent" nor "not sent" is known."""

    code = "outcome_unknown"


class PermanentError(StandupError):
    """Trying again changes nothing until an operator has done something."""

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

    def __init__(self, what: str, *, permission: str, way_out: str = "") -> None:
        super().__init__(what, way_out=way_out)
        self.permission = permission


class RequestRefused(PermanentError):
    """The API understood the request and refuses it; ``status`` is its HTTP status."""

    code = "request_refused"

    def __init__(self, what: str, *, status: int, way_out: str = "") -> None:
        super().__init__(what, way_out=way_out)
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
