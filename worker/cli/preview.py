"""`standup preview`: a group's documents and message of a day, made from the real source and sent to nobody."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import TypeVar

import click

from worker.channels.channel import OutgoingMessage
from worker.channels.mail import mime
from worker.cli import output
from worker.domain.backoff import POLL_DEADLINE_SECONDS, poll_countdown_seconds
from worker.domain.briefing.content import Briefing, Notice
from worker.domain.calendar import business_day
from worker.domain.groups import Group
from worker.domain.rows import Rows
from worker.domain.runs import Run, RunId, RunState, Step
from worker.errors import PollTimeout, QuotaWait
from worker.genesys.source import Order, Source, WithPdf
from worker.services import packing
from worker.services.composing import notice_of, notice_without_interactions
from worker.services.holidays import DayCheck
from worker.services.order import order_for
from worker.services.packing import Packer, Packing
from worker.wiring import organisations, services, stores
from worker.wiring.process import clock, redis, settings

_SCALE, _GAP = 1.5, 24
_MOST_PAGES = 24
_PAPER = "#DDE3EA"


def as_png(pdf: bytes, password: str = "") -> bytes:
    """The first pages side by side, as many as can be looked at; ClickException where the library is not installed."""
    try:
        import pypdfium2
        from PIL import Image
    except ImportError:
        raise click.ClickException('Pictures need pypdfium2: install "standup-briefings[preview]".') from None
    document = pypdfium2.PdfDocument(pdf, password=password or None)
    pages = [document[at].render(scale=_SCALE).to_pil() for at in range(min(len(document), _MOST_PAGES))]
    width = sum(page.width + _GAP for page in pages) + _GAP
    row = Image.new("RGB", (width, max(page.height for page in pages) + 2 * _GAP), _PAPER)
    left = _GAP
    for page in pages:
        row.paste(page, (left, _GAP))
        left += page.width + _GAP
    written = io.BytesIO()
    row.save(written, "PNG", optimize=True)
    return written.getvalue()


T = TypeVar("T")

RECIPIENT = "preview@example.invalid"


@click.command()
@click.argument("group")
@click.option("--date", "day", type=click.DateTime(["%Y-%m-%d"]), help="The reporting day; else the last one.")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), default=Path("preview"), show_default=True)
@click.option(
    "--open-as",
    type=click.Choice(["png", "pdf", "xlsx", "eml"]),
    help="Also show it, with the program that this machine has for such files.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object with the files' paths.")
def preview(group: str, day: datetime | None, out: Path, open_as: str | None, as_json: bool) -> None:
    """Make a group's PDF, workbook and e-mail without sending them, and leave them in a folder."""
    redis().ping()  # without it there is no permit, and the source would wait three minutes for one
    chosen = stores.groups().group(group)
    reporting_day = day.date() if day else business_day.reporting_day(clock(), chosen.tz, chosen.workdays)
    content, source_pdf = _content(chosen, reporting_day)
    packed = packing.pack(content, chosen, for_nobody(services.packer(), chosen), source_pdf)
    for remark in packed.remarks:
        output.warn(f"{remark}: see `standup doctor`")
    made = packed.outgoing
    files = [str(path) for path in _leave(made, out, _sender())]
    if open_as:
        files = _shown(files, open_as, settings().password_for(chosen.key))
    if as_json:
        output.print_json({"group": group, "reporting_day": made.reporting_day, "files": files})
    else:
        click.echo("\n".join(files))


def for_nobody(packer: Packer, group: Group) -> Packing:
    """As a morning would pack, but a workbook that is too large is put into no bucket, where somebody might read it."""
    return replace(packer.packing_of(group), publish=lambda _: None)


def _content(group: Group, day: date) -> tuple[Briefing | Notice, bytes | None]:
    """What would be sent for that day, with the source's own PDF if the group wants it and the source has one."""
    run = _imagined(group, day)
    checked = services.holidays().check_day(group, day)
    if checked.holiday and group.on_holiday == "last_business_day" and checked.last_business_day:
        run = _imagined(group, day, checked.last_business_day)
    elif checked.holiday:
        return notice_of(group, _imagined(group, day, holiday=checked), clock()), None
    rows, source_pdf = _fetched(organisations.source_of(group), order_for(group, run.briefed_day, 0))
    briefing = services.composer().briefing_of(group, run, rows, rows.fetched_at or clock())
    return (briefing if briefing.has_interactions else notice_without_interactions(briefing)), source_pdf


def _imagined(group: Group, day: date, briefed: date | None = None, holiday: DayCheck | None = None) -> Run:
    """A run that the ledger never hears of."""
    return Run(
        id=RunId(group.key, day),
        state=RunState.OPEN,
        step=Step.RENDER,
        asked_by="preview",
        created_at=clock(),
        briefed_day=briefed or day,
        holiday_name=(holiday.holiday or "") if holiday else "",
        last_business_day=holiday.last_business_day if holiday else None,
        source=group.source,
    )


def _fetched(source: Source, order: Order) -> tuple[Rows, bytes | None]:
    """Ask the source as the chain does, waiting in place."""
    job = _patiently(lambda: source.start(order))
    deadline, polls = time.monotonic() + POLL_DEADLINE_SECONDS, 0
    while (job := _patiently(lambda: source.look(order, job))).state == "running":
        if time.monotonic() > deadline and job.dispensable:
            break
        if time.monotonic() > deadline:
            raise PollTimeout(f"The export job did not end in time (last seen: {job.progress or 'running'}).")
        time.sleep(poll_countdown_seconds(polls, 0.5))
        polls += 1
    source_pdf = _patiently(lambda: source.pdf(order, job)) if isinstance(source, WithPdf) else None
    return _patiently(lambda: source.collect(order, job)), source_pdf


def _patiently(ask: Callable[[], T]) -> T:
    """Ask, and wait where the quota says so, but no longer than for an export job."""
    give_up_at = time.monotonic() + POLL_DEADLINE_SECONDS
    while True:
        try:
            return ask()
        except QuotaWait as error:
            if time.monotonic() > give_up_at:
                raise
            time.sleep(error.retry_after_seconds or 1.0)


def _shown(files: list[str], suffix: str, password: str) -> list[str]:
    """Open the file of this kind, and give all files; a picture is made of the PDF for it."""
    wanted = next((file for file in files if file.endswith(".pdf" if suffix == "png" else f".{suffix}")), None)
    if wanted is None:
        raise click.ClickException("This day is a notice, which is a message alone: use --open-as eml.")
    if suffix == "png":
        picture = Path(wanted).with_suffix(".png")
        picture.write_bytes(as_png(Path(wanted).read_bytes(), password))
        wanted = str(picture)
        files = [*files, wanted]
    if click.launch(wanted) != 0:
        output.warn(f"Nothing on this machine opens {wanted}.")
    return files


def _leave(made: OutgoingMessage, out: Path, sender: str) -> list[Path]:
    stem = f"daily-standup-{made.group_key}-{made.reporting_day}"
    contents = {each.name: each.content for each in made.documents}
    contents[f"{stem}.eml"] = mime.build(made, RECIPIENT, sender).content
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, data in contents.items():
            (out / name).write_bytes(data)
    except OSError as error:
        raise click.ClickException(f"{error.strerror}: {error.filename}. Name another folder with --out.") from None
    return [out / name for name in contents]


def _sender() -> str:
    smtp = settings().smtp
    return smtp.sender if smtp else "standup@example.invalid"
