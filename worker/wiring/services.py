"""The use cases of `worker.services`: one builder each, which gives it exactly what it uses."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING

from worker.wiring import stores
from worker.wiring.process import clock, settings

if TYPE_CHECKING:
    from renderers.font_files import Fonts
    from worker.domain.runs import RunId
    from worker.services.composing import Composer
    from worker.services.delivering import Delivering
    from worker.services.due import DueRuns
    from worker.services.expiring import Expiry
    from worker.services.exporting import ExportPoll, ExportStart
    from worker.services.holidays import HolidayCheck, Holidays
    from worker.services.ledger_recovery import LedgerRecovery
    from worker.services.packing import Packer
    from worker.services.past import PastDays
    from worker.services.pausing import PausedGroups
    from worker.services.recovery import Recovery
    from worker.services.refresh import LookupRefresh
    from worker.services.rendering import Rendering
    from worker.services.resend import Resending
    from worker.services.runs import RunStarter
    from worker.services.sharing import RunSources
    from worker.services.today import TodayPlans
    from worker.state.ageing.retention import Kind


@cache
def run_starter() -> RunStarter:
    """Return what begins, resumes, revises and wakes runs."""
    from worker.celery import send_chain
    from worker.services.runs import RunStarter

    return RunStarter(stores.runs(), send_chain)


@cache
def due_runs() -> DueRuns:
    """Return the answer to beat's question."""
    from worker.celery import send_chains
    from worker.services.due import DueRuns
    from worker.state.files.artifacts import MESSAGE, stored_revisions
    from worker.wiring.alerts import lost_run_alerts

    def has_message(run_id: RunId) -> bool:
        return bool(stored_revisions(stores.artifacts(), run_id, MESSAGE))

    return DueRuns(stores.runs(), send_chains, has_message, lost_run_alerts().report)


@cache
def recovery() -> Recovery:
    """Return what sends silent runs again."""
    from worker.celery import resend_chain, run_ids_in_queues
    from worker.services.recovery import Recovery

    return Recovery(stores.runs(), resend_chain, run_ids_in_queues)


@cache
def ledger_recovery() -> LedgerRecovery:
    """Return what restores the records that Redis has lost."""
    from worker.celery import send_chain
    from worker.services.ledger_recovery import LedgerRecovery

    return LedgerRecovery(stores.runs(), stores.deliveries(), stores.artifacts(), stores.journal(), send_chain)


@cache
def paused_groups() -> PausedGroups:
    """Return what leaves paused groups out."""
    from worker.services.pausing import PausedGroups

    return PausedGroups(stores.runs(), stores.pauses())


@cache
def holidays() -> Holidays:
    """Return the look-up of holidays."""
    from worker.services.holidays import Holidays
    from worker.wiring import organisations

    return Holidays(organisations.access())


@cache
def holiday_check() -> HolidayCheck:
    """Return the holiday check of a run."""
    from worker.services.holidays import HolidayCheck

    return HolidayCheck(stores.runs(), holidays())


@cache
def sources() -> RunSources:
    """Return the sources of runs."""
    from worker.services.sharing import RunSources
    from worker.wiring import organisations

    return RunSources(
        stores.runs(),
        stores.groups(),
        organisations.flights_of,
        organisations.source_of,
        organisations.plan_source_of,
        clock,
    )


@cache
def today_plans() -> TodayPlans:
    """Return the plans of runs' stand-up days."""
    from worker.services.today import TodayPlans

    return TodayPlans(sources(), stores.runs(), stores.artifacts(), stores.forecasts(), clock)


@cache
def export_start() -> ExportStart:
    """Return the start of a run's export job."""
    from worker.services.exporting import ExportStart

    return ExportStart(sources(), stores.waiting_runs(), clock)


@cache
def export_poll() -> ExportPoll:
    """Return the look at a run's export job."""
    from worker.services.exporting import ExportPoll

    return ExportPoll(
        sources(),
        today_plans(),
        stores.runs(),
        run_starter(),
        stores.waiting_runs(),
        stores.artifacts(),
        stores.mornings(),
        clock,
    )


@cache
def past_days() -> PastDays:
    """Return the past days of new groups."""
    from worker.services.past import PastDays
    from worker.wiring import organisations

    return PastDays(stores.history(), organisations.access())


@cache
def composer() -> Composer:
    """Return what composes briefings."""
    from worker.services.composing import Composer

    return Composer(stores.runs(), stores.artifacts(), stores.history(), holidays(), today_plans())


@cache
def fonts() -> Fonts:
    """Return where to look for the letters that no shipped font has."""
    from renderers import font_files

    return font_files.Fonts(settings().fonts, font_files.FOLDERS)


@cache
def packer() -> Packer:
    """Return what packs messages."""
    from worker.services.packing import PLACEHOLDER_ADDRESS, Packer
    from worker.wiring import channels

    smtp = settings().smtp
    return Packer(
        limit_bytes=settings().max_message_bytes,
        sender=smtp.sender if smtp else PLACEHOLDER_ADDRESS,
        fonts=fonts(),
        password_for=settings().password_for,
        certified=channels.certificates().covers,
        bucket=channels.factory().bucket,
    )


@cache
def rendering() -> Rendering:
    """Return the step from rows to documents and message."""
    from worker.services.rendering import Rendering

    return Rendering(
        stores.artifacts(),
        stores.history(),
        past_days(),
        composer(),
        today_plans(),
        packer(),
        stores.journal(),
        clock,
    )


@cache
def delivering() -> Delivering:
    """Return the step that delivers the message."""
    from worker.services.delivering import Delivering
    from worker.wiring import channels

    retry_length = timedelta(minutes=settings().delivery_patience_minutes)
    return Delivering(
        stores.runs(),
        stores.deliveries(),
        stores.artifacts(),
        stores.journal(),
        channels.open_channels,
        clock,
        retry_length,
    )


@cache
def resending() -> Resending:
    """Return what sends a run again."""
    from worker.services.resend import Resending
    from worker.wiring import channels

    return Resending(
        stores.runs(),
        stores.deliveries(),
        stores.groups(),
        run_starter(),
        channels.factory().when_unknown,
        "email" if settings().smtp else "sendgrid",
    )


@cache
def lookup_refresh() -> LookupRefresh:
    """Return the refresh of look-ups."""
    from worker.services.refresh import LookupRefresh
    from worker.wiring import organisations

    return LookupRefresh(stores.runs(), stores.groups(), organisations.access(), organisations.refresh_flights())


@cache
def expiry() -> Expiry:
    """Return what deletes old data."""
    from worker.services.expiring import Expiry

    retention = settings().retention
    days: Mapping[Kind, int] = {
        "rows": retention.rows_days,
        "documents": retention.documents_days,
        "records": retention.records_days,
    }
    return Expiry(stores.retention(), stores.compaction(), stores.run_index(), days, clock)
