"""Makes the briefing from the rows, or the notice, and stores documents and message with the run."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import structlog

from worker.domain.briefing.codec import decode_rows, encode_figures
from worker.domain.briefing.content import Briefing, Notice
from worker.domain.briefing.history import figures_of
from worker.domain.clock import Clock
from worker.domain.groups import Group
from worker.domain.insights.points import talking_points
from worker.domain.notices import notice_without_interactions
from worker.domain.rows import Rows
from worker.domain.runs import Finished, NextStep, Run, RunState, Step, StepOutcome
from worker.errors import MalformedAnswer
from worker.services import packing
from worker.services.composing import Composer
from worker.services.order import order_of_run
from worker.services.packing import PackedMessage, Packer
from worker.services.past import PastDays
from worker.services.today import TodayPlans
from worker.state.files.artifacts import FIGURES, MESSAGE, ROWS, SOURCE_PDF, ArtifactDamaged, Artifacts, of_run
from worker.state.files.delivery_journal import DeliveryJournal
from worker.state.history import History

log = structlog.get_logger("standup.render")

_UNCHANGED = "`standup rerun RUN --send-unchanged` sends it all the same"


@dataclass(frozen=True, slots=True)
class Rendering:
    """The step from rows to PDF, workbook and message. An empty day and a holiday are messages without documents."""

    artifacts: Artifacts
    history: History
    past_days: PastDays
    composer: Composer
    today_plans: TodayPlans
    packer: Packer
    journal: DeliveryJournal
    clock: Clock

    def render(self, group: Group, run: Run) -> StepOutcome:
        """Render the run's briefing or notice."""
        if run.outcome == "notice":
            return self._notice(group, run)
        rows = self._stored_rows(run)
        figures = figures_of(rows, group.tz)
        self.artifacts.put(of_run(run.id, FIGURES), encode_figures(figures))
        self.past_days.record(group, run.briefed_day, run.id)
        briefing = self.composer.briefing_of(group, run, rows, rows.fetched_at or self.clock())
        if not briefing.completeness.whole and group.on_incomplete == "hold":
            return _hold(briefing)
        if not briefing.has_interactions:
            return self._store(group, run, notice_without_interactions(briefing))
        if briefing.completeness.whole:
            remembered = replace(figures, points=talking_points(briefing, rows))
            self.history.record(group.key, run.briefed_day, run.id.revision, remembered)
        if not run.send_unchanged and self.composer.is_unchanged(run, briefing):
            return Finished(RunState.SKIPPED, "not sent: no figure has changed", detail=_UNCHANGED)
        return self._store(group, run, briefing)

    def _notice(self, group: Group, run: Run) -> StepOutcome:
        """Ask for the plan of the stand-up's day, which no earlier step has asked for, and make the notice."""
        no_plan_yet = self.today_plans.fetch(group, run, order_of_run(group, run))
        return no_plan_yet or self._store(group, run, self.composer.notice_of(group, run, self.clock()))

    def _stored_rows(self, run: Run) -> Rows:
        name = of_run(run.id, ROWS)
        try:
            return decode_rows(self.artifacts.get(name))
        except MalformedAnswer as error:
            raise ArtifactDamaged(name, error) from error

    def _store(self, group: Group, run: Run, content: Briefing | Notice) -> NextStep:
        packed = packing.pack(content, group, self.packer.packing_of(group), self._source_pdf(group, run))
        for remark in packed.remarks:
            log.warning("the pages are not as they should be", remark=remark, fix="standup doctor")
        for document in packed.outgoing.documents:
            self.artifacts.put(of_run(run.id, document.name), document.content)
        outcome: Literal["notice", "briefing"] = "notice" if isinstance(content, Notice) else "briefing"
        self.journal.begin(replace(run, outcome=outcome))
        self.artifacts.put(of_run(run.id, MESSAGE), packing.encode(packed.outgoing))
        event = "notice made" if outcome == "notice" else "documents made"
        return NextStep(Step.DELIVER, event, {"outcome": outcome}, detail=_details(packed))

    def _source_pdf(self, group: Group, run: Run) -> bytes | None:
        """Return the source's own PDF, if the group wants it and the source made it in time."""
        name = of_run(run.id, SOURCE_PDF)
        return self.artifacts.get(name) if group.wants_source_pdf and self.artifacts.exists(name) else None


def _hold(briefing: Briefing) -> Finished:
    reasons = "; ".join(gap.detail.rstrip(".") for gap in briefing.completeness.holes)
    sentence = (
        f"The figures are incomplete ({reasons}), and the group holds incomplete briefings. "
        "Rerun when they are complete."
    )
    return Finished(RunState.FAILED, "held: incomplete", {"code": "incomplete", "sentence": sentence}, detail=reasons)


def _details(packed: PackedMessage) -> str:
    """Return each document's size and hash, what was left out to make the message fit, and what is wrong with it."""
    documents = [
        f"{document.name} {len(document.content):,} bytes, SHA-256 {packed.hashes[document.name][:16]}"
        for document in packed.outgoing.documents
    ]
    return "; ".join([*documents, *packed.rungs, *packed.remarks])
