"""`standup preview`: a group's documents and message of a day, made from the real source and sent to no one."""

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
from worker.cli.parameters import GROUP
from worker.domain.briefing.content import Briefing, Notice
from worker.domain.calendar import business_day
from worker.domain.countdowns import POLL_DEADLINE_SECONDS, poll_countdown_seconds
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
from worker.state import private_files
from worker.wiring import organisations, services
from worker.wiring.process import clock, redis, settings

_SCALE, _GAP = 1.5, 24
_MAX_PAGES = 24
_PAPER = "#DDE3EA"


def as_png(pdf: bytes, password: str = "") -> bytes:
    """Return the first pages side by side as PNG. Raises ClickException without the library for it."""
    try:
        import pypdfium2
        from PIL import Image
    except ImportError:
        raise click.ClickException('Pictures need pypdfium2: install "standup-briefings[preview]".') from None
    document = pypdfium2.PdfDocument(pdf, password=password or None)
    pages = [document[number].render(scale=_SCALE).to_pil() for number in range(min(len(document), _MAX_PAGES))]
    width = sum(page.width + _GAP for page in pages) + _GAP
    row = Image.new("RGB", (width, max(page.height for page in pages) + 2 * _GAP), _PAPER)
    x = _GAP
    for page in pages:
        row.paste(page, (x, _GAP))
        x += page.width + _GAP
    png = io.BytesIO()
    row.save(png, "PNG", optimize=True)
    return png.getvalue()


T = TypeVar("T")

RECIPIENT = "preview@example.invalid"


@click.command()
@click.argument("group", type=GROUP)
@click.option("--date", "day", type=click.DateTime(["%Y-%m-%d"]), help="The reporting day. Default: the last one.")
@click.option(
    "--out", "folder", type=click.Path(file_okay=False, path_type=Path), default=Path("preview"), show_default=True
)
@click.option(
    "--open-as",
    type=click.Choice(["png", "pdf", "xlsx", "eml"]),
    help="Also open it with this machine's program for such files.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object with the files' paths.")
def preview(group: Group, day: datetime | None, folder: Path, open_as: str | None, as_json: bool) -> None:
    """Make a group's PDF, workbook and e-mail in a folder without sending them."""
    redis().ping()  # fail now: without Redis the source would wait three minutes for a permit
    reporting_day = day.date() if day else business_day.reporting_day(clock(), group.tz, group.workdays)
    content, source_pdf = _content_of(group, reporting_day)
    packed = packing.pack(content, group, without_upload(services.packer(), group), source_pdf)
    for remark in packed.remarks:
        output.warn(f"{remark}: see `standup doctor`")
    message = packed.outgoing
    files = [str(path) for path in _write(message, folder, _sender())]
    if open_as:
        files = _opened(files, open_as, settings().password_for(group.key))
    if as_json:
        output.print_json({"group": group.key, "reporting_day": message.reporting_day, "files": files})
    else:
        click.echo("\n".join(files))


def without_upload(packer: Packer, group: Group) -> Packing:
    """Return the group's packing, without upload: a large workbook must not appear in a bucket that people read."""
    return replace(packer.packing_of(group), publish=lambda _: None)


def _content_of(group: Group, day: date) -> tuple[Briefing | Notice, bytes | None]:
    """Return what would be sent for the day, with the source's own PDF if the group wants it and there is one."""
    run = _unrecorded_run(group, day)
    day_check = services.holidays().check_day(group, day)
    if day_check.holiday and group.on_holiday == "last_business_day" and day_check.last_business_day:
        run = _unrecorded_run(group, day, day_check.last_business_day)
    elif day_check.holiday:
        return notice_of(group, _unrecorded_run(group, day, holiday=day_check), clock()), None
    rows, source_pdf = _fetch(organisations.source_of(group), order_for(group, run.briefed_day, 0))
    briefing = services.composer().briefing_of(group, run, rows, rows.fetched_at or clock())
    return (briefing if briefing.has_interactions else notice_without_interactions(briefing)), source_pdf


def _unrecorded_run(group: Group, day: date, briefed: date | None = None, holiday: DayCheck | None = None) -> Run:
    """Return a run that is not in the run ledger."""
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


def _fetch(source: Source, order: Order) -> tuple[Rows, bytes | None]:
    """Fetch rows and PDF as the chain does, but wait in place."""
    job = _with_permit(lambda: source.start(order))
    deadline, polls = time.monotonic() + POLL_DEADLINE_SECONDS, 0
    while (job := _with_permit(lambda: source.look(order, job))).state == "running":
        if time.monotonic() > deadline and job.dispensable:
            break
        if time.monotonic() > deadline:
            raise PollTimeout(f"The export job did not end in time (last seen: {job.progress or 'running'}).")
        time.sleep(poll_countdown_seconds(polls, 0.5))
        polls += 1
    source_pdf = _with_permit(lambda: source.pdf(order, job)) if isinstance(source, WithPdf) else None
    return _with_permit(lambda: source.collect(order, job)), source_pdf


def _with_permit(ask: Callable[[], T]) -> T:
    """Return the result of ``ask``, waiting for permits, but no longer than for an export job."""
    give_up_at = time.monotonic() + POLL_DEADLINE_SECONDS
    while True:
        try:
            return ask()
        except QuotaWait as error:
            if time.monotonic() > give_up_at:
                raise
            time.sleep(error.retry_after_seconds or 1.0)


def _opened(files: list[str], suffix: str, password: str) -> list[str]:
    """Open the file of this kind and return all files. For ``png`` the PDF is drawn as a picture."""
    file = next((name for name in files if name.endswith(".pdf" if suffix == "png" else f".{suffix}")), None)
    if file is None:
        raise click.ClickException("This day has a notice, which is only a message. Use --open-as eml.")
    if suffix == "png":
        picture = Path(file).with_suffix(".png")
        private_files.write(picture, as_png(Path(file).read_bytes(), password))
        file = str(picture)
        files = [*files, file]
    if click.launch(file) != 0:
        output.warn(f"Nothing on this machine opens {file}.")
    return files


def _write(message: OutgoingMessage, folder: Path, sender: str) -> list[Path]:
    stem = f"daily-standup-{message.group_key}-{message.reporting_day}"
    contents = {document.name: document.content for document in message.documents}
    contents[f"{stem}.eml"] = mime.build(message, RECIPIENT, sender).content
    try:
        private_files.make_folder(folder)
        for name, data in contents.items():
            private_files.write(folder / name, data)
    except OSError as error:
        raise click.ClickException(f"{error.strerror}: {error.filename}. Name another folder with --out.") from None
    return [folder / name for name in contents]


def _sender() -> str:
    smtp = settings().smtp
    return smtp.sender if smtp else "standup@example.invalid"
