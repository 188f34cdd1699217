"""Compose a case with the product and render it, as a run would: the only module here that uses either."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

import renderers
from tests.checker.case import Case
from worker.domain.briefing.content import Briefing, Notice
from worker.domain.briefing.corrections import EarlierRevision
from worker.domain.briefing.history import DayFigures, figures_of
from worker.domain.briefing.summary import Summary
from worker.domain.compose import build
from worker.domain.groups import Pages, Table
from worker.domain.notices import holiday_notice
from worker.domain.runs import Run, RunId, RunState, Step

TABLES: tuple[Table, ...] = ("queues", "half_hours", "agents")


@dataclass(frozen=True, slots=True)
class Delivered:
    """What a supervisor gets: the message, its card for a chat, the PDF and the workbook."""

    subject: str
    summary: Summary
    text: str
    html: str
    pdf: bytes
    workbook: bytes


def deliver(case: Case, pages: Pages = "both", tables: tuple[Table, ...] = TABLES) -> Delivered:
    """The documents and the message of a case. The notice of a holiday has only a message."""
    if case.holiday:
        message = renderers.render_message(notice(case))
        return Delivered(message.subject, message.summary, message.text, message.html, b"", b"")
    briefing = compose(case)
    message = renderers.render_message(briefing)
    pdf = renderers.render_pdf(briefing, pages, tables).content
    return Delivered(
        message.subject, message.summary, message.text, message.html, pdf, renderers.render_workbook(briefing).content
    )


def compose(case: Case) -> Briefing:
    """The briefing of a case."""
    return build(
        run_id=f"{case.group.key}:{case.day}",
        group=case.group,
        reporting_day=case.day,
        revision=case.revision,
        window=case.window,
        generated_at=datetime.combine(case.day + timedelta(days=1), time(5, 5, 12), UTC),
        rows=case.rows,
        history=_history(case),
        business_days=case.business_days,
        earlier=EarlierRevision(1, figures_of(case.earlier), case.earlier) if case.earlier else None,
        today=case.today,
        forecasts={case.day: case.forecast},
    )


def notice(case: Case) -> Notice:
    """The notice of a case that is a holiday."""
    previous = max((day for day in case.business_days if day < case.day), default=None)
    run = Run(
        RunId(case.group.key, case.day),
        RunState.OPEN,
        Step.RENDER,
        "checker",
        created_at=case.window.end,
        briefed_day=case.day,
        holiday_name=case.holiday,
        last_business_day=previous,
    )
    names = {queue.id: queue.name for queue in case.rows.queues}
    generated_at = datetime.combine(case.day + timedelta(days=1), time(5, 5, 12), UTC)
    return holiday_notice(case.group, run, generated_at, history=_history(case), queue_names=names, today=case.today)


def _history(case: Case) -> dict[date, DayFigures]:
    """The figures of past days, the day before with the points that its briefing talked about."""
    history = {day: figures_of(rows, case.group.tz) for day, rows in case.history.items()}
    previous = max((day for day in case.business_days if day < case.day), default=None)
    if previous in history:
        history[previous] = replace(history[previous], points=case.earlier_points)
    return history
