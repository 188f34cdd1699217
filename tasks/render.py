"""Makes the briefing from the rows, or the notice, and keeps documents and message with the run."""

from __future__ import annotations

import structlog

from tasks.poll import ROWS, SOURCE_PDF
from tasks.step import step_task
from worker import wiring
from worker.domain.briefing.codec import decode_rows, encode_figures
from worker.domain.briefing.content import Briefing, Notice
from worker.domain.briefing.history import figures_of
from worker.domain.groups import Group
from worker.domain.runs import Onward, Over, Run, RunState, Settlement, Step
from worker.services import composing as content
from worker.services import packing, parcel, past
from worker.services.packing import Packed
from worker.state.artifacts import of_run
from worker.wiring import Parts

log = structlog.get_logger("standup.render")


@step_task(Step.RENDER)
def render(parts: Parts, run: Run) -> Settlement:
    """Rows → briefing → PDF, workbook, message; an empty day and a holiday are messages alone."""
    group = parts.group(run.id.group)
    if run.outcome == "notice":
        return _keep(parts, group, run, content.notice_of(group, run, wiring.now()))
    rows = decode_rows(parts.artifacts.get(of_run(run.id, ROWS)))
    figures = figures_of(rows)
    parts.artifacts.put(of_run(run.id, content.FIGURES), encode_figures(figures))
    past.remember(parts, group, run.briefed_day, run.id)
    briefing = content.briefing_of(parts, group, run, rows, rows.fetched_at or wiring.now())
    if not briefing.completeness.whole and group.on_incomplete == "hold":
        return _held(briefing)
    if not briefing.has_interactions:
        return _keep(parts, group, run, content.nothing_recorded(briefing))
    if briefing.completeness.whole:
        parts.history.record(group.key, run.briefed_day, run.id.revision, figures)
    return _keep(parts, group, run, briefing)


def _held(briefing: Briefing) -> Over:
    why = "; ".join(gap.detail.rstrip(".") for gap in briefing.completeness.holes)
    sentence = (
        f"The figures are incomplete ({why}) and the group holds incomplete briefings. Rerun when they are whole."
    )
    return Over(RunState.FAILED, "held: incomplete", {"code": "incomplete", "sentence": sentence}, detail=why)


def _keep(parts: Parts, group: Group, run: Run, matter: Briefing | Notice) -> Onward:
    packed = packing.pack(matter, group, packing.packing_of(parts, group), _source_pdf(parts, group, run))
    made = packed.parcel
    for remark in packed.remarks:
        log.warning("the pages are not as they should be", remark=remark, mended_by="standup doctor")
    for document in made.attachments:
        parts.artifacts.put(of_run(run.id, document.name), document.content)
    parts.artifacts.put(of_run(run.id, parcel.NAME), parcel.encode(made))
    notice = isinstance(matter, Notice)
    outcome = {"outcome": "notice" if notice else "briefing"}
    return Onward(Step.DELIVER, "notice made" if notice else "documents made", outcome, detail=_story(packed))


def _source_pdf(parts: Parts, group: Group, run: Run) -> bytes | None:
    """The source's own PDF, if the group wants it and the source had one in time."""
    name = of_run(run.id, SOURCE_PDF)
    return parts.artifacts.get(name) if group.wants_source_pdf and parts.artifacts.exists(name) else None


def _story(packed: Packed) -> str:
    """Each document's size and hash, what was left out so that the message fits, and what did not come out well."""
    lines = [
        f"{each.name} {len(each.content):,} bytes, SHA-256 {packed.hashes[each.name][:16]}"
        for each in packed.parcel.attachments
    ]
    return "; ".join([*lines, *packed.rungs, *packed.remarks])
